"""Send a receipt once more, because a person of the newsroom decided so."""

from __future__ import annotations

from django.db import transaction

from masthead.core.clock import now
from masthead.funding import policies
from masthead.funding.events import ReceiptAskedAgain
from masthead.funding.models import Receipt, ReceiptHolder
from masthead.funding.selectors.receipts import last_receipt
from masthead.funding.services.audit import Act, note_act
from masthead.funding.staff_errors import MayNotIssueReceipts, NobodyToMail, ReceiptNotValid
from masthead.outbox.services import record


def send_receipt_again(*, receipt: Receipt, by: policies.Person) -> None:
    """Let a receipt that is valid be mailed once more, as it was issued, and keep who asked.

    Refuses whoever may not (``funding.may_not_issue_receipts``), a receipt whose place another took
    (``funding.receipt_not_valid``), and a giver without an address or whose data is deleted
    (``funding.nobody_to_mail``). Records ``ReceiptAskedAgain``; asked for twice before the worker came, it is mailed
    once.
    """
    if not policies.may_reissue_receipts(by):
        raise MayNotIssueReceipts()
    with transaction.atomic():
        donor = receipt.gift.donor
        if last_receipt(receipt.gift) != receipt:
            raise ReceiptNotValid()
        if donor is None or not donor.email or not ReceiptHolder.objects.filter(receipt=receipt).exists():
            raise NobodyToMail()
        note_act(Act.RECEIPT_SENT, by=by.pk, subject=str(receipt))
        record(ReceiptAskedAgain(receipt_id=receipt.public_id, asked_at=now().isoformat()))
