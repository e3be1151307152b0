"""Campaigns and their goals."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from masthead.core.money import Money
from masthead.funding.errors import NoCampaign
from masthead.funding.models import Campaign, CampaignGoal
from masthead.funding.rules.periods import Terms


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


def goal_history(campaign: Campaign) -> list[Goal]:
    """Return all goals of a campaign, the latest first."""
    return [goal_of(row, campaign.currency) for row in campaign.goals.order_by("-since", "-id")]


def goal_of(row: CampaignGoal, currency: str) -> Goal:
    """Return a goal as plain values."""
    return Goal(Money(row.amount_minor, currency), row.since, row.terms)
