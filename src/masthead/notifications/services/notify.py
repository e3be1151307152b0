"""Tell people what is new."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from django.db import transaction

from masthead.core import ports
from masthead.notifications import selectors
from masthead.notifications.ports import RecipientDirectory
from masthead.notifications.services._queue import queue


class CommentFact(Protocol):
    """The fact that a comment became public, whoever tells it."""

    @property
    def comment_id(self) -> str:
        """The public id of the comment."""
        ...


def notify_of_comments(told: Sequence[tuple[CommentFact, str]]) -> None:
    """Queue one mail for each person who wants to hear of one of these comments and has not been told by its event.

    Nobody is told of their own comment, nor of one that is not public. Idempotent by the events' ids.
    """
    directory = ports.get(RecipientDirectory)
    topics = directory.topics_of([event.comment_id for event, _event_id in told])
    hearers = selectors.subscribers_of(set(topics.values()))
    wanted = [(event.comment_id, cause) for event, cause in told if hearers.get(topics.get(event.comment_id, ""))]
    if not wanted:
        return
    news = directory.comments([comment_id for comment_id, _cause in wanted])
    for comment_id, cause in wanted:
        item = news.get(comment_id)
        concerned = selectors.recipients_concerned(item, hearers[item.topic]) if item and item.topic in hearers else []
        if concerned:
            with transaction.atomic():
                queue(concerned, cause=cause, kind="comment", subject_id=comment_id)
