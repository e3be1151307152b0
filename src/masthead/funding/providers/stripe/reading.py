"""Stripe's objects as facts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import stripe

from masthead.funding.ports import BalanceLine, Every, ProviderRefused, SubscriptionFacts, SubscriptionStatus
from masthead.funding.providers.stripe.money import from_stripe
from masthead.funding.rules.facts import (
    AttemptStatus,
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

NAME = "stripe"
# On everything this site makes there, so that it knows its own again on a shared account (rule W11).
MARK = "masthead_pledge"

_SUBSCRIPTION = {
    "incomplete": SubscriptionStatus.PENDING,
    "trialing": SubscriptionStatus.PENDING,
    "active": SubscriptionStatus.ACTIVE,
    "past_due": SubscriptionStatus.PAST_DUE,
    "unpaid": SubscriptionStatus.PAST_DUE,
    "paused": SubscriptionStatus.PAUSED,
    "canceled": SubscriptionStatus.ENDED,
    "incomplete_expired": SubscriptionStatus.ENDED,
}
# Stripe tells of a pause beside the status. Whoever paused while a payment was owed is asked for nothing.
_CAN_PAUSE = {SubscriptionStatus.ACTIVE, SubscriptionStatus.PAST_DUE}
_DISPUTE = {
    "warning_needs_response": DisputeStatus.INQUIRY,
    "warning_under_review": DisputeStatus.INQUIRY,
    "warning_closed": DisputeStatus.INQUIRY_CLOSED,
    "prevented": DisputeStatus.INQUIRY_CLOSED,
    "needs_response": DisputeStatus.OPEN,
    "under_review": DisputeStatus.OPEN,
    "lost": DisputeStatus.LOST,
    "won": DisputeStatus.WON,
}
_REFUND = {
    "pending": RefundStatus.PENDING,
    "requires_action": RefundStatus.PENDING,
    "succeeded": RefundStatus.SUCCEEDED,
    "failed": RefundStatus.FAILED,
    "canceled": RefundStatus.FAILED,
}
_BOOKED_AS = {
    "charge": "gift",
    "payment": "gift",
    "refund": "refund",
    "payment_refund": "refund",
    "refund_failure": "refund_failed",
    "payment_failure_refund": "failed_late",
    "payout": "payout",
    "payout_failure": "payout",
    "payout_cancel": "payout",
}
_OF_DISPUTES = {"adjustment", "dispute", "dispute_reversal"}
_ATTEMPT = {
    "pending": AttemptStatus.ON_ITS_WAY,
    "failed": AttemptStatus.FAILED,
    "succeeded": AttemptStatus.SUCCEEDED,
}
_EVERY = {"month": Every.MONTH, "year": Every.YEAR}


def payment(
    intent: stripe.PaymentIntent,
    *,
    pledge: str,
    subscription: str,
    charges: Iterable[stripe.Charge],
    refunds: Iterable[stripe.Refund],
    disputes: Iterable[stripe.Dispute],
) -> PaymentFacts:
    """Return the facts of a payment intent of which all charges were read with their settlements: each is one try."""
    tries = sorted(charges, key=lambda charge: (charge.created, charge.id))
    taken = next((charge for charge in tries if _was_taken(charge)), None)
    status = Status.SUCCEEDED if taken else _status(intent)
    facts = PaymentFacts(
        provider=NAME,
        external_id=intent.id,
        is_live=intent.livemode,
        status=status,
        pledge=pledge,
        subscription=subscription,
        failure="" if status == Status.SUCCEEDED else _failure(intent),
        attempts={charge.id: _ATTEMPT[charge.status] for charge in tries},
    )
    if taken is None:
        return facts
    return replace(
        facts,
        capture=_capture(taken),
        refunds={row.id: refund(row) for row in refunds},
        disputes={row.id: dispute(row) for row in disputes},
    )


def _was_taken(charge: stripe.Charge) -> bool:
    """Tell whether a charge's money came, also where a debit that had settled failed afterwards."""
    has_come = charge.status == "succeeded" and charge.captured
    return has_come or isinstance(sent(charge, "failure_balance_transaction"), stripe.BalanceTransaction)


def _capture(charge: stripe.Charge) -> Capture:
    failure = sent(charge, "failure_balance_transaction")
    return Capture(
        external_id=charge.id,
        amount=from_stripe(charge.amount_captured or charge.amount, charge.currency),
        paid_at=moment(charge.created),
        settlement=settlement(sent(charge, "balance_transaction")),
        failure=settlement(failure),
        failed_at=_moment_of(failure),
    )


def refund(row: stripe.Refund) -> Refund:
    """Return the facts of a refund that was read with its settlements."""
    status = _REFUND.get(sent(row, "status") or "pending", RefundStatus.PENDING)
    failure = sent(row, "failure_balance_transaction")
    return Refund(
        external_id=row.id,
        amount=from_stripe(row.amount, row.currency),
        status=status,
        at=moment(row.created),
        settlement=settlement(sent(row, "balance_transaction")),
        failure=settlement(failure),
        failed_at=_moment_of(failure),
    )


def dispute(row: stripe.Dispute) -> Dispute:
    """Return the facts of a dispute; its movements are its balance transactions, whatever its status says."""
    return Dispute(
        external_id=row.id,
        amount=from_stripe(row.amount, row.currency),
        status=_DISPUTE.get(row.status, DisputeStatus.OPEN),
        opened_at=moment(row.created),
        movements={
            line.id: Movement(
                external_id=line.id,
                amount=from_stripe(line.amount, line.currency),
                fee=from_stripe(line.fee, line.currency),
                at=moment(line.created),
            )
            for line in row.balance_transactions
        },
    )


def settlement(line: str | stripe.BalanceTransaction | None) -> Settlement | None:
    """Return what Stripe's own books say; None when it does not say yet (rule L8)."""
    if not isinstance(line, stripe.BalanceTransaction):
        return None
    return Settlement(line.id, from_stripe(abs(line.amount), line.currency), from_stripe(line.fee, line.currency))


def subscription(row: stripe.Subscription, *, read_at: datetime) -> SubscriptionFacts:
    """Return the facts of a subscription of ours that was read with its payment method and latest invoice.

    Raises :class:`ProviderRefused` for one that somebody changed there to a rhythm that this site does not know.
    """
    item = row["items"].data[0]
    price = item.price
    recurring = sent(price, "recurring")
    rhythm = recurring.interval if recurring else "month"
    if rhythm not in _EVERY:
        raise ProviderRefused(f"the subscription repeats every {rhythm}")
    pausing, ends, ended = sent(row, "pause_collection"), sent(row, "cancel_at"), sent(row, "ended_at")
    resumes = sent(pausing, "resumes_at")
    status = _SUBSCRIPTION.get(row.status, SubscriptionStatus.PENDING)
    return SubscriptionFacts(
        provider=NAME,
        external_id=row.id,
        is_live=row.livemode,
        pledge=marked(sent(row, "metadata")),
        status=SubscriptionStatus.PAUSED if pausing and status in _CAN_PAUSE else status,
        amount=from_stripe((sent(price, "unit_amount") or 0) * (sent(item, "quantity") or 1), price.currency),
        every=_EVERY[rhythm],
        started_at=moment(row.start_date),
        next_at=None if ended else moment(item.current_period_end),
        ends_at=moment(ends) if ends else None,
        ended_at=moment(ended) if ended else None,
        resumes_at=moment(resumes) if resumes else None,
        card=_card(sent(row, "default_payment_method")),
        read_at=read_at,
        retry_at=_retry_at(sent(row, "latest_invoice")) if status == SubscriptionStatus.PAST_DUE else None,
    )


def _retry_at(invoice: str | stripe.Invoice | None) -> datetime | None:
    due = sent(invoice, "next_payment_attempt") if isinstance(invoice, stripe.Invoice) else None
    return moment(due) if due else None


def balance_line(row: stripe.BalanceTransaction, *, payout: str) -> BalanceLine:
    """Return a line of Stripe's own books that was read with its source, and as what our books hold it."""
    source = _id(sent(row, "source"))
    payment = _id(sent(sent(row, "source"), "payment_intent"))
    fact, key = _BOOKED_AS.get(row.type, ""), source
    if row.type in _OF_DISPUTES:
        # A dispute moves money more than once, so its lines are booked by their own ids.
        fact, key = "withdrawn" if row.amount < 0 else "reinstated", row.id
    return BalanceLine(
        external_id=row.id,
        kind=row.type,
        amount=from_stripe(row.amount, row.currency),
        fee=from_stripe(row.fee, row.currency),
        at=moment(row.created),
        payout=payout,
        source=source,
        description=sent(row, "description") or "",
        fact=fact if fact == "payout" or payment else "",
        key=key,
        payment=payment,
    )


def sent(thing: Any, name: str) -> Any:
    """Return an optional field; None where Stripe sent null, or did not send it at all: the client raises then."""
    return getattr(thing, name, None)


def _id(thing: Any) -> str:
    """Return the id of something that was or was not read along."""
    return thing if isinstance(thing, str) else getattr(thing, "id", "") or ""


def marked(metadata: stripe.StripeObject | None) -> str:
    """Return the pledge that something at Stripe belongs to; empty for what this site did not make (rule W11)."""
    return str(metadata.to_dict().get(MARK, "")) if metadata else ""


def moment(seconds: int) -> datetime:
    """Return Stripe's instant."""
    return datetime.fromtimestamp(seconds, tz=UTC)


def _moment_of(line: str | stripe.BalanceTransaction | None) -> datetime | None:
    return moment(line.created) if isinstance(line, stripe.BalanceTransaction) else None


def _status(intent: stripe.PaymentIntent) -> Status:
    if intent.status == "succeeded":
        return Status.SUCCEEDED
    if intent.status == "canceled" or (
        intent.status == "requires_payment_method" and sent(intent, "last_payment_error")
    ):
        return Status.FAILED
    return Status.OPEN


def _failure(intent: stripe.PaymentIntent) -> str:
    error = sent(intent, "last_payment_error")
    return str(next(filter(None, (sent(error, name) for name in ("message", "code", "type"))), ""))[:200]


def _card(method: str | stripe.PaymentMethod | None) -> str:
    if not isinstance(method, stripe.PaymentMethod):
        return ""
    # Stripe sends the part of the method's own kind alone, and the client raises for all others.
    details = getattr(method, method.type, None)
    name = getattr(details, "brand", None) or method.type.replace("_", " ")
    last = getattr(details, "last4", None)
    return f"{name.title()} •••• {last}" if last else name
