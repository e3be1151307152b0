"""Setup intents: keeping a card for later, without taking money."""

from __future__ import annotations

from typing import Any

from masthead.simulator.book import Book, new_id
from masthead.simulator.store import Json
from masthead.simulator.stripe import cards
from masthead.simulator.stripe.api import Call, endpoint
from masthead.simulator.stripe.customers import the_customer
from masthead.simulator.stripe.errors import declined, invalid, missing
from masthead.simulator.stripe.facts import save
from masthead.simulator.stripe.payment_methods import attach, from_params, the_method
from masthead.simulator.stripe.shapes import page

_CONFIRM = "payment_method payment_method_data return_url"
_OPEN = {"requires_payment_method", "requires_confirmation", "requires_action"}
_NOTHING = (
    "allowed_payment_method_types application cancellation_reason flow_directions last_setup_error latest_attempt"
    " mandate next_action on_behalf_of payment_method payment_method_configuration_details single_use_mandate"
    " excluded_payment_method_types"
)


def make(book: Book, **given: Any) -> Json:
    """Write a new intent and tell it."""
    id_ = new_id("seti_")
    intent: Json = {
        **dict.fromkeys(_NOTHING.split()),
        "id": id_,
        "object": "setup_intent",
        "automatic_payment_methods": given.get("automatic_payment_methods"),
        "client_secret": f"{id_}_secret_{new_id('', 25)}",
        "created": book.now,
        "customer": given.get("customer"),
        "description": given.get("description"),
        "livemode": book.live,
        "metadata": given.get("metadata") or {},
        "payment_method_options": {},
        "payment_method_types": ["card", "sepa_debit"],
        "status": "requires_payment_method",
        "usage": given.get("usage", "off_session"),
        "_return_url": given.get("return_url"),
        "_portal": given.get("portal"),
    }
    return save(book, intent, "setup_intent.created")


def attempt(book: Book, intent: Json, method: Json, *, secure: bool = False) -> Json:
    """Try to keep a method. Returns the intent as it then is; a refusal by the issuer is raised, and stays recorded."""
    intent = {**intent, "payment_method": method["id"], "last_setup_error": None, "next_action": None}
    behaviour = cards.CARDS.get(method["_number"])
    if behaviour and behaviour.asks != "never" and not secure:
        address = f"{book.world.base}/3ds/{intent['id']}"
        url = {"url": address, "return_url": intent["_return_url"]}
        intent |= {"status": "requires_action", "next_action": {"type": "redirect_to_url", "redirect_to_url": url}}
        return save(book, intent, "setup_intent.requires_action")
    if behaviour and behaviour.refuses:
        return refuse(book, intent, method, behaviour.refuses)
    method = book.put({**method, "_set_up": True})
    if intent["customer"]:
        attach(book, method, intent["customer"])
    return save(book, {**intent, "status": "succeeded"}, "setup_intent.succeeded")


def refuse(book: Book, intent: Json, method: Json, refusal: cards.Refusal) -> Json:
    """Record that a method was refused, and raise it."""
    code, decline_code, message = refusal
    error = {"code": code, "message": message, "payment_method": book.told(method), "type": "card_error"}
    if decline_code:
        error["decline_code"] = decline_code
    intent |= {"status": "requires_payment_method", "last_setup_error": error, "payment_method": None}
    save(book, intent, "setup_intent.setup_failed")
    raise declined(message, code=code, decline_code=decline_code, setup_intent=book.told(intent))


def the_setup(book: Book, id_: str) -> Json:
    """Return an intent. Refuses an unknown one."""
    found = book.get("setup_intent", id_)
    if found is None:
        raise missing("setupintent", id_, param="intent")
    return found


@endpoint(
    "POST",
    "/v1/setup_intents",
    params="SetupIntentCreateParams",
    plays=f"{_CONFIRM} customer description metadata usage confirm automatic_payment_methods",
)
def create_setup(call: Call) -> Json:
    """Make an intent, and confirm it at once where asked."""
    params = dict(call.params)
    if "customer" in params:
        the_customer(call.book, params["customer"])
    intent = make(call.book, **params)
    return _confirm(call, intent) if params.get("confirm") else intent


@endpoint("POST", "/v1/setup_intents/{id_}/confirm", params="SetupIntentConfirmParams", plays=_CONFIRM)
def confirm_setup(call: Call, id_: str) -> Json:
    """Try to keep the method."""
    intent = the_setup(call.book, id_)
    if intent["status"] not in _OPEN:
        raise invalid(f"This SetupIntent is {intent['status']}.", code="setup_intent_unexpected_state")
    return _confirm(call, intent)


def _confirm(call: Call, intent: Json) -> Json:
    if "payment_method_data" in call.params:
        method = from_params(call, call.params["payment_method_data"], prefix="payment_method_data")
    elif "payment_method" in call.params:
        method = the_method(call.book, call.params["payment_method"])
    else:
        raise invalid("You cannot confirm this SetupIntent because it's missing a payment method.")
    intent["_return_url"] = call.params.get("return_url", intent["_return_url"])
    return attempt(call.book, intent, method)


@endpoint("POST", "/v1/setup_intents/{id_}/cancel", params="SetupIntentCancelParams", plays="cancellation_reason")
def cancel_setup(call: Call, id_: str) -> Json:
    """Cancel an intent that keeps nothing yet."""
    intent = the_setup(call.book, id_)
    if intent["status"] not in _OPEN:
        raise invalid(f"This SetupIntent is {intent['status']}.", code="setup_intent_unexpected_state")
    reason = call.params.get("cancellation_reason")
    cancelled = {**intent, "status": "canceled", "cancellation_reason": reason, "next_action": None}
    return save(call.book, cancelled, "setup_intent.canceled")


@endpoint("GET", "/v1/setup_intents/{id_}", params="SetupIntentRetrieveParams")
def retrieve_setup(call: Call, id_: str) -> Json:
    """Return an intent."""
    return the_setup(call.book, id_)


@endpoint(
    "GET",
    "/v1/setup_intents",
    params="SetupIntentListParams",
    plays="customer payment_method created limit starting_after ending_before",
)
def list_setups(call: Call) -> Json:
    """List intents."""
    wanted = {name: call.params[name] for name in ("customer", "payment_method") if name in call.params}
    return page(call.params, call.book.find("setup_intent", **wanted), "/v1/setup_intents")
