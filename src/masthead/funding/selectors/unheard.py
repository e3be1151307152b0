"""What the processors told that is not done, what nobody here handles, and money that does not arrive (W5, W11, L9)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max, Min

from masthead.core.clock import now
from masthead.core.money import Money
from masthead.funding import conf
from masthead.funding.models import Payment, ProviderEvent

# Debits settle within two weeks, and a page at a processor is open for a day or two: by then something is wrong.
LONG_ON_ITS_WAY = timedelta(days=40)
_SHOWN = 50


@dataclass(frozen=True)
class Told:
    """Notifications of one kind in one state: how many, and the instants of the first and the last."""

    provider: str
    type: str
    count: int
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True)
class Stuck:
    """A payment that neither arrived nor failed, and what was agreed for it."""

    provider: str
    external_id: str
    reference: str
    total: Money
    since: datetime


def to_do() -> list[Told]:
    """Return what is kept and not worked on yet, the longest waiting first."""
    return _told(ProviderEvent.State.TO_DO, "first_at")


def unknown() -> list[Told]:
    """Return the kinds that nobody here handles: kept and listed, not lost (rule W11). The latest first."""
    return _told(ProviderEvent.State.UNKNOWN, "-last_at")


def stuck() -> list[Stuck]:
    """Return payments that have been on their way for longer than any should (rule L9), the oldest first."""
    rows = Payment.objects.filter(
        is_live=conf.is_live(), status=Payment.Status.OPEN, first_told_at__lt=now() - LONG_ON_ITS_WAY
    )
    return [
        Stuck(row.provider, row.external_id, row.pledge.reference, row.pledge.total, row.first_told_at)
        for row in rows.select_related("pledge").order_by("first_told_at", "pk")
    ]


def _told(state: ProviderEvent.State, order: str) -> list[Told]:
    rows = ProviderEvent.objects.filter(is_live=conf.is_live(), state=state).order_by().values("provider", "type")
    found = rows.annotate(count=Count("pk"), first_at=Min("received_at"), last_at=Max("received_at"))
    return [Told(**row) for row in found.order_by(order, "provider", "type")[:_SHOWN]]
