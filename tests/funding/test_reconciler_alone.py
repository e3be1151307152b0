"""Without any notification the reconciler ends in the same books as with all of them (rule W12)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
import stripe

from masthead.core.money import Money
from masthead.funding.models import Gift, Payment, Recurring
from masthead.funding.selectors import ledger_problems
from masthead.funding.services import catch_up
from masthead.funding.testing import empty_books
from masthead.outbox.models import Event
from masthead.simulator.testing import RunningSimulator
from tests.client import CheckingClient
from tests.funding.books import balances
from tests.funding.rehearsing import at, hear, opened, promised, rehearsal

pytestmark = pytest.mark.django_db(transaction=True)

CARD, IBAN, LATE = "4242424242424242", "DE89370400440532013000", "AT611904300234573201"
Listen = Callable[[RunningSimulator], None]


def lived(listen: Listen) -> dict[str, Any]:
    """Let the money of some givers come and go at the processor, and return what the site knows of it in the end.

    A card that is declined and then pays, is refunded in part, and whose refund fails; a dispute that is lost and one
    that is won beside a refund; a debit in euros that arrives and one that fails after it had settled; a gift each
    month that renews.
    """
    empty_books()
    Event.objects.all().delete()
    with rehearsal() as simulator:
        api = stripe.StripeClient(simulator.key, base_addresses=simulator.base_addresses)
        session = opened(promised(simulator))
        simulator.pay(session, card_number="4000000000000002")
        listen(simulator)
        simulator.pay(session, card_number=CARD)
        for amount in (4000, 3000):
            simulator.pay(opened(promised(simulator, amount=Money(amount, "USD"))), card_number=CARD)
        for iban in (IBAN, LATE):
            simulator.pay(opened(promised(simulator, amount=Money(1999, "EUR"))), iban=iban)
        simulator.pay(opened(promised(simulator, every="month", amount=Money(700, "USD"))), card_number=CARD)
        listen(simulator)
        charges = {charge.amount: charge for charge in api.v1.charges.list({"limit": 100}).data if charge.paid}
        refund = api.v1.refunds.create({"charge": charges[2500].id, "amount": 1000})
        api.v1.refunds.create({"charge": charges[2500].id, "amount": 300})
        api.v1.refunds.create({"charge": charges[3000].id, "amount": 500})
        lost, won = simulator.dispute(charges[4000].id), simulator.dispute(charges[3000].id, amount=2000)
        simulator.advance(days=10)
        listen(simulator)
        simulator.fail_refund(refund.id)
        simulator.close_dispute(lost["id"], "lost")
        simulator.close_dispute(won["id"], "won")
        late = next(charge for charge in api.v1.charges.list({"limit": 100}).data if charge.id.startswith("py_"))
        simulator.fail_charge(late.id)
        simulator.advance(days=25)
        listen(simulator)
        return known()


def known() -> dict[str, Any]:
    """Return what the site knows, without the processor's names for it."""
    assert ledger_problems() == []
    events = Counter(event.type for event in Event.objects.all())
    once = ("funding.gift-recorded", "funding.dispute-opened", "funding.payment-needs-a-person")
    return {
        "balances": balances(),
        "gifts": sorted(Gift.objects.values_list("journal__month", "is_returned", "method")),
        "payments": sorted(Payment.objects.values_list("status", "problem", "has_open_dispute")),
        "repeated": sorted(Recurring.objects.values_list("status", "amount_minor", "every")),
        "told": {kind: events[kind] for kind in once},
    }


def test_w12_the_reconciler_alone_leaves_what_all_notifications_leave(client: CheckingClient) -> None:
    def by_notifications(simulator: RunningSimulator) -> None:
        with at(simulator):
            hear(client, simulator)

    def by_the_reconciler(simulator: RunningSimulator) -> None:
        with at(simulator):
            catch_up("stripe", is_live=False)

    heard = lived(by_notifications)
    assert heard["told"]["funding.gift-recorded"] == 7
    assert lived(by_the_reconciler) == heard
    assert at_the_very_end() == heard


def at_the_very_end() -> dict[str, Any]:
    """Return what is known when the reconciler runs first when all is over; running twice changes nothing (rule X3)."""
    runs: list[int] = []

    def only_last(simulator: RunningSimulator) -> None:
        runs.append(1)
        if len(runs) == 4:
            with at(simulator):
                catch_up("stripe", is_live=False)
                catch_up("stripe", is_live=False)

    return lived(only_last)
