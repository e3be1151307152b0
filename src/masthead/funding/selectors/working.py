"""One month in full: every figure of it from the books, nobody's name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, F, Max, Min, Q, QuerySet, Sum

from masthead.core.money import Money
from masthead.funding import conf
from masthead.funding.models import Account, Campaign, CampaignGoal, Entry, Expense, Journal, Payment
from masthead.funding.rules import progress
from masthead.funding.rules.bookings import dispute_account, fee_account
from masthead.funding.rules.months import month_of, month_start, next_month
from masthead.funding.rules.periods import MONTH, NET, Terms
from masthead.funding.selectors.campaigns import Goal, goal_of
from masthead.funding.selectors.seals import zone_of

# What moves between gift, cover and costs when money goes back belongs to the same line.
_REFUNDS = (Journal.Kind.REFUND, Journal.Kind.REFUND_FAILED, Journal.Kind.FAILED_LATE, Journal.Kind.COVER)
_DISPUTES = (Journal.Kind.WITHDRAWN, Journal.Kind.REINSTATED)


@dataclass(frozen=True)
class Line:
    """How often and how much."""

    count: int
    amount: Money


@dataclass(frozen=True)
class MonthAccount:
    """What one campaign got in one month, and what became of it.

    ``gifts - refunds - disputes - reversals + other = raised``, always. ``refunds`` and ``disputes`` are without what
    went back of the cover. ``raised - costs_not_covered = after_fees``: cover never counts as more than the costs.
    """

    campaign: str
    name: str
    month: date
    gifts: Line
    repeated: Line
    refunds: Line
    disputes: Line
    reversals: Line
    other: Money
    raised: Money
    cover: Money
    fees: Money
    dispute_costs: Money
    exchange: Money
    after_fees: Money
    pending: Line | None
    """On its way and not counted; only in the present month, for nobody knows what was on its way in another."""
    goal: Money
    """The monthly one that was set last; none where the campaign counts over another time."""
    goals: tuple[Goal, ...]
    counts: str
    percent: int
    expenses: tuple[tuple[str, Money], ...]
    as_of: datetime

    @property
    def counted(self) -> Money:
        """What the goal counts (rule M7)."""
        return self.after_fees if self.counts == NET else self.raised

    @property
    def spent(self) -> Money:
        """What the newsroom says it paid for, together."""
        return sum((amount for _what, amount in self.expenses), start=Money.zero(self.raised.currency))

    @property
    def costs(self) -> Money:
        """All that processors kept."""
        return self.fees + self.dispute_costs + self.exchange


def accounts_of_month(month: date, now: datetime) -> list[MonthAccount]:
    """Return a month's account of each campaign that has bookings or collects, the active one first."""
    sums = {row["account__campaign"]: row for row in _entries(month).values("account__campaign").annotate(**_totals())}
    shown = Campaign.objects.filter(Q(pk__in=sums) | Q(is_active=True)).order_by("-is_active", "slug")
    if month != month_of(now, conf.zone()):
        shown = shown.filter(Q(pk__in=sums) | Q(goals__since__lt=_end(month))).distinct()
    return [_account(campaign, month, sums.get(campaign.pk, {}), now) for campaign in shown]


def shown_months(now: datetime) -> list[date]:
    """Return the months that have a page: from the first that anything was booked for to this one, newest first."""
    this_month = month_of(now, conf.zone())
    booked = Journal.objects.filter(entries__account__is_live=conf.is_live()).aggregate(first=Min("month"))
    found = [min(booked["first"] or this_month, this_month)]
    while found[-1] < this_month:
        found.append(next_month(found[-1]))
    return found[::-1]


def _entries(month: date) -> QuerySet[Entry]:
    return Entry.objects.filter(
        journal__month=month,
        account__campaign__isnull=False,
        account__is_live=conf.is_live(),
        currency=F("account__campaign__currency"),
    ).order_by()


def _totals() -> dict[str, Any]:
    """Sums over the entries of one campaign's accounts, by what the journal was and on which side it stands."""
    income = Q(account__kind=Account.Kind.INCOME)
    kind = Journal.Kind
    gift = income & Q(journal__kind=kind.GIFT)
    repeated = gift & (
        Q(journal__gift__recurring__isnull=False) | Q(journal__gift__pledge__every__in=["month", "year"])
    )
    wanted = {
        "gifts": gift,
        "repeated": repeated,
        "refunds": income & Q(journal__kind__in=_REFUNDS),
        "disputes": income & Q(journal__kind__in=_DISPUTES),
        "reversals": income & Q(journal__kind=kind.REVERSAL),
        "income": income,
        "cover": Q(account__kind=Account.Kind.COVER),
        "fees": Q(account__code__contains=fee_account("")),
        "dispute_costs": Q(account__code__contains=dispute_account("")),
        "expenses": Q(account__kind=Account.Kind.EXPENSES),
    }
    counted = {"gifts": gift, "repeated": repeated, "reversals": income & Q(journal__kind=kind.REVERSAL)}
    counted |= {f"count_{item}": income & Q(journal__kind=item) for item in (*_REFUNDS, *_DISPUTES)}
    return {
        **{name: Sum("amount_minor", filter=condition, default=0) for name, condition in wanted.items()},
        **{f"n_{name}": Count("journal", filter=condition) for name, condition in counted.items()},
        "booked": Max("journal__recorded_at"),
    }


def _account(campaign: Campaign, month: date, row: Mapping[str, Any], now: datetime) -> MonthAccount:
    def money(name: str, sign: int = 1) -> Money:
        return Money(sign * row.get(name, 0), campaign.currency)

    def count(name: str) -> int:
        return int(row.get(f"n_{name}", 0))

    returned = count("count_refund") + count("count_failed_late") - count("count_refund_failed")
    refunds = Line(returned, money("refunds"))
    disputes = Line(count("count_withdrawn") - count("count_reinstated"), money("disputes"))
    gifts, reversals = Line(count("gifts"), money("gifts", -1)), Line(count("reversals"), money("reversals"))
    raised, cover = money("income", -1), money("cover", -1)
    uncovered = max(Money.zero(campaign.currency), money("expenses") - cover)
    goals = _goals(campaign, month)
    terms = goals[0].terms if goals else Terms()
    goal = goals[0].amount if goals and terms.period == MONTH else Money.zero(campaign.currency)
    after_fees = raised - uncovered
    return MonthAccount(
        campaign=campaign.slug,
        name=campaign.title or campaign.slug,
        month=month,
        gifts=gifts,
        repeated=Line(count("repeated"), money("repeated", -1)),
        refunds=refunds,
        disputes=disputes,
        reversals=reversals,
        other=raised - gifts.amount + refunds.amount + disputes.amount + reversals.amount,
        raised=raised,
        cover=cover,
        fees=money("fees"),
        dispute_costs=money("dispute_costs"),
        exchange=money("expenses") - money("fees") - money("dispute_costs"),
        after_fees=after_fees,
        pending=_pending(campaign) if month == month_of(now, conf.zone()) else None,
        goal=goal,
        goals=tuple(goals),
        counts=terms.counts,
        percent=progress.percent(after_fees if terms.counts == NET else raised, goal),
        expenses=tuple((item.what, item.amount) for item in _expenses(campaign, month)),
        as_of=row.get("booked") or (goals[0].since if goals else campaign.created_at),
    )


def _goals(campaign: Campaign, month: date) -> list[Goal]:
    """The goal that stood when the month began and every one that was set in it, the latest first."""
    begins = month_start(month, zone_of(month))
    found: list[Goal] = []
    for row in CampaignGoal.objects.filter(campaign=campaign, since__lt=_end(month)).order_by("-since", "-id"):
        found.append(goal_of(row, campaign.currency))
        if row.since <= begins:
            break
    return found


def _pending(campaign: Campaign) -> Line:
    """Payments that a processor has taken on and not finished (rule M5): they are told, and count nothing."""
    waiting = Payment.objects.filter(
        status=Payment.Status.OPEN,
        is_live=conf.is_live(),
        pledge__campaign=campaign,
        pledge__currency=campaign.currency,
    ).aggregate(count=Count("pk"), amount=Sum("pledge__amount_minor", default=0))
    return Line(waiting["count"], Money(waiting["amount"], campaign.currency))


def _expenses(campaign: Campaign, month: date) -> QuerySet[Expense]:
    return Expense.objects.filter(campaign=campaign, month=month).order_by("-amount_minor", "pk")


def _end(month: date) -> datetime:
    return month_start(next_month(month), zone_of(month))
