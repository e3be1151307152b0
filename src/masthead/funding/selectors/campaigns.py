"""Campaigns and their goals."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q

from masthead.core.money import Money
from masthead.funding.campaign_errors import NoCampaign
from masthead.funding.models import Campaign, CampaignGoal
from masthead.funding.rules.periods import Terms
from masthead.funding.rules.progress import suggested

_SHOWN = Q(is_active=True) | Q(is_beside=True)


@dataclass(frozen=True)
class Goal:
    """What was asked for from an instant on, and over which time."""

    amount: Money
    since: datetime
    terms: Terms = field(default_factory=Terms)


def active_campaign() -> Campaign | None:
    """Return the campaign that the site shows."""
    return Campaign.objects.filter(is_active=True).first()


def open_campaign() -> Campaign:
    """Return the campaign that the site shows. Refuses when there is none (``funding.no_campaign``)."""
    campaign = active_campaign()
    if campaign is None:
        raise NoCampaign()
    return campaign


def shown_campaigns() -> list[Campaign]:
    """Return the campaigns that readers can give to, the active one first."""
    return list(Campaign.objects.filter(_SHOWN).order_by("-is_active", "slug"))


def shown_campaign(slug: str) -> Campaign:
    """Return a campaign that readers can give to. Refuses any other (``funding.no_campaign``)."""
    campaign = Campaign.objects.filter(_SHOWN, slug=slug).first()
    if campaign is None:
        raise NoCampaign()
    return campaign


def all_campaigns() -> list[Campaign]:
    """Return every campaign for staff: the active one, those beside it, then the closed ones."""
    return list(Campaign.objects.order_by("-is_active", "-is_beside", "slug"))


def amounts_of(campaign: Campaign) -> list[Money]:
    """Return the amounts that a campaign offers, from small to large."""
    own = [Money(minor, campaign.currency) for minor in campaign.amounts_minor]
    return own or suggested(campaign.currency)


def goal_history(campaign: Campaign) -> list[Goal]:
    """Return all goals of a campaign, the latest first."""
    return [goal_of(row, campaign.currency) for row in campaign.goals.order_by("-since", "-id")]


def goal_of(row: CampaignGoal, currency: str) -> Goal:
    """Return a goal as plain values."""
    return Goal(Money(row.amount_minor, currency), row.since, row.terms)
