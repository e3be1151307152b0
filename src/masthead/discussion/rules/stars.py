"""Stars: what somebody may give, and what many gave."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal

LEAST, MOST = 1, 5
# Asked in every thread that rates; the site's words for it are the presenter's.
OVERALL = "overall"
FIELDS_MOST = 5

Problem = Literal["here", "field", "range", "overall"]


@dataclass(frozen=True)
class RatedField:
    """One thing that readers rate: its lasting name, and what an editor calls it (empty for *Overall*)."""

    key: str
    label: str = ""


@dataclass(frozen=True)
class Rated:
    """What the stars are about, for machines: a type of schema.org and a name."""

    type: str
    name: str


@dataclass(frozen=True)
class Average:
    """What readers gave one field: how many did, and the sum of their stars."""

    field: str
    count: int = 0
    total: int = 0

    @property
    def tenths(self) -> int:
        """The average in tenths of a star, halves up; 0 for none."""
        return (self.total * 20 + self.count) // (self.count * 2) if self.count else 0

    @property
    def whole(self) -> int:
        """The average in whole stars, halves up; 0 for none."""
        return (self.tenths + 5) // 10


def problem_of(stars: Mapping[str, int], fields: Collection[str]) -> Problem | None:
    """Return what is wrong with stars that somebody gives where ``fields`` are rated; nothing is given in ``{}``."""
    if not stars:
        return None
    if not fields:
        return "here"
    if set(stars) - set(fields):
        return "field"
    if any(not LEAST <= number <= MOST for number in stars.values()):
        return "range"
    return None if OVERALL in stars else "overall"
