"""Who takes part in a thread: names that stand there for everybody, and nothing else of anybody."""

from __future__ import annotations

from dataclasses import dataclass

from masthead.discussion import conf
from masthead.discussion.models import Comment, Thread

_OFFERED = 8


@dataclass(frozen=True)
class Participant:
    """A name in a thread, and the latest public comment under it."""

    name: str
    comment_pk: int
    comment_id: str
    user_id: int | None
    guest: str


def participants(thread_key: str) -> dict[str, Participant]:
    """Return who wrote among the latest comments of a thread, by name, the latest first.

    Two queries and at most 500 rows, however long the thread. Two people of one name are one here: the later.
    """
    thread = Thread.objects.filter(key=thread_key).values_list("pk", flat=True).first()
    rows = Comment.objects.filter(thread=thread, status=Comment.Status.PUBLISHED, kind=Comment.Kind.COMMENT)
    found: dict[str, Participant] = {}
    for row in rows.only("author_name", "public_id", "user", "guest").order_by("-id")[: conf.MENTIONABLE]:
        if row.author_name:
            one = Participant(row.author_name, row.pk, row.public_id, row.user_id, row.guest)
            found.setdefault(row.author_name, one)
    return found


def names_like(thread_key: str, typed: str) -> list[str]:
    """Return names of a thread of which a word begins with ``typed``, the latest writers first."""
    wanted = typed.casefold()
    fitting = (
        name
        for name in participants(thread_key)
        if name.casefold().startswith(wanted) or f" {wanted}" in name.casefold()
    )
    return [name for name, _place in zip(fitting, range(_OFFERED), strict=False)]
