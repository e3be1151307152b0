"""Write to who pledged: where the money goes, with which reference, how much and how often."""

from __future__ import annotations

from django.urls import reverse

from masthead.core import mail
from masthead.core.clock import now
from masthead.core.display import amount
from masthead.core.http import absolute_url
from masthead.funding import conf
from masthead.funding.events import PledgeNoted
from masthead.funding.models import Pledge
from masthead.funding.models.gift import Method
from masthead.funding.rules.reference import spaced
from masthead.outbox.mail import send


def send_pledge_letter(event: PledgeNoted, event_id: str) -> None:
    """Send one mail per bank transfer that has an address, while staff expect its money and an account is set.

    The address was typed by whoever pledged and is not proven, so nothing else he typed stands in the mail. Heard
    again after it was sent, nothing is sent; a worker that dies between the two repeats the same ``Message-ID``.
    Raises what :func:`masthead.outbox.mail.send` raises.
    """
    pledge = Pledge.objects.filter(
        public_id=event.pledge_id, written_to_at=None, closed_at=None, method=Method.BANK_TRANSFER
    ).first()
    bank = conf.bank()
    if pledge is None or not pledge.email or not bank["iban"]:
        return
    values = {
        "amount": amount(pledge.amount),
        "is_monthly": pledge.every == Pledge.Every.MONTH,
        "is_yearly": pledge.every == Pledge.Every.YEAR,
        "reference": spaced(pledge.reference),
        "bank": bank,
        "page_url": absolute_url(reverse("funding:thanks", args=[pledge.reference])),
    }
    headers = {"Message-ID": f"<{event_id}@{mail.host()}>", "Auto-Submitted": "auto-generated"}
    send(mail.compose("funding/mail/pledge", values, to=pledge.email, headers=headers), name=event_id)
    Pledge.objects.filter(pk=pledge.pk).update(written_to_at=now())
