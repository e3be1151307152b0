"""What Stripe tells: believed by its signature, kept first, worked on later (rules W1 to W5, W11)."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
import stripe
from django.test import override_settings

from masthead.funding.models import Journal, Payment, Pledge, ProviderEvent
from masthead.funding.providers import ready_providers
from masthead.simulator.testing import RunningSimulator
from tests.client import CheckingClient
from tests.funding.rehearsing import SUCCESS, deliver, hear, opened, raised, work

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def told(simulator: RunningSimulator, pledge: Pledge) -> dict[str, Any]:
    """One notification that waits, as it would be sent."""
    simulator.pay(opened(pledge), card_number="4242424242424242")
    return simulator.waiting()[0]


def untouched() -> bool:
    """Tell whether nothing was kept."""
    return not ProviderEvent.objects.exists() and not Journal.objects.exists()


@pytest.mark.parametrize("header", ["", "t=1,v1=00", "nonsense", "t=abc,v1=00"])
def test_w1_a_missing_or_wrong_signature_is_refused(client: CheckingClient, told: dict[str, Any], header: str) -> None:
    told["headers"] = {"Stripe-Signature": header}
    assert deliver(client, told).status_code == 400
    assert untouched()


@pytest.mark.parametrize("seconds", [301, -60, -600])
def test_w2_a_stamp_too_old_or_from_the_future_is_refused(
    client: CheckingClient, told: dict[str, Any], seconds: int
) -> None:
    assert deliver(client, told, seconds=seconds).status_code == 400
    assert untouched()


def test_w3_the_signature_holds_for_the_raw_bytes_only(client: CheckingClient, told: dict[str, Any]) -> None:
    told["body"] = json.dumps(json.loads(told["body"]), indent=1)
    assert deliver(client, told).status_code == 400
    assert untouched()


def test_w4_without_a_secret_nothing_is_believed(client: CheckingClient, told: dict[str, Any]) -> None:
    from django.conf import settings

    without = replace(settings.MASTHEAD, funding=replace(settings.MASTHEAD.funding, stripe_webhook_secret=""))
    with override_settings(MASTHEAD=without):
        assert deliver(client, told).status_code == 503
        assert ready_providers() == []
    assert untouched()


def test_w4_the_other_mode_is_refused(client: CheckingClient, told: dict[str, Any]) -> None:
    from django.conf import settings

    live = replace(settings.MASTHEAD, funding=replace(settings.MASTHEAD.funding, mode="live"))
    with override_settings(MASTHEAD=live):
        assert deliver(client, told).status_code == 403
        assert ready_providers() == []
    assert untouched()


def test_w5_what_cannot_be_worked_on_now_is_kept_and_tried_again(
    client: CheckingClient, simulator: RunningSimulator, pledge: Pledge
) -> None:
    simulator.pay(opened(pledge), card_number="4242424242424242")
    simulator.break_call("error", "*", times=99)
    hear(client, simulator)
    assert ProviderEvent.objects.filter(state="to_do").exists()
    assert not Journal.objects.exists()
    simulator.control("DELETE", "/rules")
    work(hours=1)
    assert raised(simulator) == 2500
    assert not ProviderEvent.objects.filter(state="to_do").exists()


def test_w11_foreign_objects_and_unknown_kinds_change_nothing(
    client: CheckingClient, simulator: RunningSimulator, pledge: Pledge
) -> None:
    other = stripe.StripeClient(simulator.key, base_addresses=simulator.base_addresses)
    line: Any = {"quantity": 1, "price_data": {"currency": "usd", "unit_amount": 700, "product_data": {"name": "Mug"}}}
    session = other.v1.checkout.sessions.create({"mode": "payment", "success_url": SUCCESS, "line_items": [line]})
    simulator.pay(session.id, card_number="4242424242424242")
    other.v1.products.create({"name": "Mug"})
    hear(client, simulator)
    assert not Payment.objects.exists()
    assert ProviderEvent.objects.filter(state="unknown").exists()
