"""What a receipt looks like: on paper, and as lines of a mail."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from masthead.core.display import amount
from masthead.core.pdf import pdf_of
from masthead.funding.models import Receipt, ReceiptHolder
from masthead.funding.models.gift import Method
from masthead.funding.rules.receipts import DISPUTE, REFUND, from_data


def pdf_of_receipt(receipt: Receipt, *, is_copy: bool = False) -> bytes:
    """Return a receipt as PDF: the bytes that were made first, or a copy that says so (rule S5).

    Once its holder is erased, every PDF of it is a copy without a name.
    """
    holder = ReceiptHolder.objects.filter(receipt=receipt).first()
    if holder is not None and holder.document and not is_copy:
        return bytes(holder.document)
    with translation.override(receipt.language):
        values = receipt_values(receipt) | {
            "holder": holder,
            "is_copy": is_copy or holder is None,
            "language": receipt.language,
            "is_rtl": translation.get_language_bidi(),
        }
        return pdf_of(render_to_string("funding/receipts/receipt.html", values))


def keep_document(receipt: Receipt) -> None:
    """Make the PDF of a receipt and keep it, once."""
    waiting = ReceiptHolder.objects.filter(receipt=receipt, document=None)
    if waiting.exists():
        waiting.update(document=pdf_of_receipt(receipt))


def receipt_values(receipt: Receipt) -> dict[str, Any]:
    """Return what a receipt says, in the language that is active. Nobody's name is in it."""
    content: Mapping[str, Any] = receipt.content
    zone = ZoneInfo(content["zone"])
    standing = from_data(content)
    return {
        "number": str(receipt),
        "kind": str(receipt.kind),
        "instead_of": str(receipt.instead_of) if receipt.instead_of else "",
        "issuer": content["issuer"],
        "words": content["words"],
        "site_name": content["site"],
        "issued_on": receipt.issued_at.astimezone(zone).date(),
        "received_on": standing.received_at.astimezone(zone).date(),
        "method": Method(standing.method).label,
        "paid": amount(standing.paid),
        "cover": amount(standing.cover) if standing.cover.amount_minor else "",
        "settled": amount(standing.settled) if standing.settled else "",
        "back": [
            {"why": why_back(each.why), "on": each.at.astimezone(zone).date(), "amount": amount(each.amount)}
            for each in standing.back
        ],
        "left": amount(standing.left),
    }


def why_back(why: str) -> str:
    """Say why money went back."""
    if why == REFUND:
        return _("Sent back to you")
    return _("Taken back through your bank") if why == DISPUTE else _("Taken out of our books again")
