"""Webhooks: signed over raw bytes, in order, tried again by the clock, and every way they can go wrong."""

from __future__ import annotations

import json

import pytest
import stripe

from masthead.simulator.testing import ControlError, RunningSimulator
from tests.simulator.conftest import Hearer
from tests.simulator.gifts import give


def customer(client: stripe.StripeClient, name: str) -> None:
    """Make one event."""
    client.v1.customers.create(params={"name": name})


def names(hearer: Hearer) -> list[str]:
    """Return whose events were heard."""
    return [json.loads(body)["data"]["object"]["name"] for _, body in hearer.heard]


@pytest.fixture
def secret(simulator: RunningSimulator, hearer: Hearer) -> str:
    """The secret of the one endpoint."""
    return simulator.add_endpoint(hearer.url)


def test_the_official_client_accepts_the_signature(
    simulator: RunningSimulator, client: stripe.StripeClient, hearer: Hearer, secret: str
) -> None:
    give(simulator, client)
    assert simulator.deliver() == 6
    for headers, body in hearer.heard:
        event = client.construct_event(body, headers["Stripe-Signature"], secret)
        assert event.api_version == "2026-10-28.endive"
    kept = client.v1.events.list(params={"type": "charge.succeeded"}).data[0]
    assert kept.pending_webhooks == 0


def test_only_wanted_kinds_are_sent(simulator: RunningSimulator, client: stripe.StripeClient, hearer: Hearer) -> None:
    client.v1.webhook_endpoints.create(params={"url": hearer.url, "enabled_events": ["charge.succeeded"]})
    give(simulator, client)
    assert simulator.deliver() == 1


@pytest.mark.parametrize("flaw", ["wrong_signature", "stale_signature", "altered_body"])
def test_flawed_signatures_are_refused_by_the_client(
    simulator: RunningSimulator, client: stripe.StripeClient, hearer: Hearer, secret: str, flaw: str
) -> None:
    simulator.break_webhook(flaw, "customer.created")
    customer(client, "Don")
    simulator.deliver()
    headers, body = hearer.heard[0]
    with pytest.raises(stripe.SignatureVerificationError):
        client.construct_event(body, headers["Stripe-Signature"], secret)


def test_a_future_signature_is_ten_minutes_ahead(
    simulator: RunningSimulator, client: stripe.StripeClient, hearer: Hearer, secret: str
) -> None:
    simulator.control("POST", "/post", sign_with="simulated")
    simulator.break_webhook("future_signature")
    customer(client, "Don")
    simulator.deliver()
    assert hearer.heard[0][0]["Stripe-Signature"].startswith(f"t={simulator.now() + 600},v1=")


def test_a_duplicate_comes_twice(
    simulator: RunningSimulator, client: stripe.StripeClient, hearer: Hearer, secret: str
) -> None:
    simulator.break_webhook("duplicate")
    customer(client, "Don")
    assert simulator.deliver() == 2
    assert hearer.heard[0][1] == hearer.heard[1][1]


def test_a_reordered_one_comes_after_the_next(
    simulator: RunningSimulator, client: stripe.StripeClient, hearer: Hearer, secret: str
) -> None:
    simulator.break_webhook("reorder")
    for name in ("Ada", "Ben", "Don"):
        customer(client, name)
    simulator.deliver()
    assert names(hearer) == ["Ben", "Ada", "Don"]


def test_a_reordered_one_without_a_next_is_not_lost(
    simulator: RunningSimulator, client: stripe.StripeClient, hearer: Hearer, secret: str
) -> None:
    simulator.break_webhook("reorder")
    customer(client, "Ada")
    simulator.deliver()
    assert names(hearer) == ["Ada"]


def test_a_delayed_one_waits_for_the_clock(
    simulator: RunningSimulator, client: stripe.StripeClient, hearer: Hearer, secret: str
) -> None:
    simulator.break_webhook("delay", seconds=3600)
    customer(client, "Ada")
    assert simulator.deliver() == 0
    simulator.advance(hours=1)
    assert simulator.deliver() == 1


def test_a_dropped_one_never_comes_until_it_is_sent_again(
    simulator: RunningSimulator, client: stripe.StripeClient, hearer: Hearer, secret: str
) -> None:
    simulator.break_webhook("drop")
    customer(client, "Ada")
    assert simulator.deliver() == 0
    [dropped] = simulator.control("GET", "/deliveries?state=dropped")["data"]
    simulator.control("POST", f"/deliveries/{dropped['seq']}/again")
    assert simulator.deliver() == 1


def test_a_refused_one_is_tried_again_with_growing_pauses(
    simulator: RunningSimulator, client: stripe.StripeClient, hearer: Hearer, secret: str
) -> None:
    simulator.control("POST", "/post", mode="automatic")
    hearer.answers = [500, 302, 500]
    customer(client, "Ada")
    simulator.deliver()
    simulator.advance(seconds=59)
    assert len(hearer.heard) == 1
    simulator.advance(seconds=1)
    assert len(hearer.heard) == 2
    simulator.advance(hours=1)
    assert len(hearer.heard) == 4
    [done] = simulator.control("GET", "/deliveries")["data"]
    assert (done["state"], [item["status"] for item in done["attempts"]]) == ("delivered", [500, 302, 500, 200])


def test_after_three_days_nobody_tries_any_more(
    simulator: RunningSimulator, client: stripe.StripeClient, hearer: Hearer, secret: str
) -> None:
    simulator.control("POST", "/post", mode="automatic")
    simulator.break_webhook("fail", seconds=100)
    customer(client, "Ada")
    simulator.deliver()
    simulator.advance(days=4)
    assert simulator.control("GET", "/deliveries")["data"][0]["state"] == "given_up"
    assert hearer.heard == []


def test_a_waiting_one_can_be_taken_as_it_would_be_sent(
    simulator: RunningSimulator, client: stripe.StripeClient, secret: str
) -> None:
    customer(client, "Ada")
    [waiting] = simulator.waiting()
    event = client.construct_event(waiting["body"], waiting["headers"]["Stripe-Signature"], secret)
    assert event.type == "customer.created"


def test_an_unknown_fault_is_refused(simulator: RunningSimulator) -> None:
    with pytest.raises(ControlError, match="unknown fault"):
        simulator.break_webhook("explode")
