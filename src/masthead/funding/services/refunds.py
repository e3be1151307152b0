"""Send money back, because staff want it. What it does to the books follows from the processor's facts alone."""

from __future__ import annotations

import logging
from datetime import timedelta

from django.db import transaction

from masthead.core.clock import now
from masthead.core.ids import new_id
from masthead.core.money import Money, total
from masthead.funding.errors import AmountNotPositive, CurrencyDiffers, ReasonMissing
from masthead.funding.events import RefundAsked
from masthead.funding.models import Payment, RefundRequest
from masthead.funding.paying_errors import AmountTooUneven
from masthead.funding.ports import Kind, ProviderAway, ProviderRefused, Ref, RefundOrder
from masthead.funding.providers import provider_named
from masthead.funding.rules.facts import PaymentFacts, RefundStatus
from masthead.funding.rules.facts_json import from_json
from masthead.funding.rules.states import sources
from masthead.funding.services.refresh import NotSettledYet, refresh
from masthead.funding.staff_errors import NothingToRefund, RefundTooLarge
from masthead.outbox.services import record

logger = logging.getLogger(__name__)

# Until then the worker itself asks; both at once are one refund all the same.
_WORKERS_TIME = timedelta(minutes=15)


def ask_refund(*, payment: Payment, amount: Money, reason: str, asked_by: int | None = None) -> RefundRequest:
    """Note that ``amount`` of a payment is to go back; the worker asks the processor.

    Refuses a blank reason (``funding.reason_missing``), a payment that took nothing (``funding.nothing_to_refund``),
    another currency than was taken (``funding.currency_differs``), nothing or less (``funding.amount_not_positive``),
    more than is left, refunds on their way and disputed money counted as gone (``funding.refund_too_large``; rules R1,
    D2), and what the processor cannot send (``funding.amount_too_uneven``; rule C3). A repeated gift goes on (rule R5).
    Records ``RefundAsked``.
    """
    if not reason.strip():
        raise ReasonMissing()
    with transaction.atomic():
        locked = Payment.objects.select_for_update().get(pk=payment.pk)
        left = refundable(locked)
        if left is None or left.amount_minor == 0:
            raise NothingToRefund()
        _check(amount, left, locked.provider)
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


def _check(amount: Money, left: Money, provider: str) -> None:
    if amount.currency != left.currency:
        raise CurrencyDiffers(expected=left.currency, given=amount.currency)
    if amount.amount_minor <= 0:
        raise AmountNotPositive()
    if amount > left:
        raise RefundTooLarge(left=left)
    asked = provider_named(provider)
    step = asked.limits(amount.currency).step_minor
    if amount.amount_minor % step:
        raise AmountTooUneven(name=asked.label, step=Money(step, amount.currency))


def refundable(payment: Payment) -> Money | None:
    """Return what of a payment may still be sent back, in the currency that was taken; None when nothing was taken."""
    facts = from_json(payment.facts) if payment.facts else None
    if facts is None or facts.capture is None:
        return None
    gone = returned(facts)
    waiting = payment.refund_requests.filter(state=RefundRequest.State.ASKED)
    asked = sum(request.amount_minor for request in waiting)
    return Money(max(0, facts.capture.amount.amount_minor - gone.amount_minor - asked), gone.currency)


def on_its_way_back(payment: Payment) -> Money | None:
    """Return what was asked for and has not gone back yet; None when nothing is (rule R3)."""
    facts = from_json(payment.facts) if payment.facts else None
    if facts is None or facts.capture is None:
        return None
    pending = [refund.amount for refund in facts.refunds.values() if refund.status == RefundStatus.PENDING]
    waiting = payment.refund_requests.filter(state=RefundRequest.State.ASKED)
    asked = [Money(request.amount_minor, request.currency) for request in waiting]
    found = total([*pending, *asked], facts.capture.amount.currency)
    return found if found.amount_minor else None


def returned(facts: PaymentFacts) -> Money:
    """Return what has gone back or is on its way, by refunds and by disputes, in the currency that was taken.

    All of it where a debit failed after it had settled.
    """
    assert facts.capture is not None  # noqa: S101 - callers have looked
    if facts.capture.failure is not None:
        return facts.capture.amount
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

    Heard twice, the same key sends the money once (rule O1). A refund that bears our key is looked for first: after a
    day the processor may have forgotten the key (rule O2). A processor that says no is believed, and its sentence kept
    for staff. Raises :class:`~masthead.funding.ports.ProviderAway`, and the worker tries again.
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
        provider = provider_named(payment.provider)
        try:
            if not provider.find_refund(order):
                provider.refund(order)
        except ProviderRefused as answer:
            _answered(request, RefundRequest.State.REFUSED, answer.reason)
            return
        _answered(request, RefundRequest.State.SENT, "")
    refresh(payment.provider, Ref(Kind.PAYMENT, payment.external_id))


def send_asked_refunds() -> None:
    """Ask again for refunds whose answer never came, after the worker has given up. A chore.

    One processor that is away, or one refund that fails, holds up no other; each is tried again at the next time.
    """
    waiting = RefundRequest.objects.filter(state=RefundRequest.State.ASKED, asked_at__lt=now() - _WORKERS_TIME)
    for request in waiting.order_by("pk"):
        try:
            send_refund(RefundAsked(request=request.pk), "")
        except (ProviderAway, ProviderRefused, NotSettledYet) as error:
            logger.warning("refund %s is not answered yet: %s", request.key, error)


def _answered(request: RefundRequest, state: RefundRequest.State, answer: str) -> None:
    waiting = RefundRequest.objects.filter(pk=request.pk, state__in=sources("refund request", state))
    waiting.update(state=state, answer=answer)
