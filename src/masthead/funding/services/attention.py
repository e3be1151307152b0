"""Write to the newsroom when money needs a person: one mail for each thing."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from masthead.core import mail
from masthead.core.http import absolute_url
from masthead.funding import conf
from masthead.funding.events import BooksDiffer, PaymentNeedsAPerson, ReadingNeedsAPerson
from masthead.funding.models import Difference, Held, Payment, Reconciliation
from masthead.funding.selectors import reconciled
from masthead.funding.selectors.held import reason_words
from masthead.outbox.mail import send

_MOST_TOLD = 20


def write_of_payment(event: PaymentNeedsAPerson, event_id: str) -> None:
    """Tell of a payment that does not fit what was agreed, while that is so."""
    payment = Payment.objects.filter(public_id=event.payment_id).exclude(problem="").first()
    if payment is not None:
        _write(payment.provider, payment.external_id, payment.problem, is_live=payment.is_live, event_id=event_id)


def write_of_reading(event: ReadingNeedsAPerson, event_id: str) -> None:
    """Tell of something that could not be read or settled, while that is so."""
    waiting = Held.objects.filter(provider=event.provider, kind=event.kind, external_id=event.external_id)
    row = waiting.filter(state=Held.State.PERSON).first()
    if row is not None:
        _write(row.provider, row.external_id, row.reason, is_live=row.is_live, event_id=event_id)


def write_of_differences(event: BooksDiffer, event_id: str) -> None:
    """Tell in sentences what a comparison found, while any of it waits."""
    run = Reconciliation.objects.filter(pk=event.reconciliation).first()
    if run is None:
        return
    waiting = Difference.objects.filter(provider=run.provider, is_live=run.is_live, state=Difference.State.OPEN)
    told = [reconciled.sentence(row) for row in waiting.order_by("at", "pk")[:_MOST_TOLD]]
    if told:
        values: dict[str, Any] = {"sentences": [*reconciled.said(run), *told], "is_rehearsal": not run.is_live}
        _send("differs", {**values, "url": absolute_url(reverse("funding_staff:reconciliation"))}, event_id)


def _write(provider: str, external_id: str, reason: str, *, is_live: bool, event_id: str) -> None:
    values: dict[str, Any] = {"provider": provider, "payment": external_id, "reason": reason_words(reason)}
    values |= {"url": absolute_url(reverse("funding_staff:held")), "is_rehearsal": not is_live}
    _send("held", values, event_id)


def _send(folder: str, values: dict[str, Any], event_id: str) -> None:
    """Write where an address is set; a worker that dies before its mark repeats the same ``Message-ID``."""
    address = conf.newsroom_address()
    if not address:
        return
    headers = {"Message-ID": f"<{event_id}@{mail.host()}>", "Auto-Submitted": "auto-generated"}
    send(mail.compose(f"funding/mail/{folder}", values, to=address, headers=headers), name=event_id)
