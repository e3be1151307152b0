"""Objects and events of Stripe that others recorded: each is read, and what is not ours changes nothing."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import UTC, datetime
from functools import cache
from typing import Any

import pytest
import stripe

from masthead.core.clock import frozen
from masthead.funding.models import Gift, Journal, ProviderEvent
from masthead.funding.providers.stripe import notices, reading
from masthead.simulator.testing import RunningSimulator
from tests.client import CheckingClient
from tests.funding.rehearsing import PATH, work
from tests.porting.inputs import INPUTS, needs_inputs

FILES = sorted(path.name for path in (INPUTS / "stripe" / "events").glob("*.json"))

pytestmark = needs_inputs


@cache
def resources() -> dict[str, Any]:
    """Return one example of every resource of Stripe's interface, as Stripe publishes them."""
    document: dict[str, Any] = json.loads((INPUTS / "stripe" / "fixtures3.json").read_text())["resources"]
    return document


def example(name: str, kind: type[stripe.StripeObject], **changes: Any) -> Any:
    """Return an example as the client holds it."""
    return kind.construct_from({**resources()[name], **changes}, "sk_test_example")


def event(name: str, number: int) -> dict[str, Any]:
    """Return a recorded event under an id of its own."""
    found: dict[str, Any] = json.loads((INPUTS / "stripe" / "events" / name).read_text())
    return {**found, "id": f"evt_{number}", "livemode": False}


def test_the_examples_of_stripes_own_description_are_read() -> None:
    line = example("balance_transaction", stripe.BalanceTransaction)
    charge = example("charge", stripe.Charge, balance_transaction=line, captured=True, amount_captured=100)
    intent = example("payment_intent", stripe.PaymentIntent, status="succeeded")
    refund = example("refund", stripe.Refund, balance_transaction=line)
    dispute = example("dispute", stripe.Dispute, balance_transactions=[line])

    facts = reading.payment(
        intent, pledge="p1", subscription="", charges=[charge], refunds=[refund], disputes=[dispute]
    )

    assert facts.capture is not None
    assert (facts.external_id, facts.capture.external_id) == (intent.id, charge.id)
    assert facts.capture.amount.amount_minor == 100
    assert facts.capture.settlement is not None
    assert facts.capture.settlement.external_id == line.id
    assert facts.refunds[refund.id].amount.amount_minor == refund.amount
    assert list(facts.disputes[dispute.id].movements) == [line.id]


def test_the_example_of_a_subscription_in_todays_shape_is_read() -> None:
    item = {**resources()["subscription_item"], "quantity": 2, "current_period_end": 1_800_000_000}
    item["price"] = {**resources()["price"], "unit_amount": 500, "recurring": {"interval": "month"}}
    row = example(
        "subscription", stripe.Subscription, items={"object": "list", "data": [item]}, status="active", ended_at=None
    )

    facts = reading.subscription(row, read_at=datetime(2026, 11, 1, tzinfo=UTC))

    assert (facts.external_id, facts.pledge, facts.amount.amount_minor) == (row.id, "", 1000)
    assert facts.next_at == datetime.fromtimestamp(1_800_000_000, tz=UTC)


def test_every_recorded_event_is_here() -> None:
    assert len(FILES) == 23


@pytest.mark.parametrize("name", FILES)
def test_what_a_recorded_event_is_about_is_found(name: str) -> None:
    """Rule W11: a kind that concerns no gift is about nothing."""
    told = event(name, 1)
    found = notices.refs(told["type"], told["data"]["object"])
    kind = told["type"].partition(".")[0]
    concerns = kind in {"charge", "checkout", "payment_intent", "invoice"} or ".subscription." in told["type"]
    assert len(found) <= 1
    assert concerns or not found
    assert all(ref.external_id for ref in found)


@pytest.mark.django_db(transaction=True)
def test_recorded_events_that_are_not_ours_come_twice_in_any_order_and_change_nothing(
    client: CheckingClient, simulator: RunningSimulator
) -> None:
    """Rules W6, W7 and W11: each is kept once, none makes a gift, and none is tried for ever."""
    numbered = [event(name, number) for number, name in enumerate(FILES)]
    for told in [*numbered, *reversed(numbered)]:
        assert post(client, told).status_code == 204
    for hours in range(0, 400, 40):
        work(hours=hours)
    assert not Gift.objects.exists()
    assert not Journal.objects.exists()
    assert not ProviderEvent.objects.filter(state="to_do").exists()


@pytest.mark.django_db(transaction=True)
def test_a_recorded_event_is_refused_with_a_wrong_and_with_an_old_signature(
    client: CheckingClient, simulator: RunningSimulator
) -> None:
    """Rules W1 and W2."""
    told = event(FILES[0], 1)
    assert post(client, told, secret="whsec_another").status_code == 400
    assert post(client, told, age=400).status_code == 400
    assert not ProviderEvent.objects.exists()


def post(client: CheckingClient, told: dict[str, Any], *, secret: str = "", age: int = 0) -> Any:
    """Send an event as Stripe would, signed so many seconds ago."""
    from django.conf import settings

    body = json.dumps(told).encode()
    moment = int(datetime.now(UTC).timestamp()) - age
    key = secret or settings.MASTHEAD.funding.stripe_webhook_secret
    signature = hmac.new(key.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
    headers = {"Stripe-Signature": f"t={moment},v1={signature}"}
    with frozen(datetime.now(UTC)):  # signatures are of real time, in a rehearsal too
        return client.post(PATH, body, content_type="application/json", headers=headers)
