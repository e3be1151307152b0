"""Facts that funding tells. Amounts in minor units, instants and months in ISO 8601; nobody's name or address."""

from __future__ import annotations

from dataclasses import dataclass

from masthead.core.events import event


@event("funding.gift-recorded")
@dataclass(frozen=True)
class GiftRecorded:
    """Money arrived and is booked."""

    gift_id: str
    campaign: str
    amount_minor: int
    currency: str
    received_at: str
    month: str


@event("funding.gift-reversed")
@dataclass(frozen=True)
class GiftReversed:
    """A gift was taken back; ``month`` is the month of the gift, which the meter lowers."""

    gift_id: str
    campaign: str
    amount_minor: int
    currency: str
    month: str


@event("funding.pledge-noted")
@dataclass(frozen=True)
class PledgeNoted:
    """Somebody means to give. No money has moved."""

    pledge_id: str
    reference: str
    campaign: str
    amount_minor: int
    currency: str
    every: str


@event("funding.goal-changed")
@dataclass(frozen=True)
class GoalChanged:
    """A campaign's monthly goal is another one from ``since`` on."""

    campaign: str
    goal_minor: int
    currency: str
    since: str


@event("funding.campaign-changed")
@dataclass(frozen=True)
class CampaignChanged:
    """A campaign has another name, or was opened or closed."""

    campaign: str
