"""The gate that every text passes: posting and editing alike."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from masthead.core import markup, ports, ratelimit
from masthead.discussion import conf
from masthead.discussion.errors import AddressMissing, AddressRefused, NameRefused, NameReserved, text_refused
from masthead.discussion.models import UNCONFIRMED, Comment, CommentPicture
from masthead.discussion.ports import ReservedNames, ScorerUnavailable, SpamScorer, Submission, Verdict
from masthead.discussion.rules.names import name_key
from masthead.discussion.rules.people import Person
from masthead.discussion.services import _mentions

logger = logging.getLogger(__name__)

_STATUS = {"publish": Comment.Status.PUBLISHED, "hold": Comment.Status.HELD, "spam": Comment.Status.SPAM}


@dataclass(frozen=True)
class Examined:
    """A text that passed, and what is to become of it."""

    source: str
    html: str
    status: Comment.Status
    hold_reason: str
    named: tuple[int, ...] = ()


def signature(person: Person, name: str, address: str) -> tuple[str, str]:
    """Return the name and address to store. Members write under their own; guests under any that is free.

    A guest who proved an address need not write it again. Refuses :class:`NameRefused`, :class:`NameReserved`,
    :class:`AddressRefused`, :class:`AddressMissing`.
    """
    shown = shown_name(person, name)
    if person.is_member:
        return shown, person.email
    return shown, address_of(address) or _known_address(person)


def shown_name(person: Person, name: str) -> str:
    """Return the name under which a person writes. Refuses :class:`NameRefused`, :class:`NameReserved`."""
    if person.is_member:
        return person.name[: conf.NAME_MAX]
    shown = markup.plain_line(name)
    if not conf.NAME_MIN <= len(shown) <= conf.NAME_MAX:
        raise NameRefused(least=conf.NAME_MIN, most=conf.NAME_MAX)
    key = name_key(shown)
    if key and key in {name_key(item) for item in ports.get(ReservedNames).reserved()}:
        raise NameReserved()
    return shown


def _known_address(person: Person) -> str:
    """Return the address that a guest has proven. Refuses :class:`AddressMissing` where one must be."""
    if not person.is_verified_guest and conf.asks_proof():
        raise AddressMissing()
    return person.email


def is_proven(person: Person, address: str) -> bool:
    """Tell whether what is written under this address is its owner's without another mail."""
    return person.is_member or (person.is_verified_guest and person.email == address)


def mark_of(person: Person, address: str) -> str:
    """Return the mark that stands beside what a person writes: a guest's own only under the proven address."""
    return person.guest if is_proven(person, address) else person.browser or person.guest


def until_proven(person: Person, address: str, examined: Examined) -> Examined:
    """Hold what its writer must confirm first. A filled trap and spam go their own way: no mail is sent for them."""
    waits = conf.asks_proof() and not is_proven(person, address)
    if not waits or examined.status == Comment.Status.SPAM or examined.hold_reason == "trap":
        return examined
    return replace(examined, status=Comment.Status.HELD, hold_reason=UNCONFIRMED)


def judge_again(comment: Comment) -> tuple[Comment.Status, str]:
    """Judge a comment whose writer has proven the address, as if it were sent now: status and why it is held."""
    is_markdown = comment.source_format == Comment.Format.MARKDOWN
    # Without its links to people of the thread, as when it was judged first.
    html = markup.render_markdown(comment.source) if is_markdown else comment.html
    submission = Submission(comment.thread.key, comment.author_name, html, is_guest=True)
    has_picture = CommentPicture.objects.filter(comment=comment).exists()
    verdict = _verdict(Person(), submission, "", has_picture=has_picture)
    return _STATUS[verdict.action], "" if verdict.action == "publish" else verdict.reason


def address_of(address: str) -> str:
    """Return an address as it is stored; empty when none was given. Refuses :class:`AddressRefused`."""
    normal = address.strip().lower()
    if normal:
        try:
            validate_email(normal)
        except ValidationError:
            raise AddressRefused() from None
    return normal


def examine(
    person: Person, *, thread_key: str, name: str, text: str, trap: str = "", has_picture: bool = False
) -> Examined:
    """Judge a text: its length, then whether a person should read it before it is public.

    ``trap`` is the field that people do not see; a filled one only holds the comment, for fillers of forms err
    too. May be slow (a scorer may ask elsewhere), so it is never called inside a transaction.
    Refuses :class:`TextRefused`.
    """
    source = markup.plain_text(text).strip()
    if not conf.fits(source):
        raise text_refused(source)
    html = markup.render_markdown(source)
    submission = Submission(thread_key, name, html, is_guest=not person.is_member)
    verdict = _verdict(person, submission, trap, has_picture=has_picture)
    # After the verdict: a link to somebody of the thread leads nowhere else.
    html, named = _mentions.linked(source, html, thread_key, person)
    reason = "" if verdict.action == "publish" else verdict.reason
    return Examined(source, html, _STATUS[verdict.action], reason, named)


def _verdict(person: Person, submission: Submission, trap: str, *, has_picture: bool) -> Verdict:
    if person.is_staff or person.may_moderate:
        return Verdict("publish")
    if trap:
        return Verdict("hold", "trap")
    reason = _reason_to_wait(submission, has_picture=has_picture) if submission.is_guest else ""
    if reason:
        return Verdict("hold", reason)
    try:
        return ports.get(SpamScorer).score(submission)
    except ScorerUnavailable:
        logger.warning("the spam scorer could not say, so a comment is held in %s", submission.thread_key)
        return Verdict("hold", "scorer")


def _reason_to_wait(submission: Submission, *, has_picture: bool) -> str:
    """Return why a guest's comment waits on this site, whatever a scorer says; no scorer looks at pictures."""
    hold = conf.config().hold
    if hold == "all":
        return "all"
    if hold == "links" and markup.has_link(submission.html):
        return "links"
    return "picture" if hold == "links" and has_picture else ""


def limit(person: Person, action: str, thread_key: str, *, per_minute: int) -> None:
    """Count one action of this person in this thread; refuse ``TooManyRequests`` past the limit.

    Counted by network, and by account for members or by the guest who proved an address. Work inside the house
    (imports, seeds) has neither.
    """
    keys = [f"net:{person.network}"] if person.network else []
    if person.user_id is not None and person.network:
        keys.append(f"user:{person.user_id}")
    elif person.is_verified_guest and person.network:
        keys.append(f"guest:{person.guest}")
    for key in keys:
        ratelimit.allow(action, f"{key}:{thread_key}", limit=per_minute, per_seconds=60)
