"""Send the money of a gift back, in full or in part, because a person of the newsroom decided so."""

from __future__ import annotations

from django.db import transaction

from masthead.core.money import Money
from masthead.funding import policies
from masthead.funding.models import Gift, RefundRequest
from masthead.funding.services.audit import Act, note_act
from masthead.funding.services.refunds import ask_refund
from masthead.funding.staff_errors import GiftByHand, MayNotRefund


def send_back(*, gift: Gift, amount: Money, reason: str, by: policies.Person) -> RefundRequest:
    """Ask for a refund of a gift that a processor took, and keep who asked and why.

    Refuses whoever may not (``funding.may_not_refund``), a gift that came by hand, for that is reversed
    (``funding.gift_by_hand``), and what :func:`~masthead.funding.services.ask_refund` refuses.
    """
    if not policies.may_refund(by):
        raise MayNotRefund()
    if gift.payment is None:
        raise GiftByHand()
    with transaction.atomic():
        request = ask_refund(payment=gift.payment, amount=amount, reason=reason, asked_by=by.pk)
        note_act(Act.REFUND_ASKED, by=by.pk, subject=gift.public_id, amount=amount, detail=request.reason)
    return request
