"""Erase what somebody wrote: the row stays, so that replies keep their place."""

from __future__ import annotations

from masthead.discussion.models import Comment
from masthead.discussion.services import _attached, _books, _ratings

_NOTHING = {
    "source": "",
    "html": "",
    "annex": "",
    "author_name": "",
    "author_email": "",
    "text_digest": "",
    "hold_reason": "",
}


def erase(comment: Comment, status: Comment.Status = Comment.Status.DELETED, **more: object) -> None:
    """Erase words, name, address, picture, answers, stars and history of a comment, and mark it deleted.

    The caller holds its lock.
    """
    comment.revisions.all().delete()
    comment.mentions.all().delete()
    _attached.detach(comment)
    _books.set_status(comment, status, **{**_NOTHING, **more})
    _ratings.erase(comment)
