"""The customer portal: a page where a supporter changes the card, ends a gift at the end of its period, or goes on."""

from __future__ import annotations

from collections.abc import Callable

from masthead.simulator.book import Book, new_id
from masthead.simulator.clock import moment
from masthead.simulator.http import Reply, Request, Route, path_pattern, redirect
from masthead.simulator.markup import Html, button, el, page
from masthead.simulator.store import Json
from masthead.simulator.stripe import money, setup_intents
from masthead.simulator.stripe.api import Call, endpoint
from masthead.simulator.stripe.customers import set_default, the_customer
from masthead.simulator.stripe.errors import invalid
from masthead.simulator.stripe.facts import save
from masthead.simulator.stripe.pages import attempt, card_fields, found, nothing_here, read_card
from masthead.simulator.world import World

_LASTS = 3600
_FLOWS = {"payment_method_update", "subscription_cancel"}
_ENDED = {"canceled", "incomplete_expired"}


@endpoint(
    "POST",
    "/v1/billing_portal/sessions",
    params="billing_portal.SessionCreateParams",
    plays="customer return_url locale flow_data.type flow_data.subscription_cancel.subscription"
    " flow_data.after_completion",
)
def create_session(call: Call) -> Json:
    """Make a session with its page, open for an hour."""
    book, params = call.book, call.params
    if "customer" not in params:
        raise invalid("Missing required param: customer.", param="customer", code="parameter_missing")
    the_customer(book, params["customer"])
    flow = params.get("flow_data")
    if flow and flow["type"] not in _FLOWS:
        raise invalid(f"The simulator plays the flows {', '.join(sorted(_FLOWS))}.", param="flow_data[type]")
    id_ = new_id("bps_")
    session: Json = {
        "id": id_,
        "object": "billing_portal.session",
        "after_expiration": None,
        "configuration": "bpc_simulator",
        "created": book.now,
        "customer": params["customer"],
        "customer_account": None,
        "flow": _flow(flow) if flow else None,
        "livemode": book.live,
        "locale": params.get("locale"),
        "on_behalf_of": None,
        "return_url": params.get("return_url"),
        "url": f"{book.world.base}/p/session/{id_}",
    }
    return save(book, session, "billing_portal.session.created")


def _flow(given: Json) -> Json:
    after = given.get("after_completion") or {"type": "portal_homepage"}
    ending = given.get("subscription_cancel")
    return {
        "after_completion": {"hosted_confirmation": None, "redirect": None, **after},
        "subscription_cancel": {"retention": None, **ending} if ending else None,
        "subscription_update": None,
        "subscription_update_confirm": None,
        "type": given["type"],
    }


def routes(world: World) -> list[Route]:
    """Return the addresses of the portal."""

    def bound(function: Callable[..., Reply]) -> Callable[..., Reply]:
        return lambda request, **ids: function(world, request, **ids)

    return [
        ("GET", path_pattern("/p/session/{id_}"), bound(show)),
        ("POST", path_pattern("/p/session/{id_}/card"), bound(change_card)),
        ("POST", path_pattern("/p/session/{id_}/subscriptions/{subscription}"), bound(change_subscription)),
    ]


def _open(world: World, id_: str) -> tuple[Book, Json] | None:
    known = found(world, "billing_portal.session", id_)
    return known if known and known[0].now <= known[1]["created"] + _LASTS else None


def show(world: World, _: Request, id_: str) -> Reply:
    """Show what a supporter gives, and by which card."""
    known = _open(world, id_)
    return portal_page(*known) if known else nothing_here()


def portal_page(book: Book, session: Json, refusal: str = "") -> Reply:
    """Show a session's page, with what was refused."""
    flow = (session["flow"] or {}).get("type")
    gifts = [item for item in book.find("subscription", customer=session["customer"]) if item["status"] not in _ENDED]
    parts: list[object] = [el("p", refusal, class_="refusal", role="alert") if refusal else ""]
    if flow != "payment_method_update":
        parts += [el("h2", "What you give"), *(_gift(session, item) for item in gifts)]
    if flow != "subscription_cancel":
        form = [card_fields(required=True), button("Use this card from now on", class_="go", id="change-card")]
        parts += [
            el("h2", "Your card"),
            el("p", _card(book, session)),
            el("form", *form, method="post", action=f"/p/session/{session['id']}/card"),
        ]
    if session["return_url"]:
        parts.append(el("p", el("a", "Go back", href=session["return_url"], id="return")))
    return page("Customer portal", *parts, status=402 if refusal else 200)


def _gift(session: Json, subscription: Json) -> Html:
    item = subscription["items"]["data"][0]
    amount = money.written(item["price"]["unit_amount"] * item["quantity"], subscription["currency"])
    until = f"{moment(item['current_period_end']):%Y-%m-%d}"
    ending = subscription["cancel_at_period_end"]
    verb = "ends" if ending else "renews"
    words = f"{amount} every {item['price']['recurring']['interval']}; {subscription['status']}; {verb} on {until}"
    label, value = ("Go on giving", "resume") if ending else ("End it then", "end")
    return el(
        "form",
        el("p", words),
        button(label, name="do", value=value, class_="other", id=f"{value}-{subscription['id']}"),
        method="post",
        action=f"/p/session/{session['id']}/subscriptions/{subscription['id']}",
    )


def _card(book: Book, session: Json) -> str:
    default = book.the("customer", session["customer"])["invoice_settings"]["default_payment_method"]
    method = book.get("payment_method", default)
    if method is None:
        return "None is kept."
    return f"Kept now: {method['type'].replace('_', ' ')} ending in {method[method['type']]['last4']}"


def change_card(world: World, request: Request, id_: str) -> Reply:
    """Keep another card, and let all gifts be charged to it."""
    known = _open(world, id_)
    if known is None:
        return nothing_here()
    book, session = known

    def action() -> Reply:
        method = read_card(book, request.form())
        intent = setup_intents.make(book, customer=session["customer"], portal=session["id"])
        intent = setup_intents.attempt(book, intent, method)
        if intent["status"] == "requires_action":
            return redirect(intent["next_action"]["redirect_to_url"]["url"])
        return use_card(book, session, method["id"])

    reply, refusal = attempt(book, action)
    return reply or portal_page(book, session, refusal)


def use_card(book: Book, session: Json, method: str) -> Reply:
    """Let the customer and all its gifts use a kept method."""
    set_default(book, session["customer"], method)
    for subscription in book.find("subscription", customer=session["customer"]):
        if subscription["status"] not in _ENDED:
            save(book, {**subscription, "default_payment_method": method}, "customer.subscription.updated")
    return redirect(_after(session))


def _after(session: Json) -> str:
    after = (session["flow"] or {}).get("after_completion") or {}
    if after.get("redirect"):
        return str(after["redirect"]["return_url"])
    return f"/p/session/{session['id']}"


def change_subscription(world: World, request: Request, id_: str, subscription: str) -> Reply:
    """End a gift at the end of its period, or take that back."""
    known = _open(world, id_)
    if known is None:
        return nothing_here()
    book, session = known
    kept = book.get("subscription", subscription)
    if kept is None or kept["customer"] != session["customer"] or kept["status"] in _ENDED:
        return nothing_here()
    from masthead.simulator.stripe.subscriptions import set_ending

    def action() -> Reply:
        set_ending(book, kept, ending=request.form().get("do") == "end")
        save(book, kept, "customer.subscription.updated")
        return redirect(_after(session))

    reply, refusal = attempt(book, action)
    return reply or portal_page(book, session, refusal)
