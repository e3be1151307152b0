"""What happens: one use case per file."""

from masthead.funding.services.attention import write_of_differences, write_of_payment, write_of_reading
from masthead.funding.services.campaigns import put_campaign, set_goal
from masthead.funding.services.catch_up import catch_up, catch_up_with_all
from masthead.funding.services.check_books import check_books
from masthead.funding.services.corrections import post_difference, set_difference_aside
from masthead.funding.services.expenses import delete_expense, put_expense
from masthead.funding.services.gifts import record_gift, reverse_gift
from masthead.funding.services.held import set_aside, try_again, try_held_again
from masthead.funding.services.imported import bring_in_gift
from masthead.funding.services.matches import promise_match, record_sponsor_gift, withdraw_match
from masthead.funding.services.notifications import hear_provider, take_notification
from masthead.funding.services.one_person import merge_donors, part_donor, write_note
from masthead.funding.services.open_checkout import open_checkout
from masthead.funding.services.pledge_letter import send_pledge_letter
from masthead.funding.services.pledges import close_pledge, fulfil_pledge, note_pledge
from masthead.funding.services.reconcile import reconcile, reconcile_with_all
from masthead.funding.services.recovery_letters import send_recovery_mail
from masthead.funding.services.recurring import agree_on, settle_recurring
from masthead.funding.services.refresh import NotSettledYet, refresh
from masthead.funding.services.refunds import ask_refund, on_its_way_back, refundable, send_asked_refunds, send_refund
from masthead.funding.services.renewals import ask_for_due_mails
from masthead.funding.services.seals import close_due_months, close_month
from masthead.funding.services.send_back import send_back
from masthead.funding.services.settle_payment import settle_payment
from masthead.funding.services.slips import MOST_BYTES as SLIP_BYTES
from masthead.funding.services.slips import record_gift_with_slip
from masthead.funding.services.supporters import (
    choose_badge,
    follow_gift,
    follow_repeated_gift,
    turn_due_badges,
    withdraw_wish,
)
from masthead.funding.services.wall import hide_name

__all__ = [
    "SLIP_BYTES",
    "NotSettledYet",
    "agree_on",
    "ask_for_due_mails",
    "ask_refund",
    "bring_in_gift",
    "catch_up",
    "catch_up_with_all",
    "check_books",
    "choose_badge",
    "close_due_months",
    "close_month",
    "close_pledge",
    "delete_expense",
    "follow_gift",
    "follow_repeated_gift",
    "fulfil_pledge",
    "hear_provider",
    "hide_name",
    "merge_donors",
    "note_pledge",
    "on_its_way_back",
    "open_checkout",
    "part_donor",
    "post_difference",
    "promise_match",
    "put_campaign",
    "put_expense",
    "reconcile",
    "reconcile_with_all",
    "record_gift",
    "record_gift_with_slip",
    "record_sponsor_gift",
    "refresh",
    "refundable",
    "reverse_gift",
    "send_asked_refunds",
    "send_back",
    "send_pledge_letter",
    "send_recovery_mail",
    "send_refund",
    "set_aside",
    "set_difference_aside",
    "set_goal",
    "settle_payment",
    "settle_recurring",
    "take_notification",
    "try_again",
    "try_held_again",
    "turn_due_badges",
    "withdraw_match",
    "withdraw_wish",
    "write_note",
    "write_of_differences",
    "write_of_payment",
    "write_of_reading",
]
