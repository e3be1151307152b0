"""Mails to givers: the link to their gifts, the year's list; and one to the newsroom at a dispute."""

from __future__ import annotations

import secrets
from typing import Any

from django.db import transaction

from masthead.core import mail
from masthead.core.clock import now
from masthead.core.display import amount
from masthead.funding import conf
from masthead.funding.events import CareLetterAsked, DisputeOpened
from masthead.funding.links import care_url
from masthead.funding.models import Donor, Payment, Recurring
from masthead.funding.ports import ProviderRefused
from masthead.funding.rules.receipts import sums
from masthead.funding.selectors.care import Given, given_by, running_gifts
from masthead.funding.services.care.repeated import pause_gift
from masthead.outbox.mail import send
from masthead.outbox.services import record


def care_url_of(donor: Donor) -> str:
    """Return the care link of a giver, who gets a key if he has none yet."""
    with transaction.atomic():
        row = Donor.objects.select_for_update().get(pk=donor.pk)
        if not row.care_key:
            row.care_key = secrets.token_hex(16)
            row.save(update_fields=["care_key"])
    return care_url(row)


def revoke_care_links(*, donor: Donor) -> None:
    """Make all care links of a giver void; the next mail has a new one."""
    Donor.objects.filter(pk=donor.pk).update(care_key=secrets.token_hex(16))


def ask_for_letter(*, donor: Donor, what: str) -> None:
    """Let a giver be written to: ``link`` or ``list``. Records ``CareLetterAsked``; the worker writes."""
    with transaction.atomic():
        record(CareLetterAsked(donor_id=donor.public_id, what=what))


def send_care_letter(event: CareLetterAsked, event_id: str) -> None:
    """Send a giver his link, or with it the list of what he gave this year."""
    donor = Donor.objects.filter(public_id=event.donor_id, merged_into=None).first()
    if donor is None or not donor.email:
        return
    values: dict[str, Any] = {"care_url": care_url_of(donor), "is_rehearsal": not conf.is_live()}
    if event.what == "list":
        year = now().astimezone(conf.zone()).year
        given = given_by(donor, year=year)
        values |= {"year": year, "rows": [_row(each) for each in given], "sums": _sums(given)}
        _write("funding/mail/gift_list", values, to=donor.email, event_id=event_id)
        return
    values["running"] = [(amount(each.amount), each.every) for each in running_gifts(donor)]
    _write("funding/mail/care_link", values, to=donor.email, event_id=event_id)


def stop_at_dispute(event: DisputeOpened, event_id: str) -> None:
    """Pause the repeated gift of a disputed payment and write to the newsroom once (rule D3)."""
    payment = Payment.objects.select_related("recurring").filter(public_id=event.payment_id).first()
    if payment is None:
        return
    recurring, is_paused = payment.recurring, False
    if recurring is not None and recurring.status not in {Recurring.Status.ENDED, Recurring.Status.PAUSED}:
        try:
            pause_gift(recurring=recurring, months=None)
            is_paused = True
        except ProviderRefused:
            is_paused = False
    address = conf.newsroom_address()
    if address:
        values = {"payment": payment.external_id, "provider": payment.provider, "is_paused": is_paused}
        values |= {"dispute": event.dispute, "is_rehearsal": not payment.is_live}
        _write("funding/mail/dispute", values, to=address, event_id=event_id)


def _write(folder: str, values: dict[str, Any], *, to: str, event_id: str) -> None:
    headers = {"Message-ID": f"<{event_id}@{mail.host()}>", "Auto-Submitted": "auto-generated"}
    send(mail.compose(folder, values, to=to, headers=headers), name=event_id)


def _row(given: Given) -> dict[str, Any]:
    day = given.received_at.astimezone(conf.zone()).date()
    return {"day": day, "amount": amount(given.paid), "is_returned": given.is_returned}


def _sums(given: list[Given]) -> list[str]:
    """Return the sum in each currency; nothing is left of what was sent back."""
    return [amount(total) for total in sums(each.paid for each in given)]
