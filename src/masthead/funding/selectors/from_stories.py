"""Which stories brought supporters: for staff only, for small numbers tell of persons."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from masthead.core import ports
from masthead.core.money import Money
from masthead.funding import conf
from masthead.funding.models import Account, Entry, Gift
from masthead.funding.ports import Stories


@dataclass(frozen=True)
class Brought:
    """What one story brought in a month, or in all months together, in one currency.

    ``supporters`` are persons as far as they are known: donors, those who were merged being one, and each gift without
    a donor by itself. A gift that went back in full brought nobody. ``amount`` is before fees, less what went back.
    """

    story: str
    title: str
    supporters: int
    amount: Money


@dataclass(frozen=True)
class _Given:
    story: str
    month: date
    person: str
    amount: Money


def brought(*, since: date) -> tuple[list[Brought], list[tuple[date, list[Brought]]]]:
    """Return what stories brought in the months from ``since`` on: together, and month by month, the latest first.

    The story is the one under which its reader chose to give; the page carries it in the address, so no cookie does.
    A repeated gift counts in each month in which it came. Four queries whatever the count.
    """
    given = _given(since)
    titles = ports.get(Stories).titles({each.story for each in given})
    by_month: dict[date, list[_Given]] = defaultdict(list)
    for each in given:
        by_month[each.month].append(each)
    months = [(month, _by_story(by_month[month], titles)) for month in sorted(by_month, reverse=True)]
    return _by_story(given, titles), months


def _by_story(given: Iterable[_Given], titles: Mapping[str, str]) -> list[Brought]:
    """Add up, the most supporters first."""
    persons: dict[tuple[str, str], set[str]] = defaultdict(set)
    sums: dict[tuple[str, str], Money] = {}
    for each in given:
        key = (each.story, each.amount.currency)
        persons[key].add(each.person)
        sums[key] = sums.get(key, Money.zero(each.amount.currency)) + each.amount
    rows = [Brought(key[0], titles.get(key[0], ""), len(persons[key]), amount) for key, amount in sums.items()]
    return sorted(rows, key=lambda row: (-row.supporters, -row.amount.amount_minor, row.title, row.story))


def _given(since: date) -> list[_Given]:
    gifts = Gift.objects.filter(is_live=conf.is_live(), is_returned=False, journal__month__gte=since).exclude(story="")
    rows = gifts.values_list("pk", "journal", "story", "journal__month", "donor", "donor__merged_into")
    left = _left(gifts.values("journal"))
    return [
        _Given(story, month, f"donor {merged or donor}" if donor else f"gift {pk}", left[journal])
        for pk, journal, story, month, donor, merged in rows
        if journal in left
    ]


def _left(journals: QuerySet[Gift, Any]) -> dict[int, Money]:
    """Return what is left of each gift, as the books say."""
    about = Q(journal__in=journals) | Q(journal__about__in=journals)
    entries = Entry.objects.filter(about, account__kind=Account.Kind.INCOME)
    sums = entries.values("currency", gift=Coalesce("journal__about", "journal")).annotate(minor=Sum("amount_minor"))
    return {row["gift"]: Money(-row["minor"], row["currency"]) for row in sums.order_by()}
