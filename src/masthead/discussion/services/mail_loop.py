"""Ask for a mail with one button, and send it: the only way in which an address is proven."""

from __future__ import annotations

from django.db import transaction

from masthead.core import mail, ratelimit
from masthead.core.clock import now
from masthead.discussion import conf, links, selectors
from masthead.discussion.errors import NotYours
from masthead.discussion.events import MailLoopAsked
from masthead.discussion.models import Comment, MailLoop
from masthead.discussion.rules.people import Person
from masthead.outbox.mail import send
from masthead.outbox.services import record


def count_request(person: Person) -> None:
    """Count one wish for a mail. Refuses ``TooManyRequests`` by network only: addresses are answered all alike."""
    if person.network:
        limit = conf.PROOFS_PER_NETWORK_AND_HOUR
        ratelimit.allow("discussion.mail-loop", person.network, limit=limit, per_seconds=3600)


def ask(purpose: MailLoop.Purpose, address: str, *, browser: str = "", user_id: int | None = None) -> None:
    """Queue a mail to ``address`` in the caller's transaction; none past the limits of one address.

    Nothing tells the caller a known address from an unknown one, nor whether a mail leaves.
    """
    if _may_write_to(address):
        loop = MailLoop.objects.create(purpose=purpose, address=address, browser=browser, user_id=user_id)
        record(MailLoopAsked(loop.public_id))


def ask_unless_asked(address: str, *, browser: str) -> None:
    """Queue a mail for what this browser wrote under ``address``, unless one has been asked for just now."""
    since = now() - conf.PROOF_REPEATED_AFTER
    open_ones = MailLoop.objects.filter(address=address, browser=browser, pressed_at=None, asked_at__gt=since)
    if not open_ones.filter(purpose=MailLoop.Purpose.WRITE).exists():
        ask(MailLoop.Purpose.WRITE, address, browser=browser)


def ask_again(*, person: Person) -> None:
    """Send the mail again to every address under which something of this browser waits.

    Refuses ``TooManyRequests``. The recipients are read from what waits; nobody names one.
    """
    count_request(person)
    with transaction.atomic():
        waiting = Comment.objects.unconfirmed().filter(guest__in=person.marks)
        for address, browser in waiting.order_by().values_list("author_email", "guest").distinct()[:3]:
            ask(MailLoop.Purpose.WRITE, address, browser=browser)


def ask_to_claim(*, person: Person) -> None:
    """Send a mail by which earlier comments under this person's own proven address can be claimed; never by likeness.

    Refuses ``TooManyRequests``, and ``NotYours`` for who has proven no address.
    """
    if not person.proven_address:
        raise NotYours()
    count_request(person)
    with transaction.atomic():
        ask(MailLoop.Purpose.CLAIM, person.proven_address.lower(), user_id=person.user_id)


def _may_write_to(address: str) -> bool:
    moment, asked = now(), MailLoop.objects.filter(address=address)
    return all(asked.filter(asked_at__gt=moment - window).count() < most for most, window in conf.PROOFS_PER_ADDRESS)


def send_mail_loop(event: MailLoopAsked, event_id: str) -> None:
    """Send one mail, once. Nothing that was typed beside the address stands in it: it may be somebody else's.

    Heard again after it was sent, nothing is sent; a worker that dies between the two repeats the same
    ``Message-ID``. Raises what :func:`masthead.outbox.mail.send` raises.
    """
    loop = MailLoop.objects.filter(public_id=event.loop_id, sent_at=None, pressed_at=None).first()
    if loop is None:
        return
    values = {
        "button_url": links.button_url(loop.public_id),
        "valid_days": conf.PROOF_VALID.days,
        "count": len(selectors.at_stake(loop)),
    }
    headers = {"Message-ID": f"<{event_id}@{mail.host()}>", "Auto-Submitted": "auto-generated"}
    send(mail.compose(f"discussion/mail/{loop.purpose}", values, to=loop.address, headers=headers), name=event_id)
    MailLoop.objects.filter(pk=loop.pk).update(sent_at=now())
