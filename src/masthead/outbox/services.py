"""Record facts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from masthead.core import events
from masthead.outbox import registry
from masthead.outbox.models import Delivery, Event


def record(event: Any) -> Event:
    """Write ``event`` and one delivery per subscriber in the caller's transaction.

    Refuses to run outside a transaction (``RuntimeError``): a fact that can be lost apart from its change is
    not a fact.
    """
    return record_many([event])[0]


def record_many(batch: Iterable[Any]) -> list[Event]:
    """Write many events at once; the same promise as :func:`record`."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("record an event inside the transaction of the change it tells of")
    rows = Event.objects.bulk_create(
        [Event(type=events.type_name(item), payload=events.to_payload(item)) for item in batch]
    )
    Delivery.objects.bulk_create(
        [Delivery(event=row, subscriber=name) for row in rows for name in registry.subscribers(row.type)]
    )
    return rows
