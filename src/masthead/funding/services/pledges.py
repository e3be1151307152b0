"""Note who means to give, and book it when the money arrives."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from masthead.core.clock import now
from masthead.core.money import Money
from masthead.funding import conf
from masthead.funding.errors import AmountNotPositive, CurrencyDiffers, PledgeFulfilled
from masthead.funding.events import PledgeNoted
from masthead.funding.models import Campaign, Gift, Pledge
from masthead.funding.models.gift import BY_HAND, Method
from masthead.funding.rules.reference import new_reference
from masthead.funding.services.audit import Act, note_act
from masthead.funding.services.gifts import record_gift
from masthead.outbox.services import record


def note_pledge(
    *,
    campaign: Campaign,
    amount: Money,
    name: str,
    email: str = "",
    every: str = Pledge.Every.ONCE,
    show_name: bool = False,
    message: str = "",
    method: str = Method.BANK_TRANSFER,
    cover: Money | None = None,
    dedication: str = "",
    story: str = "",
    language: str = "",
) -> Pledge:
    """Note that somebody means to give, under a new reference code. No figure changes.

    ``cover`` comes on top of ``amount`` so that the processor's fee is paid. Only money given by hand must be in the
    campaign's currency: of a processor's, the settled amount counts (rule C6). Refuses amounts of zero or less and
    another currency than the campaign's. Records ``PledgeNoted``.
    """
    if amount.amount_minor <= 0:
        raise AmountNotPositive()
    if amount.currency != campaign.currency and method in BY_HAND:
        raise CurrencyDiffers(expected=campaign.currency, given=amount.currency)
    with transaction.atomic():
        pledge = Pledge.objects.create(
            reference=new_reference(),
            campaign=campaign,
            amount_minor=amount.amount_minor,
            currency=amount.currency,
            every=every,
            name=name,
            email=email,
            show_name=show_name,
            message=message,
            noted_at=now(),
            is_live=conf.is_live(),
            method=method,
            cover_minor=cover.amount_minor if cover else 0,
            dedication=dedication,
            story=story,
            language=language,
        )
        record(_noted(pledge))
    return pledge


def _noted(pledge: Pledge) -> PledgeNoted:
    return PledgeNoted(
        pledge_id=pledge.public_id,
        reference=pledge.reference,
        campaign=pledge.campaign.slug,
        amount_minor=pledge.amount_minor,
        currency=pledge.currency,
        every=pledge.every,
    )


def fulfil_pledge(
    *,
    pledge: Pledge,
    amount: Money,
    method: str,
    received_at: datetime,
    external_id: str = "",
    recorded_by: int | None = None,
) -> Gift:
    """Book the money of a pledge as a gift of the person who pledged.

    What arrived counts, not what was announced. A single pledge is fulfilled once (``funding.pledge_fulfilled``),
    again only after its gift was reversed; a monthly one each time its money comes. Refuses what
    :func:`record_gift` refuses.
    """
    with transaction.atomic():
        locked = Pledge.objects.select_for_update(of=("self",)).select_related("campaign").get(pk=pledge.pk)
        standing = locked.gifts.filter(journal__reversal__isnull=True)
        if external_id:  # the same form sent twice is the same gift, and record_gift says so
            standing = standing.exclude(journal__source="pledge", journal__external_id=external_id)
        if locked.every == Pledge.Every.ONCE and standing.exists():
            raise PledgeFulfilled()
        return record_gift(
            campaign=locked.campaign,
            amount=amount,
            method=method,
            received_at=received_at,
            donor_name=locked.name,
            contact=locked.email,
            public_name=locked.name if locked.show_name else "",
            source="pledge",
            external_id=external_id,
            pledge=locked,
            recorded_by=recorded_by,
        )


def close_pledge(*, pledge: Pledge, closed: bool = True, decided_by: int | None = None) -> None:
    """Expect no money from a pledge any more, or expect it again. What stands so already stays as it is."""
    with transaction.atomic():
        rows = Pledge.objects.filter(pk=pledge.pk, closed_at__isnull=closed)
        if rows.update(closed_at=now() if closed else None):
            act = Act.PLEDGE_CLOSED if closed else Act.PLEDGE_REOPENED
            note_act(act, by=decided_by, subject=pledge.public_id, amount=pledge.amount)
