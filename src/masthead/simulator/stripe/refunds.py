"""Refunds: whole or in part, at once, pending, or failing afterwards."""

from __future__ import annotations

from masthead.simulator.book import Book, new_id
from masthead.simulator.store import Json
from masthead.simulator.stripe import balance, cards, money
from masthead.simulator.stripe.api import Call, endpoint
from masthead.simulator.stripe.charges import the_charge
from masthead.simulator.stripe.errors import invalid, missing
from masthead.simulator.stripe.facts import save
from masthead.simulator.stripe.shapes import merged, page
from masthead.simulator.timers import on_timer

_DAY = 86_400
_FAILED_AFTER = 3 * _DAY


@endpoint("POST", "/v1/refunds", params="RefundCreateParams", plays="charge payment_intent amount reason metadata")
def create_refund(call: Call) -> Json:
    """Give money back. Refuses more than is left of the charge."""
    charge = _charge(call)
    if charge["status"] != "succeeded" or not charge["captured"]:
        raise invalid(f"Charge {charge['id']} is not captured and cannot be refunded.", param="charge")
    left = charge["amount_captured"] - charge["amount_refunded"]
    if left == 0:
        raise invalid(f"Charge {charge['id']} has already been refunded.", code="charge_already_refunded")
    _check_dispute(call.book, charge)
    amount = call.params.get("amount", left)
    money.check_amount(amount, charge["currency"], smallest=False)
    if amount > left:
        raise invalid(
            f"Refund amount ({money.written(amount, charge['currency'])}) is greater than unrefunded amount on charge"
            f" ({money.written(left, charge['currency'])})",
            param="amount",
        )
    return make_refund(
        call.book, charge, amount, reason=call.params.get("reason"), metadata=call.params.get("metadata")
    )


def _charge(call: Call) -> Json:
    intent = call.params.get("payment_intent")
    if ("charge" in call.params) == bool(intent):
        raise invalid("One of the following params should be provided for this request: payment_intent or charge.")
    if "charge" in call.params:
        return the_charge(call.book, call.params["charge"])
    found = call.book.get("payment_intent", intent)
    if found is None:
        raise missing("payment_intent", str(intent), param="payment_intent", status=400)
    if found["latest_charge"] is None:
        raise invalid(f"This PaymentIntent ({intent}) does not have a successful charge to refund.")
    return the_charge(call.book, found["latest_charge"])


def _check_dispute(book: Book, charge: Json) -> None:
    for dispute in book.find("dispute", charge=charge["id"]):
        if not dispute["is_charge_refundable"]:
            raise invalid(
                f"Charge {charge['id']} has been charged back; cannot issue a refund.", code="charge_disputed"
            )


def make_refund(
    book: Book, charge: Json, amount: int, *, reason: str | None = None, metadata: Json | None = None
) -> Json:
    """Give money back, as the card behaves: at once, pending first, or failing after days."""
    card = cards.CARDS.get(charge["_number"])
    behaviour = card.refund if card else "at_once"
    debit = charge["id"].startswith("py_")
    nothing = (
        "balance_transaction failure_reason receipt_number source_transfer_reversal transfer_reversal"
        " failure_balance_transaction pending_reason"
    )
    refund: Json = {
        **dict.fromkeys(nothing.split()),
        "id": new_id("pyr_" if debit else "re_"),
        "object": "refund",
        "amount": amount,
        "charge": charge["id"],
        "created": book.now,
        "currency": charge["currency"],
        "destination_details": {"card": {"type": "refund"}, "type": "card"},
        "metadata": metadata or {},
        "payment_intent": charge["payment_intent"],
        "reason": reason,
        "status": "pending" if behaviour == "pending" or debit else "succeeded",
    }
    if debit:
        refund["destination_details"] = {"type": "eu_bank_transfer", "eu_bank_transfer": {"reference": None}}
    pending = refund["status"] == "pending"
    refund["pending_reason"] = "processing" if pending else None
    _take(book, charge, refund)
    save(book, refund, "refund.created")
    save(book, charge, "charge.refunded")
    if pending:
        book.later(book.now + _DAY, "stripe.refund_arrives", id_=refund["id"])
    if behaviour == "fails":
        book.later(book.now + _FAILED_AFTER, "stripe.refund_fails", id_=refund["id"])
    return refund


def _take(book: Book, charge: Json, refund: Json) -> None:
    """Take the refund's money from the balance. The fee of the charge is not given back."""
    whole = book.the("balance_transaction", charge["balance_transaction"])
    before, part = charge["amount_refunded"], refund["amount"]
    amount = balance.share(whole["amount"], charge["amount_captured"], before, part)
    type_ = "payment_refund" if charge["id"].startswith("py_") else "refund"
    movement = balance.record(
        book,
        type_,
        -amount,
        source=refund["id"],
        rate=whole["exchange_rate"],
        description="REFUND FOR CHARGE" + (f" ({charge['description']})" if charge["description"] else ""),
    )
    refund["balance_transaction"] = movement["id"]
    charge["amount_refunded"] = before + part
    charge["refunded"] = charge["amount_refunded"] == charge["amount_captured"]


@on_timer("stripe.refund_arrives")
def arrive(book: Book, id_: str) -> None:
    """Let a pending refund arrive."""
    refund = book.the("refund", id_)
    if refund["status"] == "pending":
        save(book, {**refund, "status": "succeeded", "pending_reason": None}, "refund.updated")


@on_timer("stripe.refund_fails")
def fail_on_time(book: Book, id_: str) -> None:
    """Let a refund fail that has not failed otherwise."""
    if book.the("refund", id_)["status"] not in {"failed", "canceled"}:
        fail(book, id_)


def fail(book: Book, id_: str, *, reason: str = "expired_or_canceled_card") -> Json:
    """Let a refund fail: its money comes back to the balance, and the charge is less refunded. Refuses twice."""
    refund = book.get("refund", id_)
    if refund is None:
        raise missing("refund", id_)
    if refund["status"] in {"failed", "canceled"}:
        raise invalid(f"Refund {id_} is {refund['status']}.")
    taken = book.the("balance_transaction", refund["balance_transaction"])
    back = balance.record(
        book,
        "refund_failure",
        -taken["amount"],
        source=id_,
        rate=taken["exchange_rate"],
        description="REFUND FAILURE",
    )
    charge = book.the("charge", refund["charge"])
    charge["amount_refunded"] -= refund["amount"]
    charge["refunded"] = False
    refund |= {"status": "failed", "failure_reason": reason, "failure_balance_transaction": back["id"]}
    refund["pending_reason"] = None
    save(book, refund, "refund.failed")
    save(book, charge, "charge.updated")
    return refund


@endpoint(
    "GET",
    "/v1/refunds",
    params="RefundListParams",
    plays="charge payment_intent created limit starting_after ending_before",
)
def list_refunds(call: Call) -> Json:
    """List refunds."""
    wanted = {name: call.params[name] for name in ("charge", "payment_intent") if name in call.params}
    return page(call.params, call.book.find("refund", **wanted), "/v1/refunds")


@endpoint("GET", "/v1/refunds/{id_}", params="RefundRetrieveParams")
def retrieve_refund(call: Call, id_: str) -> Json:
    """Return a refund."""
    found = call.book.get("refund", id_)
    if found is None:
        raise missing("refund", id_)
    return found


@endpoint("POST", "/v1/refunds/{id_}", params="RefundUpdateParams", plays="metadata")
def update_refund(call: Call, id_: str) -> Json:
    """Change a refund's metadata."""
    kept = retrieve_refund(call, id_)
    return save(
        call.book, {**kept, "metadata": merged(kept["metadata"], call.params.get("metadata"))}, "refund.updated"
    )
