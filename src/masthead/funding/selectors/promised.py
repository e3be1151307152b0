"""What is promised every month, and what is known to come: never part of what was raised."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Coalesce

from masthead.core.money import Money
from masthead.funding import conf
from masthead.funding.models import Recurring, RecurringTerms
from masthead.funding.rules.forecast import Promise, every_month, still_to_come
from masthead.funding.selectors.meter import Meter


@dataclass(frozen=True)
class Promised:
    """The repeated gifts of a campaign in its currency, as processors last told of them.

    ``to_come`` is the sum of the ``payments`` whose dates are known until ``until``; ``forecast`` is what the meter
    then shows if all of them come and nothing else does, before fees. None of the three without an end to look to.
    """

    gifts: int
    has_yearly: bool
    every_month: Money
    payments: int | None
    to_come: Money | None
    forecast: Money | None
    until: datetime | None


def promised(current: Meter) -> Promised:
    """Return what is promised to the campaign of a meter. One query.

    Only active gifts count (rule S4): none that is paused, past due, ended or about to end. Standing orders are known
    to banks alone, so they are not in here.
    """
    found = _promises(current.campaign, current.currency)
    living = [promise for promise in found if promise.has_next]
    until = current.period.ends_at
    payments, to_come = still_to_come(living, current.currency, current.as_of, until) if until else (None, None)
    return Promised(
        gifts=len(living),
        has_yearly=any(promise.every == "year" for promise in living),
        every_month=every_month(living, current.currency),
        payments=payments,
        to_come=to_come,
        forecast=current.raised + to_come if to_come is not None else None,
        until=until,
    )


def _promises(slug: str, currency: str) -> list[Promise]:
    # The latest terms that make the sum which the processor takes: newer ones may have been refused there.
    terms = RecurringTerms.objects.filter(recurring=OuterRef("pk")).alias(sum=F("gift_minor") + F("cover_minor"))
    gift = terms.filter(sum=OuterRef("amount_minor")).order_by("-since", "-pk").values("gift_minor")[:1]
    rows = (
        Recurring.objects.filter(
            campaign__slug=slug, status=Recurring.Status.ACTIVE, is_live=conf.is_live(), currency=currency
        )
        .annotate(promised_minor=Coalesce(Subquery(gift), F("amount_minor")))
        .values_list("promised_minor", "every", "next_at", "ends_at")
    )
    return [Promise(Money(minor, currency), every, next_at, ends_at) for minor, every, next_at, ends_at in rows]
