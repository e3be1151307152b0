"""What is shown: every figure is a fresh sum of the books."""

from masthead.funding.selectors.campaigns import (
    Goal,
    active_campaign,
    all_campaigns,
    amounts_of,
    goal_history,
    open_campaign,
    shown_campaign,
    shown_campaigns,
)
from masthead.funding.selectors.doctor import ledger_problems
from masthead.funding.selectors.gifts import (
    GiftRow,
    PledgeRow,
    gift_for_staff,
    gift_page,
    gift_row,
    gift_rows,
    pledge_for_staff,
    pledge_page,
    pledge_rows,
)
from masthead.funding.selectors.imported import booked_before, campaign_by_slug
from masthead.funding.selectors.meter import Meter, MonthFigures, meter, meter_of_campaign, months, standings
from masthead.funding.selectors.pledges import pledge_by_reference
from masthead.funding.selectors.progress import PAYABLE, Stage, last_checkout, recurring_of, stage_of
from masthead.funding.selectors.promised import Promised, promised
from masthead.funding.selectors.seals import SealCheck, check_seals, seal_problems
from masthead.funding.selectors.supporters import supporters
from masthead.funding.selectors.working import MonthAccount, accounts_of_month, shown_months

__all__ = [
    "PAYABLE",
    "GiftRow",
    "Goal",
    "Meter",
    "MonthAccount",
    "MonthFigures",
    "PledgeRow",
    "Promised",
    "SealCheck",
    "Stage",
    "accounts_of_month",
    "active_campaign",
    "all_campaigns",
    "amounts_of",
    "booked_before",
    "campaign_by_slug",
    "check_seals",
    "gift_for_staff",
    "gift_page",
    "gift_row",
    "gift_rows",
    "goal_history",
    "last_checkout",
    "ledger_problems",
    "meter",
    "meter_of_campaign",
    "months",
    "open_campaign",
    "pledge_by_reference",
    "pledge_for_staff",
    "pledge_page",
    "pledge_rows",
    "promised",
    "recurring_of",
    "seal_problems",
    "shown_campaign",
    "shown_campaigns",
    "shown_months",
    "stage_of",
    "standings",
    "supporters",
]
