"""The meter and the figures behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Max, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils.dates import MONTHS
from django.utils.translation import gettext as _

from masthead.core.money import Money
from masthead.core.prepared import Prepared
from masthead.funding import conf
from masthead.funding.models import Account, Campaign, CampaignGoal, Entry, Journal
from masthead.funding.rules import progress
from masthead.funding.rules.bookings import cover_account, dispute_account, exchange_account, fee_account
from masthead.funding.rules.ledger import campaign_account, scoped
from masthead.funding.rules.months import day_start, month_of, next_day
from masthead.funding.rules.periods import DATES, MONTH, NET, OPEN, YEAR, Period, period_at
from masthead.funding.selectors.campaigns import amounts_of

_MOST_STANDINGS = 12
_AN_INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True)
class Meter:
    """Where a campaign stands in the period that counts at ``as_of``.

    ``raised`` is what its goal counts: after fees where ``counts`` says ``net``, and then a little below zero is
    possible, for a processor keeps its fee of a gift that went back.
    """

    campaign: str
    is_main: bool
    """It stands on every page."""
    name: str
    period: Period
    counts: str
    raised: Money
    goal: Money
    half: Money
    currency: str
    amounts: tuple[Money, ...]
    """What its page offers to give."""
    gifts: int
    percent: int
    bar_percent: str
    days_left: int | None
    """None where there is no end."""
    as_of: datetime
    unchanged_since: datetime
    """When one of these figures last changed: by a booking, a new goal or the calendar."""
    stands_until: datetime
    """When the calendar changes one of them next."""

    @property
    def month(self) -> date | None:
        """The month that it counts, by its first day; None where it counts over another time."""
        return self.period.first if self.period.kind == MONTH else None


@dataclass(frozen=True)
class MonthFigures:
    """One month of a campaign, straight from the books.

    ``net`` is what was given less what went back. ``goal`` is the last monthly one that was set for the month, and
    ``counted`` what it counted: ``net``, or that after fees.
    """

    month: date
    gifts: int
    given: Money
    reversals: int
    taken_back: Money
    net: Money
    counted: Money
    goal: Money
    percent: int


def meter(now: datetime) -> Meter | None:
    """Return the meter at an instant, or None when no campaign is active or its goal is zero.

    Two queries at most. Computed, never reset: at 00:00 on the first of a month it stands at zero.
    """
    return _meter(_ACTIVE.first(moment=now), now)


def meter_of_campaign(slug: str, now: datetime) -> Meter | None:
    """Return the meter of one campaign, also of one that is closed by now; None while its goal is zero. Two queries."""
    return _meter(_NAMED.first(slug=slug, moment=now), now)


def standings(slug: str, now: datetime) -> list[Meter]:
    """Return where a campaign stands, and where it came to in the months or years before, the newest first.

    At most twelve, two queries each. Of what is over, no days are left to count.
    """
    current = meter_of_campaign(slug, now)
    found = [current] if current else []
    while found and len(found) < _MOST_STANDINGS and found[-1].period.kind in {MONTH, YEAR}:
        began = found[-1].period.starts_at
        before = meter_of_campaign(slug, began - _AN_INSTANT) if began else None
        if before is None:
            break
        found.append(replace(before, days_left=None))
    return found


def _meter(goal_row: CampaignGoal | None, now: datetime) -> Meter | None:
    if goal_row is None or not goal_row.amount_minor:
        return None
    campaign = goal_row.campaign
    zone = ZoneInfo(goal_row.zone) if goal_row.zone else conf.zone()
    period = period_at(goal_row.terms, now, zone)
    sums = _booked(campaign, period, goal_row.counts)
    raised = Money(_counted(sums, goal_row.counts), campaign.currency)
    goal = Money(goal_row.amount_minor, campaign.currency)
    return Meter(
        campaign=campaign.slug,
        is_main=campaign.is_active,
        name=campaign_name(campaign, period),
        period=period,
        counts=goal_row.counts,
        raised=raised,
        goal=goal,
        half=progress.half(goal),
        currency=campaign.currency,
        amounts=tuple(amounts_of(campaign)),
        gifts=sums["standing"],
        percent=progress.percent(raised, goal),
        bar_percent=progress.bar_percent(raised, goal),
        days_left=period.days_left(now),
        as_of=now,
        unchanged_since=max(filter(None, [day_start(now, zone), goal_row.since, sums["booked"]])),
        stands_until=min(next_day(now, zone), next_day(now, conf.zone())),
    )


_ACTIVE: Prepared[CampaignGoal] = Prepared(
    lambda moment: (
        CampaignGoal.objects.filter(campaign__is_active=True, since__lte=moment)
        .select_related("campaign")
        .order_by("-since", "-id")[:1]
    )
)


_NAMED: Prepared[CampaignGoal] = Prepared(
    lambda slug, moment: (
        CampaignGoal.objects.filter(campaign__slug=slug, since__lte=moment)
        .select_related("campaign")
        .order_by("-since", "-id")[:1]
    )
)


def _booked(campaign: Campaign, period: Period, counts: str) -> Mapping[str, Any]:
    """Return the sums of a period in one query."""
    asked: dict[str, Any] = {"codes": _accounts(campaign, counts), "currency": campaign.currency}
    if period.kind == OPEN:
        found = _EVER.first(**asked)
    elif period.kind == DATES:
        found = _BY_DAY.first(**asked, starts=period.starts_at, ends=period.ends_at)
    else:
        found = _BY_MONTH.first(**asked, first=period.first, last=period.last)
    return found or _NOTHING


def _accounts(campaign: Campaign, counts: str) -> list[str]:
    """Name the accounts that a goal looks at: fees and their cover only where it counts after fees."""
    names = [campaign_account]
    if counts == NET:
        names += [cover_account, fee_account, dispute_account, exchange_account]
    return [scoped(name(campaign.slug), is_live=conf.is_live()) for name in names]


def _counted(sums: Mapping[str, Any], counts: str) -> int:
    """Return what counts: cover pays costs and is never counted as extra (rule M7)."""
    raised: int = sums["given"] - sums["taken_back"]
    return raised - max(0, sums["costs"] - sums["cover"]) if counts == NET else raised


def _entries(codes: list[str], currency: str) -> QuerySet[Entry]:
    """Return the entries of these accounts: of rehearsals or of real money, never both (rule L7)."""
    return Entry.objects.filter(account__code__in=codes, currency=currency).order_by()


def _summed(entries: QuerySet[Entry]) -> Any:
    return entries.values("currency").annotate(**_figures(), booked=Max("journal__recorded_at"))


# A year is the months that were fixed for its gifts when they were booked: no change of zone moves one (rule M4).
_BY_MONTH: Prepared[Any] = Prepared(
    lambda codes, currency, first, last: _summed(
        _entries(codes, currency).filter(journal__month__gte=first, journal__month__lte=last)
    )
)
# What happens to a gift later belongs to the day of the gift (rule M6).
_BY_DAY: Prepared[Any] = Prepared(
    lambda codes, currency, starts, ends: _summed(
        _entries(codes, currency)
        .alias(counted_at=Coalesce("journal__reverses__value_at", "journal__about__value_at", "journal__value_at"))
        .filter(counted_at__gte=starts, counted_at__lt=ends)
    )
)
_EVER: Prepared[Any] = Prepared(lambda codes, currency: _summed(_entries(codes, currency)))
_NOTHING: dict[str, Any] = {
    **dict.fromkeys(["gifts", "standing", "given", "reversals", "taken_back", "cover", "costs"], 0),
    "booked": None,
}


def months(campaign: Campaign, now: datetime) -> list[MonthFigures]:
    """Return this month and every month that has bookings, the newest first. Two queries."""
    this_month = month_of(now, conf.zone())
    entries = _entries(_accounts(campaign, NET), campaign.currency)
    booked = entries.values("journal__month").annotate(**_figures())
    rows: dict[date, Mapping[str, Any]] = {row["journal__month"]: row for row in booked}
    goals = [(month_of(goal.since, conf.zone()), goal) for goal in campaign.goals.order_by("since", "id")]
    return [
        _month_figures(campaign, month, rows.get(month, _NOTHING), goals)
        for month in sorted({this_month, *rows}, reverse=True)
    ]


def campaign_name(campaign: Campaign, period: Period) -> str:
    """Return the campaign's title, or its name after the period: “November fund”, “Fund of 2026”."""
    if campaign.title or period.first is None:
        return str(campaign)
    if period.kind == YEAR:
        return _("Fund of %(year)s") % {"year": period.first.year}
    return _("%(month)s fund") % {"month": MONTHS[period.first.month]}


def _month_figures(
    campaign: Campaign, month: date, row: Mapping[str, Any], goals: list[tuple[date, CampaignGoal]]
) -> MonthFigures:
    set_by_then = [goal for since, goal in goals if since <= month]
    last = set_by_then[-1] if set_by_then else None
    goal = Money(last.amount_minor if last and last.period == MONTH else 0, campaign.currency)
    counted = Money(_counted(row, last.counts if last else ""), campaign.currency)
    return MonthFigures(
        month=month,
        gifts=row["gifts"],
        given=Money(row["given"], campaign.currency),
        reversals=row["reversals"],
        taken_back=Money(row["taken_back"], campaign.currency),
        net=Money(row["given"] - row["taken_back"], campaign.currency),
        counted=counted,
        goal=goal,
        percent=progress.percent(counted, goal),
    )


def _figures() -> dict[str, Count | Coalesce]:
    """Sums over a campaign's entries: of the gifts, of all that lowered or raised them afterwards, of what it cost."""
    income = Q(account__kind=Account.Kind.INCOME)
    gift = income & Q(journal__kind=Journal.Kind.GIFT)
    later = income & ~Q(journal__kind=Journal.Kind.GIFT)
    return {
        "gifts": Count("journal", filter=gift),
        "standing": Count("journal", filter=gift & Q(journal__gift__is_returned=False)),
        "given": Coalesce(-Sum("amount_minor", filter=gift), 0),
        "reversals": Count("journal", filter=later & Q(amount_minor__gt=0)),
        "taken_back": Coalesce(Sum("amount_minor", filter=later), 0),
        "cover": Coalesce(-Sum("amount_minor", filter=Q(account__kind=Account.Kind.COVER)), 0),
        "costs": Coalesce(Sum("amount_minor", filter=Q(account__kind=Account.Kind.EXPENSES)), 0),
    }
