"""The processors that tell of what happened, each in the words the contract of notices asks for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import stripe
from django.conf import settings
from django.test import override_settings

from masthead.funding.providers.paypal.calls import call
from masthead.simulator.testing import RunningSimulator
from tests.client import CheckingClient
from tests.funding import rehearsing, rehearsing_paypal
from tests.funding.rehearsing import CANCEL, SUCCESS, at

Told = dict[str, Any]


@dataclass(frozen=True)
class Way:
    """How one processor tells: what the contract needs to know of it, and nothing else.

    ``forged``: headers that must be refused, by name and value. ``unset``: the setting without which nothing is
    believed. ``other_mode``: settings by which what was sent is of the other mode.
    """

    name: str
    rehearsal: Callable[[Path], AbstractContextManager[RunningSimulator]]
    give: Callable[[RunningSimulator], object]
    deliver: Callable[..., Any]
    foreign: Callable[[CheckingClient, RunningSimulator], None]
    hear: Callable[..., None]
    forged: tuple[tuple[str, str], ...]
    unset: str
    other_mode: dict[str, Any]


@contextmanager
def given(**funding: Any) -> Iterator[None]:
    """Let the site's settings of funding say something else."""
    with override_settings(MASTHEAD=replace(settings.MASTHEAD, funding=replace(settings.MASTHEAD.funding, **funding))):
        yield


def _give_by_card(simulator: RunningSimulator) -> None:
    simulator.pay(rehearsing.opened(rehearsing.promised(simulator)), card_number="4242424242424242")


def _foreign_by_card(client: CheckingClient, simulator: RunningSimulator) -> None:
    """Sell a mug through the same account, and name a product: neither is this site's."""
    other = stripe.StripeClient(simulator.key, base_addresses=simulator.base_addresses)
    line: Any = {"quantity": 1, "price_data": {"currency": "usd", "unit_amount": 700, "product_data": {"name": "Mug"}}}
    session = other.v1.checkout.sessions.create({"mode": "payment", "success_url": SUCCESS, "line_items": [line]})
    simulator.pay(session.id, card_number="4242424242424242")
    other.v1.products.create({"name": "Mug"})
    rehearsing.hear(client, simulator)


def _foreign_by_paypal(client: CheckingClient, simulator: RunningSimulator) -> None:
    """Sell a mug and a magazine through the same account."""
    back = {"return_url": SUCCESS, "cancel_url": CANCEL}
    unit = {"amount": {"currency_code": "USD", "value": "7.00"}, "custom_id": "somebody else's mug"}
    body = {"intent": "CAPTURE", "purchase_units": [unit], "payment_source": {"paypal": {"experience_context": back}}}
    order = call("POST", "/v2/checkout/orders", body)["id"]
    rehearsing_paypal.approve(simulator, order)
    rehearsing_paypal.hear(client, simulator)
    assert call("GET", f"/v2/checkout/orders/{order}")["status"] == "APPROVED"  # it is not ours to take
    with at(simulator):
        call("POST", f"/v2/checkout/orders/{order}/capture", {})
        rehearsing_paypal.approve(simulator, _foreign_subscription(back))
    rehearsing_paypal.hear(client, simulator)


def _foreign_subscription(back: dict[str, str]) -> str:
    product = call("POST", "/v1/catalogs/products", {"name": "Magazine"})["id"]
    price = {"fixed_price": {"currency_code": "USD", "value": "9.00"}}
    cycle = {"frequency": {"interval_unit": "MONTH"}, "tenure_type": "REGULAR", "sequence": 1, "total_cycles": 0}
    plan = {
        "product_id": product,
        "name": "Magazine",
        "billing_cycles": [{**cycle, "pricing_scheme": price}],
        "payment_preferences": {},
    }
    plan_id = call("POST", "/v1/billing/plans", plan)["id"]
    made = call("POST", "/v1/billing/subscriptions", {"plan_id": plan_id, "application_context": back})
    return str(made["id"])


STRIPE = Way(
    name="stripe",
    rehearsal=lambda _folder: rehearsing.rehearsal(),
    give=_give_by_card,
    deliver=rehearsing.deliver,
    foreign=_foreign_by_card,
    hear=rehearsing.hear,
    forged=tuple(("Stripe-Signature", value) for value in ("", "t=1,v1=00", "nonsense", "t=abc,v1=00")),
    unset="stripe_webhook_secret",
    other_mode={"mode": "live"},
)
PAYPAL = Way(
    name="paypal",
    rehearsal=rehearsing_paypal.rehearsal,
    give=rehearsing_paypal.approved,
    deliver=rehearsing_paypal.deliver,
    foreign=_foreign_by_paypal,
    hear=rehearsing_paypal.hear,
    forged=tuple(("PAYPAL-TRANSMISSION-SIG", value) for value in ("", "nonsense", "AAAA")),
    unset="paypal_webhook",
    other_mode={"paypal_address": ""},
)
WAYS = {way.name: way for way in (STRIPE, PAYPAL)}
