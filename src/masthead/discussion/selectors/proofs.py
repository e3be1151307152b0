"""Mails with a button, and what hangs on them."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from masthead.core.clock import now
from masthead.discussion import conf, links
from masthead.discussion.errors import LinkNotValid
from masthead.discussion.models import HAS_ADDRESS, UNCONFIRMED, Comment, Guest, GuestBrowser, MailLoop
from masthead.discussion.rules.people import Person

MOST = 500


def loop_of(token: str, purpose: str = "") -> MailLoop:
    """Return what a link in a mail stands for, while its button can be pressed. Refuses :class:`LinkNotValid`."""
    loop = MailLoop.objects.filter(
        public_id=links.read_button(token), pressed_at=None, asked_at__gt=now() - conf.PROOF_VALID
    ).first()
    if loop is None or (purpose and loop.purpose != purpose):
        raise LinkNotValid()
    return loop


def at_stake(loop: MailLoop) -> list[Comment]:
    """Return the comments a button is about, oldest first, with their threads: what waits, or what can be claimed."""
    rows = Comment.objects.select_related("thread").order_by("id")
    if loop.purpose == MailLoop.Purpose.WRITE:
        return list(rows.unconfirmed().filter(guest=loop.browser, author_email=loop.address)[:MOST])
    guest = "" if loop.user_id else Guest.objects.filter(address=loop.address).values_list("mark", flat=True).first()
    return list(_claimable(loop.address, mark=guest or "").select_related("thread").order_by("id")[:MOST])


def claimable_count(person: Person) -> int:
    """Return how many earlier comments stand under the address of this person and are nobody's yet."""
    address = person.proven_address
    return _claimable(address, mark="" if person.is_member else person.guest).count() if address else 0


def _claimable(address: str, *, mark: str) -> QuerySet[Comment]:
    """Comments under an address that are no account's, nor the claiming guest's already."""
    rows = Comment.objects.filter(HAS_ADDRESS, author_email=address, user__isnull=True, kind=Comment.Kind.COMMENT)
    waiting = Q(status=Comment.Status.HELD, hold_reason=UNCONFIRMED)
    return rows.exclude(status=Comment.Status.DELETED).exclude(waiting).exclude(guest=mark or "-")


def guest_behind(browser: str) -> tuple[str, str, str] | None:
    """Return mark, address and name of the guest who writes in this browser, if one has proven an address there."""
    rows = GuestBrowser.objects.filter(browser=browser)
    return rows.values_list("guest__mark", "guest__address", "guest__name").first()


def waiting_addresses(person: Person) -> list[str]:
    """Return the addresses that were to be proven for what this browser wrote and nobody sees yet."""
    waiting = Comment.objects.unconfirmed().filter(guest__in=person.marks)
    return list(waiting.order_by("author_email").values_list("author_email", flat=True).distinct())
