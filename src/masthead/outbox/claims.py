"""Who works on which delivery: conditional updates, the same on SQLite and PostgreSQL.

A claim is one ``UPDATE`` that succeeds for one worker only. It moves ``next_attempt_at`` to the end of the claim, so
a row in hand is not due, and a row whose worker died becomes due again by itself. ``attempts`` is the fence: who was
overtaken by a later claim can no longer postpone or fail the row.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import QuerySet

from masthead.core.clock import now
from masthead.core.statements import Gap, Select, literal, update_returning
from masthead.outbox.models import Delivery

# A handler that takes longer may be run by two workers; handlers are idempotent and short.
CLAIM_TIME = timedelta(minutes=5)
_ERROR_LENGTH = 2000
_COLUMNS = ("id", "attempts", "subscriber", "event__public_id", "event__type", "event__payload")
# Spelled, so that SQLite uses the indexes that hold only what waits.
_PENDING = literal("pending")
_WAITING = Select(
    lambda: (
        _due(Gap("moment", Delivery._meta.get_field("next_attempt_at"))).order_by().values_list("subscriber").distinct()
    )
)


@dataclass(frozen=True)
class Claim:
    """One delivery; ``attempt`` counts from 1 once it is claimed."""

    delivery: int
    attempt: int
    subscriber: str
    event_id: str
    event_type: str
    payload: dict[str, Any]


def due(limit: int, *, subscriber: str | None = None, tried_before: bool = False) -> list[Claim]:
    """Return up to ``limit`` deliveries that wait for a worker, the longest waiting first. Claims nothing."""
    waiting = _due(now()) if subscriber is None else _due(now()).filter(subscriber=subscriber)
    if tried_before:
        waiting = waiting.filter(attempts__gt=0)
    return _claims(waiting.order_by("next_attempt_at", "id")[:limit])


def _claims(rows: QuerySet[Delivery]) -> list[Claim]:
    return [Claim(*row) for row in rows.values_list(*_COLUMNS)]


def subscribers_due() -> list[str]:
    """Return the names of subscribers for whom something waits."""
    return sorted(name for (name,) in _WAITING.rows(moment=now()))


def _due(moment: Any) -> QuerySet[Delivery]:
    return Delivery.objects.filter(status=_PENDING, next_attempt_at__lte=moment)


def take(candidate: Claim) -> Claim | None:
    """Claim a candidate of :func:`due`; ``None`` when another worker was faster or it is no longer due."""
    moment = now()
    taken = Delivery.objects.filter(
        id=candidate.delivery,
        attempts=candidate.attempt,
        status=Delivery.Status.PENDING,
        next_attempt_at__lte=moment,
    ).update(
        attempts=candidate.attempt + 1,
        next_attempt_at=moment + CLAIM_TIME,
        claimed_until=moment + CLAIM_TIME,
    )
    return dataclasses.replace(candidate, attempt=candidate.attempt + 1) if taken else None


def take_together(limit: int, *, subscriber: str) -> list[Claim]:
    """Claim up to ``limit`` deliveries that nobody has tried yet, the longest waiting first; one ``UPDATE``.

    Returns those that are this worker's; what another took in the same instant is not among them.
    """
    moment = now()
    fresh = _due(moment).filter(subscriber=subscriber, attempts=0)
    # Said inside and outside: PostgreSQL looks at the outer conditions again when another worker changed the row.
    taken = update_returning(
        fresh.filter(pk__in=fresh.order_by("next_attempt_at", "id").values("pk")[:limit]),
        attempts=1,
        next_attempt_at=moment + CLAIM_TIME,
        claimed_until=moment + CLAIM_TIME,
    )
    return _claims(Delivery.objects.filter(pk__in=taken).order_by("id")) if taken else []


def mark_all_done(claims: Sequence[Claim]) -> None:
    """Note that these were heard; as :func:`mark_done` for each."""
    ids = [claim.delivery for claim in claims]
    Delivery.objects.filter(id__in=ids, status=Delivery.Status.PENDING).update(
        status=Delivery.Status.DONE, done_at=now(), claimed_until=None, last_error=""
    )


def mark_done(claim: Claim, note: str = "") -> None:
    """Note that the handler has done its work. True also for a worker that was overtaken: done is done."""
    Delivery.objects.filter(id=claim.delivery, status=Delivery.Status.PENDING).update(
        status=Delivery.Status.DONE, done_at=now(), claimed_until=None, last_error=note[:_ERROR_LENGTH]
    )


def mark_retry(claim: Claim, delay: timedelta, reason: str) -> None:
    """Put the delivery back, due after ``delay``."""
    _own(claim).update(next_attempt_at=now() + delay, claimed_until=None, last_error=reason[:_ERROR_LENGTH])


def postpone(subscriber: str, delay: timedelta) -> int:
    """Let all that is due for a subscriber and in nobody's hands wait for ``delay``; not an attempt for any of it."""
    waiting = _due(now()).filter(subscriber=subscriber)
    return waiting.update(next_attempt_at=now() + delay)


def mark_failed(claim: Claim, reason: str) -> None:
    """Give up: kept as failed with its reason until somebody replays it."""
    _own(claim).update(status=Delivery.Status.FAILED, claimed_until=None, last_error=reason[:_ERROR_LENGTH])


def _own(claim: Claim) -> Any:
    return Delivery.objects.filter(id=claim.delivery, attempts=claim.attempt, status=Delivery.Status.PENDING)
