"""Disputes: inquiries that move no money, withdrawals with a fee, and how they end."""

from __future__ import annotations

from masthead.simulator.book import Book, new_id
from masthead.simulator.clock import add_interval
from masthead.simulator.store import Json
from masthead.simulator.stripe import balance, money
from masthead.simulator.stripe.api import Call, endpoint
from masthead.simulator.stripe.errors import invalid, missing
from masthead.simulator.stripe.facts import save
from masthead.simulator.stripe.shapes import merged, page
from masthead.simulator.timers import on_timer

_EVIDENCE = [
    "access_activity_log",
    "billing_address",
    "cancellation_policy",
    "cancellation_policy_disclosure",
    "cancellation_rebuttal",
    "customer_communication",
    "customer_email_address",
    "customer_name",
    "customer_purchase_ip",
    "customer_signature",
    "duplicate_charge_documentation",
    "duplicate_charge_explanation",
    "duplicate_charge_id",
    "product_description",
    "receipt",
    "refund_policy",
    "refund_policy_disclosure",
    "refund_refusal_explanation",
    "service_date",
    "service_documentation",
    "shipping_address",
    "shipping_carrier",
    "shipping_date",
    "shipping_documentation",
    "shipping_tracking_number",
    "uncategorized_file",
    "uncategorized_text",
]
_TEXTS = " ".join(f"evidence.{name}" for name in _EVIDENCE)
_CLOSED = {"won", "lost", "warning_closed", "prevented"}
# What a submitted text of evidence means at Stripe's test side.
_WINS, _LOSES = "winning_evidence", "losing_evidence"


def open_dispute(
    book: Book, charge: Json, *, reason: str = "fraudulent", amount: int | None = None, inquiry: bool = False
) -> Json:
    """Dispute a charge, whole or in part. An inquiry moves no money; anything else takes it at once, with the fee."""
    if not charge["paid"]:
        raise invalid(f"Charge {charge['id']} was not paid and cannot be disputed.", param="charge")
    if any(item["status"] not in _CLOSED for item in book.find("dispute", charge=charge["id"])):
        raise invalid(f"Charge {charge['id']} is disputed already.", code="charge_disputed")
    left = charge["amount_captured"] - charge["amount_refunded"]
    amount = left if amount is None else amount
    if not 0 < amount <= left:
        raise invalid(f"A dispute of this charge is of 1 to {left}.", param="amount")
    dispute = _new(book, charge, reason, amount, inquiry=inquiry)
    save(book, {**charge, "disputed": True}, "charge.updated")
    save(book, dispute, "charge.dispute.created")
    return dispute if inquiry else _withdraw(book, dispute)


def _new(book: Book, charge: Json, reason: str, amount: int, *, inquiry: bool) -> Json:
    card = charge["payment_method_details"].get("card")
    details = None
    if card:
        code = "10.4" if reason == "fraudulent" else "13.1"
        kind = "inquiry" if inquiry else "chargeback"
        details = {
            "card": {"brand": card["brand"], "case_type": kind, "network": card["brand"], "network_reason_code": code},
            "type": "card",
        }
    return {
        "id": new_id("du_"),
        "object": "dispute",
        "amount": amount,
        "balance_transactions": [],
        "charge": charge["id"],
        "created": book.now,
        "currency": charge["currency"],
        "enhanced_eligibility_types": [],
        "evidence": {**dict.fromkeys(_EVIDENCE), "enhanced_evidence": {}},
        "evidence_details": {
            "due_by": add_interval(book.now, "day", 9),
            "enhanced_eligibility": {},
            "has_evidence": False,
            "past_due": False,
            "submission_count": 0,
            "submission_method": "not_submitted",
        },
        "is_charge_refundable": inquiry,
        "livemode": book.live,
        "metadata": {},
        "payment_intent": charge["payment_intent"],
        "payment_method_details": details,
        "reason": reason,
        "status": "warning_needs_response" if inquiry else "needs_response",
    }


def _withdraw(book: Book, dispute: Json) -> Json:
    charge = book.the("charge", dispute["charge"])
    whole = book.the("balance_transaction", charge["balance_transaction"])
    before = charge["amount_refunded"]
    amount = balance.share(whole["amount"], charge["amount_captured"], before, dispute["amount"])
    movement = balance.record(
        book,
        "adjustment",
        -amount,
        source=dispute["id"],
        fee=money.dispute_fee(book),
        rate=whole["exchange_rate"],
        description=f"Chargeback withdrawal for {charge['id']}",
        at_once=True,
        category="dispute",
        fee_kind="Dispute fee",
    )
    dispute["balance_transactions"] = [*dispute["balance_transactions"], book.told(movement)]
    dispute |= {"is_charge_refundable": False}
    save(book, dispute, "charge.dispute.funds_withdrawn")
    return dispute


def escalate(book: Book, id_: str) -> Json:
    """Let an inquiry become a dispute: now the money goes."""
    dispute = the_dispute(book, id_)
    if not dispute["status"].startswith("warning_") or dispute["status"] == "warning_closed":
        raise invalid(f"Dispute {id_} is {dispute['status']}: only an open inquiry can escalate.")
    dispute["status"] = "needs_response"
    if dispute["payment_method_details"]:
        dispute["payment_method_details"]["card"]["case_type"] = "chargeback"
    save(book, dispute, "charge.dispute.updated")
    return _withdraw(book, dispute)


def close(book: Book, id_: str, outcome: str) -> Json:
    """End a dispute: ``won`` gives the money and the fee back, ``lost`` changes nothing more; an inquiry closes."""
    dispute = the_dispute(book, id_)
    if dispute["status"] in _CLOSED:
        raise invalid(f"Dispute {id_} is already closed.", code="dispute_already_closed")
    if dispute["status"].startswith("warning_"):
        outcome = "warning_closed"
    dispute |= {"status": outcome, "is_charge_refundable": outcome != "lost"}
    save(book, dispute, "charge.dispute.closed")
    if outcome == "won":
        taken = dispute["balance_transactions"][0]
        movement = balance.record(
            book,
            "adjustment",
            -taken["amount"],
            source=id_,
            fee=-taken["fee"],
            rate=taken["exchange_rate"],
            description=f"Chargeback reversal for {dispute['charge']}",
            at_once=True,
            category="dispute_reversal",
            fee_kind="Dispute fee refund",
        )
        dispute["balance_transactions"] = [*dispute["balance_transactions"], book.told(movement)]
        save(book, dispute, "charge.dispute.funds_reinstated")
    return dispute


def the_dispute(book: Book, id_: str) -> Json:
    """Return a dispute. Refuses an unknown one."""
    found = book.get("dispute", id_)
    if found is None:
        raise missing("dispute", id_)
    return found


@endpoint("GET", "/v1/disputes/{id_}", params="DisputeRetrieveParams")
def retrieve_dispute(call: Call, id_: str) -> Json:
    """Return a dispute."""
    return the_dispute(call.book, id_)


@endpoint(
    "GET",
    "/v1/disputes",
    params="DisputeListParams",
    plays="charge payment_intent created limit starting_after ending_before",
)
def list_disputes(call: Call) -> Json:
    """List disputes."""
    wanted = {name: call.params[name] for name in ("charge", "payment_intent") if name in call.params}
    return page(call.params, call.book.find("dispute", **wanted), "/v1/disputes")


@endpoint("POST", "/v1/disputes/{id_}", params="DisputeUpdateParams", plays=f"metadata submit {_TEXTS}")
def update_dispute(call: Call, id_: str) -> Json:
    """Take evidence. Submitted, it is reviewed for a day; ``winning_evidence`` and ``losing_evidence`` decide."""
    dispute = the_dispute(call.book, id_)
    evidence = call.params.get("evidence") or {}
    if evidence and dispute["status"] in _CLOSED:
        raise invalid("This dispute is already closed", code="dispute_already_closed")
    dispute["metadata"] = merged(dispute["metadata"], call.params.get("metadata"))
    dispute["evidence"] |= evidence
    if evidence:
        dispute["evidence_details"]["has_evidence"] = True
    if evidence and call.params.get("submit", True):
        dispute["evidence_details"] |= {"submission_count": 1, "submission_method": "manual"}
        inquiry = dispute["status"].startswith("warning_")
        dispute["status"] = "warning_under_review" if inquiry else "under_review"
        text = dispute["evidence"]["uncategorized_text"]
        outcome = {_WINS: "won", _LOSES: "lost"}.get(text or "")
        if outcome:
            call.book.later(call.book.now + 86_400, "stripe.dispute_decided", id_=id_, outcome=outcome)
    return save(call.book, dispute, "charge.dispute.updated")


@on_timer("stripe.dispute_decided")
def decide(book: Book, id_: str, outcome: str) -> None:
    """Let the bank decide, unless it has."""
    if the_dispute(book, id_)["status"] not in _CLOSED:
        close(book, id_, outcome)


@endpoint("POST", "/v1/disputes/{id_}/close", params="DisputeCloseParams")
def close_dispute(call: Call, id_: str) -> Json:
    """Accept a dispute: it is lost."""
    return close(call.book, id_, "lost")
