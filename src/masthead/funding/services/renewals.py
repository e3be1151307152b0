"""Payments of repeated gifts that failed: when that began and ended, and when their givers are written to about it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from masthead.core.clock import now
from masthead.funding import conf
from masthead.funding.events import RecoveryMailAsked
from masthead.funding.models import RecoveryMail, Recurring, RenewalFailure
from masthead.funding.rules.recovery import due_mail, last_due
from masthead.outbox.services import record


def note_renewal(recurring: Recurring, *, next_before: datetime | None, at: datetime) -> None:
    """Note that a payment failed, or that nothing is owed any more, as the gift stands ``at`` an instant.

    However often a failure is told, it is one; a later refusal of the same payment is no other. One that was over and
    fails again for the same date is the same one, so its giver reads no mail a second time. Runs in the caller's
    transaction, with the gift's row locked.
    """
    if recurring.status == Recurring.Status.PAST_DUE:
        _begin(recurring, next_before=next_before, at=at)
    else:
        recurring.failures.filter(over_at=None).update(over_at=at, became=recurring.status)


def ask_for_due_mails() -> None:
    """Let every mail be written that has become due. A chore: cut anywhere and run again, each is asked for once."""
    waiting = RenewalFailure.objects.filter(over_at=None, is_quiet=False, recurring__is_live=conf.is_live())
    for failure in waiting.select_related("recurring").order_by("pk"):
        ask_for_mail(failure)


def ask_for_mail(failure: RenewalFailure) -> bool:
    """Let the mail be written that is due, if one is; tell whether. Records ``RecoveryMailAsked``.

    The next one waits until the one before it was sent or left out. Nothing where the site sends no such mails, and
    nothing in the other mode than the money's (rule L7).
    """
    if not conf.recovery_mails() or failure.recurring.is_live != conf.is_live():
        return False
    with transaction.atomic():
        row = RenewalFailure.objects.select_for_update().get(pk=failure.pk)
        before = list(failure.mails.order_by("pk"))
        done = [at for mail in before if (at := mail.sent_at or mail.left_out_at)]
        step = due_mail(failure.known_at, done, now()) if len(done) == len(before) and not row.is_quiet else None
        if step is None:
            return False
        RecoveryMail.objects.create(failure=failure, step=step)
        record(RecoveryMailAsked(failure_id=failure.public_id, step=step))
    return True


def _begin(recurring: Recurring, *, next_before: datetime | None, at: datetime) -> None:
    if recurring.failures.filter(over_at=None).exists():
        return
    due_at = last_due(next_before or recurring.next_at, recurring.every, at)
    failure, is_new = RenewalFailure.objects.get_or_create(
        recurring=recurring,
        due_at=due_at,
        defaults={"amount_minor": recurring.amount_minor, "currency": recurring.currency, "known_at": at},
    )
    if not is_new:
        failure.over_at, failure.became = None, ""
        failure.save(update_fields=["over_at", "became"])
    ask_for_mail(failure)
