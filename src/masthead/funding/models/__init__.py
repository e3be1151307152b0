"""The tables of funding."""

from masthead.funding.models.campaign import Campaign, CampaignGoal
from masthead.funding.models.gift import Gift, Pledge
from masthead.funding.models.ledger import Account, Entry, Journal

__all__ = ["Account", "Campaign", "CampaignGoal", "Entry", "Gift", "Journal", "Pledge"]
