"""Work by the clock: one line per chore."""

from __future__ import annotations

from masthead.accounts import services as accounts
from masthead.discussion import services as discussion
from masthead.funding import services as funding
from masthead.funding.services import bank
from masthead.hooks import services as hooks
from masthead.notifications import services as notifications
from masthead.outbox import services as outbox
from masthead.outbox.chores import every
from masthead.publishing import services as publishing

MINUTE = 60
DAY = 24 * 60 * 60


def connect() -> None:
    """Bind all chores."""
    every(MINUTE, "publishing.publish_due", publishing.publish_due)
    every(MINUTE // 2, "discussion.erase_deleted", discussion.erase_deleted)
    every(DAY, "discussion.forget_lost_pictures", discussion.forget_lost_pictures)
    every(DAY, "outbox.prune", outbox.prune)
    every(DAY, "accounts.forget_old_links", accounts.forget_old_links)
    every(60 * MINUTE, "accounts.forget_old_answers", accounts.forget_old_answers)
    every(DAY, "discussion.forget_unconfirmed", discussion.forget_unconfirmed)
    every(5 * MINUTE, "funding.catch_up", funding.catch_up_with_all)
    every(5 * MINUTE, "funding.try_held_again", funding.try_held_again)
    every(DAY, "funding.check_books", funding.check_books)
    every(DAY, "funding.reconcile", funding.reconcile_with_all)
    every(15 * MINUTE, "funding.send_asked_refunds", funding.send_asked_refunds)
    every(60 * MINUTE, "funding.ask_for_recovery_mails", funding.ask_for_due_mails)
    every(DAY, "funding.forget_old_uploads", bank.forget_old_uploads)
    every(DAY, "funding.turn_due_badges", funding.turn_due_badges)
    every(60 * MINUTE, "funding.close_due_months", funding.close_due_months)
    every(DAY, "notifications.forget_old", notifications.forget_old)
    every(DAY, "hooks.forget_old", hooks.forget_old)
