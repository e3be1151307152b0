"""Write gifts into the books and take them back."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from masthead.core.clock import now
from masthead.core.ids import new_id
from masthead.core.money import Money
from masthead.funding import conf
from masthead.funding.errors import (
    AlreadyReversed,
    AmountNotPositive,
    CurrencyDiffers,
    GiftOfAProcessor,
    KeyTaken,
    ReasonMissing,
    ReceivedInFuture,
    UnknownMethod,
)
from masthead.funding.events import GiftRecorded, GiftReversed
from masthead.funding.models import Campaign, Gift, Journal, Pledge
from masthead.funding.models.gift import Method
from masthead.funding.providers import provider_named
from masthead.funding.rules.ledger import Posting, gift_postings, mirrored
from masthead.funding.rules.months import month_of
from masthead.funding.services.audit import Act, note_act
from masthead.funding.services.paid_twice import show_payments_too_many
from masthead.funding.services.post_journal import post_journal
from masthead.outbox.services import record


def record_gift(
    *,
    campaign: Campaign,
    amount: Money,
    method: str,
    received_at: datetime,
    donor_name: str = "",
    contact: str = "",
    public_name: str = "",
    note: str = "",
    source: str = "staff",
    external_id: str = "",
    pledge: Pledge | None = None,
    recorded_by: int | None = None,
) -> Gift:
    """Book money that arrived at ``received_at`` and remember who gave it.

    The gift counts in the month of ``received_at`` in the site's time zone. The pair of ``source`` and
    ``external_id`` books once: the same call again returns the first gift and changes nothing; with another amount
    or campaign it is refused (``funding.key_taken``). Refuses amounts of zero or less, another currency than the
    campaign's, unknown methods and instants to come. Records ``GiftRecorded``.
    """
    _check(campaign, amount, method, received_at)
    key = external_id or new_id()
    try:
        with transaction.atomic():
            journal = post_journal(
                kind=Journal.Kind.GIFT,
                source=source,
                external_id=key,
                value_at=received_at,
                month=month_of(received_at, conf.zone()),
                postings=gift_postings(method=method, campaign=campaign.slug, amount=amount, is_live=conf.is_live()),
                recorded_by=recorded_by,
            )
            gift = Gift.objects.create(
                campaign=campaign,
                journal=journal,
                pledge=pledge,
                method=method,
                donor_name=donor_name,
                contact=contact,
                public_name=public_name,
                note=note,
                is_live=conf.is_live(),
            )
            _tell(gift, amount, recorded_by)
    except IntegrityError as clash:
        return _booked_before(source, key, campaign, amount, clash)
    return gift


def reverse_gift(*, gift: Gift, reason: str, recorded_by: int | None = None) -> Journal:
    """Take a gift back with a journal that mirrors it and names it.

    Dated now in the accounts; the meter lowers the month of the gift. Refuses a blank reason
    (``funding.reason_missing``), a gift that a processor took, for that goes back by a refund
    (``funding.gift_of_a_processor``), and a second time (``funding.already_reversed``). Records ``GiftReversed``.
    """
    if not reason.strip():
        raise ReasonMissing()
    if gift.payment is not None:
        raise GiftOfAProcessor(name=provider_named(gift.payment.provider).label)
    original = gift.journal
    postings = _postings(original)
    amount = max(posting.amount for posting in postings)
    try:
        with transaction.atomic():
            journal = post_journal(
                kind=Journal.Kind.REVERSAL,
                source=original.source,
                external_id=original.external_id,
                value_at=now(),
                month=original.month,
                postings=mirrored(postings),
                reverses=original,
                note=reason.strip(),
                recorded_by=recorded_by,
            )
            Gift.objects.filter(pk=gift.pk).update(is_returned=True)
            if gift.pledge is not None and gift.pledge.every == Pledge.Every.ONCE:
                show_payments_too_many(gift.pledge)
            note_act(Act.GIFT_REVERSED, by=recorded_by, subject=gift.public_id, amount=amount, detail=reason.strip())
            record(
                GiftReversed(
                    gift_id=gift.public_id,
                    campaign=gift.campaign.slug,
                    amount_minor=amount.amount_minor,
                    currency=amount.currency,
                    month=original.month.isoformat(),
                )
            )
    except IntegrityError:
        if not Journal.objects.filter(reverses=original).exists():
            raise
        raise AlreadyReversed() from None
    return journal


def _check(campaign: Campaign, amount: Money, method: str, received_at: datetime) -> None:
    if method not in Method.values:
        raise UnknownMethod(method=method)
    if amount.amount_minor <= 0:
        raise AmountNotPositive()
    if amount.currency != campaign.currency:
        raise CurrencyDiffers(expected=campaign.currency, given=amount.currency)
    if received_at > now():
        raise ReceivedInFuture()


def _tell(gift: Gift, amount: Money, recorded_by: int | None) -> None:
    """Keep who recorded it, and tell everybody else that it is here."""
    note_act(Act.GIFT_RECORDED, by=recorded_by, subject=gift.public_id, amount=amount)
    told = GiftRecorded(
        gift_id=gift.public_id,
        campaign=gift.campaign.slug,
        amount_minor=amount.amount_minor,
        currency=amount.currency,
        received_at=gift.journal.value_at.isoformat(),
        month=gift.journal.month.isoformat(),
    )
    record(told)


def _booked_before(source: str, key: str, campaign: Campaign, amount: Money, clash: IntegrityError) -> Gift:
    """Return the gift that holds the key already; it must be the same fact. A clash about anything else is raised."""
    gift = (
        Gift.objects.filter(journal__source=source, journal__external_id=key, journal__kind=Journal.Kind.GIFT)
        .select_related("journal", "campaign")
        .first()
    )
    if gift is None:
        raise clash
    booked = max(posting.amount for posting in _postings(gift.journal))
    if gift.campaign_id != campaign.pk or booked != amount:
        raise KeyTaken(key=key, booked=booked)
    return gift


def _postings(journal: Journal) -> list[Posting]:
    return [
        Posting(entry.account.code, Money(entry.amount_minor, entry.currency))
        for entry in journal.entries.select_related("account").order_by("id")
    ]
