"""Matching gifts: what sponsors promised, and what of it is called for and here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from masthead.core.money import Money
from masthead.funding import conf
from masthead.funding.models import Entry, Match
from masthead.funding.rules.ledger import campaign_account, scoped
from masthead.funding.rules.matching import Matched, matched
from masthead.funding.rules.periods import DATES, Period

_OF_SPONSORS = ("journal__gift__match", "journal__about__gift__match", "journal__reverses__gift__match")


@dataclass(frozen=True)
class MatchStanding:
    """One promise as it stands now."""

    public_id: str
    campaign: str
    sponsor: str
    first: date
    last: date
    has_begun: bool
    is_over: bool
    figures: Matched


def matches_of(slug: str, now: datetime) -> list[MatchStanding]:
    """Return the promises to a campaign that stand, the newest first. Two queries each, and one."""
    rows = Match.objects.filter(campaign__slug=slug, withdrawn_at=None).select_related("campaign")
    return [_standing(row, now) for row in rows.order_by("-starts_on", "-pk")]


def all_matches() -> QuerySet[Match]:
    """Return every promise that stands, for staff."""
    return Match.objects.filter(withdrawn_at=None).select_related("campaign").order_by("-starts_on", "-pk")


def match_by_id(public_id: str) -> Match | None:
    """Return a promise that stands."""
    return all_matches().filter(public_id=public_id).first()


def _standing(row: Match, now: datetime) -> MatchStanding:
    period = Period(DATES, ZoneInfo(row.zone), row.starts_on, row.ends_on)
    return MatchStanding(
        public_id=row.public_id,
        campaign=row.campaign.slug,
        sponsor=row.sponsor,
        first=row.starts_on,
        last=row.ends_on,
        has_begun=period.has_begun(now),
        is_over=not period.days_left(now),
        figures=matched(cap=row.cap, given=_given(row, period), arrived=_arrived(row)),
    )


def _given(row: Match, period: Period) -> Money:
    """Return what readers gave on these days, less what went back of it whenever: no sponsor's money calls for more."""
    readers = Q(**{f"{name}__isnull": True for name in _OF_SPONSORS})
    counted_at = Coalesce("journal__reverses__value_at", "journal__about__value_at", "journal__value_at")
    entries = _income(row).filter(readers).alias(counted_at=counted_at)
    return _sum(row, entries.filter(counted_at__gte=period.starts_at, counted_at__lt=period.ends_at))


def _arrived(row: Match) -> Money:
    """Return what the sponsor's gifts come to, less what went back of them."""
    own = Q()
    for name in _OF_SPONSORS:
        own |= Q(**{name: row.pk})
    return _sum(row, _income(row).filter(own))


def _income(row: Match) -> QuerySet[Entry]:
    account = scoped(campaign_account(row.campaign.slug), is_live=conf.is_live())
    return Entry.objects.filter(account__code=account, currency=row.campaign.currency)


def _sum(row: Match, entries: QuerySet[Entry]) -> Money:
    return Money(-entries.aggregate(sum=Sum("amount_minor", default=0))["sum"], row.campaign.currency)
