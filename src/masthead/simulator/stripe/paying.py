"""What the hosted page does when its form is sent: takes the card or account, and completes the session."""

from __future__ import annotations

from dataclasses import dataclass

from masthead.simulator.book import Book
from masthead.simulator.store import Json
from masthead.simulator.stripe import cards, intents, invoices, subscriptions
from masthead.simulator.stripe.customers import make_customer, set_default
from masthead.simulator.stripe.errors import declined
from masthead.simulator.stripe.facts import save
from masthead.simulator.stripe.payment_methods import attach


@dataclass(frozen=True)
class Payer:
    """Who pays, as he wrote it."""

    email: str
    name: str
    country: str = "US"


def pay(book: Book, session: Json, payer: Payer, method: Json) -> str | None:
    """Try to pay an open session. Returns the page that asks for 3-D Secure, if it must; nothing when it is complete.

    A refusal by the issuer is raised; the session stays open for another try.
    """
    session["customer_details"] = {
        "address": {**dict.fromkeys(("city", "line1", "line2", "postal_code", "state")), "country": payer.country},
        "business_name": None,
        "email": payer.email,
        "individual_name": None,
        "name": payer.name,
        "phone": None,
        "tax_exempt": "none",
        "tax_ids": [],
    }
    _know(book, session, payer)
    if session["customer"] and _keeps(session):
        method = attach(book, method, session["customer"])
    if session["mode"] == "subscription":
        return _subscribe(book, session, method)
    intent = _intent(book, session)
    intent = intents.attempt(book, intent, method, first=True)
    return str(intent["next_action"]["redirect_to_url"]["url"]) if intent["status"] == "requires_action" else None


def _keeps(session: Json) -> bool:
    return session["mode"] == "subscription" or "setup_future_usage" in session["_intent_data"]


def _know(book: Book, session: Json, payer: Payer) -> None:
    """Make a customer where one is needed."""
    needed = session["mode"] == "subscription" or session["customer_creation"] == "always"
    needed = needed or "setup_future_usage" in session["_intent_data"]
    if needed and not session["customer"]:
        session["customer"] = make_customer(book, email=payer.email, name=payer.name)["id"]
    book.put(session)


def _intent(book: Book, session: Json) -> Json:
    kept = book.get("payment_intent", session["payment_intent"])
    if kept:
        return kept
    intent = intents.new(
        book,
        amount=session["amount_total"],
        currency=session["currency"],
        customer=session["customer"],
        payment_method_types=session["payment_method_types"],
        session=session["id"],
        **session["_intent_data"],
    )
    session["payment_intent"] = intent["id"]
    book.put(session)
    return intent


def _subscribe(book: Book, session: Json, method: Json) -> str | None:
    """Begin the subscription, unless the card refuses: then there is none, as with Stripe."""
    if method["type"] == "card":
        behaviour = cards.CARDS[method["_number"]]
        if behaviour.asks != "never" and not method["_set_up"]:
            book.put({**session, "_method": method["id"]})
            return f"{book.world.base}/3ds/{session['id']}"
        if behaviour.refuses:
            code, decline_code, message = behaviour.refuses
            raise declined(message, code=code, decline_code=decline_code)
    begin(book, session, method)
    return None


def begin(book: Book, session: Json, method: Json, *, secure: bool = False) -> None:
    """Begin a session's subscription and charge its first invoice to the method."""
    if secure:
        method = book.put({**method, "_set_up": True})
    set_default_first(book, session["customer"], method["id"])
    subscription = subscriptions.make(
        book,
        book.the("customer", session["customer"]),
        session["_items"],
        default_payment_method=method["id"],
        payment_settings={"payment_method_types": session["payment_method_types"]},
        **session["_subscription_data"],
    )
    invoice = subscriptions.open_first_invoice(book, subscription)
    session |= {"subscription": subscription["id"], "invoice": invoice["id"]}
    book.put(session)
    invoice = invoices.collect(book, invoice, method, secure=secure, first=True)
    complete(book, book.the("checkout.session", session["id"]), paid=invoice["status"] == "paid")


def set_default_first(book: Book, customer: str, method: str) -> None:
    """Make a method the customer's default where it has none."""
    if not book.the("customer", customer)["invoice_settings"]["default_payment_method"]:
        set_default(book, customer, method)


def complete(book: Book, session: Json, *, paid: bool) -> Json:
    """Complete a session; a delayed debit leaves it unpaid."""
    session |= {"status": "complete", "payment_status": "paid" if paid else "unpaid", "url": None}
    return save(book, session, "checkout.session.completed")


@intents.follower
def hear(book: Book, intent: Json, outcome: str) -> None:
    """Complete the session an intent was for; later tell how its debit ended."""
    session = _session_of(book, intent)
    if session is None:
        return
    if session["status"] == "open" and outcome in {"succeeded", "processing"} and session["mode"] == "payment":
        complete(book, session, paid=outcome == "succeeded")
    elif session["status"] == "complete" and session["payment_status"] == "unpaid":
        if outcome == "succeeded":
            save(book, {**session, "payment_status": "paid"}, "checkout.session.async_payment_succeeded")
        elif outcome == "failed":
            save(book, session, "checkout.session.async_payment_failed")


def _session_of(book: Book, intent: Json) -> Json | None:
    if intent["_session"]:
        return book.get("checkout.session", intent["_session"])
    if intent["_invoice"]:
        found = book.find("checkout.session", invoice=intent["_invoice"])
        return found[0] if found else None
    return None
