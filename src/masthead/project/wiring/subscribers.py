"""Subscribers: one line per pair."""

from __future__ import annotations

from masthead.notifications import services as notifications
from masthead.notifications.events import DeliveryQueued
from masthead.outbox.registry import subscribe


def connect() -> None:
    """Bind all subscribers."""
    subscribe(DeliveryQueued, notifications.deliver, name="notifications.deliver")
