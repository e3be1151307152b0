"""Donors and all that was between them and the newsroom: for staff only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from masthead.core.money import Money
from masthead.funding import conf
from masthead.funding.models import Donor, Gift, Pledge, Recurring, RefundRequest
from masthead.funding.selectors.acts import inert
from masthead.funding.selectors.gifts import gifts_of

PER_PAGE = 50
CSV_COLUMNS = ("donor", "name", "address", "known_since", "gifts", "latest_gift", "repeats")


@dataclass(frozen=True)
class DonorRow:
    """One donor as staff read him. Gifts are those of the site's mode that were not returned in full."""

    public_id: str
    name: str
    email: str
    since: datetime
    gifts: int
    latest_at: datetime | None
    repeats: bool

    def masked(self) -> DonorRow:
        """Return what one may read who may see no names."""
        return replace(self, name=_("name hidden"), email="")


@dataclass(frozen=True)
class Happening:
    """One thing between a donor and the newsroom."""

    at: datetime
    what: str
    amount: Money | None = None
    detail: str = ""
    gift: str = ""


def donor_page(*, number: int | str | None = 1, search: str = "", names: bool) -> Page[Donor]:
    """Return a page of donors who stand for themselves, the newest first. Two queries whatever the count.

    The search also looks at those who were merged into them. Without ``names`` only keys are searched.
    """
    donors = _donors().order_by("-created_at", "-pk")
    if search:
        named = Q(name__icontains=search) | Q(email__icontains=search)
        within = Donor.objects.filter(named | Q(public_id=search) if names else Q(public_id=search))
        donors = donors.filter(Q(pk__in=within.values("pk")) | Q(pk__in=within.values("merged_into")))
    return Paginator(donors, PER_PAGE).get_page(number)


def donor_rows(page: Page[Donor], *, names: bool) -> list[DonorRow]:
    """Return what staff read of each donor on a page."""
    return [_row(donor, names=names) for donor in page.object_list]


def donor_for_staff(public_id: str) -> Donor | None:
    """Return one donor, merged or not, or None."""
    return Donor.objects.select_related("merged_into").filter(public_id=public_id).first()


def donor_row(donor: Donor, *, names: bool) -> DonorRow:
    """Return one donor who stands for himself as staff read him."""
    return _row(_donors().get(pk=donor.pk), names=names)


def merged_into(donor: Donor) -> list[Donor]:
    """Return those who turned out to be this donor."""
    return list(donor.merged.order_by("pk"))


def csv_rows() -> Iterator[list[str | int]]:
    """Yield all donors who stand for themselves, for a table; instants in UTC."""
    for donor in _donors().order_by("created_at", "pk"):
        row = _row(donor, names=True)
        latest = row.latest_at.isoformat() if row.latest_at else ""
        repeats = "yes" if row.repeats else "no"
        known = row.since.isoformat()
        yield [row.public_id, inert(row.name), inert(row.email), known, row.gifts, latest, repeats]


def history(donor: Donor) -> list[Happening]:
    """Return all that was between a donor, with those merged into him, and the newsroom: the latest first.

    Pledges and mails about them, gifts and mails of thanks, refunds that staff asked for, repeated gifts. Five queries
    whatever the count.
    """
    rows = [donor.pk, *donor.merged.values_list("pk", flat=True)]
    found = [*_pledges(rows), *_gifts(rows), *_refunds(rows), *_repeated(rows)]
    return sorted(found, key=lambda each: each.at, reverse=True)


def _pledges(donors: list[int]) -> Iterator[Happening]:
    for pledge in Pledge.objects.filter(donor__in=donors):
        yield Happening(pledge.noted_at, _("announced"), pledge.amount, pledge.get_every_display())
        if pledge.written_to_at:
            yield Happening(pledge.written_to_at, _("mail with the bank details"))


def _gifts(donors: list[int]) -> Iterator[Happening]:
    for row in gifts_of(donors, names=False):
        yield Happening(
            row.received_at, _("gift"), row.amount, row.method, gift=row.public_id if row.is_of_processor else ""
        )
        if row.reversed_at:
            yield Happening(row.reversed_at, _("gift reversed"), row.amount, row.reversal_reason)
        if row.thanked_at:
            yield Happening(row.thanked_at, _("mail of thanks"))


def _refunds(donors: list[int]) -> Iterator[Happening]:
    for asked in RefundRequest.objects.filter(payment__gift__donor__in=donors):
        amount = Money(asked.amount_minor, asked.currency)
        detail = ", ".join(part for part in (asked.get_state_display(), asked.reason, asked.answer) if part)
        yield Happening(asked.asked_at, _("refund asked for"), amount, detail)


def _repeated(donors: list[int]) -> Iterator[Happening]:
    for repeated in Recurring.objects.filter(donor__in=donors).select_related("pledge"):
        every = f"{repeated.pledge.get_every_display()}, {repeated.get_status_display()}"
        yield Happening(repeated.started_at, _("repeated gift began"), repeated.amount, every)
        if repeated.ended_at:
            yield Happening(repeated.ended_at, _("repeated gift ended"), repeated.amount)


def _donors() -> QuerySet[Donor]:
    own = Q(donor=OuterRef("pk")) | Q(donor__merged_into=OuterRef("pk"))
    gifts = Gift.objects.filter(own, is_live=conf.is_live(), is_returned=False).order_by().annotate(one=Value(1))
    counted = gifts.values("one").annotate(number=Count("pk", distinct=True), latest=Max("journal__value_at"))
    living = Recurring.objects.filter(own, is_live=conf.is_live(), status=Recurring.Status.ACTIVE)
    return Donor.objects.filter(merged_into=None).annotate(
        gifts_number=Coalesce(Subquery(counted.values("number")[:1]), 0),
        latest_at=Subquery(counted.values("latest")[:1]),
        repeats=Exists(living),
    )


def _row(donor: Donor, *, names: bool) -> DonorRow:
    gifts: int = donor.gifts_number  # type: ignore[attr-defined]  # annotated by _donors
    latest: datetime | None = donor.latest_at  # type: ignore[attr-defined]  # annotated by _donors
    repeats: bool = donor.repeats  # type: ignore[attr-defined]  # annotated by _donors
    row = DonorRow(donor.public_id, donor.name, donor.email, donor.created_at, gifts, latest, repeats)
    return row if names else row.masked()
