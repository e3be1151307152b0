"""Comments of a page, in as few queries as possible: keyset only, no count, no offset over a thread."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache

from django.db import connection
from django.db.models import F, Q, QuerySet

from masthead.core.prepared import Prepared
from masthead.discussion.models import RAISED, Comment, Thread
from masthead.discussion.rules.paging import QUESTIONS_COUNTED
from masthead.discussion.rules.query import Filter, Sort, ThreadQuery

FIELDS = (
    *("id", "public_id", "thread_id", "parent_id", "root_id", "depth", "author_name", "user_id", "guest"),
    *("html", "annex", "quote", "place", "note_id", "status", "kind", "hold_reason", "removal_reason", "created_at"),
    *("sorted_at", "edited_at", "up", "down", "score", "best", "is_listed", "reply_total", "listed_children"),
    *("legacy_source", "legacy_id"),
    *("is_sticky", "is_closed", "picked_at", "by_newsroom", "newsroom_total"),
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
# Written out, so that the partial indexes of the same words are used.
_FILTERS: dict[Filter, str] = {
    "inline": "note_id IS NOT NULL",
    "newsroom": "newsroom_total > 0",
    "answered": "newsroom_total > 0",
    "unanswered": "newsroom_total = 0",
}


def roots(thread: Thread, query: ThreadQuery, limit: int, after: Comment | None = None) -> list[Comment]:
    """Return the next listed roots in the wanted order, after ``after`` if given.

    Those that stay above are left out where they stand above: in a list without a filter.
    """
    below = bool(thread.sticky_count) and not query.filter
    if after is None:
        return _first_roots(query.sort, query.filter, limit, below).rows(thread_id=thread.pk)
    return list(beyond(_roots(thread.pk, query.sort, query.filter, below=below), query.sort, after)[:limit])


def beyond(rows: QuerySet[Comment], sort: Sort, after: Comment) -> QuerySet[Comment]:
    """Return those of ``rows`` that follow ``after`` in this order."""
    rank = {"most-voted": after.score, "best": after.best}.get(sort)
    key: list[object] = [] if rank is None else [rank]
    # A row value is compared by index; the ORM has no words for it.
    return rows.extra(where=[_ROW[sort]], params=[*key, _stored(after), after.pk])  # noqa: S610 - constant texts


@cache
def _first_roots(sort: Sort, filter_: Filter, limit: int, below: bool) -> Prepared[Comment]:
    return Prepared(lambda thread_id: _roots(thread_id, sort, filter_, below=below)[:limit])


def _roots(thread_id: int, sort: Sort, filter_: Filter, *, below: bool = False) -> QuerySet[Comment]:
    rows = conversations(thread_id, filter_).only(*_ONLY).order_by(*_ORDER[sort])
    return rows.filter(is_sticky=False) if below else rows


def conversations(thread_id: int, filter_: Filter = "") -> QuerySet[Comment]:
    """Return the listed roots of a thread that pass a filter, in no order."""
    rows = Comment.objects.filter(thread=thread_id, parent__isnull=True, is_listed=True)
    return rows.extra(where=[_FILTERS[filter_]]) if filter_ else rows  # noqa: S610 - constant texts


def below(thread: Thread, filter_: Filter) -> QuerySet[Comment]:
    """Return the listed roots that stand in a list, without those above it, in no order."""
    found = conversations(thread.pk, filter_)
    return found if filter_ else found.filter(is_sticky=False)


def questions(thread_id: int) -> tuple[int, int]:
    """Return how many conversations the newsroom has answered, and how many it has not; each counted up to 1,000."""
    parts = [conversations(thread_id, name).order_by().values("pk")[:QUESTIONS_COUNTED] for name in _ANSWERED]
    with connection.cursor() as cursor:
        texts = [part.query.sql_with_params() for part in parts]
        # Texts that the ORM wrote; their values are bound.
        counted = ", ".join(f"(SELECT COUNT(*) FROM ({text}) AS part{n})" for n, (text, _) in enumerate(texts))  # noqa: S608
        cursor.execute(f"SELECT {counted}", [value for _text, values in texts for value in values])
        answered, unanswered = cursor.fetchone()
    return int(answered), int(unanswered)


_ANSWERED: tuple[Filter, Filter] = ("answered", "unanswered")


def raised(thread: Thread) -> list[Comment]:
    """Return what stands above the list: conversations that stay there, and picked comments; at most a few."""
    return list(Comment.objects.filter(RAISED, thread=thread, is_listed=True).only(*_ONLY).order_by("sorted_at", "id"))


def numbered(thread: Thread, number: int) -> list[Comment]:
    """Return the listed roots of a numbered page in the order of time."""
    rows = conversations(thread.pk).filter(page=number)
    return list(rows.only(*_ONLY).order_by("sorted_at", "id"))


def most_reacted(thread: Thread) -> Comment | None:
    """Return the public comment with most votes, up and down together; of equals the latest."""
    rows = Comment.objects.filter(thread=thread, is_listed=True).extra(where=["(up > 0 OR down > 0)"])
    # What is listed without being public is a tombstone: few, and passed over.
    found = rows.order_by((F("up") + F("down")).desc(), "-id")[:20]
    return next((comment for comment in found if comment.is_public), None)


def hottest(thread: Thread) -> Comment | None:
    """Return the root with most replies; of equals the latest."""
    rows = conversations(thread.pk).extra(where=["reply_total > 0"])
    return rows.order_by("-reply_total", "-id").first()


def first_replies(wanted: Sequence[tuple[int, int]], *, newsroom: bool = False) -> list[Comment]:
    """Return the first ``count`` listed replies of each ``(root, count)``, in one query; or only the newsroom's."""
    wanted = [(root, count) for root, count in wanted if count]
    if not wanted:
        return []
    only = "AND by_newsroom " if newsroom else ""
    # One limited, indexed search per root, joined: a window function would read whole conversations. Only names of
    # our own columns are written into the text.
    part = (
        f"SELECT * FROM (SELECT {_COLUMNS} FROM discussion_comment WHERE root_id = %s AND is_listed {only}"  # noqa: S608
        "ORDER BY sorted_at, id LIMIT %s) AS part"
    )
    sql = " UNION ALL ".join(f"{part}{number}" for number in range(len(wanted)))
    params = [value for pair in wanted for value in pair]
    rows = list(Comment.objects.raw(sql, params))
    return sorted(rows, key=lambda row: (row.sorted_at, row.pk))


def all_replies(root_ids: Sequence[int]) -> list[Comment]:
    """Return all listed replies of whole conversations, in time order; the caller knows that they are not too many."""
    if not root_ids:
        return []
    rows = Comment.objects.filter(root__in=root_ids, is_listed=True).only(*_ONLY)
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


def public_of(thread: Thread) -> QuerySet[Comment]:
    """Return the public comments of a thread with all that a page shows of them, in no order."""
    public = Q(thread=thread, status=Comment.Status.PUBLISHED, kind=Comment.Kind.COMMENT)
    return Comment.objects.filter(public).only(*_ONLY)


def _replies(root_id: int) -> QuerySet[Comment]:
    return Comment.objects.filter(root=root_id, is_listed=True).only(*_ONLY)


def _stored(comment: Comment) -> object:
    """Return the comment's place in time as this database stores it."""
    return connection.ops.adapt_datetimefield_value(comment.sorted_at)
