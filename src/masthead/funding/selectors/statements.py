"""A giver's year: all his gifts, what went back of them, and what remains (rule R6)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet

from masthead.core.money import Money
from masthead.funding import conf
from masthead.funding.models import Donor, Gift, Pledge, Receipt
from masthead.funding.rules.receipts import Standing, sums
from masthead.funding.rules.statements import fingerprint
from masthead.funding.selectors.receipts import standing_of, with_standing


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

    @property
    def fingerprint(self) -> str:
        """What it says, to be compared with what it said."""
        return fingerprint(line.standing for line in self.lines)


def statement(donor: Donor, year: int) -> Statement:
    """Return a giver's year, in the site's mode. What went back later stands with the gift it was part of."""
    return statements_of([donor], year)[donor.pk]


def statements_of(donors: Sequence[Donor], year: int) -> dict[int, Statement]:
    """Return the year of each of these givers, by the giver's key. Four queries however many they are."""
    own = Q(donor__in=donors) | Q(donor__merged_into__in=donors)
    gifts = list(with_standing(in_year(year).filter(own, is_live=conf.is_live())))
    receipts = Receipt.objects.filter(gift__in=gifts, followed_by=None, holder__isnull=False)
    known = {receipt.gift_id: receipt for receipt in receipts}
    lines: dict[int, list[Line]] = {donor.pk: [] for donor in donors}
    for gift in gifts:
        receipt, giver = known.get(gift.pk), gift.donor
        assert giver is not None  # noqa: S101 - looked for by its giver
        line = Line(standing_of(gift), str(receipt or ""), receipt.public_id if receipt else "")
        lines[giver.pk if giver.pk in lines else giver.merged_into_id or 0].append(line)
    return {key: Statement(year, tuple(found)) for key, found in lines.items()}


def in_year(year: int) -> QuerySet[Gift]:
    """Return all gifts whose money arrived in a year of the site's time zone, the oldest first."""
    begin, end = (datetime.combine(date(of, 1, 1), datetime.min.time(), conf.zone()) for of in (year, year + 1))
    return Gift.objects.filter(journal__value_at__gte=begin, journal__value_at__lt=end).order_by(
        "journal__value_at", "pk"
    )


def years_of(donor: Donor) -> list[int]:
    """Return the years in which a giver gave, the latest first."""
    own = Q(donor=donor) | Q(donor__merged_into=donor)
    instants = Gift.objects.filter(own, is_live=conf.is_live()).values_list("journal__value_at", flat=True)
    return sorted({instant.astimezone(conf.zone()).year for instant in instants}, reverse=True)


def language_of(donor: Donor) -> str:
    """Return the language in which a giver last gave; empty where none is known."""
    own = Q(donor=donor) | Q(donor__merged_into=donor)
    last = Pledge.objects.filter(own).exclude(language="").order_by("-noted_at", "-pk").first()
    return last.language if last else ""
