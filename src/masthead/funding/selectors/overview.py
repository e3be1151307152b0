"""Where the campaigns stand, what is promised to them and what is known to come: for staff."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from masthead.funding.selectors.campaigns import shown_campaigns
from masthead.funding.selectors.meter import Meter, meter, meter_of_campaign
from masthead.funding.selectors.promised import Promised, promised


@dataclass(frozen=True)
class CampaignNow:
    """A campaign's meter, and what is promised to it."""

    meter: Meter
    promised: Promised


def campaigns_now(now: datetime) -> list[CampaignNow]:
    """Return where each campaign with a goal stands: the active one first. Three queries each and two more."""
    main = meter(now)
    found = [main] if main else []
    for campaign in shown_campaigns():
        other = None if main and campaign.slug == main.campaign else meter_of_campaign(campaign.slug, now)
        if other is not None:
            found.append(other)
    return [CampaignNow(each, promised(each)) for each in found]
