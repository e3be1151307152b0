"""What a giver does with his own gifts, through the link in his mails."""

from masthead.funding.services.care.data import forget_giver, show_name
from masthead.funding.services.care.letters import (
    ask_for_letter,
    care_url_of,
    revoke_care_links,
    send_care_letter,
    stop_at_dispute,
)
from masthead.funding.services.care.repeated import (
    card_page,
    change_amount,
    end_gift,
    pause_gift,
    resume_gift,
    skip_next,
)

__all__ = [
    "ask_for_letter",
    "card_page",
    "care_url_of",
    "change_amount",
    "end_gift",
    "forget_giver",
    "pause_gift",
    "resume_gift",
    "revoke_care_links",
    "send_care_letter",
    "show_name",
    "skip_next",
    "stop_at_dispute",
]
