"""Erase what one person wrote, at that person's wish."""

from __future__ import annotations

import secrets

from django.db import transaction

from masthead.core import ports
from masthead.discussion.events import CommentRemoved
from masthead.discussion.models import Comment, Guest, GuestBrowser, Hint, MailLoop, Vote
from masthead.discussion.ports import KeptElsewhere
from masthead.discussion.rules.people import Person
from masthead.discussion.services._erase import erase
from masthead.discussion.services._own import locked_comment
from masthead.outbox.services import record

_VISIBLE = {Comment.Status.PUBLISHED, Comment.Status.HELD}


def erase_person(*, person: Person) -> int:
    """Erase words, names, addresses and history of all that is this person's; return how many comments it was.

    Where others answered, a tombstone keeps the place. Votes stay counted and are nobody's. What was proven goes, and
    what other apps keep of the person. Each comment in its own short transaction: a run that is cut is finished by
    the next one. Nothing of it can be undone.
    """
    own = Comment.objects.by(user_id=person.user_id, marks=person.marks)
    ids = list(own.order_by("id").values_list("public_id", flat=True))
    for comment_id in ids:
        _erase(comment_id)
    with transaction.atomic():
        for vote in Vote.objects.filter(voter__in=_voters(person)):
            Vote.objects.filter(pk=vote.pk).update(voter=f"x:{secrets.token_hex(16)}")
        if person.is_verified_guest:
            Guest.objects.filter(mark=person.guest).delete()
            MailLoop.objects.filter(address=person.email).delete()
        if person.proven_address:
            hints = Hint.objects.filter(kind=Hint.Kind.CORRECTION, address=person.proven_address)
            hints.update(name="", address="", wants_credit=False)
        MailLoop.objects.filter(browser__in=person.marks).delete()
        GuestBrowser.objects.filter(browser=person.browser).delete()
    ports.get(KeptElsewhere).erase(user_id=person.user_id, address=person.proven_address)
    return len(ids)


def _voters(person: Person) -> list[str]:
    keys = [f"g:{mark}" for mark in person.marks]
    return [*keys, f"u:{person.user_id}"] if person.is_member else keys


def _erase(comment_id: str) -> None:
    with transaction.atomic():
        comment = locked_comment(comment_id)
        was_shown = comment.status in _VISIBLE
        status = Comment.Status.DELETED if was_shown else Comment.Status(comment.status)
        erase(comment, status, guest="", user_id=None)
        if was_shown:
            record(CommentRemoved(comment.public_id, comment.thread.key, by="writer"))
