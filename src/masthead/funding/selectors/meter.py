"""The meter and the figures behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Max, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.dates import MONTHS
from django.utils.translation import gettext as _

from masthead.core.money import Money
from masthead.core.prepared import Prepared
from masthead.funding import conf
from masthead.funding.models import Campaign, CampaignGoal, Entry, Journal
from masthead.funding.rules import progress
from masthead.funding.rules.ledger import campaign_account, scoped
from masthead.funding.rules.months import day_start, days_left, month_of


@dataclass(frozen=True)
class Meter:
    """Where the active campaign stands in the month of ``as_of``."""

    campaign: str
    name: str
    month: date
    raised: Money
    goal: Money
    half: Money
    currency: str
    gifts: int
    percent: int
    bar_percent: str
    days_left: int
    as_of: datetime
    unchanged_since: datetime
    """When one of these figures last changed: by a booking, a new goal or the calendar."""


@dataclass(frozen=True)
class MonthFigures:
    """One month of a campaign, straight from the books. ``goal`` is the last that was set for the month."""

    month: date
    gifts: int
    given: Money
    reversals: int
    taken_back: Money
    net: Money
    goal: Money
    percent: int


def meter(now: datetime) -> Meter | None:
    """Return the meter at an instant, or None when no campaign is active or its goal is zero.

    Two queries at most. Computed, never reset: at 00:00 on the first of a month it stands at zero.
    """
    campaign: Any = _ACTIVE.first(moment=now)
    if campaign is None or not campaign.goal_minor:
        return None
    month = month_of(now, conf.zone())
    account = scoped(campaign_account(campaign.slug), is_live=conf.is_live())
    sums = _MONTH.first(account=account, currency=campaign.currency, month=month) or _NOTHING
    raised = Money(sums["given"] - sums["taken_back"], campaign.currency)
    goal = Money(campaign.goal_minor, campaign.currency)
    return Meter(
        campaign=campaign.slug,
        name=campaign_name(campaign, month),
        month=month,
        raised=raised,
        goal=goal,
        half=progress.half(goal),
        currency=campaign.currency,
        gifts=sums["standing"],
        percent=progress.percent(raised, goal),
        bar_percent=progress.bar_percent(raised, goal),
        days_left=days_left(now, conf.zone()),
        as_of=now,
        unchanged_since=max(filter(None, [day_start(now, conf.zone()), campaign.goal_since, sums["booked"]])),
    )


def _with_goal(moment: datetime) -> QuerySet[Campaign]:
    goals = CampaignGoal.objects.filter(campaign=OuterRef("pk"), since__lte=moment).order_by("-since", "-id")
    with_goal = Campaign.objects.annotate(
        goal_minor=Subquery(goals.values("amount_minor")[:1]), goal_since=Subquery(goals.values("since")[:1])
    )
    return with_goal.filter(is_active=True).order_by("pk")[:1]


_ACTIVE: Prepared[Campaign] = Prepared(_with_goal)
_MONTH: Prepared[Any] = Prepared(
    lambda account, currency, month: (
        _income(account, currency)
        .filter(journal__month=month)
        .values("journal__month")
        .annotate(**_figures(), booked=Max("journal__recorded_at"))
    )
)
_NOTHING: dict[str, Any] = {"gifts": 0, "standing": 0, "given": 0, "reversals": 0, "taken_back": 0, "booked": None}


def months(campaign: Campaign, now: datetime) -> list[MonthFigures]:
    """Return this month and every month that has bookings, the newest first. Two queries."""
    this_month = month_of(now, conf.zone())
    account = scoped(campaign_account(campaign.slug), is_live=conf.is_live())
    booked = _income(account, campaign.currency).values("journal__month").annotate(**_figures())
    rows: dict[date, Mapping[str, Any]] = {row["journal__month"]: row for row in booked}
    goals = [
        (month_of(since, conf.zone()), minor)
        for since, minor in campaign.goals.order_by("since", "id").values_list("since", "amount_minor")
    ]
    return [
        _month_figures(campaign, month, rows.get(month, _NOTHING), goals)
        for month in sorted({this_month, *rows}, reverse=True)
    ]


def campaign_name(campaign: Campaign, month: date) -> str:
    """Return the campaign's title, or its name after the month: “November fund”."""
    return campaign.title or _("%(month)s fund") % {"month": MONTHS[month.month]}


def _month_figures(
    campaign: Campaign, month: date, row: Mapping[str, Any], goals: list[tuple[date, int]]
) -> MonthFigures:
    set_by_then = [minor for since, minor in goals if since <= month]
    goal = Money(set_by_then[-1] if set_by_then else 0, campaign.currency)
    net = Money(row["given"] - row["taken_back"], campaign.currency)
    return MonthFigures(
        month=month,
        gifts=row["gifts"],
        given=Money(row["given"], campaign.currency),
        reversals=row["reversals"],
        taken_back=Money(row["taken_back"], campaign.currency),
        net=net,
        goal=goal,
        percent=progress.percent(net, goal),
    )


def _income(account: str, currency: str) -> QuerySet[Entry]:
    """Return what a campaign has earned and what went back: of rehearsals or of real money, never both (rule L7)."""
    return Entry.objects.filter(account__code=account, currency=currency).order_by()


def _figures() -> dict[str, Count | Coalesce]:
    """Sums over entries of an income account: of the gifts, and of all that lowered or raised them afterwards."""
    gift = Q(journal__kind=Journal.Kind.GIFT)
    return {
        "gifts": Count("journal", filter=gift),
        "standing": Count("journal", filter=gift & Q(journal__gift__is_returned=False)),
        "given": Coalesce(-Sum("amount_minor", filter=gift), 0),
        "reversals": Count("journal", filter=~gift & Q(amount_minor__gt=0)),
        "taken_back": Coalesce(Sum("amount_minor", filter=~gift), 0),
    }
