"""Take back what one wrote."""

from __future__ import annotations

from django.db import transaction

from masthead.discussion import policies
from masthead.discussion.events import CommentRemoved
from masthead.discussion.models import Comment
from masthead.discussion.rules.people import Person
from masthead.discussion.services import _books
from masthead.discussion.services._own import locked_comment
from masthead.outbox.services import record


def delete_own_comment(*, comment_id: str, person: Person) -> Comment:
    """Delete one's own comment: its words, name, address and history go, a tombstone keeps the place of replies.

    Votes stay with the row, without a meaning. Refuses ``UnknownComment``, ``NotYours``. Possible at any time,
    also when the thread is closed.
    """
    with transaction.atomic():
        comment = locked_comment(comment_id)
        policies.enforce(policies.may_delete(person, comment))
        comment.revisions.all().delete()
        _books.set_status(
            comment,
            Comment.Status.DELETED,
            source="",
            html="",
            author_name="",
            author_email="",
            text_digest="",
            hold_reason="",
        )
        record(CommentRemoved(comment.public_id, comment.thread.key, by="writer"))
    return comment
