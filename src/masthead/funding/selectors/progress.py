"""How far a pledge that a processor collects has come."""

from __future__ import annotations

from enum import StrEnum

from masthead.funding.models import Checkout, Gift, Payment, Pledge, Recurring
from masthead.funding.rules.facts import AttemptStatus


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
    STANDS = "stands"
    """A payment of a repeated gift was refused, and the gift itself goes on: its next try comes by itself (rule S3)."""


PAYABLE = {Stage.NEW, Stage.FAILED}
"""Only then may a page to pay on be opened."""


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
    if any(_is_on_its_way(payment, states) for payment in payments):
        return Stage.WAITING
    if Checkout.State.DONE in states and not payments:
        return Stage.WAITING
    if Recurring.objects.filter(pledge=pledge).exclude(status=Recurring.Status.ENDED).exists():
        return Stage.STANDS
    has_failed = any(payment.status == Payment.Status.FAILED for payment in payments)
    return Stage.FAILED if has_failed else Stage.NEW


def _is_on_its_way(payment: Payment, states: set[str]) -> bool:
    """Tell whether the giver has done his part and the money may still come, whatever was declined before."""
    if payment.status != Payment.Status.OPEN:
        return False
    attempts = payment.facts.get("attempts", {})
    return Checkout.State.DONE in states or AttemptStatus.ON_ITS_WAY.name.lower() in attempts.values()


def last_checkout(pledge: Pledge) -> Checkout | None:
    """Return the latest page at the processor that was opened for a pledge."""
    return pledge.checkouts.exclude(external_id="").order_by("-pk").first()


def recurring_of(pledge: Pledge) -> Recurring | None:
    """Return the repeated gift that a pledge began."""
    return Recurring.objects.filter(pledge=pledge).order_by("-pk").first()
