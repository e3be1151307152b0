"""Tell people what is new."""

from __future__ import annotations

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


def notify_of_comment(event: CommentFact, event_id: str) -> None:
    """Queue one mail for each person who wants to hear of this comment and has not been told by this event.

    Nobody is told of their own comment, nor of one that is not public. Idempotent by ``event_id``.
    """
    news = ports.get(RecipientDirectory).comments([event.comment_id]).get(event.comment_id)
    if news is None:
        return
    concerned = selectors.recipients_concerned(news)
    with transaction.atomic():
        queue(concerned, cause=event_id, kind="comment", subject_id=event.comment_id)
