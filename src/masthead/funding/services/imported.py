"""Bring in gifts that another system counted, so that telling of them again changes nothing."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from masthead.core.money import Money
from masthead.funding.models import Campaign
from masthead.funding.models.gift import Method
from masthead.funding.rules.imported import Step, next_step
from masthead.funding.selectors.imported import booked_before, bookings_of
from masthead.funding.services.gifts import record_gift, reverse_gift


def bring_in_gift(
    *,
    source: str,
    key: str,
    campaign: Campaign,
    net: Money,
    received_at: datetime,
    donor_name: str = "",
    contact: str = "",
    public_name: str = "",
    note: str = "",
    recorded_by: int | None = None,
) -> Step:
    """Make the books say ``net`` for the gift ``key`` of ``source``, and return what that took.

    ``net`` is what was given less what went back. Nothing is booked for nothing. A gift that lost more since it
    came over is reversed, and what is left of it booked anew in the same month; a file that is older than what the
    books know changes nothing. Refuses what :func:`record_gift` refuses. Each call is one transaction.
    """
    with transaction.atomic():
        # The row of the campaign is the lock: two imports of one file go through here one after the other.
        Campaign.objects.select_for_update(no_key=True).get(pk=campaign.pk)
        booked = booked_before(source, key)
        step = next_step(net, campaign.slug, booked)
        if step in {Step.LOWER, Step.TAKE_BACK}:
            reason = _("Given back in the system it came from.")
            reverse_gift(gift=bookings_of(source, key)[-1], reason=reason, recorded_by=recorded_by)
        if step in {Step.ADD, Step.LOWER}:
            record_gift(
                campaign=campaign,
                amount=net,
                method=Method.ELSEWHERE,
                received_at=received_at,
                donor_name=donor_name,
                contact=contact,
                public_name=public_name,
                note=note,
                source=source,
                external_id=f"{key}#{booked.bookings + 1}" if booked else key,
                recorded_by=recorded_by,
            )
    return step
