"""Monthly gifts: renewed by the clock, refused and tried again, paused, changed, ended."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from masthead.simulator.clock import moment
from masthead.simulator.testing import RunningSimulator
from tests.simulator.gifts import events, give, session


def monthly(simulator: RunningSimulator, client: stripe.StripeClient, **more: Any) -> stripe.Subscription:
    """Give every month. Returns the subscription."""
    paid = give(simulator, client, every="month", **more)
    assert (paid.status, paid.payment_status) == ("complete", "paid")
    return client.v1.subscriptions.retrieve(paid.subscription)


def invoices(client: stripe.StripeClient, subscription: str) -> list[tuple[str, str, int]]:
    """Return reason, status and amount of each invoice, oldest first."""
    found = client.v1.invoices.list(params={"subscription": subscription, "limit": 100}).data
    return [(str(item.billing_reason), str(item.status), item.total) for item in found][::-1]


def test_the_first_invoice_is_paid_on_the_page(simulator: RunningSimulator, client: stripe.StripeClient) -> None:
    made = monthly(simulator, client, subscription_data={"metadata": {"pledge": "p7"}})
    assert (made.status, made.metadata["pledge"]) == ("active", "p7")
    assert "current_period_end" not in made
    assert made["items"].data[0].current_period_end == simulator.now() + 31 * 86_400
    invoice = client.v1.invoices.retrieve(str(made.latest_invoice), params={"expand": ["payments"]})
    assert invoice.parent is not None
    assert invoice.parent.subscription_details is not None
    assert invoice.parent.subscription_details.subscription == made.id
    assert invoice.payments is not None
    assert invoice.payments.data[0].payment.payment_intent is not None
    assert "subscription" not in invoice
    assert "charge" not in invoice


def test_the_clock_renews(simulator: RunningSimulator, client: stripe.StripeClient) -> None:
    made = monthly(simulator, client)
    simulator.advance(days=63)
    assert invoices(client, made.id) == [
        ("subscription_create", "paid", 2500),
        ("subscription_cycle", "paid", 2500),
        ("subscription_cycle", "paid", 2500),
    ]
    assert len(client.v1.charges.list(params={"customer": str(made.customer)}).data) == 3
    # Events are told for thirty days.
    assert events(client).count("invoice.upcoming") == 1


def test_the_31st_is_the_last_of_shorter_months(simulator: RunningSimulator, client: stripe.StripeClient) -> None:
    simulator.control("POST", "/clock", to="2027-01-31T12:00:00Z")
    made = monthly(simulator, client)
    simulator.control("POST", "/clock", to="2027-04-30T14:00:00Z")
    found = client.v1.invoices.list(params={"subscription": made.id}).data
    days = [f"{moment(item.lines.data[0].period.start):%m-%d}" for item in reversed(found)]
    assert days == ["01-31", "02-28", "03-31", "04-30"]


def test_a_card_that_fails_later_is_tried_four_times(simulator: RunningSimulator, client: stripe.StripeClient) -> None:
    made = monthly(simulator, client, card="4000000000000341")
    simulator.advance(days=32)
    assert client.v1.subscriptions.retrieve(made.id).status == "past_due"
    latest = client.v1.invoices.list(params={"subscription": made.id}).data[0]
    assert (latest.attempt_count, latest.status) == (1, "open")
    simulator.advance(days=20)
    assert client.v1.subscriptions.retrieve(made.id).status == "canceled"
    assert client.v1.invoices.retrieve(latest.id).attempt_count == 4
    assert events(client)[-1] == "customer.subscription.deleted"


def test_another_card_ends_the_arrears(simulator: RunningSimulator, client: stripe.StripeClient) -> None:
    made = monthly(simulator, client, card="4000000000000341")
    simulator.advance(days=32)
    card = client.v1.payment_methods.attach("pm_card_visa", params={"customer": str(made.customer)})
    client.v1.subscriptions.update(made.id, params={"default_payment_method": card.id})
    simulator.advance(days=3)
    assert client.v1.subscriptions.retrieve(made.id).status == "active"
    assert invoices(client, made.id)[-1] == ("subscription_cycle", "paid", 2500)


def test_it_ends_with_its_period(simulator: RunningSimulator, client: stripe.StripeClient) -> None:
    made = monthly(simulator, client)
    ending = client.v1.subscriptions.update(made.id, params={"cancel_at_period_end": True})
    assert (ending.status, ending.cancel_at) == ("active", made["items"].data[0].current_period_end)
    simulator.advance(days=31)
    assert client.v1.subscriptions.retrieve(made.id).status == "canceled"
    assert len(invoices(client, made.id)) == 1


def test_it_ends_at_once_and_only_once(simulator: RunningSimulator, client: stripe.StripeClient) -> None:
    made = monthly(simulator, client)
    assert client.v1.subscriptions.cancel(made.id).status == "canceled"
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.subscriptions.cancel(made.id)
    simulator.advance(days=62)
    assert len(invoices(client, made.id)) == 1


def test_a_pause_collects_nothing_until_it_is_over(simulator: RunningSimulator, client: stripe.StripeClient) -> None:
    made = monthly(simulator, client)
    resumes = simulator.now() + 40 * 86_400
    client.v1.subscriptions.update(made.id, params={"pause_collection": {"behavior": "void", "resumes_at": resumes}})
    simulator.advance(days=63)
    assert invoices(client, made.id)[1:] == [
        ("subscription_cycle", "void", 2500),
        ("subscription_cycle", "paid", 2500),
    ]


def test_the_amount_changes_from_the_next_period(simulator: RunningSimulator, client: stripe.StripeClient) -> None:
    made = monthly(simulator, client)
    item = made["items"].data[0]
    price = {"currency": "usd", "unit_amount": 4000, "product": item.price.product, "recurring": {"interval": "month"}}
    change: Any = {"items": [{"id": item.id, "price_data": price}]}
    with pytest.raises(stripe.InvalidRequestError, match="proration_behavior=none"):
        client.v1.subscriptions.update(made.id, params=change)
    change["proration_behavior"] = "none"
    client.v1.subscriptions.update(made.id, params=change)
    assert len(invoices(client, made.id)) == 1
    simulator.advance(days=32)
    assert invoices(client, made.id)[-1] == ("subscription_cycle", "paid", 4000)


def test_another_rhythm_begins_a_new_period_now(simulator: RunningSimulator, client: stripe.StripeClient) -> None:
    made = monthly(simulator, client)
    simulator.advance(days=10)
    item = made["items"].data[0]
    price = {"currency": "usd", "unit_amount": 25_000, "product": item.price.product, "recurring": {"interval": "year"}}
    change: Any = {"items": [{"id": item.id, "price_data": price}], "proration_behavior": "none"}
    client.v1.subscriptions.update(made.id, params=change)
    simulator.advance(hours=1)
    assert invoices(client, made.id)[-1] == ("subscription_update", "paid", 25_000)
    simulator.advance(days=60)
    assert len(invoices(client, made.id)) == 2


def test_a_debit_is_active_before_it_is_paid(simulator: RunningSimulator, client: stripe.StripeClient) -> None:
    made = session(client, currency="eur", every="month")
    simulator.pay(made.id, iban="DE62370400440532013001")
    kept = client.v1.checkout.sessions.retrieve(made.id)
    assert kept.payment_status == "unpaid"
    assert client.v1.subscriptions.retrieve(str(kept.subscription)).status == "active"
    simulator.advance(days=5)
    assert client.v1.subscriptions.retrieve(str(kept.subscription)).status == "past_due"
    assert "checkout.session.async_payment_failed" in events(client)


def test_a_refused_card_makes_no_subscription(simulator: RunningSimulator, client: stripe.StripeClient) -> None:
    made = session(client, every="month")
    assert simulator.pay(made.id, card_number="4000000000000002")["page_status"] == 402
    assert client.v1.subscriptions.list(params={"status": "all"}).data == []
    simulator.pay(made.id)
    assert len(client.v1.subscriptions.list().data) == 1


def test_the_api_alone_begins_one_incomplete(simulator: RunningSimulator, client: stripe.StripeClient) -> None:
    customer = client.v1.customers.create(
        params={"email": "don@example.org", "payment_method": "pm_card_chargeDeclined"}
    )
    card = client.v1.payment_methods.list(params={"customer": customer.id}).data[0]
    product = client.v1.products.create(params={"name": "Gift"})
    price = client.v1.prices.create(
        params={"currency": "usd", "unit_amount": 500, "product": product.id, "recurring": {"interval": "week"}}
    )
    params: Any = {"customer": customer.id, "items": [{"price": price.id}], "default_payment_method": card.id}
    made = client.v1.subscriptions.create(params=params)
    assert made.status == "incomplete"
    params["payment_behavior"] = "error_if_incomplete"
    with pytest.raises(stripe.CardError):
        client.v1.subscriptions.create(params=params)
    assert len(client.v1.subscriptions.list().data) == 1
    simulator.advance(hours=23)
    assert client.v1.subscriptions.retrieve(made.id).status == "incomplete_expired"
