"""Facts of this app: ids only."""

from __future__ import annotations

from dataclasses import dataclass

from masthead.core.events import event


@event("notifications.delivery-queued")
@dataclass(frozen=True)
class DeliveryQueued:
    """One message to one person waits to be sent; ``delivery_id`` is the public id of its row."""

    delivery_id: str
