"""PayPal's objects as facts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from masthead.core.money import Money
from masthead.funding import conf
from masthead.funding.ports import Every, SubscriptionFacts, SubscriptionStatus
from masthead.funding.providers.paypal.calls import Json
from masthead.funding.providers.paypal.money import from_paypal
from masthead.funding.rules.facts import (
    Capture,
    Dispute,
    DisputeStatus,
    Movement,
    PaymentFacts,
    Refund,
    RefundStatus,
    Settlement,
    Status,
)

NAME = "paypal"
# Begins the ``custom_id`` of everything this site makes there, so that it knows its own again on a shared account, and
# captures nobody else's orders (rule W11).
MARK = "masthead:"

_PAYMENT = {
    "PENDING": Status.OPEN,
    "DECLINED": Status.FAILED,
    "FAILED": Status.FAILED,
    "COMPLETED": Status.SUCCEEDED,
    "PARTIALLY_REFUNDED": Status.SUCCEEDED,
    "REFUNDED": Status.SUCCEEDED,
}
_REFUND = {
    "PENDING": RefundStatus.PENDING,
    "COMPLETED": RefundStatus.SUCCEEDED,
    "FAILED": RefundStatus.FAILED,
    "CANCELLED": RefundStatus.FAILED,
}
_SUBSCRIPTION = {
    "APPROVAL_PENDING": SubscriptionStatus.PENDING,
    "APPROVED": SubscriptionStatus.PENDING,
    "ACTIVE": SubscriptionStatus.ACTIVE,
    "SUSPENDED": SubscriptionStatus.PAUSED,
    "CANCELLED": SubscriptionStatus.ENDED,
    "EXPIRED": SubscriptionStatus.ENDED,
}
_LOST = frozenset({"RESOLVED_BUYER_FAVOUR", "ACCEPTED"})
_EVERY = {"MONTH": Every.MONTH, "YEAR": Every.YEAR}


def unknown_payment(external_id: str) -> PaymentFacts:
    """Return the facts of a payment that is nobody's here: it is ignored (rule W11)."""
    return PaymentFacts(NAME, external_id, conf.is_live(), Status.OPEN, pledge="")


def payment(
    row: Json,
    *,
    pledge: str,
    subscription: str,
    refunds: Iterable[Json],
    disputes: Iterable[Json],
    moved: Iterable[Movement] = (),
) -> PaymentFacts:
    """Return the facts of a capture and of what was read with it; ``moved`` is what the history tells of disputes."""
    status = _PAYMENT.get(row["status"], Status.OPEN)
    reason = (row.get("status_details") or {}).get("reason", "")
    facts = replace(
        unknown_payment(row["id"]),
        status=status,
        pledge=pledge,
        subscription=subscription,
        failure=str(reason or row["status"])[:200] if status == Status.FAILED else "",
    )
    if status != Status.SUCCEEDED:
        return facts
    taken = Capture(row["id"], from_paypal(row["amount"]), moment(row["create_time"]), settlement(row))
    return replace(
        facts,
        capture=taken,
        refunds={found["id"]: refund(found, taken) for found in refunds},
        disputes=_with_movements([dispute(found) for found in disputes], moved),
    )


def settlement(row: Json) -> Settlement | None:
    """Return what PayPal's own breakdown of a capture says; None when it does not say yet (rule L8).

    Where PayPal exchanged the money, that is what arrived in the account's currency. It tells the net exactly, and the
    fee in that currency or, where it leaves that out, in the payer's: then the fee has the rate of the net.
    """
    said = row.get("seller_receivable_breakdown")
    if not said:
        return None
    gross = from_paypal(said["gross_amount"])
    fee = from_paypal(said["paypal_fee"]) if "paypal_fee" in said else Money.zero(gross.currency)
    if "receivable_amount" not in said:
        return Settlement(row["id"], gross, fee)
    net = from_paypal(said["receivable_amount"])
    told = said.get("paypal_fee_in_receivable_currency")
    kept = from_paypal(told) if told else _at_rate(fee, gross - fee, net)
    return Settlement(row["id"], net + kept, kept)


def refund(row: Json, taken: Capture) -> Refund:
    """Return the facts of a refund. What failed went and came again by the same amounts."""
    status = _REFUND.get(row["status"], RefundStatus.PENDING)
    settled = None if status == RefundStatus.PENDING else _sent_back(row, taken)
    has_failed = status == RefundStatus.FAILED
    again = replace(settled, external_id=f"{row['id']}:failed", fee=-settled.fee) if settled and has_failed else None
    return Refund(
        external_id=row["id"],
        amount=from_paypal(row["amount"]),
        status=status,
        at=moment(row["create_time"]),
        settlement=settled,
        failure=again,
        failed_at=moment(row.get("update_time") or row["create_time"]) if has_failed else None,
    )


def _sent_back(row: Json, taken: Capture) -> Settlement | None:
    """Return what a refund took from the balance; None while PayPal does not tell what it exchanged (rule L8)."""
    if taken.settlement is None:
        return None
    said = row.get("seller_payable_breakdown") or {}
    amount = from_paypal(row["amount"])
    fee = from_paypal(said["paypal_fee"]) if "paypal_fee" in said else Money.zero(amount.currency)
    if "net_amount_in_receivable_currency" in said:
        net = from_paypal(said["net_amount_in_receivable_currency"])
        back = _at_rate(fee, amount - fee, net)
        return Settlement(row["id"], net + back, -back)
    return Settlement(row["id"], amount, -fee) if amount.currency == taken.settlement.gross.currency else None


def dispute(row: Json) -> Dispute:
    """Return the facts of a dispute. What it moved stands in the account's history alone: here is no id of it."""
    outcome = row.get("dispute_outcome") or {}
    return Dispute(
        external_id=row["dispute_id"],
        amount=from_paypal(row["dispute_amount"]),
        status=_stage(row, str(outcome.get("outcome_code", ""))),
        opened_at=moment(row["create_time"]),
    )


def _with_movements(disputes: list[Dispute], moved: Iterable[Movement]) -> dict[str, Dispute]:
    """Return the disputes of one payment, each with what it moved.

    PayPal names no dispute beside money: it belongs to the last one that had been opened by then. A reversal without
    any dispute is one of its own, lost when it is told.
    """
    found = {each.external_id: each for each in disputes}
    in_turn = sorted(disputes, key=lambda each: (each.opened_at, each.external_id), reverse=True)
    for movement in moved:
        opened = next((each.external_id for each in in_turn if each.opened_at <= movement.at), "")
        if not opened:
            opened = f"reversal:{movement.external_id}"
            amount = abs((movement.presented or movement.amount).amount_minor)
            currency = (movement.presented or movement.amount).currency
            found[opened] = Dispute(opened, Money(amount, currency), DisputeStatus.LOST, movement.at)
        each = found[opened]
        found[opened] = replace(each, movements={**each.movements, movement.external_id: movement})
    return found


def subscription(row: Json, *, read_at: datetime) -> SubscriptionFacts:
    """Return the facts of a subscription that was read with its plan."""
    cycle = row["plan"]["billing_cycles"][0]
    billing = row.get("billing_info") or {}
    status = _SUBSCRIPTION.get(row["status"], SubscriptionStatus.PENDING)
    if billing.get("failed_payments_count") and status in {SubscriptionStatus.ACTIVE, SubscriptionStatus.PAUSED}:
        # PayPal suspends by itself what failed too often; what the giver paused has not failed.
        status = SubscriptionStatus.PAST_DUE
    price = from_paypal(cycle["pricing_scheme"]["fixed_price"])
    has_ended = status == SubscriptionStatus.ENDED
    next_at = billing.get("next_billing_time")
    return SubscriptionFacts(
        provider=NAME,
        external_id=row["id"],
        is_live=conf.is_live(),
        pledge=marked(row.get("custom_id")),
        status=status,
        amount=Money(price.amount_minor * int(row.get("quantity") or 1), price.currency),
        every=_EVERY.get(cycle["frequency"]["interval_unit"], Every.MONTH),
        started_at=moment(row["start_time"]),
        next_at=moment(next_at) if next_at and not has_ended else None,
        ends_at=None,
        ended_at=_ended(row) if has_ended else None,
        resumes_at=None,
        card="PayPal",
        read_at=read_at,
        retry_at=_retry_at(billing) if status == SubscriptionStatus.PAST_DUE else None,
    )


def _ended(row: Json) -> datetime:
    """Return when a subscription ended, by the best that PayPal tells of it."""
    return moment(row.get("status_update_time") or row.get("update_time") or row["start_time"])


def _retry_at(billing: Json) -> datetime | None:
    told = (billing.get("last_failed_payment") or {}).get("next_payment_retry_time")
    return moment(told) if told else None


def marked(custom: object) -> str:
    """Return the pledge that something at PayPal belongs to; empty for what this site did not make (rule W11)."""
    return custom.removeprefix(MARK) if isinstance(custom, str) and custom.startswith(MARK) else ""


def link(row: Mapping[str, Any], *rels: str) -> str:
    """Return the address that PayPal gives for one of these relations; empty when it gives none."""
    return next((str(found["href"]) for found in row.get("links") or () if found["rel"] in rels), "")


def moment(text: str) -> datetime:
    """Return PayPal's instant."""
    return datetime.fromisoformat(text)


def _stage(row: Json, outcome: str) -> DisputeStatus:
    is_inquiry = row.get("dispute_life_cycle_stage") == "INQUIRY"
    if row["status"] != "RESOLVED":
        return DisputeStatus.INQUIRY if is_inquiry else DisputeStatus.OPEN
    if outcome in _LOST:
        return DisputeStatus.LOST
    return DisputeStatus.INQUIRY_CLOSED if is_inquiry else DisputeStatus.WON


def _at_rate(amount: Money, whole: Money, worth: Money) -> Money:
    """Return the part of ``worth`` that ``amount`` is of ``whole``, rounded to the nearest unit as PayPal does."""
    twice = 2 * worth.amount_minor * amount.amount_minor + whole.amount_minor
    return Money(twice // (2 * whole.amount_minor), worth.currency)
