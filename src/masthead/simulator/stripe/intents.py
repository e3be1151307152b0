"""What happens to a payment intent when it is confirmed: paid, refused, asked back, or sent to a bank."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from masthead.simulator.book import Book, new_id
from masthead.simulator.store import Json
from masthead.simulator.stripe import cards, charges
from masthead.simulator.stripe.errors import StripeError, declined, invalid
from masthead.simulator.stripe.facts import save
from masthead.simulator.timers import on_timer

_DAY = 86_400
_AUTHENTICATE: cards.Refusal = (
    "authentication_required",
    "authentication_required",
    "Your card was declined. This transaction requires authentication.",
)
_UNAUTHENTICATED = (
    "payment_intent_authentication_failure",
    None,
    "The provided PaymentMethod has failed authentication. You can provide payment_method_data or a new PaymentMethod"
    " to attempt to fulfill this PaymentIntent again.",
)
_DEBIT_FAILED: cards.Refusal = ("insufficient_funds", None, "The customer's account has insufficient funds.")

Follower = Callable[[Book, Json, str], None]
# Whoever asked for the payment: told ``succeeded``, ``processing`` or ``failed`` in the same transaction.
_FOLLOWERS: list[Follower] = []


def follower(function: Follower) -> Follower:
    """Declare a function that is told how intents fare."""
    _FOLLOWERS.append(function)
    return function


def new(book: Book, *, amount: int, currency: str, **given: Any) -> Json:
    """Write a new intent and tell it."""
    id_ = new_id("pi_")
    nothing = (
        "application application_fee_amount canceled_at cancellation_reason last_payment_error latest_charge"
        " next_action on_behalf_of payment_method processing review shipping source statement_descriptor transfer_data"
        " transfer_group amount_details automatic_payment_methods excluded_payment_method_types"
        " payment_method_configuration_details"
    )
    intent: Json = {
        **dict.fromkeys(nothing.split()),
        "id": id_,
        "object": "payment_intent",
        "amount": amount,
        "amount_capturable": 0,
        "amount_details": {"tip": {}},
        "amount_received": 0,
        "allowed_payment_method_types": given.get("allowed_payment_method_types"),
        "automatic_payment_methods": given.get("automatic_payment_methods"),
        "capture_method": given.get("capture_method", "automatic_async"),
        "client_secret": f"{id_}_secret_{new_id('', 25)}",
        "confirmation_method": given.get("confirmation_method", "automatic"),
        "created": book.now,
        "currency": currency,
        "customer": given.get("customer"),
        "description": given.get("description"),
        "livemode": book.live,
        "metadata": given.get("metadata") or {},
        "payment_method_options": given.get("payment_method_options") or {},
        "payment_method_types": given.get("payment_method_types") or ["card"],
        "receipt_email": given.get("receipt_email"),
        "setup_future_usage": given.get("setup_future_usage"),
        "statement_descriptor_suffix": given.get("statement_descriptor_suffix"),
        "status": "requires_payment_method",
        "_invoice": given.get("invoice"),
        "_session": given.get("session"),
    }
    return save(book, intent, "payment_intent.created")


def attempt(
    book: Book, intent: Json, method: Json, *, off_session: bool = False, secure: bool = False, first: bool = False
) -> Json:
    """Try to take the money. Returns the intent as it then is; a refusal by the issuer is raised, and stays recorded.

    ``secure``: the owner approved in 3-D Secure. ``first``: its owner is there and pays with it for the first time.
    """
    if method["type"] not in intent["payment_method_types"] and intent["currency"] == "eur":
        raise invalid(
            f"The PaymentMethod provided ({method['type']}) is not allowed for this PaymentIntent.",
            param="payment_method",
            code="payment_intent_unexpected_state",
        )
    intent = {**intent, "payment_method": method["id"], "last_payment_error": None, "next_action": None}
    if method["type"] == "sepa_debit":
        return _debit(book, intent, method)
    behaviour = cards.CARDS[method["_number"]]
    asks = behaviour.asks == "always" or (behaviour.asks == "unless_set_up" and not method["_set_up"])
    if asks and not secure:
        return _refuse(book, intent, method, _AUTHENTICATE) if off_session else _ask(book, intent)
    refusal = behaviour.refuses or (None if first else behaviour.refuses_later)
    if refusal:
        return _refuse(book, intent, method, refusal, secure=secure)
    return _succeed(book, intent, method, secure=secure)


def _succeed(book: Book, intent: Json, method: Json, *, secure: bool) -> Json:
    charge = charges.make(book, intent, method, status="succeeded", secure=secure)
    if intent["setup_future_usage"] == "off_session" or intent["_invoice"]:
        book.put({**book.the("payment_method", method["id"]), "_set_up": True})
    intent["latest_charge"] = charge["id"]
    if intent["capture_method"] == "manual":
        intent |= {"status": "requires_capture", "amount_capturable": intent["amount"]}
        return save(book, intent, "payment_intent.amount_capturable_updated")
    return paid(book, intent)


def paid(book: Book, intent: Json) -> Json:
    """Mark an intent as paid by its latest charge, tell it, and dispute it where the card is such a one."""
    charge = book.the("charge", intent["latest_charge"])
    intent |= {"status": "succeeded", "amount_received": charge["amount_captured"], "amount_capturable": 0}
    intent["processing"] = None
    save(book, intent, "payment_intent.succeeded")
    _tell(book, intent, "succeeded")
    _dispute(book, charge)
    return book.the("payment_intent", intent["id"])


def _dispute(book: Book, charge: Json) -> None:
    from masthead.simulator.stripe.disputes import open_dispute

    card, debit = cards.CARDS.get(charge["_number"]), cards.IBANS.get(charge["_number"])
    if card and card.disputed:
        open_dispute(book, charge, reason=card.disputed, inquiry=card.inquiry)
    if debit and debit.disputed:
        open_dispute(book, charge, reason="debit_not_authorized")


def _ask(book: Book, intent: Json) -> Json:
    """Send the owner to the page where 3-D Secure asks."""
    address = f"{book.world.base}/3ds/{intent['id']}"
    intent["status"] = "requires_action"
    intent["next_action"] = {
        "type": "redirect_to_url",
        "redirect_to_url": {"url": address, "return_url": intent.get("_return_url")},
    }
    return save(book, intent, "payment_intent.requires_action")


def _refuse(book: Book, intent: Json, method: Json, refusal: cards.Refusal, *, secure: bool = False) -> Json:
    charge = charges.make(book, intent, method, status="failed", refusal=refusal, secure=secure)
    error = _payment_error(book, method, refusal, charge["id"])
    intent |= {"status": "requires_payment_method", "latest_charge": charge["id"], "last_payment_error": error}
    intent |= {"payment_method": None}
    save(book, intent, "payment_intent.payment_failed")
    _tell(book, intent, "failed")
    raise _declined(book, intent, refusal, charge["id"])


def not_authenticated(book: Book, intent: Json) -> None:
    """Record that the owner failed 3-D Secure, and refuse."""
    method = book.the("payment_method", intent["payment_method"])
    error = _payment_error(book, method, _UNAUTHENTICATED, None)
    intent |= {"status": "requires_payment_method", "last_payment_error": error, "payment_method": None}
    intent["next_action"] = None
    save(book, intent, "payment_intent.payment_failed")
    _tell(book, intent, "failed")
    refusal = invalid(_UNAUTHENTICATED[2], code="payment_intent_authentication_failure")
    refusal.commit = True
    raise refusal


def _payment_error(book: Book, method: Json, refusal: cards.Refusal, charge: str | None) -> Json:
    code, decline_code, message = refusal
    error: Json = {"code": code, "message": message, "payment_method": book.told(method)}
    if charge:
        error["charge"] = charge
    if decline_code:
        error["decline_code"] = decline_code
    is_card = method["type"] == "card" and charge is not None
    return {**error, "type": "card_error" if is_card else "invalid_request_error"}


def _declined(book: Book, intent: Json, refusal: cards.Refusal, charge: str) -> StripeError:
    code, decline_code, message = refusal
    told = book.told(intent)
    return declined(message, code=code, decline_code=decline_code, charge=charge, payment_intent=told)


def _debit(book: Book, intent: Json, method: Json) -> Json:
    """Send a debit to the bank; it answers after days."""
    if intent["currency"] != "eur":
        raise invalid(
            "The currency provided is invalid for payments with sepa_debit: sepa_debit payments support eur.",
            param="currency",
        )
    if not method.get("_mandate"):
        method = book.put({**method, "_mandate": _mandate(book, method)["id"]})
    intent["status"] = "processing"
    charge = charges.make(book, intent, method, status="pending")
    intent["latest_charge"] = charge["id"]
    save(book, intent, "payment_intent.processing")
    _tell(book, intent, "processing")
    book.later(book.now + int(book.setting("debit_days", 5)) * _DAY, "stripe.debit", id_=intent["id"])
    return intent


def _mandate(book: Book, method: Json) -> Json:
    reference = new_id("", 16).upper()
    url = f"{book.world.base}/mandates/{reference}"
    return book.put(
        {
            "id": new_id("mandate_"),
            "object": "mandate",
            "customer_acceptance": {
                "accepted_at": book.now,
                "online": {"ip_address": "127.0.0.1", "user_agent": "simulator"},
                "type": "online",
            },
            "livemode": book.live,
            "multi_use": {},
            "payment_method": method["id"],
            "payment_method_details": {"sepa_debit": {"reference": reference, "url": url}, "type": "sepa_debit"},
            "status": "active",
            "type": "multi_use",
        }
    )


@on_timer("stripe.debit")
def bank_answers(book: Book, id_: str) -> None:
    """Let a bank pay a debit, or fail it."""
    intent = book.the("payment_intent", id_)
    if intent["status"] != "processing":
        return
    charge = book.the("charge", intent["latest_charge"])
    method = book.the("payment_method", charge["payment_method"])
    if cards.IBANS[charge["_number"]].fails:
        code, _, message = _DEBIT_FAILED
        charge |= {"status": "failed", "paid": False, "captured": False, "failure_code": code}
        charge["failure_message"] = message
        save(book, charge, "charge.failed")
        error = _payment_error(book, method, _DEBIT_FAILED, charge["id"])
        intent |= {"status": "requires_payment_method", "last_payment_error": error, "payment_method": None}
        save(book, intent, "payment_intent.payment_failed")
        _tell(book, intent, "failed")
        return
    charge |= {"status": "succeeded", "paid": True, "captured": True, "amount_captured": charge["amount"]}
    charges.settle(book, charge)
    save(book, charge, "charge.succeeded")
    paid(book, intent)


def fail_late(book: Book, charge: Json) -> Json:
    """Let a debit fail after it had settled: its money goes, and the intent asks to be paid again. Refuses cards."""
    if not charge["id"].startswith("py_") or charge["status"] != "succeeded":
        raise invalid(f"Charge {charge['id']} is no debit that was paid.", param="charge")
    charges.take_back(book, charge)
    code, _, message = _DEBIT_FAILED
    charge |= {"status": "failed", "paid": False, "failure_code": code, "failure_message": message}
    save(book, charge, "charge.failed")
    intent = book.the("payment_intent", charge["payment_intent"])
    method = book.the("payment_method", charge["payment_method"])
    error = _payment_error(book, method, _DEBIT_FAILED, charge["id"])
    intent |= {"status": "requires_payment_method", "last_payment_error": error, "payment_method": None}
    save(book, intent, "payment_intent.payment_failed")
    return charge


def _tell(book: Book, intent: Json, outcome: str) -> None:
    for function in _FOLLOWERS:
        function(book, intent, outcome)
