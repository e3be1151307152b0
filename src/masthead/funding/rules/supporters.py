"""Who gives repeatedly, month by month: who came and went, and how the promised income moved."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby, pairwise

from masthead.core.money import Money

ACTIVE, ENDED = "active", "ended"
YEAR = "year"
_A_YEAR = 12


@dataclass(frozen=True)
class State:
    """How one repeated gift stood from an instant on. ``gift`` is its key, ``amount`` what it gives each time."""

    gift: int
    person: str
    since: datetime
    status: str
    amount: Money
    every: str

    @property
    def twelfths(self) -> int:
        """What it promises every month, in twelfths of the minor unit: nothing unless it is active (S4)."""
        if self.status != ACTIVE:
            return 0
        return self.amount.amount_minor * (1 if self.every == YEAR else _A_YEAR)


@dataclass
class Standing:
    """How all givers stand at one instant: who has a gift that runs, and what each promises every month."""

    runs: set[tuple[str, str]] = field(default_factory=set)
    """Person and currency. A gift runs from when it first was active until it has ended."""
    active: set[str] = field(default_factory=set)
    """Of these persons, whose gift is neither paused nor failing."""
    promises: dict[tuple[str, str], int] = field(default_factory=lambda: defaultdict(int))
    """In twelfths of the minor unit, so that a yearly gift divides without rest."""

    @property
    def people(self) -> set[str]:
        """Whoever has a gift that runs."""
        return {person for person, _currency in self.runs}


@dataclass(frozen=True)
class PeopleMonth:
    """``start + new - ended = end``; of these ``stopped`` are paused or fail. There is no churn of nobody."""

    month: date
    start: int
    new: int
    ended: int
    end: int
    stopped: int
    churn_percent: int | None


@dataclass(frozen=True)
class IncomeMonth:
    """What is promised every month, in one currency, and how it moved: all parts together are the change (rule C7).

    Start and end are rounded down, each as a whole. What rounding leaves goes to the parts that lost most by it.
    """

    month: date
    start: Money
    new: Money
    back: Money
    more: Money
    less: Money
    stopped: Money
    ended: Money
    end: Money

    @property
    def change(self) -> Money:
        """What is promised more, or less, than at the start."""
        return self.end - self.start


def standings(states: Iterable[State], instants: Sequence[datetime]) -> list[Standing]:
    """Return how givers stood just before each instant. States come gift by gift, each gift's in turn of time."""
    found = [Standing() for _instant in instants]
    for _gift, row in groupby(states, key=lambda state: state.gift):
        history = list(row)
        for standing, instant in zip(found, instants, strict=True):
            until = [state for state in history if state.since < instant]
            if until and until[-1].status != ENDED and any(state.status == ACTIVE for state in until):
                key = (until[-1].person, until[-1].amount.currency)
                standing.runs.add(key)
                standing.promises[key] += until[-1].twelfths
                if until[-1].status == ACTIVE:
                    standing.active.add(until[-1].person)
    return found


def people_months(months: Sequence[date], found: Sequence[Standing]) -> list[PeopleMonth]:
    """Return each month's people; ``found`` are the standings at the start of each, and at the end of the last."""
    rows = []
    for month, (before, after) in zip(months, pairwise(found), strict=True):
        gone = len(before.people - after.people)
        start = len(before.people)
        rows.append(
            PeopleMonth(
                month=month,
                start=start,
                new=len(after.people - before.people),
                ended=gone,
                end=len(after.people),
                stopped=len(after.people - after.active),
                churn_percent=gone * 100 // start if start else None,
            )
        )
    return rows


def income_months(months: Sequence[date], found: Sequence[Standing], currency: str) -> list[IncomeMonth]:
    """Return how the promised income of one currency moved in each month."""
    return [_income(month, *pair, currency) for month, pair in zip(months, pairwise(found), strict=True)]


def currencies_of(found: Iterable[Standing]) -> set[str]:
    """Return in which currencies anything runs."""
    return {currency for standing in found for _person, currency in standing.runs}


def _income(month: date, before: Standing, after: Standing, currency: str) -> IncomeMonth:
    moved = dict.fromkeys(_PARTS, 0)
    start = end = 0
    for key in {key for key in before.runs | after.runs if key[1] == currency}:
        was, now = before.promises.get(key, 0), after.promises.get(key, 0)
        start, end = start + was, end + now
        moved[_kind(was, now, ran=key in before.runs, runs=key in after.runs)] += now - was
    first, last = Money(start // _A_YEAR, currency), Money(end // _A_YEAR, currency)
    parts = {name: Money(minor, currency) for name, minor in _divided(moved, (last - first).amount_minor).items()}
    return IncomeMonth(month=month, start=first, end=last, **parts)


_PARTS = ("new", "back", "more", "less", "stopped", "ended")


def _divided(moved: Mapping[str, int], change: int) -> dict[str, int]:
    """Return parts in twelfths as whole units that together are the change: the largest rests get what is left."""
    whole = {name: twelfths // _A_YEAR for name, twelfths in moved.items()}
    by_rest = sorted(moved, key=lambda name: moved[name] % _A_YEAR, reverse=True)
    for name in by_rest[: change - sum(whole.values())]:
        whole[name] += 1
    return whole


def _kind(was: int, now: int, *, ran: bool, runs: bool) -> str:
    if was == 0:
        return "back" if ran else "new"
    if now == 0:
        return "stopped" if runs else "ended"
    return "more" if now > was else "less"
