"""How many of those who first gave in a month give in later ones."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Cohort:
    """Those who first gave in one month: ``kept[n]`` of them gave n months later, all of them in the first."""

    month: date
    people: int
    kept: tuple[int, ...]

    @property
    def percents(self) -> tuple[int, ...]:
        """The same as whole percent, rounded down (rule C9): 100 only where nobody is missing."""
        return tuple(count * 100 // self.people if self.people else 0 for count in self.kept)

    @property
    def cells(self) -> list[tuple[int, int, int]]:
        """Return for each month the count, the percent, and the tenth by which it is shaded."""
        return [(count, percent, percent // 10) for count, percent in zip(self.kept, self.percents, strict=True)]


def cohorts(
    gave: Iterable[tuple[str, date]], stayed: Iterable[tuple[str, date]], months: Sequence[date]
) -> list[Cohort]:
    """Return the cohorts of some months in turn.

    ``gave`` says who gave in which month, in any order and however often; it must hold all months of each person, for
    the earliest is the cohort. Whoever first gave outside of ``months`` is in none. ``stayed`` says whose repeated gift
    was active at the end of which month: that counts like a gift, from the first one on.
    """
    place = {month: number for number, month in enumerate(months)}
    by_person: dict[str, set[date]] = defaultdict(set)
    for person, month in gave:
        by_person[person].add(month)
    first_of = {person: min(in_months) for person, in_months in by_person.items()}
    for person, month in stayed:
        if person in first_of and month >= first_of[person]:
            by_person[person].add(month)
    counts = [[0] * (len(months) - number) for number in range(len(months))]
    for person, in_months in by_person.items():
        first = place.get(first_of[person])
        if first is None:
            continue
        for month in in_months:
            if month in place:
                counts[first][place[month] - first] += 1
    return [Cohort(month, row[0], tuple(row)) for month, row in zip(months, counts, strict=True)]
