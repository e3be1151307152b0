"""Put messages on their way."""

from __future__ import annotations

from collections.abc import Iterable

from masthead.notifications.events import DeliveryQueued
from masthead.notifications.models import Delivery
from masthead.outbox.services import record_many

EMAIL = "email"


def queue(recipients: Iterable[int], *, cause: str, kind: str, subject_id: str, detail: str = "") -> int:
    """Make one delivery for each recipient who has none for this cause; return how many are new.

    Runs in the caller's transaction. Two runs at once cannot both insert: the constraint stops the second, whose
    transaction rolls back as a whole.
    """
    told = set(Delivery.objects.filter(cause=cause, channel=EMAIL).values_list("recipient_id", flat=True))
    rows = Delivery.objects.bulk_create(
        [
            Delivery(cause=cause, recipient_id=pk, channel=EMAIL, kind=kind, subject_id=subject_id, detail=detail)
            for pk in recipients
            if pk not in told
        ],
        batch_size=500,
    )
    record_many([DeliveryQueued(row.public_id) for row in rows])
    return len(rows)
