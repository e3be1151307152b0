"""Who gets a statement of a year, who got one, and whose year changed since: for staff only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Page, Paginator
from django.db.models import Count, Min, Q, QuerySet
from django.db.models.functions import ExtractYear

from masthead.core.clock import now
from masthead.core.money import Money
from masthead.funding import conf
from masthead.funding.models import AnnualStatement, Donor, Gift
from masthead.funding.selectors.receipts import standing_of, with_standing
from masthead.funding.selectors.statements import in_year, statements_of

PER_PAGE = 50
_AT_ONCE = 200


@dataclass(frozen=True)
class Preview:
    """What sending a year's statements would do now, and what was done before."""

    year: int
    is_so_far: bool
    to_send: int
    asked: int
    mailed: int
    without_address: int

    @property
    def waiting(self) -> int:
        """How many wait for the worker."""
        return self.asked - self.mailed


@dataclass(frozen=True)
class Unreached:
    """One gift for which no statement goes out: no address is known, or the giver had his data deleted."""

    public_id: str
    received_at: datetime
    left: Money
    method: str
    name: str


@dataclass(frozen=True)
class SentRow:
    """One statement as staff read it; ``name`` and ``email`` are empty for who may see no names."""

    public_id: str
    donor: str
    name: str
    email: str
    is_so_far: bool
    is_correction: bool
    asked_at: datetime
    mailed_at: datetime | None
    can_be_mailed: bool


def is_over(year: int) -> bool:
    """Tell whether a year has ended in the site's time zone."""
    return year < now().astimezone(conf.zone()).year


def years_given() -> list[int]:
    """Return the years in which real money came, the latest first."""
    year = ExtractYear("journal__value_at", tzinfo=conf.zone())
    found = Gift.objects.filter(is_live=True).annotate(year=year).values_list("year", flat=True)
    return sorted(set(found.distinct()), reverse=True)


def givers(year: int) -> QuerySet[Donor]:
    """Return who has an address and gave real money in a year of which something is left; in a steady order."""
    gifts = in_year(year).filter(is_live=True, is_returned=False).order_by()
    gave = Q(pk__in=gifts.values("donor")) | Q(pk__in=gifts.values("donor__merged_into"))
    return Donor.objects.filter(gave, merged_into=None).exclude(email="").order_by("pk")


def preview(year: int) -> Preview:
    """Return the counts of a year, of the part that is over where it is not. Three queries."""
    is_so_far = not is_over(year)
    rows = AnnualStatement.objects.filter(year=year, is_so_far=is_so_far, edition=1)
    counts = rows.aggregate(asked=Count("pk"), mailed=Count("mailed_at"))
    to_send = givers(year).exclude(pk__in=rows.values("donor")).count()
    return Preview(year, is_so_far, to_send, counts["asked"], counts["mailed"], _unreached(year).count())


def unreached(year: int, *, names: bool, most: int | None = None) -> Iterator[Unreached]:
    """Yield the gifts of a year whose givers cannot be written to, the oldest first, with what is left of each."""
    for gift in with_standing(_unreached(year))[:most]:
        yield Unreached(
            gift.public_id,
            gift.journal.value_at.astimezone(conf.zone()),
            standing_of(gift).left,
            gift.get_method_display(),
            gift.donor_name if names else "",
        )


def sent_page(year: int, *, number: int | str | None = 1, search: str = "", names: bool) -> Page[AnnualStatement]:
    """Return a page of what was sent of a year, the latest first. Without ``names`` only keys are searched."""
    rows = AnnualStatement.objects.filter(year=year).select_related("donor").order_by("-asked_at", "-pk")
    if search:
        fitting = Q(donor__public_id=search)
        if names:
            fitting |= Q(donor__name__icontains=search) | Q(donor__email__icontains=search)
        rows = rows.filter(fitting)
    return Paginator(rows, PER_PAGE).get_page(number)


def sent_rows(rows: Page[AnnualStatement] | list[AnnualStatement], *, names: bool) -> list[SentRow]:
    """Return what staff read of each."""
    return [_row(row, names=names) for row in rows]


def sent_by_id(public_id: str) -> AnnualStatement | None:
    """Return one, or None."""
    return AnnualStatement.objects.select_related("donor").filter(public_id=public_id).first()


def latest_of(row: AnnualStatement) -> AnnualStatement:
    """Return the last edition of the same giver's same year."""
    same = AnnualStatement.objects.filter(donor=row.donor_id, year=row.year, is_so_far=row.is_so_far)
    return same.select_related("donor").latest("edition")


def is_changed(row: AnnualStatement) -> bool:
    """Tell whether a statement that was mailed would say something else now."""
    return bool(row.said) and statements_of([row.donor], row.year)[row.donor_id].fingerprint != row.said


def changed(year: int) -> list[AnnualStatement]:
    """Return the last statements of a whole year that would say something else now: money went back or came late.

    Those are compared in full whose gifts were touched since the first mail, or who turned out to be several.
    """
    sent = AnnualStatement.objects.filter(year=year, is_so_far=False).exclude(said="")
    first = sent.aggregate(at=Min("mailed_at"))["at"]
    if first is None:
        return []
    touched = in_year(year).filter(
        Q(journal__recorded_at__gt=first)
        | Q(journal__later__recorded_at__gt=first)
        | Q(journal__reversal__recorded_at__gt=first)
    )
    moved = touched.order_by()
    suspects = Q(donor__in=moved.values("donor")) | Q(donor__in=moved.values("donor__merged_into"))
    suspects |= Q(donor__in=Donor.objects.exclude(merged_into=None).values("merged_into"))
    rows = AnnualStatement.objects.filter(suspects, year=year, is_so_far=False, donor__merged_into=None)
    latest = {row.donor_id: row for row in rows.select_related("donor").order_by("edition")}
    mailed = [row for row in latest.values() if row.said]
    found: list[AnnualStatement] = []
    for begin in range(0, len(mailed), _AT_ONCE):
        some = mailed[begin : begin + _AT_ONCE]
        now_said = statements_of([row.donor for row in some], year)
        found += [row for row in some if now_said[row.donor_id].fingerprint != row.said]
    return found


def _unreached(year: int) -> QuerySet[Gift]:
    nobody = Q(donor=None) | Q(donor__merged_into=None, donor__email="") | Q(donor__merged_into__email="")
    return in_year(year).filter(nobody, is_live=True, is_returned=False)


def _row(row: AnnualStatement, *, names: bool) -> SentRow:
    return SentRow(
        public_id=row.public_id,
        donor=row.donor.public_id,
        name=row.donor.name if names else "",
        email=row.donor.email if names else "",
        is_so_far=row.is_so_far,
        is_correction=row.edition > 1,
        asked_at=row.asked_at,
        mailed_at=row.mailed_at,
        can_be_mailed=bool(row.donor.email) and row.donor.merged_into_id is None and row.mailed_at is not None,
    )
