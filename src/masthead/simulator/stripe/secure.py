"""3-D Secure: the page where the bank asks, for payments, subscriptions and cards that are kept."""

from __future__ import annotations

import urllib.parse
from collections.abc import Callable

from masthead.simulator.book import Book
from masthead.simulator.http import Reply, Request, Route, path_pattern, redirect
from masthead.simulator.markup import button, el, page
from masthead.simulator.store import Json
from masthead.simulator.stripe import cards, intents, money, paying, portal, setup_intents
from masthead.simulator.stripe.pages import attempt, checkout_page, found, nothing_here, success_address
from masthead.simulator.world import World

_KINDS = {"pi": "payment_intent", "cs": "checkout.session", "seti": "setup_intent"}
_UNAUTHENTICATED: cards.Refusal = (
    "setup_intent_authentication_failure",
    None,
    "The provided payment method has failed authentication.",
)


def routes(world: World) -> list[Route]:
    """Return the addresses of the page."""

    def bound(function: Callable[..., Reply]) -> Callable[..., Reply]:
        return lambda request, **ids: function(world, request, **ids)

    return [
        ("GET", path_pattern("/3ds/{id_}"), bound(show_secure)),
        ("POST", path_pattern("/3ds/{id_}"), bound(send_secure)),
    ]


def show_secure(world: World, _: Request, id_: str) -> Reply:
    """Ask, as the bank would."""
    known = _asking(world, id_)
    if known is None:
        return nothing_here()
    doc = known[1]
    return page(
        "3-D Secure",
        el("p", f"Your bank asks: do you approve {_what(doc)}?"),
        el(
            "form",
            button("Approve", name="answer", value="approve", id="approve"),
            button("Fail", name="answer", value="fail", id="fail", class_="other"),
            method="post",
            action=f"/3ds/{id_}",
            class_="row",
        ),
    )


def _what(doc: Json) -> str:
    if doc["object"] == "setup_intent":
        return "that this card is kept for later payments"
    amount = doc["amount"] if doc["object"] == "payment_intent" else doc["amount_total"]
    return f"the payment of {money.written(amount, doc['currency'])}"


def _asking(world: World, id_: str) -> tuple[Book, Json] | None:
    known = found(world, _KINDS.get(id_.partition("_")[0], ""), id_)
    if known is None:
        return None
    doc = known[1]
    session_waits = doc["object"] == "checkout.session" and doc["status"] == "open" and "_method" in doc
    return known if session_waits or doc["status"] == "requires_action" else None


def send_secure(world: World, request: Request, id_: str) -> Reply:
    """Go on as the owner answered."""
    known = _asking(world, id_)
    if known is None:
        return nothing_here()
    book, doc = known
    approved = request.form().get("answer") == "approve"
    answers = {"cs": _subscription_secured, "pi": _intent_secured, "seti": _setup_secured}
    return answers[id_.partition("_")[0]](book, doc, approved)


def _subscription_secured(book: Book, session: Json, approved: bool) -> Reply:
    method = book.the("payment_method", session["_method"])
    refuses = cards.CARDS[method["_number"]].refuses
    if not approved or refuses:
        return checkout_page(book, session, refuses[2] if approved and refuses else "You did not approve the payment.")

    def action() -> Reply:
        paying.begin(book, session, method, secure=True)
        return redirect(success_address(session))

    reply, refusal = attempt(book, action)
    return reply or checkout_page(book, book.the("checkout.session", session["id"]), refusal)


def _intent_secured(book: Book, intent: Json, approved: bool) -> Reply:
    method = book.the("payment_method", intent["payment_method"])

    def action() -> Reply:
        if approved:
            intents.attempt(book, intent, method, secure=True, first=True)
        else:
            intents.not_authenticated(book, intent)
        return _after(book, intent, "succeeded")

    reply, refusal = attempt(book, action)
    if reply is not None:
        return reply
    session = book.get("checkout.session", intent["_session"])
    return checkout_page(book, session, refusal) if session else _after(book, intent, "failed")


def _setup_secured(book: Book, intent: Json, approved: bool) -> Reply:
    method = book.the("payment_method", intent["payment_method"])

    def action() -> Reply:
        if not approved:
            setup_intents.refuse(book, intent, method, _UNAUTHENTICATED)
        setup_intents.attempt(book, intent, method, secure=True)
        session = book.get("billing_portal.session", intent["_portal"])
        return portal.use_card(book, session, method["id"]) if session else _after(book, intent, "succeeded")

    reply, refusal = attempt(book, action)
    if reply is not None:
        return reply
    session = book.get("billing_portal.session", intent["_portal"])
    return portal.portal_page(book, session, refusal) if session else _after(book, intent, "failed")


def _after(book: Book, intent: Json, status: str) -> Reply:
    session = book.get("checkout.session", intent.get("_session"))
    if session:
        return redirect(success_address(session))
    back = intent.get("_return_url")
    if not back:
        return page("3-D Secure", el("p", f"The payment has {status}. You can close this page."))
    query = urllib.parse.urlencode(
        {
            intent["object"]: intent["id"],
            f"{intent['object']}_client_secret": intent["client_secret"],
            "redirect_status": status,
        }
    )
    return redirect(f"{back}{'&' if '?' in back else '?'}{query}")
