"""What repeated gifts promise, and which of their payments are known to come."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from masthead.core.money import Money, total
from masthead.funding.rules.months import months_apart, months_later

YEAR = "year"
# A forecast looks a year ahead at most, and every payment is counted once.
_MOST_PAYMENTS = 400


@dataclass(frozen=True)
class Promise:
    """One living repeated gift: what comes next, without what its giver adds for the fee."""

    gift: Money
    every: str
    next_at: datetime | None
    ends_at: datetime | None = None

    @property
    def has_next(self) -> bool:
        """Tell whether another payment is to come: not where it ends before."""
        return self.ends_at is None or (self.next_at is not None and self.next_at < self.ends_at)


def every_month(promises: Iterable[Promise], currency: str) -> Money:
    """Return what is promised every month; a yearly gift counts one twelfth, all of them together rounded down."""
    monthly = Money.zero(currency)
    yearly = Money.zero(currency)
    for promise in promises:
        if promise.has_next and promise.every == YEAR:
            yearly += promise.gift
        elif promise.has_next:
            monthly += promise.gift
    return monthly + Money(yearly.amount_minor // months_apart(YEAR), currency)


def known_payments(promise: Promise, now: datetime, until: datetime) -> int:
    """Return how many payments are known to fall between two instants: on the same day of the month each time."""
    if promise.next_at is None or not promise.has_next:
        return 0
    end = min(until, promise.ends_at) if promise.ends_at else until
    step = months_apart(promise.every)
    count = 0
    for number in range(_MOST_PAYMENTS):
        at = months_later(promise.next_at, number * step)
        if at >= end:
            break
        count += at > now
    return count


def still_to_come(promises: Iterable[Promise], currency: str, now: datetime, until: datetime) -> tuple[int, Money]:
    """Return how many payments are known to come until an instant, and their sum."""
    counted = [(known_payments(promise, now, until), promise.gift) for promise in promises]
    sums = (Money(count * gift.amount_minor, currency) for count, gift in counted)
    return sum(count for count, _gift in counted), total(sums, currency)
