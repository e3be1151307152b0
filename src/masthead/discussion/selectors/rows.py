"""Comments of a page, in as few queries as possible: keyset only, no count, no offset over a thread."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache

from django.db import connection
from django.db.models import QuerySet

from masthead.core.prepared import Prepared
from masthead.discussion.models import Comment, Thread
from masthead.discussion.rules.query import Sort, ThreadQuery

FIELDS = (
    *("id", "public_id", "thread_id", "parent_id", "root_id", "depth", "author_name", "user_id", "guest"),
    *("html", "quote", "note_id", "status", "kind", "hold_reason", "removal_reason", "created_at", "sorted_at"),
    *("edited_at", "up", "down", "score", "best", "is_listed", "reply_total", "listed_children"),
    *("legacy_source", "legacy_id"),
)
_ONLY = tuple(name.removesuffix("_id") if name not in {"public_id", "legacy_id"} else name for name in FIELDS)
_COLUMNS = ", ".join(FIELDS)
_ORDER = {
    "newest": ("-sorted_at", "-id"),
    "oldest": ("sorted_at", "id"),
    "most-voted": ("-score", "-sorted_at", "-id"),
    "best": ("-best", "-sorted_at", "-id"),
}
_ROW = {
    "newest": "(sorted_at, id) < (%s, %s)",
    "oldest": "(sorted_at, id) > (%s, %s)",
    "most-voted": "(score, sorted_at, id) < (%s, %s, %s)",
    "best": "(best, sorted_at, id) < (%s, %s, %s)",
}


def roots(thread: Thread, query: ThreadQuery, limit: int, after: Comment | None = None) -> list[Comment]:
    """Return the next listed roots in the wanted order, after ``after`` if given."""
    if after is None:
        return _first_roots(query.sort, query.inline, limit).rows(thread_id=thread.pk)
    rank = {"most-voted": after.score, "best": after.best}.get(query.sort)
    key: list[object] = [] if rank is None else [rank]
    # A row value is compared by index; the ORM has no words for it.
    rows = _roots(thread.pk, query.sort, inline=query.inline).extra(  # noqa: S610
        where=[_ROW[query.sort]], params=[*key, _stored(after), after.pk]
    )
    return list(rows[:limit])


@cache
def _first_roots(sort: Sort, inline: bool, limit: int) -> Prepared[Comment]:
    return Prepared(lambda thread_id: _roots(thread_id, sort, inline=inline)[:limit])


def _roots(thread_id: int, sort: Sort, *, inline: bool) -> QuerySet[Comment]:
    rows: QuerySet[Comment] = Comment.objects.filter(thread=thread_id, parent__isnull=True, is_listed=True)
    if inline:
        rows = rows.filter(note__isnull=False)
    return rows.only(*_ONLY).order_by(*_ORDER[sort])


def first_replies(wanted: Sequence[tuple[int, int]]) -> list[Comment]:
    """Return the first ``count`` listed replies of each ``(root, count)``, in one query."""
    wanted = [(root, count) for root, count in wanted if count]
    if not wanted:
        return []
    # One limited, indexed search per root, joined: a window function would read whole conversations. Only names of
    # our own columns are written into the text.
    part = (
        f"SELECT * FROM (SELECT {_COLUMNS} FROM discussion_comment WHERE root_id = %s AND is_listed "  # noqa: S608
        "ORDER BY sorted_at, id LIMIT %s) AS part"
    )
    sql = " UNION ALL ".join(f"{part}{number}" for number in range(len(wanted)))
    params = [value for pair in wanted for value in pair]
    rows = list(Comment.objects.raw(sql, params))
    return sorted(rows, key=lambda row: (row.sorted_at, row.pk))


def neighbours(root_id: int, target: Comment, limit: int, *, later: bool) -> list[Comment]:
    """Return up to ``limit`` listed replies of a conversation beside ``target``, in time order."""
    operator = ">" if later else "<"
    rows = _replies(root_id).extra(  # noqa: S610 - one of two constant texts
        where=[f"(sorted_at, id) {operator} (%s, %s)"], params=[_stored(target), target.pk]
    )
    order = ("sorted_at", "id") if later else ("-sorted_at", "-id")
    found = list(rows.order_by(*order)[:limit])
    return found if later else found[::-1]


def names_of(ids: Iterable[int]) -> dict[int, tuple[str, str]]:
    """Return public id and shown name of comments that stand elsewhere; one query, none for none."""
    wanted = list(ids)
    if not wanted:
        return {}
    rows = Comment.objects.filter(pk__in=wanted, status=Comment.Status.PUBLISHED)
    return {pk: (public_id, name) for pk, public_id, name in rows.values_list("pk", "public_id", "author_name")}


def _replies(root_id: int) -> QuerySet[Comment]:
    return Comment.objects.filter(root=root_id, is_listed=True).only(*_ONLY)


def _stored(comment: Comment) -> object:
    """Return the comment's place in time as this database stores it."""
    return connection.ops.adapt_datetimefield_value(comment.sorted_at)
