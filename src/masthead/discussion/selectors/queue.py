"""What waits for a moderator."""

from __future__ import annotations

from dataclasses import dataclass

from masthead.core import ports
from masthead.discussion.errors import UnknownComment
from masthead.discussion.models import Comment
from masthead.discussion.ports import Subject, SubjectDirectory


@dataclass(frozen=True)
class Waiting:
    """A held comment in its context."""

    comment: Comment
    subject: Subject | None


def moderation_queue(*, limit: int = 20) -> list[Waiting]:
    """Return the held comments, oldest first, with parent, earlier texts and story. Five queries at most."""
    held = (
        Comment.objects.held().select_related("thread", "parent", "note").prefetch_related("revisions", "field_values")
    )
    rows = list(held[:limit])
    subjects = ports.get(SubjectDirectory).describe({row.thread.key for row in rows}) if rows else {}
    return [Waiting(row, subjects.get(row.thread.key)) for row in rows]


def any_comment(public_id: str) -> Waiting:
    """Return one comment in its context, whatever its state: for moderators. Refuses ``UnknownComment``."""
    rows = Comment.objects.select_related("thread", "parent", "note").prefetch_related("revisions", "field_values")
    comment = rows.filter(public_id=public_id).first()
    if comment is None:
        raise UnknownComment()
    subjects = ports.get(SubjectDirectory).describe([comment.thread.key])
    return Waiting(comment, subjects.get(comment.thread.key))
