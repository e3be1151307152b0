"""Stars, and their sums: changed in the transaction of the change, never read, added and written.

Callers hold the lock of the thread's row. What counts follows from the rows alone: of one person's ratings in a thread
those of the newest comment that is public. A changed rating so replaces the former one, and taking the comment back
lets that stand again. A person is one whether signed in or not: what came from the same browser, or under the same
address where both are proven, is the account's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from django.db.models import F, Q
from django.utils.crypto import salted_hmac

from masthead.core.clock import now
from masthead.discussion.attached_errors import StarsRefused
from masthead.discussion.events import CommentEdited
from masthead.discussion.models import Comment, Rating, RatingTotal, Thread
from masthead.discussion.ports import Subject
from masthead.discussion.rules.people import PROVEN, Person, is_proven
from masthead.discussion.rules.stars import problem_of
from masthead.discussion.selectors.ratings import newest_public, true_sums
from masthead.outbox.services import record

_SALT = "masthead.discussion.rater"
_ACCOUNT = "u:"
_BATCH = 500


def checked(subject: Subject | None, person: Person, stars: Mapping[str, int], *, is_root: bool) -> dict[str, int]:
    """Return the stars, if they may be given here. Refuses ``StarsRefused``."""
    if stars and not person.voter_key:
        raise ValueError("a rating needs a person who can be recognised")
    fields = [field.key for field in subject.asks_stars] if subject and is_root else []
    why = problem_of(stars, fields)
    if why:
        raise StarsRefused(why=why)
    return dict(stars)


def rater_of(comment: Comment) -> str:
    """Return the name under which a comment's ratings are unique in its thread."""
    if comment.user_id is not None:
        return f"{_ACCOUNT}{comment.user_id}"
    if comment.guest:
        return f"g:{comment.guest}"
    # What was imported: people are told apart by their addresses, of which nothing can be read from the hash.
    seed = comment.author_email or comment.public_id
    return f"i:{salted_hmac(_SALT, seed, algorithm='sha256').hexdigest()}"


def rate(comment: Comment, stars: Mapping[str, int]) -> None:
    """Store the stars of a comment that is stored and entered."""
    if stars:
        rater = _known_as(comment)
        Rating.objects.bulk_create(_rows(comment, stars, rater))
        settle(comment.thread, rater, but=comment)


def rate_again(comment: Comment, stars: Mapping[str, int]) -> bool:
    """Let these be the stars of a comment. Tell whether they were others.

    None take back what counts, and what its writer gave before, which would stand again otherwise. Where the comment's
    own did not count (it waits, or a later one replaced it), nothing else is touched.
    """
    own = list(Rating.objects.filter(comment=comment))
    if {row.field: row.stars for row in own} == dict(stars):
        return False
    rater = own[0].rater if own else _known_as(comment)
    gone = Q(comment=comment)
    if not stars and any(row.counts for row in own):
        gone |= Q(rater=rater, rated_at__lte=max(row.rated_at for row in own))
    rows = Rating.objects.filter(gone, thread=comment.thread_id)
    _uncount(comment.thread, list(rows.filter(counts=True)))
    rows.delete()
    Rating.objects.bulk_create(_rows(comment, stars, rater))
    settle(comment.thread, rater, but=comment)
    return True


def follow(comment: Comment) -> None:
    """Let the stars of a comment count, or not, as its status and its writer now have it.

    What was found to be an account's stays so, though a guest wrote the comment.
    """
    known = Rating.objects.filter(comment=comment).values_list("rater", flat=True).first()
    if known is None:
        return
    rater = known if known.startswith(_ACCOUNT) and comment.user_id is None else rater_of(comment)
    if known != rater:
        own = Rating.objects.filter(comment=comment)
        _uncount(comment.thread, list(own.filter(counts=True)))
        own.update(rater=rater, counts=False)
        settle(comment.thread, known, but=comment)
    settle(comment.thread, rater, but=comment)


def _known_as(comment: Comment) -> str:
    """Return who gives stars with this comment; what the same person gave otherwise in its thread becomes his here."""
    rater = rater_of(comment)
    rows = Rating.objects.filter(_same_person(comment), thread=comment.thread_id)
    raters = set(rows.exclude(comment=comment).values_list("rater", flat=True)) - {rater}
    if comment.user_id is None:
        rater = next((name for name in sorted(raters) if name.startswith(_ACCOUNT)), rater)
    # Two accounts in one browser are two people.
    former = [name for name in raters - {rater} if not name.startswith(_ACCOUNT)]
    others = Rating.objects.filter(thread=comment.thread_id, rater__in=former)
    _uncount(comment.thread, list(others.filter(counts=True)))
    others.update(rater=rater)
    return rater


def _same_person(comment: Comment) -> Q:
    found = Q(pk__in=[])
    if comment.guest:
        found |= Q(comment__guest=comment.guest)
    if comment.author_email and (comment.user_id is not None or is_proven(comment.guest)):
        proven = Q(comment__user__isnull=False) | Q(comment__guest__startswith=PROVEN)
        found |= Q(comment__author_email=comment.author_email.lower()) & proven
    return found


def erase(comment: Comment) -> None:
    """Erase the stars of a comment that is not public any more."""
    Rating.objects.filter(comment=comment, counts=False).delete()


def settle(thread: Thread, rater: str, *, but: Comment) -> None:
    """Let one person's newest public rating count alone. Says of other comments than ``but`` that they changed."""
    rows = list(Rating.objects.filter(thread=thread, rater=rater).select_related("comment"))
    changed = _put_right(thread, rows, {rater: newest_public(rows).get(rater, 0)})
    for pk in sorted(set(changed) - {but.pk}):
        if changed[pk].is_public:
            record(CommentEdited(changed[pk].public_id, thread.key))


def recount(thread: Thread) -> bool:
    """Set what counts, and every sum, to what the rows say; tell whether anything was wrong."""
    rows = list(Rating.objects.filter(thread=thread).select_related("comment"))
    changed = _put_right(thread, rows, newest_public(rows))
    sums = true_sums(thread.pk)
    kept = {row.field: (row.count, row.total) for row in RatingTotal.objects.filter(thread=thread)}
    right = {name: (one.count, one.total) for name, one in sums.items()}
    RatingTotal.objects.filter(thread=thread).exclude(field__in=sums).delete()
    for name, (count, total) in right.items():
        RatingTotal.objects.update_or_create(thread=thread, field=name, defaults={"count": count, "total": total})
    return bool(changed) or kept != right


def _put_right(thread: Thread, rows: Iterable[Rating], standing: Mapping[str, int]) -> dict[int, Comment]:
    """Let the stars of these comments count, by person, and no others; return the comments of which that was not so."""
    losing = [row for row in rows if row.counts and row.comment_id != standing.get(row.rater)]
    gaining = [row for row in rows if not row.counts and row.comment_id == standing.get(row.rater)]
    # In this order: two at once would not be unique.
    _uncount(thread, losing)
    for start in range(0, len(gaining), _BATCH):
        Rating.objects.filter(pk__in=[row.pk for row in gaining[start : start + _BATCH]]).update(counts=True)
    _add(thread, gaining, 1)
    return {row.comment_id: row.comment for row in (*losing, *gaining)}


def _rows(comment: Comment, stars: Mapping[str, int], rater: str) -> list[Rating]:
    shared = {"comment": comment, "thread_id": comment.thread_id, "rater": rater, "rated_at": now()}
    return [Rating(field=field, stars=number, **shared) for field, number in stars.items()]


def _uncount(thread: Thread, rows: list[Rating]) -> None:
    for start in range(0, len(rows), _BATCH):
        Rating.objects.filter(pk__in=[row.pk for row in rows[start : start + _BATCH]]).update(counts=False)
    _add(thread, rows, -1)


def _add(thread: Thread, rows: Iterable[Rating], sign: int) -> None:
    counts: Counter[str] = Counter()
    sums: Counter[str] = Counter()
    for row in rows:
        counts[row.field] += sign
        sums[row.field] += sign * row.stars
    for field, count in counts.items():
        kept = RatingTotal.objects.filter(thread=thread, field=field)
        if not kept.update(count=F("count") + count, total=F("total") + sums[field]):
            RatingTotal.objects.create(thread=thread, field=field, count=count, total=sums[field])
