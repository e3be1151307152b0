"""Threads and comments by name: what programs ask of several at once."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from masthead.discussion.models import Comment, Thread


@dataclass(frozen=True)
class Counts:
    """How many public comments a thread has."""

    comments: int = 0
    inline: int = 0


def counts_of(keys: Collection[str]) -> dict[str, Counts]:
    """Return the numbers of each thread that was ever written in. One query."""
    rows = Thread.objects.filter(key__in=keys).values_list("key", "comment_count", "inline_count")
    return {key: Counts(comments, inline) for key, comments, inline in rows}


def public_ids(comment_ids: Collection[int]) -> dict[int, str]:
    """Return the names under which these comments are known outside; one query, none for none."""
    if not comment_ids:
        return {}
    return dict(Comment.objects.filter(pk__in=comment_ids).values_list("pk", "public_id"))
