"""What the button of a mail does: an address is proven, and what waited for that goes its way."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from django.db import transaction
from django.db.models import Q

from masthead.core.clock import now
from masthead.discussion import selectors
from masthead.discussion.errors import DiscussionError, LinkNotValid
from masthead.discussion.events import CommentHeld, ThreadChanged
from masthead.discussion.models import Comment, Guest, GuestBrowser, MailLoop, Rating, Vote
from masthead.discussion.rules.people import Person
from masthead.discussion.services import _books, _gate, _ratings
from masthead.discussion.services._own import locked_comment
from masthead.discussion.services.cast_vote import cast_vote
from masthead.discussion.services.post_comment import posted
from masthead.outbox.services import record


@dataclass(frozen=True)
class Pressed:
    """What came of it: whose the comments are now, and which."""

    mark: str
    comments: list[Comment]


def prove_address(*, token: str, person: Person, trusts_writer: bool = False) -> Pressed:
    """Take the button of a mail about comments that wait: the address is proven, for ever.

    The comments that waited in the browser where the mail was asked for go through the gate as if they were sent
    now. The browser in which the button is pressed writes without a mail from now on; the one where the mail was asked
    for does so only when it is the same, or when the reader says that it is his (``trusts_writer``): who types
    somebody else's address gains nothing. Needs a person with a browser. Refuses :class:`LinkNotValid`; of two
    presses at once one wins.
    """
    loop = selectors.loop_of(token, MailLoop.Purpose.WRITE)
    waiting = selectors.at_stake(loop)
    verdicts = {comment.pk: _gate.judge_again(comment) for comment in waiting}
    with transaction.atomic():
        _use_up(loop)
        guest = _guest_of(loop.address)
        for browser in {person.browser, loop.browser if trusts_writer else person.browser}:
            GuestBrowser.objects.update_or_create(browser=browser, defaults={"guest": guest, "known_since": now()})
            _take_over_votes(browser, guest.mark)
        for comment in sorted(waiting, key=lambda item: (item.thread_id, item.pk)):
            _let_go(comment, guest, *verdicts[comment.pk])
        if waiting:
            Guest.objects.filter(pk=guest.pk).update(name=waiting[-1].author_name)
    return Pressed(guest.mark, waiting)


def claim_comments(*, token: str, chosen: Collection[str]) -> Pressed:
    """Take the button of a mail about earlier comments: the chosen ones (public ids) are the claimer's from now on.

    Only what was written under the address the mail went to can be chosen. Refuses :class:`LinkNotValid`.
    """
    loop = selectors.loop_of(token, MailLoop.Purpose.CLAIM)
    comments = [comment for comment in selectors.at_stake(loop) if comment.public_id in set(chosen)]
    with transaction.atomic():
        _use_up(loop)
        mark = "" if loop.user_id else _guest_of(loop.address).mark
        owner = {"user_id": loop.user_id} if loop.user_id else {"guest": mark}
        Comment.objects.filter(pk__in=[comment.pk for comment in comments]).update(**owner)
        _take_over_stars(comments)
        for key in sorted({comment.thread.key for comment in comments if comment.is_public}):
            record(ThreadChanged(key))
    return Pressed(mark, comments)


def _take_over_stars(comments: Collection[Comment]) -> None:
    """Let the stars be the new owner's, of which the newest count. Threads are locked in one order."""
    for comment in sorted(comments, key=lambda item: (item.thread_id, item.pk)):
        if Rating.objects.filter(comment=comment).exists():
            _ratings.follow(locked_comment(comment.public_id))


def forget_browsers(*, person: Person) -> None:
    """Let every browser of a guest be nobody's again: what is written next begins with a mail.

    All of them, for the tokens that pages of other sites hold are such browsers too, and nothing else revokes them.
    """
    own = Q(browser=person.browser) | Q(guest__mark=person.guest)
    GuestBrowser.objects.filter(own).delete()


def _use_up(loop: MailLoop) -> None:
    if not MailLoop.objects.filter(pk=loop.pk, pressed_at=None).update(pressed_at=now()):
        raise LinkNotValid()


def _guest_of(address: str) -> Guest:
    return Guest.objects.get_or_create(address=address)[0]


def _let_go(waiting: Comment, guest: Guest, status: Comment.Status, reason: str) -> None:
    comment = locked_comment(waiting.public_id)
    if not comment.is_unconfirmed:
        return
    if comment.parent is not None and not comment.parent.is_public:
        status, reason = Comment.Status.HELD, "parent"
    moment = now() if status == Comment.Status.PUBLISHED else None
    _books.set_status(comment, status, hold_reason=reason, guest=guest.mark, published_at=moment)
    if comment.is_public:
        record(posted(comment))
    else:
        record(CommentHeld(comment.public_id, comment.thread.key, reason))


def _take_over_votes(browser: str, mark: str) -> None:
    """Let what this browser voted be the guest's; where he voted already, or wrote, the browser's vote goes."""
    former, own = Person(guest=browser), f"g:{mark}"
    votes = Vote.objects.filter(voter=former.voter_key).select_related("comment")
    for vote in votes:
        is_second = vote.comment.guest == mark or Vote.objects.filter(comment=vote.comment_id, voter=own).exists()
        if not is_second:
            Vote.objects.filter(pk=vote.pk).update(voter=own)
            continue
        try:
            cast_vote(
                comment_id=vote.comment.public_id,
                person=replace(former),
                direction="up" if vote.value == 1 else "down",
            )
        except DiscussionError:
            # The comment is not public any more: what was voted there counts for nobody.
            continue
