"""Payment intents as the API offers them."""

from __future__ import annotations

from typing import Any

from masthead.simulator.store import Json
from masthead.simulator.stripe import charges, intents, money
from masthead.simulator.stripe.api import Call, endpoint
from masthead.simulator.stripe.customers import the_customer
from masthead.simulator.stripe.errors import invalid, missing
from masthead.simulator.stripe.facts import save
from masthead.simulator.stripe.payment_methods import attach, from_params, the_method
from masthead.simulator.stripe.shapes import merged, page

_CONFIRM = (
    "payment_method payment_method_data off_session return_url setup_future_usage receipt_email"
    " allowed_payment_method_types"
)
_CREATE = (
    f"{_CONFIRM} amount currency customer description metadata confirm capture_method confirmation_method"
    " automatic_payment_methods statement_descriptor_suffix payment_method_options"
)
_CONFIRMABLE = {"requires_payment_method", "requires_confirmation", "requires_action"}


def the_intent(call: Call, id_: str) -> Json:
    """Return an intent. Refuses an unknown one."""
    found = call.book.get("payment_intent", id_)
    if found is None:
        raise missing("payment_intent", id_, param="intent")
    return found


@endpoint("POST", "/v1/payment_intents", params="PaymentIntentCreateParams", plays=_CREATE)
def create_intent(call: Call) -> Json:
    """Make an intent, and confirm it at once where asked."""
    params = dict(call.params)
    currency = money.check_currency(params.pop("currency"))
    amount = money.check_amount(params.pop("amount"), currency)
    if "customer" in params:
        the_customer(call.book, params["customer"])
    known = {name: params[name] for name in params if name not in _CONFIRM.split() or name.startswith("setup")}
    known |= {name: params[name] for name in ("receipt_email", "allowed_payment_method_types") if name in params}
    if "automatic_payment_methods" not in params:
        known["automatic_payment_methods"] = {"allow_redirects": "always", "enabled": True}
    methods = params.get("allowed_payment_method_types") or ["card", "sepa_debit"]
    known["payment_method_types"] = [name for name in methods if name == "card" or currency == "eur"]
    intent = intents.new(call.book, amount=amount, currency=currency, **known)
    if params.get("confirm"):
        return _confirm(call, intent)
    method = _method(call, intent)
    if method:
        intent |= {"payment_method": method["id"], "status": "requires_confirmation"}
        call.book.put(intent)
    return intent


@endpoint("POST", "/v1/payment_intents/{id_}/confirm", params="PaymentIntentConfirmParams", plays=_CONFIRM)
def confirm_intent(call: Call, id_: str) -> Json:
    """Try to take the money."""
    intent = the_intent(call, id_)
    if intent["status"] not in _CONFIRMABLE:
        raise _unexpected(intent, "confirm", "payment_intent_unexpected_state")
    for name in ("setup_future_usage", "receipt_email"):
        if name in call.params:
            intent[name] = call.params[name] or None
    return _confirm(call, intent)


def _confirm(call: Call, intent: Json) -> Json:
    method = _method(call, intent)
    if method is None:
        raise invalid(
            "You cannot confirm this PaymentIntent because it's missing a payment method.",
            code="payment_intent_unexpected_state",
        )
    if intent["customer"] and intent["setup_future_usage"]:
        method = attach(call.book, method, intent["customer"])
    intent["_return_url"] = call.params.get("return_url")
    off_session = call.params.get("off_session") not in (None, False, "")
    return intents.attempt(call.book, intent, method, off_session=off_session)


def _method(call: Call, intent: Json) -> Json | None:
    if "payment_method_data" in call.params:
        return from_params(call, call.params["payment_method_data"], prefix="payment_method_data")
    id_: Any = call.params.get("payment_method") or intent["payment_method"]
    if not id_:
        return None
    method = the_method(call.book, id_)
    if method["customer"] and method["customer"] != intent["customer"]:
        raise invalid(
            "The provided PaymentMethod cannot be attached. To reuse a PaymentMethod, you must attach it to a Customer"
            " first, and name that customer.",
            param="payment_method",
        )
    return method


def _unexpected(intent: Json, verb: str, code: str) -> Exception:
    return invalid(
        f"This PaymentIntent's status is {intent['status']}; you cannot {verb} it.", code=code, param="intent"
    )


@endpoint(
    "POST",
    "/v1/payment_intents/{id_}",
    params="PaymentIntentUpdateParams",
    plays="amount currency customer description metadata receipt_email setup_future_usage payment_method",
)
def update_intent(call: Call, id_: str) -> Json:
    """Change an intent that is not settled."""
    intent = the_intent(call, id_)
    settled = intent["status"] in {"succeeded", "canceled", "processing"}
    if settled and set(call.params) - {"metadata", "description", "receipt_email"}:
        raise _unexpected(intent, "update", "payment_intent_unexpected_state")
    changes = {name: value or None for name, value in call.params.items()}
    if "currency" in changes:
        changes["currency"] = money.check_currency(call.params["currency"])
    if "amount" in changes:
        money.check_amount(call.params["amount"], changes.get("currency") or intent["currency"])
    if changes.get("payment_method"):
        changes |= {"payment_method": the_method(call.book, call.params["payment_method"])["id"]}
        changes |= {"status": "requires_confirmation"}
    changes["metadata"] = merged(intent["metadata"], call.params.get("metadata"))
    return call.book.put({**intent, **changes})


@endpoint("GET", "/v1/payment_intents/{id_}", params="PaymentIntentRetrieveParams")
def retrieve_intent(call: Call, id_: str) -> Json:
    """Return an intent."""
    return the_intent(call, id_)


@endpoint(
    "GET",
    "/v1/payment_intents",
    params="PaymentIntentListParams",
    plays="customer created limit starting_after ending_before",
)
def list_intents(call: Call) -> Json:
    """List intents."""
    wanted = {"customer": call.params["customer"]} if "customer" in call.params else {}
    return page(call.params, call.book.find("payment_intent", **wanted), "/v1/payment_intents")


@endpoint("POST", "/v1/payment_intents/{id_}/cancel", params="PaymentIntentCancelParams", plays="cancellation_reason")
def cancel_intent(call: Call, id_: str) -> Json:
    """Cancel an intent whose money has not moved."""
    intent = the_intent(call, id_)
    if intent["status"] not in {*_CONFIRMABLE, "requires_capture"}:
        raise _unexpected(intent, "cancel", "payment_intent_unexpected_state")
    reason = call.params.get("cancellation_reason")
    intent |= {"status": "canceled", "canceled_at": call.book.now, "cancellation_reason": reason}
    intent |= {"amount_capturable": 0, "next_action": None}
    return save(call.book, intent, "payment_intent.canceled")


@endpoint("POST", "/v1/payment_intents/{id_}/capture", params="PaymentIntentCaptureParams", plays="amount_to_capture")
def capture_intent(call: Call, id_: str) -> Json:
    """Take money that was only authorised, all or a part."""
    intent = the_intent(call, id_)
    if intent["status"] != "requires_capture":
        raise _unexpected(intent, "capture", "payment_intent_unexpected_state")
    amount = call.params.get("amount_to_capture", intent["amount_capturable"])
    if not isinstance(amount, int) or not 0 < amount <= intent["amount_capturable"]:
        raise invalid(
            f"The amount to capture must be between 1 and {intent['amount_capturable']}.",
            param="amount_to_capture",
            code="amount_too_large",
        )
    charge = call.book.the("charge", intent["latest_charge"])
    charge |= {"captured": True, "amount_captured": amount}
    charges.settle(call.book, charge)
    save(call.book, charge, "charge.captured")
    return intents.paid(call.book, intent)
