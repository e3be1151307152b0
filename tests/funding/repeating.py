"""Repeated gifts as a processor tells of them, and what they bring."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from masthead.core.clock import frozen
from masthead.core.money import Money
from masthead.funding.models import Campaign, Gift, Recurring
from masthead.funding.ports import Every, SubscriptionFacts, SubscriptionStatus
from masthead.funding.services import note_pledge, settle_payment, settle_recurring
from tests.funding.lives import opened, paid

BEGAN = datetime(2026, 10, 27, 9, tzinfo=UTC)
DUE = datetime(2026, 11, 27, 9, tzinfo=UTC)


def usd(minor: int) -> Money:
    """Return dollars from cents."""
    return Money(minor, "USD")


def begun(
    campaign: Campaign,
    *,
    key: str = "sub_1",
    minor: int = 2_500,
    at: datetime = BEGAN,
    every: str = "month",
    status: SubscriptionStatus = SubscriptionStatus.ACTIVE,
    **more: Any,
) -> Recurring:
    """Return a repeated gift that began at an instant and is paid next a period later."""
    values: dict[str, Any] = {"name": "Don", "email": "don@example.org", "cover": Money(0, campaign.currency), **more}
    with frozen(at):
        amount = Money(minor, campaign.currency)
        pledge = note_pledge(campaign=campaign, amount=amount, every=every, method="stripe", **values)
    facts = SubscriptionFacts(
        provider="stripe",
        external_id=key,
        is_live=pledge.is_live,
        pledge=pledge.public_id,
        status=status,
        amount=pledge.total,
        every=Every(every),
        started_at=at,
        next_at=DUE,
        ends_at=None,
        ended_at=None,
        resumes_at=None,
        card="Visa •••• 4242",
        read_at=at,
    )
    return told(facts)


def told(facts: SubscriptionFacts, **changed: Any) -> Recurring:
    """Settle a reading, at the instant at which it was read."""
    facts = replace(facts, **changed)
    with frozen(facts.read_at):
        found = settle_recurring(facts)
    assert found is not None
    return found


def stands(recurring: Recurring, status: str, at: datetime, **changed: Any) -> Recurring:
    """Let the processor say how it stands at an instant."""
    row = Recurring.objects.select_related("pledge").get(pk=recurring.pk)
    assert row.read_at
    same = {name: getattr(row, name) for name in ("started_at", "next_at", "ends_at", "ended_at", "resumes_at", "card")}
    facts = SubscriptionFacts(
        provider=row.provider,
        external_id=row.external_id,
        is_live=row.is_live,
        pledge=row.pledge.public_id,
        status=SubscriptionStatus(status),
        amount=row.amount,
        every=Every(row.every),
        read_at=at,
        **same,
    )
    if status == "ended":
        facts = replace(facts, ended_at=at, next_at=None)
    return told(facts, **changed)


def renewed(recurring: Recurring, at: datetime, *, key: str = "") -> Gift:
    """Let one payment of it arrive at an instant."""
    row = Recurring.objects.select_related("pledge").get(pk=recurring.pk)
    name = key or f"pi_{row.external_id}_{at:%Y%m%d%H%M}"
    facts = replace(opened(row.pledge.public_id, external_id=name, is_live=row.is_live), subscription=row.external_id)
    with frozen(at):
        payment = settle_payment(paid(facts, row.amount, at=at))
    return Gift.objects.get(payment=payment)
