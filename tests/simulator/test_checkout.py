"""Gifts on the hosted page: cards that pay, refuse, ask, and debits that come later."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from masthead.simulator.testing import RunningSimulator
from tests.simulator.gifts import SUCCESS, charge_of, events, give, line, session


def test_a_gift_is_paid_with_the_exact_fee(simulator: RunningSimulator, client: stripe.StripeClient) -> None:
    made = session(client, metadata={"pledge": "p1"})
    assert (made.status, made.payment_status, made.payment_intent) == ("open", "unpaid", None)

    page = simulator.pay(made.id)

    assert page["location"] == SUCCESS.replace("{CHECKOUT_SESSION_ID}", made.id)
    paid = client.v1.checkout.sessions.retrieve(made.id)
    assert (paid.status, paid.payment_status, paid.amount_total) == ("complete", "paid", 2500)
    movement = charge_of(client, paid).balance_transaction
    assert (movement.amount, movement.fee, movement.net, movement.currency) == (2500, 103, 2397, "usd")
    assert events(client)[-4:] == [
        "payment_intent.created",
        "charge.succeeded",
        "payment_intent.succeeded",
        "checkout.session.completed",
    ]


@pytest.mark.parametrize(
    ("card", "sentence", "code"),
    [
        ("4000000000000002", "Your card was declined.", "generic_decline"),
        ("4000000000009995", "Your card has insufficient funds.", "insufficient_funds"),
    ],
)
def test_a_refused_card_leaves_the_session_open(
    simulator: RunningSimulator, client: stripe.StripeClient, card: str, sentence: str, code: str
) -> None:
    made = session(client)
    assert simulator.pay(made.id, card_number=card)["page_status"] == 402
    kept = client.v1.checkout.sessions.retrieve(made.id, params={"expand": ["payment_intent.latest_charge"]})
    assert kept.status == "open"
    assert kept.payment_intent.status == "requires_payment_method"  # type: ignore[union-attr]
    error = kept.payment_intent.last_payment_error  # type: ignore[union-attr]
    assert error is not None
    assert (error.message, error.decline_code) == (sentence, code)
    assert events(client)[-2:] == ["charge.failed", "payment_intent.payment_failed"]

    simulator.pay(made.id)

    again = client.v1.checkout.sessions.retrieve(made.id)
    assert (again.payment_status, again.payment_intent) == ("paid", kept.payment_intent.id)  # type: ignore[union-attr]


def test_a_number_that_is_none_creates_nothing(simulator: RunningSimulator, client: stripe.StripeClient) -> None:
    made = session(client)
    assert simulator.pay(made.id, card_number="4242424242424241")["page_status"] == 402
    assert client.v1.checkout.sessions.retrieve(made.id).payment_intent is None


def test_a_debit_is_paid_days_later(simulator: RunningSimulator, client: stripe.StripeClient) -> None:
    made = session(client, currency="eur", allowed_payment_method_types=["sepa_debit"])
    simulator.pay(made.id, iban="DE89 3704 0044 0532 0130 00")
    waiting = client.v1.checkout.sessions.retrieve(made.id)
    assert (waiting.status, waiting.payment_status) == ("complete", "unpaid")

    simulator.advance(days=5)

    assert client.v1.checkout.sessions.retrieve(made.id).payment_status == "paid"
    assert events(client)[-3:] == [
        "charge.succeeded",
        "payment_intent.succeeded",
        "checkout.session.async_payment_succeeded",
    ]


def test_a_debit_fails_days_later(simulator: RunningSimulator, client: stripe.StripeClient) -> None:
    made = session(client, currency="eur")
    simulator.pay(made.id, iban="DE62370400440532013001")
    simulator.advance(days=5)
    assert client.v1.checkout.sessions.retrieve(made.id).payment_status == "unpaid"
    assert events(client)[-1] == "checkout.session.async_payment_failed"
    assert client.v1.balance_transactions.list().data == []


def test_a_foreign_gift_is_exchanged(simulator: RunningSimulator, client: stripe.StripeClient) -> None:
    charge = charge_of(client, give(simulator, client, amount=1000, currency="eur"))
    movement = charge.balance_transaction
    assert (charge.amount, charge.currency) == (1000, "eur")
    assert (movement.amount, movement.currency, movement.fee) == (1080, "usd", 61)
    assert movement.exchange_rate == 1.08


def test_a_session_expires_by_the_clock(simulator: RunningSimulator, client: stripe.StripeClient) -> None:
    made = session(client, expires_at=simulator.now() + 1800)
    simulator.advance(minutes=30)
    assert client.v1.checkout.sessions.retrieve(made.id).status == "expired"
    assert simulator.pay(made.id)["page_status"] == 410


def test_lines_are_told_on_request_only(simulator: RunningSimulator, client: stripe.StripeClient) -> None:
    made = session(client)
    assert "line_items" not in made
    whole = client.v1.checkout.sessions.retrieve(made.id, params={"expand": ["line_items"]})
    assert whole.line_items is not None
    assert [item.amount_total for item in whole.line_items.data] == [2500]
    assert client.v1.checkout.sessions.line_items.list(made.id).data[0].id == whole.line_items.data[0].id


@pytest.mark.parametrize(
    ("change", "param", "code"),
    [
        ({"line_items": [line(49)]}, "line_items", "amount_too_small"),
        ({"line_items": [line(2500, "zzz")]}, "line_items[0][price_data][currency]", None),
        ({"line_items": [line(2500, every="month")]}, "line_items", None),
        ({"mode": "pay"}, "mode", None),
        ({"colour": "red"}, "colour", "parameter_unknown"),
        ({"line_items": [{**line(), "size": 3}]}, "line_items[0][size]", "parameter_unknown"),
        ({"customer": "cus_nobody"}, "customer", "resource_missing"),
        ({"expires_at": 1_800_000_060}, "expires_at", None),
        ({"tax_id_collection": {"enabled": True}}, "tax_id_collection", "simulator_parameter_not_played"),
        ({"subscription_data": {"metadata": {"a": "b"}}}, "subscription_data", None),
        ({"metadata": {"k" * 41: "v"}}, "metadata", None),
    ],
)
def test_what_stripe_refuses_is_refused(
    client: stripe.StripeClient, change: dict[str, Any], param: str, code: str | None
) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        session(client, **change)
    assert (refused.value.http_status, refused.value.param, refused.value.code) == (400, param, code)
