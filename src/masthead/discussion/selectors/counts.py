"""Numbers of comments, and whether the kept ones are right."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db.models import Count, Q

from masthead.core.prepared import Prepared
from masthead.discussion.models import Comment, Note, RatingTotal, Thread, Vote
from masthead.discussion.rules.nesting import Node, tally
from masthead.discussion.rules.paging import page_count
from masthead.discussion.rules.ranking import standing
from masthead.discussion.rules.stars import Average
from masthead.discussion.selectors.ratings import miscounted, true_sums


@dataclass(frozen=True)
class Drift:
    """One kept number that is not what its rows say."""

    thread_key: str
    what: str
    row_id: int
    kept: int
    counted: int


@dataclass(frozen=True)
class Tally:
    """The votes on one comment."""

    up: int
    down: int
    score: int


def tallies_of(comment_ids: Collection[str]) -> dict[str, Tally]:
    """Return the votes on the public ones among these comments, by public id. One query."""
    rows = Comment.objects.filter(public_id__in=comment_ids, status=Comment.Status.PUBLISHED, kind=Comment.Kind.COMMENT)
    return {
        name: Tally(up, down, score) for name, up, down, score in rows.values_list("public_id", "up", "down", "score")
    }


def count_by_key(keys: Collection[str]) -> dict[str, int]:
    """Return the number of published comments for each known key; unknown ones are left out. One query."""
    return dict(_COUNTS.rows(keys=list(keys)))


def picks_by_key(keys: Collection[str]) -> dict[str, tuple[int, int]]:
    """Return the numbers of published comments and of picked ones for each known key. One query."""
    return {key: (comments, picks) for key, comments, picks in _WITH_PICKS.rows(keys=list(keys))}


def numbered_pages(key: str) -> int:
    """Return how many numbered pages a thread has."""
    return page_count(Thread.objects.filter(key=key).values_list("root_count", flat=True).first() or 0)


_COUNTS = Prepared(lambda keys: Thread.objects.filter(key__in=keys).values_list("key", "comment_count"))
_WITH_PICKS = Prepared(
    lambda keys: Thread.objects.filter(key__in=keys).values_list("key", "comment_count", "pick_count")
)


def held_count() -> int:
    """Return how many comments wait for a person."""
    return Comment.objects.held().order_by().count()


def drift(keys: Collection[str] | None = None) -> Iterator[Drift]:
    """Count everything again and yield what the kept numbers say otherwise; all threads when ``keys`` is None.

    Nothing is changed. Reads whole threads: for the doctor and for tests, not for pages.
    """
    threads = Thread.objects.order_by("pk")
    if keys is not None:
        threads = threads.filter(key__in=keys)
    for thread in threads.iterator(chunk_size=100):
        yield from _thread_drift(thread)


def nodes_of(thread: Thread) -> list[Node]:
    """Return all comments of a thread for counting, parents first (a child is always inserted after its parent)."""
    rows = Comment.objects.filter(thread=thread).order_by("pk")
    return [
        Node(pk, parent, is_public(status, kind), by_newsroom)
        for pk, parent, status, kind, by_newsroom in rows.values_list(
            "pk", "parent_id", "status", "kind", "by_newsroom"
        )
    ]


def is_public(status: str, kind: str) -> bool:
    """Return whether a row with this status and kind counts."""
    return status == Comment.Status.PUBLISHED and kind == Comment.Kind.COMMENT


def true_totals(thread: Thread) -> dict[str, int]:
    """Return what the thread's own numbers must say, counted from its rows."""
    public = Q(status=Comment.Status.PUBLISHED, kind=Comment.Kind.COMMENT)
    totals: dict[str, int] = Comment.objects.filter(thread=thread).aggregate(
        comment_count=Count("pk", filter=public),
        inline_count=Count("pk", filter=public & Q(note__isnull=False)),
        sticky_count=Count("pk", filter=Q(is_sticky=True, is_listed=True)),
        pick_count=Count("pk", filter=public & Q(picked_at__isnull=False)),
    )
    return totals


def _thread_drift(thread: Thread) -> Iterator[Drift]:
    def compare(what: str, row_id: int, kept: int, counted: int) -> Iterator[Drift]:
        if int(kept) != int(counted):
            yield Drift(thread.key, what, row_id, int(kept), int(counted))

    for what, counted in true_totals(thread).items():
        yield from compare(what, thread.pk, getattr(thread, what), counted)
    unnumbered = Comment.objects.filter(thread=thread, parent=None, page=0, kind=Comment.Kind.COMMENT)
    yield from compare("conversations without a page", thread.pk, unnumbered.count(), 0)
    for note in Note.objects.filter(thread=thread).annotate(counted=Count("answers", filter=_public_answers())):
        yield from compare("answer_count", note.pk, note.answer_count, note.counted)
    yield from _star_drift(thread)
    tallies, votes = tally(nodes_of(thread)), _votes(thread)
    for row in Comment.objects.filter(thread=thread).values(*_KEPT):
        own = tallies[row["id"]]
        for what in ("is_listed", "listed_children"):
            yield from compare(what, row["id"], row[what], getattr(own, what))
        if row["parent_id"] is None:
            for what in ("reply_total", "newsroom_total"):
                yield from compare(what, row["id"], row[what], getattr(own, what))
        own_votes = votes[row["id"]]
        for what, value in (("up", 1), ("down", -1)):
            yield from compare(what, row["id"], row[what], own_votes[value])
        yield from compare("best", row["id"], row["best"], standing(own_votes[1], own_votes[-1]))


def _star_drift(thread: Thread) -> Iterator[Drift]:
    true = true_sums(thread.pk)
    kept = {row.field: row for row in RatingTotal.objects.filter(thread=thread)}
    for name in sorted({*true, *kept}):
        row, own = kept.get(name), true.get(name, Average(name))
        for what in ("count", "total"):
            shown = getattr(row, what, 0)
            if shown != getattr(own, what):
                yield Drift(thread.key, f"{what} of stars", row.pk if row else 0, shown, getattr(own, what))
    for comment_id in miscounted(thread.pk):
        yield Drift(thread.key, "stars that count", comment_id, 1, 0)


_KEPT = ("id", "parent_id", "is_listed", "listed_children", "reply_total", "newsroom_total", "up", "down", "best")


def _public_answers() -> Q:
    return Q(answers__status=Comment.Status.PUBLISHED, answers__kind=Comment.Kind.COMMENT)


def _votes(thread: Thread) -> dict[int, Counter[Any]]:
    result: dict[int, Counter[Any]] = defaultdict(Counter)
    rows = Vote.objects.filter(comment__thread=thread).order_by().values("comment_id", "value")
    for comment_id, value, count in rows.annotate(count=Count("pk")).values_list("comment_id", "value", "count"):
        result[comment_id][value] = count
    return result


def counter_problems(limit: int = 20) -> list[str]:
    """Return kept numbers that a recount contradicts, one sentence each; at most ``limit``."""
    return [
        f"In {item.thread_key}, {item.what} of row {item.row_id} says {item.kept}, but a recount gives {item.counted}."
        for item in islice(drift(), limit)
    ]
