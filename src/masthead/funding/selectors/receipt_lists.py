"""The list of receipts, the check of their numbers, and the table to take away: for staff only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.core.paginator import Page, Paginator
from django.db.models import Count, Max, Min, Q, QuerySet
from django.utils.translation import gettext as _

from masthead.core.display import amount
from masthead.core.money import Money
from masthead.funding import conf
from masthead.funding.models import Receipt, ReceiptHolder
from masthead.funding.rules.receipts import from_data, read_number, year_of_series
from masthead.funding.selectors.acts import inert

PER_PAGE = 50
CSV_COLUMNS = (
    *("number", "series", "kind", "issued_at", "gift", "takes_the_place_of", "is_valid"),
    *("paid_minor", "paid", "left_minor", "left", "currency", "mailed_at"),
)
CSV_NAMES = ("name", "address")


@dataclass(frozen=True)
class ReceiptRow:
    """One receipt as staff read it. ``is_named``: the giver has not had his data deleted."""

    public_id: str
    number: str
    issued_on: date
    kind: str
    left: Money
    paid: Money
    gift: str
    name: str
    email: str
    is_named: bool
    is_valid: bool
    followed_by: str
    has_address: bool
    mailed_at: datetime | None

    def masked(self) -> ReceiptRow:
        """Return what one may read who may see no names."""
        return replace(self, name=_("name hidden") if self.is_named else "", email="")


@dataclass(frozen=True)
class SeriesCheck:
    """The numbers of one series: what was given, and which are missing of 1 to the last."""

    series: str
    year: int
    first: int
    last: int
    count: int
    missing: tuple[int, ...]

    @property
    def is_whole(self) -> bool:
        """Tell whether the numbers run from one without a gap."""
        return self.first == 1 and self.last == self.count


@dataclass(frozen=True)
class Wanted:
    """What of all receipts is asked for; empty and 0 ask for all."""

    search: str = ""
    series: str = ""
    year: int = 0


def receipt_page(wanted: Wanted, *, number: int | str | None = 1, names: bool) -> Page[Receipt]:
    """Return a page of receipts, the newest first. Three queries whatever the count.

    The search knows numbers (``17`` and ``R-2026-000017``) and keys of gifts; with ``names`` also names and addresses.
    """
    found = _receipts(wanted).order_by("-issued_at", "-pk")
    if wanted.search:
        found = found.filter(_fitting(wanted.search, names=names))
    return Paginator(found, PER_PAGE).get_page(number)


def receipt_rows(page: Page[Receipt], *, names: bool) -> list[ReceiptRow]:
    """Return what staff read of each receipt on a page."""
    rows = [_row(receipt) for receipt in page.object_list]
    return rows if names else [row.masked() for row in rows]


def receipt_for_staff(public_id: str) -> Receipt | None:
    """Return one receipt with its gift and giver, or None."""
    return _receipts(Wanted()).filter(public_id=public_id).first()


def series_checks() -> list[SeriesCheck]:
    """Return the numbers of every series, the latest year first (rule S5). One query, and one per series with a gap."""
    found = Receipt.objects.values("series").annotate(first=Min("number"), last=Max("number"), count=Count("pk"))
    checks = [_checked(row["series"], row["first"], row["last"], row["count"]) for row in found.order_by("series")]
    return sorted(checks, key=lambda check: (-check.year, check.series))


def csv_rows(wanted: Wanted, *, names: bool) -> Iterator[list[str | int]]:
    """Yield receipts in the order of their numbers, for a table.

    Instants in UTC; amounts in minor units and as the site writes them. Names only for those who may see them.
    """
    for receipt in _receipts(wanted).order_by("series", "number").iterator(chunk_size=500):
        row, holder = _row(receipt), getattr(receipt, "holder", None)
        told: list[str | int] = [row.number, receipt.series, receipt.kind, receipt.issued_at.isoformat(), row.gift]
        told += [str(receipt.instead_of) if receipt.instead_of else "", "yes" if row.is_valid else "no"]
        told += [row.paid.amount_minor, amount(row.paid), row.left.amount_minor, amount(row.left), row.left.currency]
        told += [row.mailed_at.isoformat() if row.mailed_at else ""]
        if names:
            told += [holder.name, " / ".join(holder.address.splitlines())] if holder else ["", ""]
        yield [inert(each) if isinstance(each, str) else each for each in told]


def _receipts(wanted: Wanted) -> QuerySet[Receipt]:
    found = Receipt.objects.select_related("gift__donor", "instead_of", "followed_by", "holder")
    # The paper itself is large, and no list needs it.
    found = found.defer("holder__document")
    if wanted.series:
        found = found.filter(series__startswith=f"{wanted.series}-")
    return found.filter(series__endswith=f"-{wanted.year}") if wanted.year else found


def _fitting(typed: str, *, names: bool) -> Q:
    series, number = read_number(typed)
    fitting = Q(gift__public_id=typed)
    if number:
        fitting |= Q(number=number, series__iexact=series) if series else Q(number=number)
    if names:
        fitting |= Q(holder__name__icontains=typed) | Q(gift__donor__email__icontains=typed)
    return fitting


def _row(receipt: Receipt) -> ReceiptRow:
    holder: ReceiptHolder | None = getattr(receipt, "holder", None)
    followed, donor = getattr(receipt, "followed_by", None), receipt.gift.donor
    standing = from_data(receipt.content)
    return ReceiptRow(
        public_id=receipt.public_id,
        number=str(receipt),
        issued_on=receipt.issued_at.astimezone(conf.zone()).date(),
        kind=receipt.kind,
        left=standing.left,
        paid=standing.paid,
        gift=receipt.gift.public_id,
        name=holder.name if holder else "",
        email=donor.email if donor and holder else "",
        is_named=holder is not None,
        is_valid=followed is None,
        followed_by=str(followed) if followed else "",
        has_address=bool(donor and donor.email),
        mailed_at=holder.mailed_at if holder else None,
    )


def _checked(series: str, first: int, last: int, count: int) -> SeriesCheck:
    missing: tuple[int, ...] = ()
    if first != 1 or last != count:
        given = set(Receipt.objects.filter(series=series).values_list("number", flat=True))
        missing = tuple(number for number in range(1, last + 1) if number not in given)
    return SeriesCheck(series, year_of_series(series), first, last, count, missing)
