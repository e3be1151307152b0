"""Note what sponsors promise to add, and withdraw it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction

from masthead.core.clock import now
from masthead.core.money import Money
from masthead.funding import conf
from masthead.funding.campaign_errors import MatchOfAnother, SponsorMissing
from masthead.funding.errors import AmountNotPositive, CurrencyDiffers
from masthead.funding.events import CampaignChanged
from masthead.funding.models import Campaign, Gift, Match
from masthead.funding.services.audit import Act, note_act
from masthead.funding.services.campaigns import check_days
from masthead.funding.services.gifts import record_gift
from masthead.outbox.services import record


def promise_match(
    *, campaign: Campaign, sponsor: str, cap: Money, starts_on: date, ends_on: date, recorded_by: int | None = None
) -> Match:
    """Tell readers that ``sponsor`` adds as much again to each gift from one day to another, up to ``cap`` in all.

    No figure changes: the sponsor's money counts when it is booked, by :func:`record_sponsor_gift`. Days are
    those of the site's time zone as it is now. Refuses a sponsor without a name (``funding.sponsor_missing``), a sum of
    zero or less, another currency than the campaign's and days as
    :func:`set_goal` refuses them. Records ``CampaignChanged``.
    """
    if not sponsor.strip():
        raise SponsorMissing()
    if cap.amount_minor <= 0:
        raise AmountNotPositive()
    if cap.currency != campaign.currency:
        raise CurrencyDiffers(expected=campaign.currency, given=cap.currency)
    check_days(starts_on, ends_on)
    with transaction.atomic():
        match = Match.objects.create(
            campaign=campaign,
            sponsor=sponsor.strip(),
            cap_minor=cap.amount_minor,
            starts_on=starts_on,
            ends_on=ends_on,
            zone=conf.zone().key,
            created_at=now(),
            recorded_by=recorded_by,
        )
        note_act(Act.MATCH_PROMISED, by=recorded_by, subject=match.public_id, amount=cap)
        record(CampaignChanged(campaign=campaign.slug))
    return match


def record_sponsor_gift(*, match: Match, campaign: Campaign, **facts: Any) -> Gift:
    """Book money that a sponsor sends as promised: it counts as any gift does, and calls for no more of the promise.

    Refuses a promise that was made to another campaign (``funding.match_of_another``), and what :func:`record_gift`
    refuses. Records ``GiftRecorded``.
    """
    if match.campaign_id != campaign.pk:
        raise MatchOfAnother()
    with transaction.atomic():
        gift = record_gift(campaign=campaign, **facts)
        Gift.objects.filter(pk=gift.pk).update(match=match)
    gift.match = match
    return gift


def withdraw_match(*, match: Match, withdrawn_by: int | None = None) -> None:
    """Tell readers of a promise no more; what has arrived of it stays in the books. Records ``CampaignChanged``.

    A second time changes nothing.
    """
    with transaction.atomic():
        if Match.objects.filter(pk=match.pk, withdrawn_at=None).update(withdrawn_at=now()):
            note_act(Act.MATCH_WITHDRAWN, by=withdrawn_by, subject=match.public_id)
            record(CampaignChanged(campaign=match.campaign.slug))
