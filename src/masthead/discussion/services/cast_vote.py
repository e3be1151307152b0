"""Vote on a comment."""

from __future__ import annotations

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
        before, after = _change_vote(comment, person.voter_key, direction)
        _books.count_vote(comment, *change(before, after))
        record(VoteCast(comment.public_id, comment.thread.key, after))
    return comment


def _change_vote(comment: Comment, voter: str, direction: Direction) -> tuple[Value, Value]:
    """Write the voter's row; return the value before and after."""
    vote = Vote.objects.filter(comment=comment, voter=voter).first()
    before: Value = 0 if vote is None else (1 if vote.value == 1 else -1)
    after = next_value(before, direction)
    if vote is None:
        Vote.objects.create(comment=comment, voter=voter, value=after)
    elif after == 0:
        vote.delete()
    else:
        vote.value, vote.cast_at = after, now()
        vote.save(update_fields=["value", "cast_at"])
    return before, after
