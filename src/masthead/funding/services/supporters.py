"""Who is called a supporter in discussions: by his own wish, while he gives, and never otherwise (rule S6)."""

from __future__ import annotations

from django.db import transaction

from masthead.core.clock import now
from masthead.funding.events import GiftChanged, GiftRecorded, GiftReversed, RecurringChanged, SupportersChanged
from masthead.funding.models import Donor, Gift, Recurring
from masthead.funding.selectors.supporters import badges_to_turn
from masthead.outbox.services import record


def choose_badge(*, donor: Donor, shown: bool) -> None:
    """Call a giver a supporter beside his name while he gives, or no more from this instant on.

    Only who has read his mail may choose: by the care link, or with an address that was proven. Records
    ``SupportersChanged`` where readers see a difference.
    """
    with transaction.atomic():
        Donor.objects.select_for_update().get(pk=donor.pk)
        if shown:
            Donor.objects.filter(pk=donor.pk).exclude(email="").update(wants_badge=True)
            turn_badge(donor)
        else:
            take_badge(donor, for_good=True)


def withdraw_wish(*, address: str) -> None:
    """Call whoever gives from this proven address a supporter no more: he wants nothing of his to stay."""
    with transaction.atomic():
        for donor in Donor.objects.select_for_update().filter(email__iexact=address, wants_badge=True):
            take_badge(donor, for_good=True)


def turn_badge(donor: Donor) -> None:
    """Let the badge of a giver, or of who he is by now, follow his wish and the books. In the caller's transaction."""
    row = Donor.objects.select_for_update().get(pk=donor.as_now().pk)
    if badges_to_turn(now()).filter(pk=row.pk).exists():
        Donor.objects.filter(pk=row.pk).update(has_badge=not row.has_badge)
        record(SupportersChanged(shown=not row.has_badge))


def take_badge(donor: Donor, *, for_good: bool = False) -> None:
    """Call a donor a supporter no more; ``for_good`` also forgets his wish. In the caller's transaction."""
    if Donor.objects.filter(pk=donor.pk, has_badge=True).update(has_badge=False):
        record(SupportersChanged(shown=False))
    if for_good:
        Donor.objects.filter(pk=donor.pk).update(wants_badge=False)


def follow_gift(event: GiftRecorded | GiftChanged | GiftReversed, event_id: str) -> None:
    """Let the badge follow a gift that came, went back or came again; of a gift without a known giver, nobody's."""
    gift = Gift.objects.select_related("donor").filter(public_id=event.gift_id).first()
    if gift is not None and gift.donor is not None:
        with transaction.atomic():
            turn_badge(gift.donor)


def follow_repeated_gift(event: RecurringChanged, event_id: str) -> None:
    """Let the badge follow a repeated gift that began, stopped or goes on."""
    recurring = Recurring.objects.select_related("donor").filter(public_id=event.recurring_id).first()
    if recurring is not None and recurring.donor is not None:
        with transaction.atomic():
            turn_badge(recurring.donor)


def turn_due_badges() -> int:
    """Take the badges whose time is over, and mend what a lost fact left wrong; return how many turned. A chore."""
    due = list(badges_to_turn(now()))
    for donor in due:
        with transaction.atomic():
            turn_badge(donor)
    return len(due)
