"""Record facts, send them again, and forget them when they are old."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from masthead.core import events
from masthead.core.clock import now
from masthead.core.statements import Insert
from masthead.outbox import registry, tail
from masthead.outbox.errors import NothingToReplay
from masthead.outbox.models import Delivery, Event

KEEP_DONE = timedelta(days=90)
_BATCH = 500
_EVENTS, _DELIVERIES = Insert(Event), Insert(Delivery)


def record(event: Any, *, not_before: datetime | None = None) -> Event:
    """Write ``event`` and one delivery per subscriber in the caller's transaction; they are due at ``not_before``.

    Refuses to run outside a transaction (``RuntimeError``): a fact that can be lost apart from its change is
    not a fact.
    """
    return record_many([event], not_before=not_before)[0]


def record_many(batch: Iterable[Any], *, not_before: datetime | None = None) -> list[Event]:
    """Write many events at once; the same promise as :func:`record`."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("record an event inside the transaction of the change it tells of")
    told = list(batch)
    rows = [Event(type=events.type_name(item), payload=events.to_payload(item)) for item in told]
    _EVENTS.add(rows)
    due = {"next_attempt_at": not_before} if not_before else {}
    _DELIVERIES.add(
        [
            Delivery(event=row, subscriber=name, **due)
            for row, item in zip(rows, told, strict=True)
            for name in registry.names(row.type, item)
        ]
    )
    tail.tell_after_commit(rows)
    return rows


def replay(
    *,
    event_ids: Iterable[str] | None = None,
    subscriber: str | None = None,
    since: datetime | None = None,
    only_failed: bool = False,
) -> int:
    """Make deliveries due again, with a fresh count of attempts; return how many.

    The three choices narrow each other. Unless ``only_failed``, subscribers that did not exist when an event was
    recorded get it now. Refuses with :class:`NothingToReplay` when nothing is named and ``only_failed`` is not set.
    Handlers are idempotent by event id, so what was done before is not done twice.
    """
    if event_ids is None and subscriber is None and since is None and not only_failed:
        raise NothingToReplay("name events, a subscriber or a moment")
    chosen = Event.objects.all()
    if event_ids is not None:
        chosen = chosen.filter(public_id__in=list(event_ids))
    if since is not None:
        chosen = chosen.filter(recorded_at__gte=since)
    with transaction.atomic():
        if not only_failed:
            _add_missing(chosen, subscriber)
        rows = Delivery.objects.filter(event__in=chosen)
        if subscriber is not None:
            rows = rows.filter(subscriber=subscriber)
        if only_failed:
            rows = rows.filter(status=Delivery.Status.FAILED)
        return rows.update(
            status=Delivery.Status.PENDING,
            attempts=0,
            next_attempt_at=now(),
            claimed_until=None,
            done_at=None,
            last_error="",
        )


def wait_from_now() -> int:
    """Let what waits count its waiting from now on; return how many deliveries that are.

    For whoever tells of days gone by, under a clock set back: its facts are old, but their hearers are not late.
    """
    return Delivery.objects.filter(status=Delivery.Status.PENDING, next_attempt_at__lt=now()).update(
        next_attempt_at=now()
    )


def _add_missing(chosen: QuerySet[Event], subscriber: str | None) -> None:
    missing = [
        Delivery(event_id=pk, subscriber=name)
        for pk, type_, payload in chosen.values_list("pk", "type", "payload")
        for name in _names(type_, payload)
        if subscriber in {None, name}
    ]
    Delivery.objects.bulk_create(missing, ignore_conflicts=True, batch_size=_BATCH)


def _names(type_: str, payload: dict[str, Any]) -> list[str]:
    """Return who is to hear a recorded event; one that this version cannot read, the worker speaks of."""
    try:
        return registry.names(type_, events.from_payload(type_, payload))
    except (KeyError, TypeError):
        return list(registry.subscribers(type_))


def prune(*, keep: timedelta = KEEP_DONE) -> int:
    """Delete events older than ``keep`` whose deliveries are all done; return how many. Failed ones stay."""
    unfinished = Delivery.objects.filter(event=OuterRef("pk")).exclude(status=Delivery.Status.DONE)
    old = Event.objects.filter(~Exists(unfinished), recorded_at__lt=now() - keep)
    deleted = 0
    while batch := list(old.values_list("pk", flat=True)[:_BATCH]):
        # Short transactions: readers' posts must not wait behind the broom.
        with transaction.atomic():
            Delivery.objects.filter(event__in=batch).delete()
            Event.objects.filter(pk__in=batch).delete()
        deleted += len(batch)
    return deleted
