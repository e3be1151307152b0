"""Open campaigns and set what they ask for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from masthead.core.clock import now
from masthead.core.money import Money
from masthead.funding import conf
from masthead.funding.campaign_errors import (
    DaysMissing,
    DaysReversed,
    DaysTooFar,
    DaysUnasked,
    GoalNegative,
    NameTaken,
    TitleMissing,
)
from masthead.funding.errors import AmountNotPositive, CurrencyDiffers
from masthead.funding.events import CampaignChanged, GoalChanged
from masthead.funding.models import Campaign, CampaignGoal
from masthead.funding.rules.periods import DATES, MONTH, YEAR, Terms
from masthead.funding.services.audit import Act, note_act
from masthead.funding.services.post_journal import ensure_accounts
from masthead.outbox.services import record

_EARLIEST, _LATEST = 1900, 2200
# Below /support/ these lead, or may lead one day, to pages that are no campaign's.
RESERVED = frozenset(
    {"care", "feed", "giving", "news", "pay", "receipt", "receipts", "supporter", "thanks", "wall", "working"}
)


def put_campaign(
    *,
    slug: str,
    goal: Money,
    title: str = "",
    active: bool = True,
    beside: bool | None = None,
    text: str | None = None,
    amounts: Sequence[Money] | None = None,
    wall: bool | None = None,
    terms: Terms | None = None,
    recorded_by: int | None = None,
) -> Campaign:
    """Open the campaign ``slug`` with a goal, or bring an existing one to these values.

    An active campaign takes the place of the one before, which is closed unless it also stands ``beside``: then it
    keeps a page of its own. ``text`` and ``amounts`` stand on that page; no amounts are the usual ones. With a ``wall``
    those who agreed are thanked by name. What is None
    stays as it was; a new campaign counts each month, before fees. Without a title it is named after the month or the
    year; over another time it needs one (``funding.title_missing``). Refuses short names that lead to other pages
    (``funding.name_taken``), amounts of zero or less, and what :func:`set_goal` refuses. Records ``CampaignChanged``,
    and ``GoalChanged`` when the goal is new.
    """
    if slug in RESERVED:
        raise NameTaken(name=slug)
    own = {**_own(goal.currency, beside, text, amounts), **({} if wall is None else {"has_wall": wall})}
    with transaction.atomic():
        if active:
            Campaign.objects.exclude(slug=slug).filter(is_active=True).update(is_active=False)
        campaign, _created = Campaign.objects.update_or_create(
            slug=slug,
            defaults={"title": title, "is_active": active, **own},
            create_defaults={
                "title": title,
                "is_active": active,
                **own,
                "currency": goal.currency,
                "created_at": now(),
            },
        )
        record(CampaignChanged(campaign=slug))
        note_act(Act.CAMPAIGN_SET, by=recorded_by, subject=slug, amount=goal)
        ensure_accounts(campaign)
        set_goal(campaign_id=campaign.pk, goal=goal, terms=terms, recorded_by=recorded_by)
    return campaign


def set_goal(*, campaign_id: int, goal: Money, terms: Terms | None = None, recorded_by: int | None = None) -> None:
    """Ask for another amount from now on, or over another time; zero hides the meter.

    The change is kept with its time, and so is what held before. Without ``terms`` they stay as they are; the same goal
    again changes nothing. Days are those of the site's time zone as it is now. Refuses a goal below zero, another
    currency, and days that do not fit (``funding.days_missing``, ``funding.days_reversed``, ``funding.days_too_far``,
    ``funding.days_unasked``).
    Records ``GoalChanged``.
    """
    if goal.amount_minor < 0:
        raise GoalNegative()
    with transaction.atomic():
        campaign = Campaign.objects.select_for_update().get(pk=campaign_id)
        if goal.currency != campaign.currency:
            raise CurrencyDiffers(expected=campaign.currency, given=goal.currency)
        latest = campaign.goals.order_by("-since", "-id").first()
        wanted = terms or (latest.terms if latest else Terms())
        check_terms(wanted, title=campaign.title)
        if latest is not None and (latest.amount_minor, latest.terms) == (goal.amount_minor, wanted):
            return
        since = now()
        CampaignGoal.objects.create(
            campaign=campaign,
            amount_minor=goal.amount_minor,
            period=wanted.period,
            counts=wanted.counts,
            starts_on=wanted.starts_on,
            ends_on=wanted.ends_on,
            zone=conf.zone().key if wanted.period == DATES else "",
            since=since,
            recorded_by=recorded_by,
        )
        record(
            GoalChanged(
                campaign=campaign.slug,
                goal_minor=goal.amount_minor,
                currency=goal.currency,
                since=since.isoformat(),
            )
        )


def _own(
    currency: str, beside: bool | None, text: str | None, amounts: Sequence[Money] | None
) -> dict[str, bool | str | list[int]]:
    """Return what is said of a campaign's page."""
    for each in amounts or ():
        if each.amount_minor <= 0:
            raise AmountNotPositive()
        if each.currency != currency:
            raise CurrencyDiffers(expected=currency, given=each.currency)
    said: dict[str, bool | str | list[int] | None] = {
        "is_beside": beside,
        "text": None if text is None else text.strip(),
        "amounts_minor": None if amounts is None else sorted({each.amount_minor for each in amounts}),
    }
    return {name: value for name, value in said.items() if value is not None}


def check_terms(terms: Terms, *, title: str) -> None:
    """Refuse days that are missing, reversed or unasked, and a campaign that nobody could name."""
    if terms.period not in {MONTH, YEAR} and not title:
        raise TitleMissing()
    if terms.period != DATES:
        if terms.starts_on or terms.ends_on:
            raise DaysUnasked()
    elif terms.starts_on is None or terms.ends_on is None:
        raise DaysMissing()
    else:
        check_days(terms.starts_on, terms.ends_on)


def check_days(first: date, last: date) -> None:
    """Refuse days in the wrong order, and days that no calendar of every zone holds (``funding.days_too_far``)."""
    if last < first:
        raise DaysReversed()
    if first.year < _EARLIEST or last.year > _LATEST:
        raise DaysTooFar(earliest=_EARLIEST, latest=_LATEST)
