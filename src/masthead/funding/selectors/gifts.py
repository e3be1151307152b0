"""Gifts and pledges with the people behind them: for staff only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from masthead.core.money import Money
from masthead.funding.models import Account, Entry, Gift, GiftSlip, Pledge
from masthead.funding.models.gift import BY_HAND
from masthead.funding.rules.reference import normalised, spaced

PER_PAGE = 50


@dataclass(frozen=True)
class GiftRow:
    """One gift as staff see it."""

    public_id: str
    amount: Money
    method: str
    received_at: datetime
    donor_name: str
    contact: str
    public_name: str
    is_hidden: bool
    note: str
    campaign: str
    reference: str
    reversed_at: datetime | None
    reversal_reason: str
    has_slip: bool


@dataclass(frozen=True)
class PledgeRow:
    """One pledge as staff see it."""

    public_id: str
    reference: str
    amount: Money
    every: str
    name: str
    email: str
    message: str
    noted_at: datetime
    is_open: bool
    is_closed: bool
    is_fulfilled: bool


def gift_page(*, number: int | str | None = 1, search: str = "") -> Page[Gift]:
    """Return a page of gifts, the newest money first, each with ``.row``. Three queries whatever the count."""
    gifts = _gifts().order_by("-journal__value_at", "-id")
    if search:
        gifts = gifts.filter(
            Q(donor_name__icontains=search)
            | Q(contact__icontains=search)
            | Q(public_name__icontains=search)
            | Q(pledge__reference=normalised(search) or search)
        )
    return Paginator(gifts, PER_PAGE).get_page(number)


def gift_rows(page: Page[Gift]) -> list[GiftRow]:
    """Return what staff read of each gift on a page."""
    return [gift_row(gift) for gift in page.object_list]


def gift_for_staff(public_id: str) -> Gift | None:
    """Return one gift with all that its row needs, or None."""
    return _gifts().filter(public_id=public_id).first()


def gift_row(gift: Gift) -> GiftRow:
    """Return one gift of :func:`gift_page` or :func:`gift_for_staff` as staff read it."""
    reversal = getattr(gift.journal, "reversal", None)
    amount_minor: int = gift.credited_minor  # type: ignore[attr-defined]  # annotated by _gifts
    has_slip: bool = gift.has_slip  # type: ignore[attr-defined]  # annotated by _gifts
    return GiftRow(
        public_id=gift.public_id,
        amount=Money(-amount_minor, gift.campaign.currency),
        method=gift.get_method_display(),
        received_at=gift.journal.value_at,
        donor_name=gift.donor_name,
        contact=gift.contact,
        public_name=gift.public_name,
        is_hidden=gift.is_hidden,
        note=gift.note,
        campaign=str(gift.campaign),
        reference=spaced(gift.pledge.reference) if gift.pledge else "",
        reversed_at=reversal.value_at if reversal else None,
        reversal_reason=reversal.note if reversal else "",
        has_slip=has_slip,
    )


def pledge_page(*, number: int | str | None = 1, search: str = "") -> Page[Pledge]:
    """Return a page of pledges whose money staff look out for, the newest first. Three queries whatever the count."""
    pledges = _pledges().filter(method__in=BY_HAND).order_by("-noted_at", "-id")
    if search:
        pledges = pledges.filter(
            Q(name__icontains=search) | Q(email__icontains=search) | Q(reference=normalised(search) or search)
        )
    return Paginator(pledges, PER_PAGE).get_page(number)


def pledge_rows(page: Page[Pledge]) -> list[PledgeRow]:
    """Return what staff read of each pledge on a page."""
    return [_pledge_row(pledge) for pledge in page.object_list]


def pledge_for_staff(public_id: str) -> Pledge | None:
    """Return one pledge, or None."""
    return _pledges().select_related("campaign").filter(public_id=public_id).first()


def _pledge_row(pledge: Pledge) -> PledgeRow:
    is_fulfilled: bool = pledge.is_fulfilled  # type: ignore[attr-defined]  # annotated by _pledges
    is_settled = is_fulfilled and pledge.every == Pledge.Every.ONCE
    return PledgeRow(
        public_id=pledge.public_id,
        reference=spaced(pledge.reference),
        amount=pledge.amount,
        every=pledge.get_every_display(),
        name=pledge.name,
        email=pledge.email,
        message=pledge.message,
        noted_at=pledge.noted_at,
        is_open=pledge.closed_at is None and not is_settled,
        is_closed=pledge.closed_at is not None,
        is_fulfilled=is_fulfilled,
    )


def _gifts() -> QuerySet[Gift]:
    income = Entry.objects.filter(journal=OuterRef("journal"), account__kind=Account.Kind.INCOME)
    return Gift.objects.select_related("campaign", "journal", "journal__reversal", "pledge").annotate(
        credited_minor=Subquery(income.values("amount_minor")[:1]),
        has_slip=Exists(GiftSlip.objects.filter(gift=OuterRef("pk"))),
    )


def _pledges() -> QuerySet[Pledge]:
    standing = Gift.objects.filter(pledge=OuterRef("pk"), journal__reversal__isnull=True)
    return Pledge.objects.annotate(is_fulfilled=Exists(standing))
