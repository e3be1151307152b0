"""Write to givers whose payment failed: kindly, three times at most, and never after it is settled."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.conf import settings
from django.utils import translation

from masthead.core import mail
from masthead.core.clock import now
from masthead.core.display import amount
from masthead.funding import conf
from masthead.funding.events import RecoveryMailAsked
from masthead.funding.models import Donor, RecoveryMail, Recurring, RenewalFailure
from masthead.funding.rules.recovery import Step
from masthead.funding.services.care.letters import care_url_of
from masthead.outbox.mail import send


def send_recovery_mail(event: RecoveryMailAsked, event_id: str) -> None:
    """Send one mail about a failed payment, once, in the giver's language.

    It is left out when by now the payment is made, or the gift is paused or has ended; when the giver's bank disputes
    a payment of it; when the giver has no address, for instance because his data is deleted; and when the site sends
    no such mails any more. Heard again after it was sent, nothing is sent; a worker that dies between the two repeats
    the same ``Message-ID``. Raises what :func:`masthead.outbox.mail.send` raises.
    """
    waiting = RecoveryMail.objects.select_related(
        "failure__recurring__pledge", "failure__recurring__donor__merged_into"
    )
    row = waiting.filter(failure__public_id=event.failure_id, step=event.step, sent_at=None, left_out_at=None).first()
    if row is None:
        return
    giver = _giver(row.failure.recurring)
    if giver is None or not _has_reason(row.failure):
        RecoveryMail.objects.filter(pk=row.pk).update(left_out_at=now())
        return
    _write(row, giver)
    RecoveryMail.objects.filter(pk=row.pk).update(sent_at=now())


def _giver(recurring: Recurring) -> Donor | None:
    """Return who gives, as far as he can be written to."""
    donor = recurring.donor.as_now() if recurring.donor else None
    return donor if donor is not None and donor.email else None


def _has_reason(failure: RenewalFailure) -> bool:
    recurring = failure.recurring
    is_owed = failure.over_at is None and not failure.is_quiet and recurring.status == Recurring.Status.PAST_DUE
    is_ours = conf.recovery_mails() and recurring.is_live == conf.is_live()
    return is_owed and is_ours and not recurring.payments.filter(has_open_dispute=True).exists()


def _write(row: RecoveryMail, giver: Donor) -> None:
    failure, recurring = row.failure, row.failure.recurring
    language = recurring.pledge.language or settings.LANGUAGE_CODE
    newsroom = conf.newsroom_address()
    # The name of the mail is that of its row, whichever event asks for it.
    name = f"{failure.public_id}-{row.step}"
    headers = {"Message-ID": f"<{name}@{mail.host()}>", "Auto-Submitted": "auto-generated"}
    if newsroom:
        headers["Reply-To"] = newsroom
    with translation.override(language):
        values: dict[str, Any] = {
            "site": replace(settings.MASTHEAD.site, language=translation.get_language()),
            "is_first": row.step == Step.FIRST,
            "is_last": row.step == Step.LAST,
            "amount": amount(failure.amount),
            "due_at": failure.due_at.astimezone(conf.zone()),
            "card": recurring.card,
            "retry_at": _to_come(recurring),
            "care_url": care_url_of(giver),
            "may_answer": bool(newsroom),
            "is_rehearsal": not recurring.is_live,
        }
        letter = mail.compose("funding/mail/recovery", values, to=giver.email, headers=headers)
    send(letter, name=name)


def _to_come(recurring: Recurring) -> Any:
    """Return when the payment is tried again, if that is known and still to come."""
    retry_at = recurring.retry_at
    return retry_at.astimezone(conf.zone()) if retry_at and retry_at > now() else None
