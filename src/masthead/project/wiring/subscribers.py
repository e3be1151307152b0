"""Subscribers: one line per pair."""

from __future__ import annotations

from masthead.discussion.events import CommentHeld, CommentPosted, CommentRemoved, CommentRestored
from masthead.notifications import services as notifications
from masthead.notifications.events import DeliveryQueued
from masthead.outbox.registry import subscribe
from masthead.project.answers import pictures
from masthead.project.answers.discussion import keep_count_on_cards, take_over_questions
from masthead.publishing.events import EditionSealed


def connect() -> None:
    """Bind all subscribers."""
    subscribe(CommentPosted, notifications.notify_of_comment, name="notifications.notify_of_comment")
    subscribe(EditionSealed, pictures.make_for_edition, name="publishing.make_renditions")
    subscribe(DeliveryQueued, notifications.deliver, name="notifications.deliver")
    subscribe(EditionSealed, take_over_questions, name="discussion.take_over_questions")
    subscribe(CommentPosted, keep_count_on_cards, name="publishing.keep_count_on_cards")
    subscribe(CommentHeld, keep_count_on_cards, name="publishing.keep_count_on_cards")
    subscribe(CommentRemoved, keep_count_on_cards, name="publishing.keep_count_on_cards")
    subscribe(CommentRestored, keep_count_on_cards, name="publishing.keep_count_on_cards")
