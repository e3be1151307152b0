"""Show what came for a single gift beside the first, so that staff send it back."""

from __future__ import annotations

from masthead.funding.events import PaymentNeedsAPerson
from masthead.funding.models import Gift, Payment, Pledge
from masthead.outbox.services import record

PAID_TWICE = "paid_twice"


def show_payments_too_many(pledge: Pledge) -> None:
    """Show all payments of a single gift but the first that stands, inside the transaction that changes which stand.

    The first is the one that was paid first, whichever was told first. Beside money that came by hand every payment is
    one too many: only what a processor took can be sent back from here. What has gone back needs nobody any more.
    Records ``PaymentNeedsAPerson`` for each, once.
    """
    standing = Gift.objects.filter(pledge=pledge, is_returned=False)
    in_turn = list(standing.order_by("journal__value_at", "payment__external_id").values_list("payment", flat=True))
    too_many = in_turn if None in in_turn else in_turn[1:]
    for payment in Payment.objects.filter(pledge=pledge, problem__in=["", PAID_TWICE]):
        problem = PAID_TWICE if payment.pk in too_many else ""
        if payment.problem != problem:
            Payment.objects.filter(pk=payment.pk).update(problem=problem)
            if problem:
                record(PaymentNeedsAPerson(payment_id=payment.public_id, problem=problem))
