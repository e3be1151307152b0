"""Ask a processor how something stands, and bring the books to it: what page, notification and reconciler share."""

from __future__ import annotations

from django.db import transaction

from masthead.funding.models import Checkout, Payment
from masthead.funding.ports import Kind, Ref
from masthead.funding.providers import provider_named
from masthead.funding.rules.facts import PaymentFacts
from masthead.funding.rules.facts_json import from_json
from masthead.funding.rules.states import sources
from masthead.funding.services.recurring import settle_recurring
from masthead.funding.services.settle_payment import settle_payment


class NotSettledYet(Exception):
    """The processor moved money but does not say yet how that stands in its books: ask again a little later."""


def refresh(provider: str, ref: Ref) -> None:
    """Read one thing at the processor and settle it, with what it leads to.

    A checkout leads to its payment and its subscription. Raises what the provider raises, and :class:`NotSettledYet`.
    Nothing is read inside a transaction.
    """
    if ref.kind == Kind.CHECKOUT:
        _checkout(provider, ref.external_id)
    elif ref.kind == Kind.SUBSCRIPTION:
        _subscription(provider, ref.external_id)
    else:
        _payment(provider, ref.external_id)


def _checkout(provider: str, external_id: str) -> None:
    facts = provider_named(provider).read_checkout(external_id)
    if facts.subscription:
        _subscription(provider, facts.subscription)
    if facts.payment:
        _payment(provider, facts.payment)
    if not facts.is_open:
        state = Checkout.State.DONE if facts.payment or facts.subscription else Checkout.State.OVER
        with transaction.atomic():
            rows = Checkout.objects.filter(provider=provider, external_id=external_id)
            rows.filter(state__in=sources("checkout", state)).update(state=state)


def _subscription(provider: str, external_id: str) -> None:
    facts = provider_named(provider).read_subscription(external_id)
    if facts is not None:
        settle_recurring(facts)


def _payment(provider: str, external_id: str) -> Payment | None:
    def read() -> PaymentFacts:
        return provider_named(provider).read_payment(external_id)

    payment = settle_payment(read(), read_again=read)
    if payment and not from_json(payment.facts).is_settled:
        raise NotSettledYet(f"{provider} {external_id}")
    return payment
