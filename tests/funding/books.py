"""What stands in the books, for tests that settle payments."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.db.models import Sum

from masthead.funding.models import Entry, Gift, Journal, Payment
from masthead.funding.selectors import meter
from masthead.outbox.models import Event
from tests.funding.lives import BEGAN

_AFTER_PROBLEMS = "funding.payment-needs-a-person"


def balances() -> dict[str, int]:
    """Return what stands on each account; nothing for those that are even."""
    rows = Entry.objects.values("account__code", "journal__month", "currency").annotate(rest=Sum("amount_minor"))
    return {
        f"{row['account__code']} {row['journal__month']}"
        + ("" if row["currency"] == "USD" else f" {row['currency']}"): (row["rest"])
        for row in rows.order_by()
        if row["rest"]
    }


def on(account: str) -> int:
    """Return what stands on one account, whatever the month."""
    return sum(rest for name, rest in balances().items() if name.split()[0] == account)


def raised() -> int:
    """Return what the meter shows for the month of the gift."""
    found = meter(BEGAN.replace(day=28))
    assert found is not None
    return found.raised.amount_minor


def told(kind: str) -> list[Event]:
    """Return the events of a kind."""
    return list(Event.objects.filter(type=kind).order_by("pk"))


def problems_told() -> list[str]:
    """Return which problems a person was asked about, in turn."""
    return [event.payload["problem"] for event in told(_AFTER_PROBLEMS)]


def outcome() -> tuple[Any, ...]:
    """Return all that one payment may leave behind: balances, gift, meter, and who is told what how often.

    Not what a payment was on the way: each state it went through is told, and which those were depends on what was
    lost. Of changes of a gift the sums count. A problem that still holds was told.
    """
    kinds = Counter(event.type for event in Event.objects.exclude(type="funding.gift-changed"))
    for passing in ("funding.payment-changed", _AFTER_PROBLEMS):
        del kinds[passing]
    moved = Counter[str]()
    for event in told("funding.gift-changed"):
        moved[event.payload["why"]] += event.payload["delta_minor"]
    journals = sorted(Journal.objects.exclude(kind="cover").values_list("kind", "external_id", "value_at", "month"))
    payment = Payment.objects.values("status", "problem", "facts", "has_open_dispute").get()
    for passing in ("status", "failure"):
        del payment["facts"][passing]
    assert payment["problem"] in {"", *problems_told()}
    gifts = list(Gift.objects.values_list("method", "is_returned", "journal__external_id"))
    return journals, balances(), payment, gifts, dict(kinds), {key: n for key, n in moved.items() if n}, raised()
