"""Subscribers: one line per pair."""

from __future__ import annotations

from masthead.discussion.events import CommentPosted
from masthead.notifications import services as notifications
from masthead.notifications.events import DeliveryQueued
from masthead.outbox.registry import subscribe
from masthead.project.answers import pictures
from masthead.publishing.events import EditionSealed


def connect() -> None:
    """Bind all subscribers."""
    subscribe(CommentPosted, notifications.notify_of_comment, name="notifications.notify_of_comment")
    subscribe(EditionSealed, pictures.make_for_edition, name="publishing.make_renditions")
    subscribe(DeliveryQueued, notifications.deliver, name="notifications.deliver")
