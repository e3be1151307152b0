"""Stars beside comments, and their averages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, F, IntegerField, Q, Sum, Value

from masthead.discussion.models import Comment, Rating, RatingTotal
from masthead.discussion.rules.people import PROVEN
from masthead.discussion.rules.stars import Average

Stars = Mapping[str, int]
# Shown beside a comment: what counts, and to its writer what may count once the comment is public.
_SHOWN = Q(counts=True) | Q(comment__status=Comment.Status.HELD)
_NUMBER: IntegerField[int, int] = IntegerField()


@dataclass(frozen=True)
class Stargazing:
    """Averages of a thread by field, and the stars of comments by primary key and field."""

    averages: Mapping[str, Average] = field(default_factory=dict)
    stars: Mapping[int, Stars] = field(default_factory=dict)


def gaze(thread_id: int, comments: Iterable[Comment]) -> Stargazing:
    """Return the averages of a thread, and the stars of these of its comments. One query."""
    shown = Rating.objects.filter(_SHOWN, comment__in=[comment.pk for comment in comments if comment.parent_id is None])
    totals = RatingTotal.objects.filter(thread=thread_id).annotate(about=Value(0, _NUMBER))
    rows = totals.values_list("about", "field", "count", "total").union(
        shown.annotate(about=F("comment_id"), number=Value(1, _NUMBER)).values_list(
            "about", "field", "number", "stars"
        ),
        all=True,
    )
    averages: dict[str, Average] = {}
    stars: dict[int, dict[str, int]] = defaultdict(dict)
    for about, name, count, total in rows:
        if about:
            stars[about][name] = total
        else:
            averages[name] = Average(name, count, total)
    return Stargazing(averages, dict(stars))


def averages_of(keys: Collection[str]) -> dict[str, dict[str, Average]]:
    """Return the averages of threads by key and field. One query."""
    found: dict[str, dict[str, Average]] = defaultdict(dict)
    rows = RatingTotal.objects.filter(thread__key__in=list(keys))
    for key, name, count, total in rows.values_list("thread__key", "field", "count", "total"):
        found[key][name] = Average(name, count, total)
    return dict(found)


def proven_average(thread_key: str, name: str) -> Average:
    """Return what people gave one field of whom an account or a proven address is known. One query."""
    proven = Q(rater__startswith="u:") | Q(rater__startswith=f"g:{PROVEN}")
    rows = Rating.objects.filter(proven, thread__key=thread_key, field=name, counts=True)
    sums = rows.aggregate(number=Count("pk"), whole=Sum("stars"))
    return Average(name, sums["number"], sums["whole"] or 0)


def stars_of(comments: Iterable[Comment]) -> dict[int, Stars]:
    """Return the shown stars of comments by primary key. One query."""
    found: dict[int, dict[str, int]] = defaultdict(dict)
    rows = Rating.objects.filter(_SHOWN, comment__in=[comment.pk for comment in comments])
    for pk, name, stars in rows.values_list("comment_id", "field", "stars"):
        found[pk][name] = stars
    return dict(found)


def given_stars(comment: Comment) -> dict[str, int]:
    """Return the stars that stand with a comment, whether they count or were replaced by later ones."""
    return dict(Rating.objects.filter(comment=comment).values_list("field", "stars"))


def true_sums(thread_id: int) -> dict[str, Average]:
    """Count the averages of a thread from its rows."""
    public = Q(comment__status=Comment.Status.PUBLISHED, comment__kind=Comment.Kind.COMMENT)
    rows = Rating.objects.filter(public, thread=thread_id, counts=True).order_by().values("field")
    summed = rows.annotate(number=Count("pk"), whole=Sum("stars"))
    return {
        name: Average(name, number, whole) for name, number, whole in summed.values_list("field", "number", "whole")
    }


def newest_public(rows: Iterable[Rating]) -> dict[str, int]:
    """Return the comment whose stars count, by the person who gave them: the newest that is public."""
    found: dict[str, tuple[datetime, int]] = {}
    for row in rows:
        if row.comment.is_public:
            found[row.rater] = max((row.rated_at, row.comment_id), found.get(row.rater, (row.rated_at, 0)))
    return {rater: comment_id for rater, (_moment, comment_id) in found.items()}


def miscounted(thread_id: int) -> list[int]:
    """Return the comments whose stars count though they must not, or the other way round."""
    rows = list(Rating.objects.filter(thread=thread_id).select_related("comment"))
    newest = newest_public(rows)
    return sorted({row.comment_id for row in rows if row.counts != (row.comment_id == newest.get(row.rater))})
