"""Vote on a comment."""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction

from masthead.core.clock import now
from masthead.discussion import conf, policies, selectors
from masthead.discussion.errors import UnknownComment
from masthead.discussion.events import VoteCast
from masthead.discussion.models import Comment, Vote
from masthead.discussion.rules.people import Person
from masthead.discussion.rules.voting import Direction, Value, change, next_value
from masthead.discussion.services import _books, _gate
from masthead.outbox.services import record


def cast_vote(*, comment_id: str, person: Person, direction: Direction) -> Comment:
    """Vote up or down; the same again withdraws, the opposite changes. Return the comment with its new score.

    Guaranteed: one vote per person and comment, and counters that equal the votes, whoever clicks at the same
    time: the comment's row is locked, the vote is unique in the database, counters change by ``F()``.
    The person needs a voter key. Refuses ``UnknownComment``, ``UnknownThread``, ``OwnComment``, ``MembersOnly``,
    ``TooManyRequests``.
    """
    return _vote(comment_id, person, lambda before: next_value(before, direction))


def set_vote(*, comment_id: str, person: Person, value: Value) -> Comment:
    """Let this be the person's vote, whatever it was; the same again changes nothing. Else as :func:`cast_vote`."""
    return _vote(comment_id, person, lambda _before: value)


def _vote(comment_id: str, person: Person, choose: Callable[[Value], Value]) -> Comment:
    if not person.voter_key:
        raise ValueError("a vote needs a person who can be recognised")
    found = Comment.objects.select_related("thread").filter(public_id=comment_id).first()
    if found is None:
        raise UnknownComment()
    subject = selectors.subject_of(found.thread.key)
    _gate.limit(person, "discussion.vote", found.thread.key, per_minute=conf.config().votes_per_minute)
    with transaction.atomic():
        comment = Comment.objects.select_for_update(of=("self",)).select_related("thread").get(pk=found.pk)
        policies.enforce(policies.may_vote(person, comment, subject))
        before, after = _change_vote(comment, person.voter_key, choose)
        if before == after:
            return comment
        _books.count_vote(comment, *change(before, after))
        record(VoteCast(comment.public_id, comment.thread.key, after))
    return comment


def _change_vote(comment: Comment, voter: str, choose: Callable[[Value], Value]) -> tuple[Value, Value]:
    """Write the voter's row; return the value before and after."""
    vote = Vote.objects.filter(comment=comment, voter=voter).first()
    before: Value = 0 if vote is None else (1 if vote.value == 1 else -1)
    after = choose(before)
    if before == after:
        return before, after
    if vote is None:
        Vote.objects.create(comment=comment, voter=voter, value=after)
    elif after == 0:
        vote.delete()
    else:
        vote.value, vote.cast_at = after, now()
        vote.save(update_fields=["value", "cast_at"])
    return before, after
