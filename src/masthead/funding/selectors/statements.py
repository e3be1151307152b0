"""A giver's year: all his gifts, what went back of them, and what remains (rule R6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet

from masthead.core.money import Money
from masthead.funding import conf
from masthead.funding.models import Donor, Gift
from masthead.funding.rules.receipts import Standing, sums
from masthead.funding.selectors.receipts import receipts_of, standing_of


@dataclass(frozen=True)
class Line:
    """One gift of the year. ``number`` is that of its valid receipt; empty when it has none."""

    standing: Standing
    number: str
    receipt_id: str


@dataclass(frozen=True)
class Statement:
    """One calendar year of a giver in the site's time zone, the oldest gift first."""

    year: int
    lines: tuple[Line, ...]

    @property
    def totals(self) -> list[Money]:
        """What remains of all gifts, in each currency that was given."""
        return sums(line.standing.left for line in self.lines)


def statement(donor: Donor, year: int) -> Statement:
    """Return a giver's year, in the site's mode. What went back later stands with the gift it was part of."""
    begin, end = (datetime.combine(date(of, 1, 1), datetime.min.time(), conf.zone()) for of in (year, year + 1))
    gifts = (
        _gifts(donor)
        .filter(journal__value_at__gte=begin, journal__value_at__lt=end)
        .select_related("journal", "journal__reversal", "payment", "pledge", "recurring")
        .order_by("journal__value_at", "pk")
    )
    known = receipts_of(donor)
    return Statement(
        year,
        tuple(
            Line(standing_of(gift), str(known[gift.pk]), known[gift.pk].public_id)
            if gift.pk in known
            else Line(standing_of(gift), "", "")
            for gift in gifts
        ),
    )


def years_of(donor: Donor) -> list[int]:
    """Return the years in which a giver gave, the latest first."""
    instants = _gifts(donor).values_list("journal__value_at", flat=True)
    return sorted({instant.astimezone(conf.zone()).year for instant in instants}, reverse=True)


def _gifts(donor: Donor) -> QuerySet[Gift]:
    return Gift.objects.filter(Q(donor=donor) | Q(donor__merged_into=donor), is_live=conf.is_live())
