"""Put deliveries on their way."""

from __future__ import annotations

from collections.abc import Iterable

from masthead.core.clock import now
from masthead.hooks.events import DeliveryQueued
from masthead.hooks.models import Delivery, Hook
from masthead.outbox.services import record_many


def queue(hook: Hook, deliveries: Iterable[Delivery]) -> None:
    """Have the worker send these to one receiver, not before its rest is over. Runs in the caller's transaction."""
    rests = hook.rests_until if hook.rests_until and hook.rests_until > now() else None
    told = [DeliveryQueued(delivery_id=row.public_id, hook_id=hook.public_id) for row in deliveries]
    if told:
        record_many(told, not_before=rests)
