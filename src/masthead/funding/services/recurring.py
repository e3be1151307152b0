"""Repeated gifts, as the processor tells of them."""

from __future__ import annotations

from django.db import transaction

from masthead.core.clock import now
from masthead.core.money import Money
from masthead.funding.events import RecurringChanged
from masthead.funding.models import Pledge, Recurring, RecurringTerms
from masthead.funding.ports import SubscriptionFacts, SubscriptionStatus
from masthead.funding.rules.facts import Capture, PaymentFacts
from masthead.funding.rules.states import moved
from masthead.funding.services.donors import donor_of
from masthead.funding.services.recurring_states import keep_state
from masthead.funding.services.renewals import note_renewal
from masthead.outbox.services import record


def begun_by(pledge: Pledge, payment: PaymentFacts) -> Recurring:
    """Return the repeated gift that a payment is part of, entered now if this payment is the first that tells of it.

    Runs in the caller's transaction.
    """
    return _row(pledge, payment.provider, payment.subscription, is_live=payment.is_live)


def settle_recurring(facts: SubscriptionFacts) -> Recurring | None:
    """Let a repeated gift stand as the processor says, unless a later reading is known already.

    Returns None for one that this site did not begin (rule W11). An ended one stays ended. Records ``RecurringChanged``
    when status, amount or a date of what is to come are others than before. A payment that failed is noted, and its
    giver is written to.
    """
    with transaction.atomic():
        pledge = Pledge.objects.select_related("campaign").filter(public_id=facts.pledge).first()
        if pledge is None or pledge.is_live != facts.is_live:
            return None
        recurring = _row(pledge, facts.provider, facts.external_id, is_live=facts.is_live)
        recurring = Recurring.objects.select_for_update().get(pk=recurring.pk)
        if recurring.status == SubscriptionStatus.ENDED or (recurring.read_at and recurring.read_at > facts.read_at):
            return recurring
        was, before = recurring.status, (*_to_come(recurring), recurring.read_at is None)
        next_before = recurring.next_at
        recurring.status = moved("recurring", recurring.status, facts.status)
        recurring.amount_minor, recurring.every = facts.amount.amount_minor, facts.every
        recurring.card = facts.card or recurring.card
        recurring.started_at = facts.started_at
        for name in ("next_at", "ends_at", "ended_at", "resumes_at", "retry_at", "read_at"):
            setattr(recurring, name, getattr(facts, name))
        recurring.save()
        keep_state(recurring, facts)
        note_renewal(recurring, next_before=next_before, at=facts.read_at)
        if (*_to_come(recurring), False) != before:
            record(
                RecurringChanged(
                    recurring_id=recurring.public_id,
                    campaign=pledge.campaign.slug,
                    status=recurring.status,
                    amount_minor=recurring.amount_minor,
                    currency=recurring.currency,
                    every=recurring.every,
                    was=was,
                )
            )
    return recurring


def _to_come(recurring: Recurring) -> tuple[object, ...]:
    """Return what pages say of it: how it stands, and what is promised when."""
    return recurring.status, recurring.amount_minor, recurring.next_at, recurring.ends_at


def terms_of(recurring: Recurring, capture: Capture) -> tuple[Money, Money] | None:
    """Return the gift and the cover of a payment: by the terms that make its sum and held when it was paid, else None.

    The latest of those; where clocks differ and none held yet, the earliest that makes the sum.
    """
    total = capture.amount
    if total.currency != recurring.currency:
        return None
    fitting = [terms for terms in recurring.terms.order_by("since", "pk") if terms.total_minor == total.amount_minor]
    held = [terms for terms in fitting if terms.since <= capture.paid_at]
    if not fitting:
        return None
    found = held[-1] if held else fitting[0]
    return Money(found.gift_minor, total.currency), Money(found.cover_minor, total.currency)


def agree_on(recurring: Recurring, gift: Money, cover: Money) -> RecurringTerms:
    """Note what each payment is made of from now on, before the processor is asked for another amount."""
    return RecurringTerms.objects.create(
        recurring=recurring, gift_minor=gift.amount_minor, cover_minor=cover.amount_minor, since=now()
    )


def _row(pledge: Pledge, provider: str, external_id: str, *, is_live: bool) -> Recurring:
    recurring, is_new = Recurring.objects.get_or_create(
        provider=provider,
        external_id=external_id,
        defaults={
            "pledge": pledge,
            "campaign": pledge.campaign,
            "donor": donor_of(pledge),
            "amount_minor": pledge.total.amount_minor,
            "currency": pledge.currency,
            "every": pledge.every,
            "is_live": is_live,
            "started_at": now(),
        },
    )
    if is_new:
        agree_on(recurring, pledge.amount, pledge.cover)
    return recurring
