"""What came in month by month, straight from the books: for staff."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date

from django.db.models import Q, Sum
from django.db.models.functions import Coalesce

from masthead.core.money import Money
from masthead.funding import conf
from masthead.funding.models import Account, Entry, Gift, Journal
from masthead.funding.rules.gift_months import GiftMonth, Given, gift_month

CSV_COLUMNS = (
    "month",
    "currency",
    "raised",
    "gifts",
    "givers",
    "average",
    "median",
    "repeated_percent",
    "refunds",
    "refunded",
)


def gift_months(months: Sequence[date]) -> dict[str, list[GiftMonth]]:
    """Return these months by currency, each in turn: the site's own currency first, and always. Two queries.

    Of the site's mode alone (rule L7). What went back lowers the month of its gift (rule M6).
    """
    sorted_out: dict[tuple[str, date], list[Given]] = defaultdict(list)
    for each in _given(months[0], months[-1]):
        sorted_out[each.left.currency, each.month].append(each)
    own = conf.currency()
    others = sorted({currency for currency, _month in sorted_out} - {own})
    return {
        currency: [gift_month(month, currency, sorted_out[currency, month]) for month in months]
        for currency in [own, *others]
    }


def csv_rows(months: Sequence[date]) -> Iterator[list[str | int]]:
    """Yield the same for a table: amounts in major units with a full stop, nothing where there is nothing to tell."""
    for currency, rows in gift_months(months).items():
        for row in rows:
            average, median = (each.plain if each else "" for each in (row.average, row.median))
            share: str | int = "" if row.repeated_percent is None else row.repeated_percent
            counted: list[str | int] = [row.raised.plain, row.gifts, row.givers, average, median, share]
            yield [row.month.strftime("%Y-%m"), currency, *counted, row.refunds, row.refunded.plain]


def _given(first: date, last: date) -> Iterator[Given]:
    """Yield each gift of these months with what came and what is left of it, as the books say."""
    people = _people(first, last)
    entries = Entry.objects.filter(
        account__kind=Account.Kind.INCOME,
        account__is_live=conf.is_live(),
        journal__month__gte=first,
        journal__month__lte=last,
    )
    came = Q(journal__kind=Journal.Kind.GIFT)
    sums = entries.values(
        "currency", "journal__month", gift=Coalesce("journal__reverses", "journal__about", "journal")
    ).annotate(came=Coalesce(Sum("amount_minor", filter=came), 0), left=Sum("amount_minor"))
    for row in sums.order_by().iterator():
        person, repeats = people.get(row["gift"], (f"gift {row['gift']}", False))
        came_in, left = Money(-row["came"], row["currency"]), Money(-row["left"], row["currency"])
        yield Given(row["journal__month"], person, came_in, left, repeats)


def _people(first: date, last: date) -> dict[int, tuple[str, bool]]:
    """Return who gave, by journal: those who were merged are one, a gift without a donor stands for itself."""
    gifts = Gift.objects.filter(is_live=conf.is_live(), journal__month__gte=first, journal__month__lte=last)
    rows = gifts.values_list("journal", Coalesce("donor__merged_into", "donor"), "recurring")
    return {
        journal: (f"donor {donor}" if donor else f"gift {journal}", recurring is not None)
        for journal, donor, recurring in rows.iterator()
    }
