"""What happens: one use case per file."""

from masthead.funding.services.campaigns import put_campaign, set_goal
from masthead.funding.services.gifts import record_gift, reverse_gift
from masthead.funding.services.imported import bring_in_gift
from masthead.funding.services.pledge_letter import send_pledge_letter
from masthead.funding.services.pledges import close_pledge, fulfil_pledge, note_pledge

__all__ = [
    "bring_in_gift",
    "close_pledge",
    "fulfil_pledge",
    "note_pledge",
    "put_campaign",
    "record_gift",
    "reverse_gift",
    "send_pledge_letter",
    "set_goal",
]
