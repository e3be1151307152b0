"""A month's account in the words of a page, and for machines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from masthead.core.display import amount
from masthead.core.money import Money
from masthead.funding.presenters import day_text
from masthead.funding.rules.periods import DATES, NET, OPEN, YEAR
from masthead.funding.selectors.campaigns import Goal
from masthead.funding.selectors.working import MonthAccount

CSV_COLUMNS = (
    "month",
    "campaign",
    "currency",
    "gifts",
    "given",
    "repeated_gifts",
    "repeated",
    "refunds",
    "refunded",
    "disputes",
    "disputed",
    "reversals",
    "reversed",
    "other",
    "raised",
    "cover",
    "fees",
    "dispute_costs",
    "exchange",
    "after_fees",
    "goal",
    "percent",
    "as_of",
)


@dataclass(frozen=True)
class Row:
    """One figure with the rule by which it is counted."""

    label: str
    count: str
    amount: str
    rule: str
    is_sum: bool = False


def of_account(found: MonthAccount) -> dict[str, Any]:
    """Return an account for the page: what came, what went back, what it cost, each with its rule."""
    rows = [*_came(found), *_went(found), *_cost(found)]
    goals = [(goal_words(goal), goal.since) for goal in found.goals]
    return {"account": found, "rows": rows, "goals": goals, "counts": counts_words(found.counts)}


def counts_words(counts: str) -> str:
    """Say what is held against a goal (rule M7)."""
    if counts == NET:
        return _("Counted after fees: what processors kept is taken off, as far as givers did not pay it on top.")
    return _("Counted before fees: what givers gave, less what went back to them.")


def goal_words(goal: Goal) -> str:
    """Write a goal with the time over which it counts."""
    terms, facts = goal.terms, {"goal": amount(goal.amount)}
    if terms.period == YEAR:
        return _("%(goal)s each year") % facts
    if terms.period == DATES:
        days = {"first": day_text(terms.starts_on), "last": day_text(terms.ends_on)}
        return _("%(goal)s from %(first)s to %(last)s") % {**facts, **days}
    return (_("%(goal)s in all, without end") if terms.period == OPEN else _("%(goal)s each month")) % facts


def of_changes(text: str) -> list[str]:
    """Return the lines of a text of changes that tell of money."""
    return [line for line in text.splitlines() if line.startswith("entry ")]


def csv_row(found: MonthAccount) -> list[str | int]:
    """Return one month of one campaign in the order of ``CSV_COLUMNS``; no field is free text."""
    counted = [found.gifts, found.repeated, found.refunds, found.disputes, found.reversals]
    sums = [found.other, found.raised, found.cover, found.fees, found.dispute_costs, found.exchange]
    return [
        found.month.isoformat()[:7],
        found.campaign,
        found.raised.currency,
        *(field for line in counted for field in (line.count, line.amount.plain)),
        *(money.plain for money in [*sums, found.after_fees, found.goal]),
        found.percent,
        found.as_of.isoformat(),
    ]


def _came(found: MonthAccount) -> list[Row]:
    rows = [
        Row(
            _("Gifts"),
            str(found.gifts.count),
            amount(found.gifts.amount),
            _("Counted in the month in which the money reached us, whenever it was written down."),
        ),
        Row(
            _("of which repeated gifts"),
            str(found.repeated.count),
            amount(found.repeated.amount),
            _("From people who give every month or every year. Contained in the line above."),
        ),
    ]
    if found.pending is not None:
        rows.append(
            Row(
                _("On its way"),
                str(found.pending.count),
                amount(found.pending.amount),
                _("Taken on by a bank or processor and not here yet. It counts nothing until it is."),
            )
        )
    return rows


def _went(found: MonthAccount) -> list[Row]:
    lowers = _("Lowers the month its gift was counted in, not the month in which it went back.")
    rows = [
        Row(_("Refunded"), str(found.refunds.count), amount(-found.refunds.amount), lowers),
        Row(
            _("Withdrawn by disputes"),
            str(found.disputes.count),
            amount(-found.disputes.amount),
            _("A giver’s bank took it back. What it gives again afterwards is set against it."),
        ),
        Row(
            _("Taken back by us"),
            str(found.reversals.count),
            amount(-found.reversals.amount),
            _("Recorded by mistake or returned by the bank: a second booking that names the first."),
        ),
    ]
    if found.other.amount_minor:
        rows.append(
            Row(
                _("Other"),
                "",
                amount(found.other),
                _("The part of refunds that was cover of the fee and no gift, and corrections."),
            )
        )
    return [
        *rows,
        Row(_("Raised"), "", amount(found.raised), _("What is left of the gifts, before fees."), is_sum=True),
    ]


def _cost(found: MonthAccount) -> list[Row]:
    zero = Money.zero(found.raised.currency)
    return [
        Row(
            _("Fees and other costs of payment"),
            "",
            amount(zero - found.costs),
            _("As the processors told us, with what disputes and exchange cost."),
        ),
        Row(
            _("Cover of fees"),
            "",
            amount(found.cover),
            _("Added by givers so that the fee is paid. It is no part of what was raised and never counts as extra."),
        ),
        Row(
            _("Left after fees"),
            "",
            amount(found.after_fees),
            _("Raised, less the costs that no cover paid."),
            is_sum=True,
        ),
    ]
