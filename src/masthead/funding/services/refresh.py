"""Ask a processor how something stands, and bring the books to it: what page, notification and reconciler share."""

from __future__ import annotations

from django.db import transaction

from masthead.core.clock import now
from masthead.funding.models import Checkout, Cursor, Payment
from masthead.funding.ports import Kind, Ref
from masthead.funding.providers import provider_named
from masthead.funding.rules.facts import Status
from masthead.funding.services.recurring import settle_recurring
from masthead.funding.services.settle_payment import settle_payment


class NotSettledYet(Exception):
    """The processor has the money but does not say yet what it kept of it: ask again a little later."""


def refresh(provider: str, ref: Ref) -> None:
    """Read one thing at the processor and settle it, with what it leads to.

    A checkout leads to its payment and its subscription. Raises what the provider raises, and :class:`NotSettledYet`.
    Nothing is read inside a transaction.
    """
    if ref.kind == Kind.CHECKOUT:
        _checkout(provider, ref.external_id)
    elif ref.kind == Kind.SUBSCRIPTION:
        settle_recurring(provider_named(provider).read_subscription(ref.external_id))
    else:
        _payment(provider, ref.external_id)


def catch_up(provider: str, *, is_live: bool) -> int:
    """Read all that changed since the last time, and settle it; return how many things were read.

    This alone brings the books to the same state when no notification ever comes (rule W12). The cursor moves only
    past what was settled, so a run that is cut goes on where it was (rule X3).
    """
    read = 0
    while True:
        row, _is_new = Cursor.objects.get_or_create(provider=provider, is_live=is_live, defaults={"moved_at": now()})
        found = provider_named(provider).changed_since(row.value)
        for ref in found.refs:
            refresh(provider, ref)
            read += 1
        Cursor.objects.filter(pk=row.pk).update(value=found.cursor, moved_at=now())
        if found.is_last:
            return read


def _checkout(provider: str, external_id: str) -> None:
    facts = provider_named(provider).read_checkout(external_id)
    if facts.subscription:
        settle_recurring(provider_named(provider).read_subscription(facts.subscription))
    if facts.payment:
        _payment(provider, facts.payment)
    if not facts.is_open:
        state = Checkout.State.DONE if facts.payment or facts.subscription else Checkout.State.OVER
        with transaction.atomic():
            Checkout.objects.filter(provider=provider, external_id=external_id, state=Checkout.State.OPEN).update(
                state=state
            )


def _payment(provider: str, external_id: str) -> Payment | None:
    facts = provider_named(provider).read_payment(external_id)
    payment = settle_payment(facts)
    if payment and facts.status == Status.SUCCEEDED and facts.capture and facts.capture.settlement is None:
        raise NotSettledYet(f"{provider} {external_id}")
    return payment
