"""What is shown: every figure is a fresh sum of the books."""

from masthead.funding.selectors.doctor import ledger_problems
from masthead.funding.selectors.meter import Meter, MonthFigures, active_campaign, meter, months
from masthead.funding.selectors.pledges import pledge_by_reference

__all__ = [
    "Meter",
    "MonthFigures",
    "active_campaign",
    "ledger_problems",
    "meter",
    "months",
    "pledge_by_reference",
]
