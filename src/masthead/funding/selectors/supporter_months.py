"""Who gives repeatedly, month by month, and who of each month's new givers still does: for staff."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Min
from django.db.models.functions import Coalesce

from masthead.core.money import Money
from masthead.funding import conf
from masthead.funding.models import Gift, RecurringState
from masthead.funding.rules.months import month_of, month_start, months_later
from masthead.funding.rules.retention import Cohort, cohorts
from masthead.funding.rules.supporters import (
    IncomeMonth,
    PeopleMonth,
    Standing,
    State,
    currencies_of,
    income_months,
    people_months,
    standings,
)

_AN_INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True)
class Supporters:
    """Repeated gifts in some months, the earliest first; incomes by currency, the site's own first."""

    people: list[PeopleMonth]
    incomes: dict[str, list[IncomeMonth]]
    cohorts: list[Cohort]


def last_months(now: datetime, count: int) -> list[date]:
    """Return the present month of the site's calendar and those before it, the earliest first."""
    here = now.astimezone(conf.zone())
    return [month_of(months_later(here.replace(day=1), -back), conf.zone()) for back in reversed(range(count))]


def supporters(months: Sequence[date], now: datetime) -> Supporters:
    """Return who gives repeatedly in these months, of which the last is the present one. Two queries.

    Of the site's mode alone (rule L7). The present month is counted up to now.
    """
    instants = [*(month_start(month, conf.zone()) for month in months), now + _AN_INSTANT]
    found = standings(_states(), instants)
    own = conf.currency()
    currencies = [own, *sorted(currencies_of(found) - {own})]
    return Supporters(
        people=people_months(months, found),
        incomes={currency: income_months(months, found, currency) for currency in currencies},
        cohorts=cohorts(_gave(months[0]), _stayed(months, found), months),
    )


def cohort_csv(months: Sequence[date], now: datetime) -> Iterator[list[str | int]]:
    """Yield the cohorts for a table, below their heads: month, people, and how many gave so many months later."""
    yield ["month", "people", *(f"month_{number}" for number in range(len(months)))]
    for cohort in supporters(months, now).cohorts:
        missing = [""] * (len(months) - len(cohort.kept))
        yield [cohort.month.strftime("%Y-%m"), cohort.people, *cohort.kept, *missing]


def _states() -> Iterator[State]:
    rows = (
        RecurringState.objects.filter(recurring__is_live=conf.is_live())
        .order_by("recurring", "since", "pk")
        .values_list(
            "recurring",
            Coalesce("recurring__donor__merged_into", "recurring__donor"),
            "since",
            "status",
            "gift_minor",
            "currency",
            "every",
        )
    )
    for gift, donor, since, status, minor, currency, every in rows.iterator():
        person = f"donor {donor}" if donor else f"repeated {gift}"
        yield State(gift, person, since, status, Money(minor, currency), every)


def _stayed(months: Sequence[date], found: Sequence[Standing]) -> Iterator[tuple[str, date]]:
    for month, standing in zip(months, found[1:], strict=True):
        for person in standing.active:
            yield person, month


def _gave(first: date) -> Iterator[tuple[str, date]]:
    """Yield in which months those gave who first gave in ``first`` or later: all whose donor is known."""
    gifts = Gift.objects.filter(is_live=conf.is_live(), is_returned=False, donor__isnull=False).order_by()
    gifts = gifts.annotate(person=Coalesce("donor__merged_into", "donor"))
    new = gifts.values("person").annotate(first=Min("journal__month")).filter(first__gte=first).values("person")
    pairs = gifts.filter(person__in=new).values_list("person", "journal__month").distinct()
    for person, month in pairs.iterator():
        yield f"donor {person}", month
