"""Who is thanked by name: staff may take a name off the page of thanks, whatever it says."""

from __future__ import annotations

from django.db import transaction

from masthead.funding.events import NameHidden
from masthead.funding.models import Gift
from masthead.funding.services.audit import Act, note_act
from masthead.outbox.services import record


def hide_name(*, gift: Gift, hidden: bool = True, decided_by: int | None = None) -> None:
    """Take the name of a gift off the page of thanks, or let it stand there again.

    What its giver decides is kept apart: a name that he hid is not shown by this. The same again changes nothing.
    Records ``NameHidden``.
    """
    with transaction.atomic():
        if Gift.objects.filter(pk=gift.pk, is_hidden=not hidden).update(is_hidden=hidden):
            note_act(Act.NAME_HIDDEN if hidden else Act.NAME_SHOWN, by=decided_by, subject=gift.public_id)
            record(NameHidden(gift_id=gift.public_id, campaign=gift.campaign.slug, hidden=hidden))
