"""Send money back, because staff want it. What it does to the books follows from the processor's facts alone."""

from __future__ import annotations

from django.db import transaction

from masthead.core.clock import now
from masthead.core.ids import new_id
from masthead.core.money import Money
from masthead.funding.errors import NothingToRefund, ReasonMissing, RefundTooLarge
from masthead.funding.events import RefundAsked
from masthead.funding.models import Payment, RefundRequest
from masthead.funding.ports import Kind, ProviderRefused, Ref, RefundOrder
from masthead.funding.providers import provider_named
from masthead.funding.rules.facts import PaymentFacts, RefundStatus
from masthead.funding.rules.facts_json import from_json
from masthead.funding.services.refresh import refresh
from masthead.outbox.services import record


def ask_refund(*, payment: Payment, amount: Money, reason: str, asked_by: int | None = None) -> RefundRequest:
    """Note that ``amount`` of a payment is to go back; the worker asks the processor.

    ``amount`` is in the currency that was taken. Refuses a blank reason (``funding.reason_missing``), a payment that
    took nothing (``funding.nothing_to_refund``) and more than is left, refunds on their way and disputed money counted
    as gone (``funding.refund_too_large``; rules R1, D2). A repeated gift goes on (rule R5). Records ``RefundAsked``.
    """
    if not reason.strip():
        raise ReasonMissing()
    with transaction.atomic():
        locked = Payment.objects.select_for_update().get(pk=payment.pk)
        left = refundable(locked)
        if left is None or left.amount_minor == 0:
            raise NothingToRefund()
        if amount.amount_minor <= 0 or amount > left:
            raise RefundTooLarge(left=left)
        request = RefundRequest.objects.create(
            key=new_id(),
            payment=locked,
            amount_minor=amount.amount_minor,
            currency=amount.currency,
            reason=reason.strip(),
            asked_by=asked_by,
            asked_at=now(),
        )
        record(RefundAsked(request=request.pk))
    return request


def refundable(payment: Payment) -> Money | None:
    """Return what of a payment may still be sent back, in the currency that was taken; None when nothing was taken."""
    facts = from_json(payment.facts) if payment.facts else None
    if facts is None or facts.capture is None:
        return None
    gone = returned(facts)
    waiting = payment.refund_requests.filter(state=RefundRequest.State.ASKED)
    asked = sum(request.amount_minor for request in waiting)
    return Money(max(0, facts.capture.amount.amount_minor - gone.amount_minor - asked), gone.currency)


def returned(facts: PaymentFacts) -> Money:
    """Return what has gone back or is on its way, by refunds and by disputes, in the currency that was taken."""
    assert facts.capture is not None  # noqa: S101 - callers have looked
    currency = facts.capture.amount.currency
    by_refunds = sum(
        refund.amount.amount_minor for refund in facts.refunds.values() if refund.status != RefundStatus.FAILED
    )
    by_disputes = sum(
        dispute.amount.amount_minor
        for dispute in facts.disputes.values()
        if sum(movement.amount.amount_minor for movement in dispute.movements.values()) < 0
    )
    return Money(by_refunds + by_disputes, currency)


def send_refund(event: RefundAsked, event_id: str) -> None:
    """Ask the processor for a refund under its key, then read the payment again.

    Heard twice, the same key sends the money once (rule O1). A processor that says no is believed, and its sentence
    kept for staff. Raises :class:`~masthead.funding.ports.ProviderAway`, and the worker tries again.
    """
    request = RefundRequest.objects.select_related("payment").filter(pk=event.request).first()
    if request is None or request.state == RefundRequest.State.REFUSED:
        return
    payment = request.payment
    facts = from_json(payment.facts)
    if request.state == RefundRequest.State.ASKED:
        order = RefundOrder(
            key=request.key,
            payment=payment.external_id,
            capture=facts.capture.external_id if facts.capture else "",
            amount=Money(request.amount_minor, request.currency),
            reason=request.reason,
        )
        try:
            provider_named(payment.provider).refund(order)
        except ProviderRefused as answer:
            _answered(request, RefundRequest.State.REFUSED, answer.reason)
            return
        _answered(request, RefundRequest.State.SENT, "")
    refresh(payment.provider, Ref(Kind.PAYMENT, payment.external_id))


def _answered(request: RefundRequest, state: RefundRequest.State, answer: str) -> None:
    RefundRequest.objects.filter(pk=request.pk).update(state=state, answer=answer)
