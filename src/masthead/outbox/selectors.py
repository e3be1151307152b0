"""How the worker keeps up: for the doctor and the health panel."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Min, Q, QuerySet

from masthead.core.clock import now
from masthead.outbox.models import Chore, Delivery


@dataclass(frozen=True)
class Lag:
    """``due`` deliveries could be worked on now; ``pending`` counts those and the ones put off until later.

    ``oldest_seconds`` is how long the oldest due one has waited.
    """

    pending: int
    due: int
    oldest_seconds: int
    failed: int
    worker_seen_at: datetime | None


def lag() -> Lag:
    """Return how far behind the worker is. Three queries over partial indexes, whatever the history."""
    moment = now()
    is_due = Q(next_attempt_at__lte=moment)
    row = Delivery.objects.filter(status=Delivery.Status.PENDING).aggregate(
        pending=Count("id"), due=Count("id", filter=is_due), oldest=Min("next_attempt_at", filter=is_due)
    )
    oldest = int((moment - row["oldest"]).total_seconds()) if row["oldest"] else 0
    seen = Chore.objects.aggregate(seen=Max("last_done_at"))["seen"]
    return Lag(row["pending"], row["due"], oldest, failed_deliveries().count(), seen)


def failed_deliveries() -> QuerySet[Delivery]:
    """Return what the worker gave up, latest first, with events: for people to read and replay."""
    return Delivery.objects.filter(status=Delivery.Status.FAILED).select_related("event").order_by("-id")


def failing_chores() -> QuerySet[Chore]:
    """Return the chores whose last run failed."""
    return Chore.objects.exclude(last_error="").order_by("name")
