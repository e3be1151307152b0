"""A processor that knows by heart what a test told it, behind funding's port: no HTTP, and every question is noted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest

from masthead.core.clock import frozen, now
from masthead.core.money import Money
from masthead.funding.models import Payment
from masthead.funding.ports import (
    BalanceLine,
    CheckoutFacts,
    CheckoutPage,
    Found,
    Order,
    Payout,
    ProviderAway,
    RefundOrder,
)
from masthead.funding.providers import forget, teach
from masthead.funding.providers.stripe.provider import Stripe
from masthead.funding.rules.facts import PaymentFacts
from masthead.funding.services import note_pledge, settle_payment
from masthead.funding.testing import make_campaign
from tests.funding.lives import BEGAN, opened, paid


class Clerk(Stripe):
    """Stands for Stripe. ``answer`` happens before a payment is read or sent back, ``before_changes`` before
    changes are told; nobody answers while ``is_away``.

    ``ended``: pages that are not open any more, each with the payment it led to, if any.
    """

    def __init__(self, name: str = "stripe") -> None:
        self.name = name
        self.payments: dict[str, PaymentFacts | Exception] = {}
        self.orders: list[RefundOrder] = []
        self.sent: list[Order] = []
        self.looked_for: list[str] = []
        self.read: list[str] = []
        self.ended: dict[str, str] = {}
        self.pages: list[Found] = []
        self.asked_from: list[str] = []
        self.lines: list[BalanceLine] = []
        self.payouts: list[Payout] = []
        self.lines_since: list[datetime | None] = []
        self.is_away = False
        self.answer: Callable[[], None] = lambda: None
        self.before_changes: Callable[[], None] = lambda: None

    def is_ready(self) -> bool:
        return True

    def create_checkout(self, order: Order) -> CheckoutPage:
        self.sent.append(order)
        if self.is_away:
            raise ProviderAway("nobody there")
        name = f"cs_{len(self.sent)}"
        return CheckoutPage(name, f"https://pay.example/{name}", now() + timedelta(minutes=30))

    def find_checkout(self, order: Order) -> CheckoutPage | None:
        self.looked_for.append(order.key)
        return None

    def read_checkout(self, external_id: str) -> CheckoutFacts:
        self.read.append(external_id)
        is_open, payment = external_id not in self.ended, self.ended.get(external_id, "")
        return CheckoutFacts(external_id, "", is_open=is_open, payment=payment)

    def read_payment(self, external_id: str) -> PaymentFacts:
        self.read.append(external_id)
        self.answer()
        found = self.payments[external_id]
        if isinstance(found, Exception):
            raise found
        return found

    def find_refund(self, order: RefundOrder) -> bool:
        return False

    def refund(self, order: RefundOrder) -> None:
        self.orders.append(order)
        self.answer()

    def changed_since(self, cursor: str) -> Found:
        self.asked_from.append(cursor)
        self.before_changes()
        if self.is_away:
            raise ProviderAway("nobody there")
        return self.pages.pop(0) if self.pages else Found((), cursor, is_last=True)

    def payouts_since(self, since: datetime) -> Iterator[Payout]:
        return (payout for payout in self.payouts if payout.at >= since)

    def balance_lines(self, *, payout: str = "", since: datetime | None = None) -> Iterator[BalanceLine]:
        if since:
            self.lines_since.append(since)
        return (line for line in self.lines if (line.payout == payout if payout else since and line.at >= since))


@contextmanager
def standing(name: str = "stripe") -> Iterator[Clerk]:
    """Let such a processor answer for a name."""
    found = Clerk(name)
    teach(found)
    try:
        yield found
    finally:
        forget(name)


@pytest.fixture
def clerk(db: None) -> Iterator[Clerk]:
    """Let such a processor answer for Stripe."""
    with standing() as found:
        yield found


def told(amount: Money, clerk: Clerk, *, external_id: str = "pi_1") -> PaymentFacts:
    """Return what such a processor says of a pledge that was paid; this site has not heard of it."""
    with frozen(BEGAN):
        pledge = note_pledge(campaign=make_campaign(), amount=amount, name="Don", method="stripe")
    facts = paid(opened(pledge.public_id, external_id=external_id), amount)
    clerk.payments[external_id] = facts
    return facts


def came(amount: Money, clerk: Clerk, *, external_id: str = "pi_1") -> Payment:
    """Return a payment whose money came."""
    payment = settle_payment(told(amount, clerk, external_id=external_id))
    assert payment
    return payment
