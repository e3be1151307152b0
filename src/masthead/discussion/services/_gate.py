"""The gate that every text passes: posting and editing alike."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from masthead.core import markup, ports, ratelimit
from masthead.discussion import conf
from masthead.discussion.errors import AddressRefused, NameRefused, NameReserved, TextRefused
from masthead.discussion.models import Comment
from masthead.discussion.ports import ReservedNames, ScorerUnavailable, SpamScorer, Submission, Verdict
from masthead.discussion.rules.names import name_key
from masthead.discussion.rules.people import Person

logger = logging.getLogger(__name__)

_STATUS = {"publish": Comment.Status.PUBLISHED, "hold": Comment.Status.HELD, "spam": Comment.Status.SPAM}


@dataclass(frozen=True)
class Examined:
    """A text that passed, and what is to become of it."""

    source: str
    html: str
    status: Comment.Status
    hold_reason: str


def signature(person: Person, name: str, address: str) -> tuple[str, str]:
    """Return the name and address to store. Members write under their own; guests under any that is free.

    Refuses :class:`NameRefused`, :class:`NameReserved`, :class:`AddressRefused`.
    """
    if person.is_member:
        return person.name[: conf.NAME_MAX], person.email
    shown = markup.plain_line(name)
    if not conf.NAME_MIN <= len(shown) <= conf.NAME_MAX:
        raise NameRefused(least=conf.NAME_MIN, most=conf.NAME_MAX)
    key = name_key(shown)
    if key and key in {name_key(item) for item in ports.get(ReservedNames).reserved()}:
        raise NameReserved()
    return shown, _address(address)


def _address(address: str) -> str:
    normal = address.strip().lower()
    if normal:
        try:
            validate_email(normal)
        except ValidationError:
            raise AddressRefused() from None
    return normal


def examine(person: Person, *, thread_key: str, name: str, text: str, trap: str = "") -> Examined:
    """Judge a text: its length, then whether a person should read it before it is public.

    ``trap`` is the field that people do not see; a filled one only holds the comment, for fillers of forms err
    too. May be slow (a scorer may ask elsewhere), so it is never called inside a transaction.
    Refuses :class:`TextRefused`.
    """
    source = markup.plain_text(text).strip()
    if not 0 < len(source) <= conf.TEXT_MAX:
        raise TextRefused(length=len(source), limit=conf.TEXT_MAX)
    html = markup.render_markdown(source)
    verdict = _verdict(person, Submission(thread_key, name, html, is_guest=not person.is_member), trap)
    return Examined(source, html, _STATUS[verdict.action], "" if verdict.action == "publish" else verdict.reason)


def _verdict(person: Person, submission: Submission, trap: str) -> Verdict:
    if person.is_staff or person.may_moderate:
        return Verdict("publish")
    if trap:
        return Verdict("hold", "trap")
    hold = conf.config().hold
    if submission.is_guest and hold == "all":
        return Verdict("hold", "all")
    if submission.is_guest and hold == "links" and markup.has_link(submission.html):
        return Verdict("hold", "links")
    try:
        return ports.get(SpamScorer).score(submission)
    except ScorerUnavailable:
        logger.warning("the spam scorer could not say, so a comment is held in %s", submission.thread_key)
        return Verdict("hold", "scorer")


def limit(person: Person, action: str, thread_key: str, *, per_minute: int) -> None:
    """Count one action of this person in this thread; refuse ``TooManyRequests`` past the limit.

    Counted by network, and by account for members. Work inside the house (imports, seeds) has neither.
    """
    keys = [f"net:{person.network}"] if person.network else []
    if person.user_id is not None and person.network:
        keys.append(f"user:{person.user_id}")
    for key in keys:
        ratelimit.allow(action, f"{key}:{thread_key}", limit=per_minute, per_seconds=60)
