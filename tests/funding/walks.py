"""Lives of money that may be cut anywhere and are then lived again: as people press a button once more, and the worker
tries again. Each looks first what is there, as a person does.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import stripe

from masthead.core.clock import frozen, now
from masthead.core.money import Money
from masthead.funding import services
from masthead.funding.errors import AlreadyReversed
from masthead.funding.models import Campaign, Checkout, Payment, Pledge, Recurring
from masthead.funding.paying_errors import NotToBePaidAgain
from masthead.funding.ports import Kind, Ref
from masthead.funding.providers.bank_transfer import read_statements
from masthead.funding.providers.paypal.calls import call
from masthead.funding.services import care
from masthead.funding.services.bank import import_statements
from masthead.outbox import worker
from masthead.simulator.testing import RunningSimulator
from tests.funding.rehearsing import CANCEL, SUCCESS
from tests.funding.statements import Line, camt

AMOUNT, MORE, BACK = Money(2500, "USD"), Money(3000, "USD"), Money(700, "USD")
_AT_PAYPAL = {"charges": "captures", "refunds": "refunds"}
Walk = Callable[[Pledge, RunningSimulator], None]


@dataclass(frozen=True)
class Life:
    """What a giver pledges, what happens then, and what there is at the processor and in the books in the end."""

    walk: Walk
    method: str = "stripe"
    mode: Literal["live", "rehearsal"] = "rehearsal"
    days: int = 0  # that pass before it begins; reconciling looks back for seven
    every: str = "once"
    charges: int = 1
    refunds: int = 1
    journals: tuple[str, ...] = ("gift", "refund")
    imported: tuple[bool, ...] = ()  # of each gift of another system, whether it was taken back
    ends: bool = False  # what repeats, at the processor


def taken_and_sent_back(pledge: Pledge, simulator: RunningSimulator) -> None:
    """Let a pledge be paid, counted, thanked for and refunded in part."""
    _paid(pledge, simulator)
    payment = Payment.objects.get(pledge=pledge)
    if not payment.refund_requests.exists():
        services.ask_refund(payment=payment, amount=BACK, reason="asked by mail")
    _worked_on()


def changed_and_ended(pledge: Pledge, simulator: RunningSimulator) -> None:
    """Let a giver give each month, then more, pause, go on, and end it."""
    _paid(pledge, simulator)
    steps: tuple[tuple[Callable[[Recurring], bool], Callable[[Recurring], Any]], ...] = (
        (
            lambda row: row.amount_minor != MORE.amount_minor,
            lambda row: care.change_amount(recurring=row, gift=MORE, return_url=SUCCESS),
        ),
        (
            lambda row: row.status == Recurring.Status.ACTIVE,
            lambda row: care.pause_gift(recurring=row, months=2),
        ),
        (lambda row: row.status == Recurring.Status.PAUSED, lambda row: care.resume_gift(recurring=row)),
        (lambda row: True, lambda row: care.end_gift(recurring=row)),
    )
    for is_due, act in steps:
        row = Recurring.objects.get(pledge=pledge)
        if row.status != Recurring.Status.ENDED and is_due(row):
            act(row)
    _worked_on()


def found_by_the_reconciler(pledge: Pledge, simulator: RunningSimulator) -> None:
    """Let a pledge be paid of which nothing is ever told."""
    _pressed(pledge, simulator)
    services.catch_up("stripe", is_live=False)
    services.reconcile("stripe", is_live=False)
    _worked_on()


def sent_by_bank(pledge: Pledge, _simulator: RunningSimulator) -> None:
    """Let a transfer come, and go back with a later statement."""
    day = datetime(2026, 11, 2, tzinfo=UTC).date()
    text, name = f"Gift {pledge.reference}", f"B-{pledge.pk}"
    came = Line(AMOUNT.amount_minor, text, day=day, bank_id=name, iban=_account(pledge.pk))
    back = replace(came, amount=-AMOUNT.amount_minor, bank_id=f"{name}-R", is_return=True)
    for number, line in enumerate((came, back)):
        import_statements(file=read_statements(camt([line], currency="USD", number=f"{pledge.pk}-{number}")))
        _worked_on()


def brought_to_the_desk(pledge: Pledge, _simulator: RunningSimulator) -> None:
    """Let staff write down money that a giver brought, and take it back; and bring in what another system counted."""
    campaign, day = pledge.campaign, datetime(2026, 11, 2, 9, tzinfo=UTC)
    gift = services.fulfil_pledge(
        pledge=pledge, amount=AMOUNT, method="cash", received_at=day, external_id=f"slip-{pledge.pk}"
    )
    _worked_on()
    with suppress(AlreadyReversed):
        services.reverse_gift(gift=gift, reason="a mistake")
    for net in (MORE, BACK):
        services.bring_in_gift(
            source="elsewhere",
            key=f"{pledge.pk}",
            campaign=campaign,
            net=net,
            received_at=day,
            donor_name=f"Eve {pledge.pk}",
        )
    _worked_on()


LIVES = {
    "once": Life(taken_and_sent_back),
    "month": Life(taken_and_sent_back, every="month"),
    "paypal": Life(taken_and_sent_back, method="paypal"),
    "care": Life(changed_and_ended, every="month", refunds=0, journals=("gift",), ends=True),
    "unheard": Life(found_by_the_reconciler, days=8, refunds=0, journals=("gift",)),
    "bank": Life(
        sent_by_bank, method="bank_transfer", mode="live", charges=0, refunds=0, journals=("gift", "reversal")
    ),
    "desk": Life(
        brought_to_the_desk,
        method="cash",
        mode="live",
        charges=0,
        refunds=0,
        journals=("gift", "reversal"),
        imported=(True, False),
    ),
}


def noted(life: str, number: str) -> Pledge:
    """Note a pledge whose giver nobody else is."""
    campaign, lived = Campaign.objects.get(is_active=True), LIVES[life]
    return services.note_pledge(
        campaign=campaign,
        amount=AMOUNT,
        name="Don",
        email=f"{number}@example.org",
        every=lived.every,
        method=lived.method,
    )


def counted_there(pledge: Pledge, simulator: RunningSimulator) -> dict[str, int]:
    """Return how often the processor took money for a pledge, and sent some back."""
    if pledge.method == "paypal":
        pages = Checkout.objects.filter(pledge=pledge).values_list("external_id", flat=True)
        orders = [call("GET", f"/v2/checkout/orders/{page}") for page in pages]
        paid = [unit["payments"] for order in orders for unit in order["purchase_units"]]
        return {kind: sum(len(unit.get(name, [])) for unit in paid) for kind, name in _AT_PAYPAL.items()}
    if pledge.method == "stripe":
        api = stripe.StripeClient(simulator.key, base_addresses=simulator.base_addresses).v1
        intents = Payment.objects.filter(pledge=pledge).values_list("external_id", flat=True)
        charges = [row for name in intents for row in api.charges.list({"payment_intent": name}).data]
        refunds = [row for name in intents for row in api.refunds.list({"payment_intent": name}).data]
        return {"charges": len(charges), "refunds": len(refunds)}
    return {"charges": 0, "refunds": 0}


def _pressed(pledge: Pledge, simulator: RunningSimulator) -> str:
    """Open the processor's page and pay there, unless it is paid."""
    with suppress(NotToBePaidAgain):
        services.open_checkout(pledge=pledge, title="Fund", success_url=SUCCESS, cancel_url=CANCEL)
    (page,) = Checkout.objects.filter(pledge=pledge).values_list("external_id", flat=True)
    if pledge.method == "paypal":
        if call("GET", f"/v2/checkout/orders/{page}")["status"] != "COMPLETED":
            simulator.approve(page, instrument="pays")
    else:
        api = stripe.StripeClient(simulator.key, base_addresses=simulator.base_addresses)
        if api.v1.checkout.sessions.retrieve(page).status == "open":
            simulator.pay(page)
    return page


def _paid(pledge: Pledge, simulator: RunningSimulator) -> None:
    page = _pressed(pledge, simulator)
    services.refresh(pledge.method, Ref(Kind.CHECKOUT, page))


def _account(number: int) -> str:
    """Return an account that is nobody else's, with the check digits of ISO 13616."""
    return f"DE{98 - int(f'{number:018}131400') % 97:02}{number:018}"


def _worked_on() -> None:
    """Let the worker do what is due and what it tries again, by the later of this clock and the simulator's."""
    latest = max(now(), datetime.now(UTC))
    for hours in (0, 2, 4):
        with frozen(latest + timedelta(hours=hours)):
            worker.run_pending()
