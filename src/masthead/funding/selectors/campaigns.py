"""Campaigns and their goals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from masthead.core.money import Money
from masthead.funding.errors import NoCampaign
from masthead.funding.models import Campaign


@dataclass(frozen=True)
class Goal:
    """What was asked for each month from an instant on."""

    amount: Money
    since: datetime


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
    return [
        Goal(Money(row.amount_minor, campaign.currency), row.since) for row in campaign.goals.order_by("-since", "-id")
    ]
