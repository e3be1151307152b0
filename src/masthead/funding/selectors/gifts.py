"""Gifts and pledges with the people behind them: for staff only."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

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
    is_of_processor: bool
    thanked_at: datetime | None

    def masked(self) -> GiftRow:
        """Return what one may read who may see no names; whether there was one does not show."""
        hidden = _("name hidden")
        public = hidden if self.is_hidden else self.public_name
        return replace(self, donor_name=hidden, contact="", note="", public_name=public, has_slip=False)


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

    def masked(self) -> PledgeRow:
        """Return what one may read who may see no names."""
        return replace(self, name=_("name hidden"), email="", message="")


def gift_page(*, number: int | str | None = 1, search: str = "", names: bool) -> Page[Gift]:
    """Return a page of gifts, the newest money first, each with ``.row``. Three queries whatever the count.

    Without ``names`` only references are searched: what is not shown cannot be guessed at by looking for it either.
    """
    gifts = _gifts().order_by("-journal__value_at", "-id")
    if search:
        named = Q(donor_name__icontains=search) | Q(contact__icontains=search) | Q(public_name__icontains=search)
        by_reference = Q(pledge__reference=normalised(search) or search)
        gifts = gifts.filter(named | by_reference if names else by_reference)
    return Paginator(gifts, PER_PAGE).get_page(number)


def gift_rows(page: Page[Gift], *, names: bool) -> list[GiftRow]:
    """Return what staff read of each gift on a page."""
    return [gift_row(gift, names=names) for gift in page.object_list]


def gifts_of(donors: list[int], *, names: bool) -> list[GiftRow]:
    """Return all gifts of these donors. One query."""
    return [gift_row(gift, names=names) for gift in _gifts().filter(donor__in=donors)]


def gift_for_staff(public_id: str) -> Gift | None:
    """Return one gift with all that its row needs, or None."""
    return _gifts().filter(public_id=public_id).first()


def gift_row(gift: Gift, *, names: bool) -> GiftRow:
    """Return one gift of :func:`gift_page` or :func:`gift_for_staff` as staff read it who may see names, or may not."""
    reversal = getattr(gift.journal, "reversal", None)
    amount_minor: int = gift.credited_minor  # type: ignore[attr-defined]  # annotated by _gifts
    has_slip: bool = gift.has_slip  # type: ignore[attr-defined]  # annotated by _gifts
    row = GiftRow(
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
        is_of_processor=gift.payment_id is not None,
        thanked_at=gift.thanked_at,
    )
    return row if names else row.masked()


def pledge_page(*, number: int | str | None = 1, search: str = "", names: bool) -> Page[Pledge]:
    """Return a page of pledges whose money staff look out for, the newest first. Three queries whatever the count.

    Without ``names`` only references are searched.
    """
    pledges = _pledges().filter(method__in=BY_HAND).order_by("-noted_at", "-id")
    if search:
        named = Q(name__icontains=search) | Q(email__icontains=search)
        by_reference = Q(reference=normalised(search) or search)
        pledges = pledges.filter(named | by_reference if names else by_reference)
    return Paginator(pledges, PER_PAGE).get_page(number)


def pledge_rows(page: Page[Pledge], *, names: bool) -> list[PledgeRow]:
    """Return what staff read of each pledge on a page."""
    rows = [_pledge_row(pledge) for pledge in page.object_list]
    return rows if names else [row.masked() for row in rows]


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
