"""What hangs on comments beside their text."""

from __future__ import annotations

from collections.abc import Collection

from masthead.discussion.models import CommentPicture, FieldValue


def picture_of(name: str) -> CommentPicture | None:
    """Return a picture with its comment and thread; whether it may be seen, is for the view to ask."""
    return CommentPicture.objects.select_related("comment__thread").filter(name=name).first()


def answers_of(comment_ids: Collection[int]) -> dict[int, list[FieldValue]]:
    """Return the answers to the site's own fields by the comment's primary key: for exports. One query."""
    found: dict[int, list[FieldValue]] = {}
    for value in FieldValue.objects.filter(comment__in=comment_ids):
        found.setdefault(value.comment_id, []).append(value)
    return found
