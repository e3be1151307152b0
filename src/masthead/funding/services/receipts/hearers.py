"""What is done by itself: thank with a receipt, correct it, send it. Each may be called twice (outbox)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import translation

from masthead.core import mail
from masthead.core.clock import now
from masthead.core.display import amount
from masthead.core.http import absolute_url
from masthead.core.pdf import file_name
from masthead.funding import conf
from masthead.funding.events import GiftChanged, GiftRecorded, GiftReversed, ReceiptAskedAgain, ReceiptIssued
from masthead.funding.links import receipt_path
from masthead.funding.models import Donor, Gift, Receipt, ReceiptHolder
from masthead.funding.selectors.receipts import standing_of
from masthead.funding.services.care.letters import care_url_of
from masthead.funding.services.receipts.document import keep_document, pdf_of_receipt, receipt_values
from masthead.funding.services.receipts.issue import correct_receipt, issue_receipt
from masthead.outbox.mail import send

# Larger ones are linked to and not attached: mail servers refuse letters for less.
MOST_ATTACHED_BYTES = 200_000


def send_thanks(event: GiftRecorded, event_id: str) -> None:
    """Issue the receipt of a gift and thank with it in one mail, once, at the address its giver left.

    The first of a repeated gift and a single one get a letter; a renewal gets one line. All have the care link. Heard
    again after it was sent, nothing is sent; a worker that dies between the two repeats the same ``Message-ID``.
    Money of a rehearsal is thanked for without a receipt; what came over from another system gets neither.
    """
    known = Gift.objects.filter(public_id=event.gift_id, thanked_at=None).first()
    if known is None:
        return
    receipt = issue_receipt(gift=known)
    related = ("journal", "pledge", "donor", "recurring", "payment", "campaign")
    gift = Gift.objects.select_related(*related).get(pk=known.pk)
    if gift.donor is None or not gift.donor.email or (gift.payment is None and receipt is None):
        return
    language = (gift.pledge.language if gift.pledge else "") or settings.LANGUAGE_CODE
    with translation.override(language):
        values = _thanks(gift) | _receipt_part(receipt, gift.donor)
        _write("funding/mail/thanks", values, gift.donor, receipt, event_id)
    Gift.objects.filter(pk=gift.pk).update(thanked_at=now())
    ReceiptHolder.objects.filter(receipt=receipt).update(mailed_at=now())


def correct_receipt_of(event: GiftChanged | GiftReversed, event_id: str) -> None:
    """Correct the receipt of a gift whose money went back or came again."""
    gift = Gift.objects.filter(public_id=event.gift_id).first()
    if gift is not None:
        correct_receipt(gift=gift)


def send_receipt(event: ReceiptIssued, event_id: str) -> None:
    """Make a receipt's document, and mail corrections and what staff want mailed, once.

    The first receipt of a gift goes out with the thanks.
    """
    receipt, holder = _found(event.receipt_id)
    if receipt is None or holder is None:
        return
    keep_document(receipt)
    donor = receipt.gift.donor
    is_by_hand = receipt.issued_by is not None
    is_first = receipt.kind == Receipt.Kind.RECEIPT and not is_by_hand
    if is_first or not event.is_to_mail or holder.mailed_at or donor is None or not donor.email:
        return
    _mail(receipt, donor, event_id)


def send_receipt_once_more(event: ReceiptAskedAgain, event_id: str) -> None:
    """Mail a receipt because staff asked for it, unless it was mailed since then or its giver wants to be forgotten."""
    receipt, holder = _found(event.receipt_id)
    donor = receipt.gift.donor if receipt else None
    if receipt is None or holder is None or donor is None or not donor.email:
        return
    if holder.mailed_at is None or holder.mailed_at < datetime.fromisoformat(event.asked_at):
        _mail(receipt, donor, event_id)


def _found(receipt_id: str) -> tuple[Receipt | None, ReceiptHolder | None]:
    receipt = Receipt.objects.select_related("instead_of", "gift__donor").filter(public_id=receipt_id).first()
    return receipt, ReceiptHolder.objects.filter(receipt=receipt).first() if receipt else None


def _mail(receipt: Receipt, donor: Donor, event_id: str) -> None:
    with translation.override(receipt.language):
        values = _receipt_part(receipt, donor) | {"care_url": care_url_of(donor)}
        _write("funding/mail/receipt", values, donor, receipt, event_id)
    ReceiptHolder.objects.filter(receipt=receipt).update(mailed_at=now())


def _thanks(gift: Gift) -> dict[str, Any]:
    assert gift.donor is not None  # noqa: S101 - the caller has looked
    before = Gift.objects.filter(recurring=gift.recurring, pk__lt=gift.pk) if gift.recurring else Gift.objects.none()
    return {
        "amount": amount(standing_of(gift).paid),
        "every": gift.pledge.every if gift.pledge and gift.payment else "once",
        "is_renewal": before.exists(),
        "received_at": gift.journal.value_at.astimezone(conf.zone()),
        "next_at": gift.recurring.next_at if gift.recurring else None,
        "care_url": care_url_of(gift.donor),
        "is_rehearsal": not gift.is_live,
    }


def _receipt_part(receipt: Receipt | None, donor: Donor) -> dict[str, Any]:
    if receipt is None:
        return {"receipt": None}
    care_url_of(donor)  # gives him a key if he has none yet
    donor.refresh_from_db(fields=["care_key"])
    return {"receipt": receipt_values(receipt), "receipt_url": absolute_url(receipt_path(donor, receipt))}


def _write(folder: str, values: dict[str, Any], donor: Donor, receipt: Receipt | None, event_id: str) -> None:
    headers = {"Message-ID": f"<{event_id}@{mail.host()}>", "Auto-Submitted": "auto-generated"}
    site = replace(settings.MASTHEAD.site, language=translation.get_language())
    letter = mail.compose(folder, {**values, "site": site}, to=donor.email, headers=headers)
    if receipt is not None:
        keep_document(receipt)
        document = pdf_of_receipt(receipt)
        if len(document) <= MOST_ATTACHED_BYTES:
            letter.attach(file_name(str(receipt)), document, "application/pdf")
    send(letter, name=event_id)
