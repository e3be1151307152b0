"""Subscribers: one line per pair."""

from __future__ import annotations

from masthead.discussion.events import CommentPosted
from masthead.notifications import services as notifications
from masthead.notifications.events import DeliveryQueued
from masthead.outbox.registry import subscribe


def connect() -> None:
    """Bind all subscribers."""
    subscribe(CommentPosted, notifications.notify_of_comment, name="notifications.notify_of_comment")
    subscribe(DeliveryQueued, notifications.deliver, name="notifications.deliver")
