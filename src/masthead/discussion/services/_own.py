"""Find a comment to be changed, with its thread locked."""

from __future__ import annotations

from masthead.discussion.errors import UnknownComment
from masthead.discussion.models import Comment
from masthead.discussion.services import _books


def locked_comment(comment_id: str) -> Comment:
    """Return the comment with its thread and itself locked. Refuses ``UnknownComment``."""
    thread_id = Comment.objects.filter(public_id=comment_id).values_list("thread_id", flat=True).first()
    if thread_id is None:
        raise UnknownComment()
    _books.lock_thread(thread_id)
    return (
        Comment.objects.select_for_update(of=("self",))
        .select_related("thread", "parent", "note")
        .get(public_id=comment_id)
    )
