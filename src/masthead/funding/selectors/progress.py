"""How far a pledge that a processor collects has come."""

from __future__ import annotations

from enum import StrEnum

from masthead.funding.models import Checkout, Gift, Payment, Pledge, Recurring


class Stage(StrEnum):
    """What may be said of a pledge: nothing more than its facts show."""

    NEW = "new"
    """Nothing was paid, and it still can be."""
    FAILED = "failed"
    """The last try was refused; nothing was taken."""
    WAITING = "waiting"
    """Agreed at the processor, but the money is not here: a debit takes days (rule W10)."""
    RECEIVED = "received"
    RETURNED = "returned"
    """All of it went back."""
    QUESTION = "question"
    """A person must look (rule O4)."""


def stage_of(pledge: Pledge) -> Stage:
    """Return how far a pledge has come, from the facts that are known."""
    payments = list(Payment.objects.filter(pledge=pledge).order_by("-pk"))
    if any(payment.problem for payment in payments):
        return Stage.QUESTION
    if any(payment.status == Payment.Status.SUCCEEDED for payment in payments):
        gifts = Gift.objects.filter(pledge=pledge)
        has_all_gone = gifts.exists() and not gifts.filter(is_returned=False).exists()
        return Stage.RETURNED if has_all_gone else Stage.RECEIVED
    states = set(pledge.checkouts.values_list("state", flat=True))
    if any(payment.status == Payment.Status.OPEN for payment in payments) and Checkout.State.DONE in states:
        return Stage.WAITING
    if any(payment.status == Payment.Status.FAILED for payment in payments):
        return Stage.FAILED
    return Stage.WAITING if Checkout.State.DONE in states and not payments else Stage.NEW


def last_checkout(pledge: Pledge) -> Checkout | None:
    """Return the latest page at the processor that was opened for a pledge."""
    return pledge.checkouts.exclude(external_id="").order_by("-pk").first()


def recurring_of(pledge: Pledge) -> Recurring | None:
    """Return the repeated gift that a pledge began."""
    return Recurring.objects.filter(pledge=pledge).order_by("-pk").first()
