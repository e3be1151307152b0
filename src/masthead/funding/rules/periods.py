"""Over which time a campaign counts: a month, a year, from day to day, or without end.

Days are those of a wall calendar in the period's time zone, and the last day is included. In instants a period is
half-open, ``[first day 00:00, day after the last 00:00)``, so no clock change loses or doubles an hour.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from masthead.funding.rules.months import month_of, next_month

MONTH, YEAR, DATES, OPEN = "month", "year", "dates", "open"
GROSS, NET = "gross", "net"
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Terms:
    """What a goal asks for beside its amount: over which time, and whether fees are taken off.

    ``starts_on`` and ``ends_on`` belong to ``dates`` alone and are both included.
    """

    period: str = MONTH
    counts: str = GROSS
    starts_on: date | None = None
    ends_on: date | None = None


@dataclass(frozen=True)
class Period:
    """One stretch of time in a time zone; ``first`` and ``last`` are its days, none where it is open-ended."""

    kind: str
    zone: ZoneInfo
    first: date | None = None
    last: date | None = None

    @property
    def starts_at(self) -> datetime | None:
        """The instant at which it begins."""
        return _midnight(self.first, self.zone) if self.first else None

    @property
    def ends_at(self) -> datetime | None:
        """The instant at which it is over: the first that no longer belongs to it."""
        return _midnight(self.last + _ONE_DAY, self.zone) if self.last else None

    def contains(self, instant: datetime) -> bool:
        """Tell whether money of this instant belongs here."""
        if self.first is None or self.last is None:
            return True
        return self.first <= instant.astimezone(self.zone).date() <= self.last

    def days_left(self, now: datetime) -> int | None:
        """Return how many days are left, today included: 0 when it is over, all of them before it begins.

        None where there is no end.
        """
        if self.first is None or self.last is None:
            return None
        today = max(self.first, now.astimezone(self.zone).date())
        return max(0, (self.last - today).days + 1)

    def has_begun(self, now: datetime) -> bool:
        """Tell whether its first day has come."""
        return self.first is None or self.first <= now.astimezone(self.zone).date()


def period_at(terms: Terms, now: datetime, zone: ZoneInfo) -> Period:
    """Return the period of ``terms`` that counts at an instant: the month or year it falls into, or the only one."""
    if terms.period == DATES:
        return Period(DATES, zone, terms.starts_on, terms.ends_on)
    if terms.period == OPEN:
        return Period(OPEN, zone)
    first = month_of(now, zone)
    if terms.period == YEAR:
        return Period(YEAR, zone, first.replace(month=1), first.replace(month=12, day=31))
    return Period(MONTH, zone, first, next_month(first) - _ONE_DAY)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)
