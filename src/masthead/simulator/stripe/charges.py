"""Charges: what was really taken, or refused, or is still on its way from a bank."""

from __future__ import annotations

from masthead.simulator.book import Book, new_id
from masthead.simulator.store import Json
from masthead.simulator.stripe import balance, cards, money
from masthead.simulator.stripe.api import Call, endpoint
from masthead.simulator.stripe.errors import missing
from masthead.simulator.stripe.facts import save
from masthead.simulator.stripe.shapes import included, listed, merged, page

_NOTHING = [
    "application",
    "application_fee",
    "application_fee_amount",
    "authorization_code",
    "balance_transaction",
    "failure_balance_transaction",
    "failure_code",
    "failure_message",
    "on_behalf_of",
    "receipt_number",
    "review",
    "shipping",
    "source",
    "source_transfer",
    "statement_descriptor",
    "statement_descriptor_suffix",
    "transfer_data",
    "transfer_group",
]
_APPROVED = {
    "advice_code": None,
    "network_advice_code": None,
    "network_decline_code": None,
    "network_status": "approved_by_network",
    "reason": None,
    "risk_level": "normal",
    "risk_score": 12,
    "seller_message": "Payment complete.",
    "type": "authorized",
}


def make(
    book: Book, intent: Json, method: Json, *, status: str, refusal: cards.Refusal | None = None, secure: bool = False
) -> Json:
    """Write a charge of an intent: ``succeeded``, ``failed`` or ``pending``, and tell it."""
    failed = status == "failed"
    captured = status == "succeeded" and intent["capture_method"] != "manual"
    id_ = new_id("py_" if method["type"] == "sepa_debit" else "ch_")
    charge: Json = {
        **dict.fromkeys(_NOTHING),
        "id": id_,
        "object": "charge",
        "amount": intent["amount"],
        "amount_captured": intent["amount"] if captured else 0,
        "amount_refunded": 0,
        "billing_details": method["billing_details"],
        "calculated_statement_descriptor": "SIMULATOR" if method["type"] == "card" else None,
        "captured": captured or status == "pending",
        "created": book.now,
        "currency": intent["currency"],
        "customer": intent["customer"],
        "description": intent["description"],
        "disputed": False,
        "failure_code": refusal[0] if refusal else None,
        "failure_message": refusal[2] if refusal else None,
        "fraud_details": {},
        "livemode": book.live,
        "metadata": intent["metadata"],
        "outcome": _outcome(refusal),
        "paid": status == "succeeded",
        "payment_intent": intent["id"],
        "payment_method": method["id"],
        "payment_method_details": _details(book, intent, method, failed=failed, secure=secure),
        "receipt_email": intent["receipt_email"],
        "receipt_url": None if failed else f"{book.world.base}/receipts/{id_}",
        "refunded": False,
        "status": status,
        "statement_descriptor_suffix": intent["statement_descriptor_suffix"],
        "_number": method["_number"],
    }
    if captured:
        settle(book, charge)
    return save(book, charge, f"charge.{status}")


def _outcome(refusal: cards.Refusal | None) -> Json:
    if refusal is None:
        return dict(_APPROVED)
    return {
        **_APPROVED,
        "advice_code": "try_again_later",
        "network_decline_code": "01",
        "network_status": "declined_by_network",
        "reason": refusal[1] or refusal[0],
        "seller_message": "The bank did not return any further details with this decline.",
        "type": "issuer_declined",
    }


def _details(book: Book, intent: Json, method: Json, *, failed: bool, secure: bool) -> Json:
    kept = method[method["type"]]
    if method["type"] == "sepa_debit":
        shown = {name: kept[name] for name in ("bank_code", "branch_code", "country", "fingerprint", "last4")}
        return {"type": "sepa_debit", "sepa_debit": {**shown, "mandate": method.get("_mandate")}}
    names = ("brand", "country", "exp_month", "exp_year", "fingerprint", "funding", "last4", "regulated_status")
    checks = {**kept["checks"], "cvc_check": "fail" if failed and method["_number"].endswith("0127") else "pass"}
    card = {
        **{name: kept[name] for name in names},
        "amount_authorized": None if failed else intent["amount"],
        "authorization_code": None if failed else "123456",
        "checks": checks,
        "installments": None,
        "mandate": None,
        "network": kept["brand"],
        "network_transaction_id": new_id("", 15),
        "three_d_secure": _secure() if secure else None,
        "wallet": None,
    }
    return {"type": "card", "card": card}


def _secure() -> Json:
    return {
        "authentication_flow": "challenge",
        "electronic_commerce_indicator": "05",
        "exemption_indicator": None,
        "result": "authenticated",
        "result_reason": None,
        "transaction_id": new_id("", 20),
        "version": "2.2.0",
    }


def settle(book: Book, charge: Json) -> None:
    """Enter a charge's money into the balance, with the fee; changes the charge that is given."""
    amount, rate = balance.settled(book, charge["amount_captured"], charge["currency"])
    type_ = "payment" if charge["id"].startswith("py_") else "charge"
    behaviour = cards.CARDS.get(charge["_number"])
    movement = balance.record(
        book,
        type_,
        amount,
        source=charge["id"],
        fee=money.fee(amount, book),
        rate=rate,
        description=charge["description"],
        at_once=bool(behaviour and behaviour.available_at_once),
    )
    charge["balance_transaction"] = movement["id"]


def take_back(book: Book, charge: Json) -> None:
    """Take a debit's money out of the balance again, because the bank did; changes the charge that is given."""
    whole = book.the("balance_transaction", charge["balance_transaction"])
    movement = balance.record(
        book, "payment_failure_refund", -whole["amount"], source=charge["id"], rate=whole["exchange_rate"]
    )
    charge["failure_balance_transaction"] = movement["id"]


def the_charge(book: Book, id_: str, *, param: str = "charge", status: int = 400) -> Json:
    """Return a charge. Refuses an unknown one."""
    found = book.get("charge", id_)
    if found is None:
        raise missing("charge", id_, param=param, status=status)
    return found


@included("charge", "refunds")
def refunds_of(book: Book, charge: Json) -> Json:
    """Return a charge's refunds, newest first; told only on request, as the pinned version does."""
    found = book.find("refund", charge=charge["id"])
    return listed(found[::-1], f"/v1/charges/{charge['id']}/refunds")


@endpoint("GET", "/v1/charges/{id_}", params="ChargeRetrieveParams")
def retrieve_charge(call: Call, id_: str) -> Json:
    """Return a charge."""
    return the_charge(call.book, id_, param="id", status=404)


@endpoint(
    "GET",
    "/v1/charges",
    params="ChargeListParams",
    plays="customer payment_intent created limit starting_after ending_before",
)
def list_charges(call: Call) -> Json:
    """List charges."""
    wanted = {name: call.params[name] for name in ("customer", "payment_intent") if name in call.params}
    return page(call.params, call.book.find("charge", **wanted), "/v1/charges")


@endpoint("POST", "/v1/charges/{id_}", params="ChargeUpdateParams", plays="metadata description receipt_email")
def update_charge(call: Call, id_: str) -> Json:
    """Change what may be changed of a charge."""
    kept = the_charge(call.book, id_, param="id", status=404)
    changed = {**kept, **call.params, "metadata": merged(kept["metadata"], call.params.get("metadata"))}
    return save(call.book, changed, "charge.updated")
