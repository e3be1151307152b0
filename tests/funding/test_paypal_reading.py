"""What PayPal writes, read as facts: amounts, exchanges, refunds and disputes it seldom shows."""

from __future__ import annotations

from typing import Any

import pytest

from masthead.core.money import InexactAmount, Money
from masthead.funding.ports import SubscriptionStatus
from masthead.funding.providers import provider_named
from masthead.funding.providers.paypal import notices, reading
from masthead.funding.providers.paypal.calls import address
from masthead.funding.providers.paypal.money import from_paypal, to_paypal
from masthead.funding.rules.facts import Capture, DisputeStatus, RefundStatus, Settlement

AT = "2026-11-03T10:00:00Z"
TAKEN = Capture("C1", Money(2000, "EUR"), reading.moment(AT), Settlement("C1", Money(2200, "USD"), Money(131, "USD")))


def money(value: str, currency: str = "EUR") -> dict[str, str]:
    """Write an amount as PayPal does."""
    return {"currency_code": currency, "value": value}


@pytest.mark.parametrize(
    ("amount", "value"),
    [
        (Money(2500, "USD"), "25.00"),
        (Money(5, "EUR"), "0.05"),
        (Money(2500, "JPY"), "2500"),
        (Money(250_000, "HUF"), "2500"),
        (Money(250_000, "TWD"), "2500"),
    ],
)
def test_c3_paypal_writes_decimals_by_its_own_table(amount: Money, value: str) -> None:
    assert to_paypal(amount) == {"currency_code": amount.currency, "value": value}
    assert from_paypal(to_paypal(amount)) == amount


@pytest.mark.parametrize("amount", [Money(250_050, "HUF"), Money(2500, "UAH"), Money(2500, "KWD")])
def test_c3_what_paypal_cannot_take_is_refused(amount: Money) -> None:
    with pytest.raises(InexactAmount):
        to_paypal(amount)


def test_the_limits_of_currencies() -> None:
    limits = provider_named("paypal").limits
    assert (limits("USD").least, limits("HUF").step_minor, limits("JPY").step_minor) == (Money(1, "USD"), 100, 1)
    assert limits("USD").most == Money(999_999_900, "USD")
    assert limits("UAH").most == Money(0, "UAH")


def test_l8_without_a_breakdown_nothing_is_settled_yet() -> None:
    row = {"id": "C1", "status": "COMPLETED", "amount": money("20.00"), "create_time": AT}
    facts = reading.payment(row, pledge="p", subscription="", refunds=[refund()], disputes=[dispute()])
    assert facts.capture is not None
    assert facts.capture.settlement is None
    assert facts.refunds["R1"].settlement is None
    assert facts.disputes["D1"].movements == {}


@pytest.mark.parametrize(
    ("more", "gross", "fee"),
    [
        ({}, Money(2000, "EUR"), Money(0, "EUR")),
        ({"paypal_fee": money("1.00")}, Money(2000, "EUR"), Money(100, "EUR")),
        (
            {"paypal_fee": money("1.00"), "receivable_amount": money("20.90", "USD")},
            Money(2200, "USD"),
            Money(110, "USD"),
        ),
    ],
)
def test_c6_an_exchange_is_what_arrived(more: dict[str, Any], gross: Money, fee: Money) -> None:
    row = {"id": "C1", "seller_receivable_breakdown": {"gross_amount": money("20.00"), **more}}
    assert reading.settlement(row) == Settlement("C1", gross, fee)


def refund(status: str = "COMPLETED", said: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return a refund of half as PayPal writes it."""
    return {
        "id": "R1",
        "status": status,
        "amount": money("10.00"),
        "create_time": AT,
        "update_time": AT,
        "seller_payable_breakdown": said or {},
    }


def test_a_refund_that_brought_back_fee_and_was_exchanged() -> None:
    said = {"paypal_fee": money("0.50"), "net_amount_in_receivable_currency": money("10.45", "USD")}
    found = reading.refund(refund(said=said), TAKEN)
    assert found.settlement == Settlement("R1", Money(1100, "USD"), Money(-55, "USD"))


def test_l8_an_exchanged_refund_without_figures_is_not_settled_yet() -> None:
    found = reading.refund(refund(), TAKEN)
    assert found.settlement is None
    assert not found.is_settled


def test_r3_a_refund_that_failed_went_and_came_again() -> None:
    said = {"paypal_fee": money("1.00"), "net_amount_in_receivable_currency": money("9.90", "USD")}
    found = reading.refund(refund("FAILED", said), TAKEN)
    assert found.status == RefundStatus.FAILED
    assert found.settlement is not None
    assert found.failure is not None
    gone = found.settlement.gross + found.settlement.fee
    assert gone == found.failure.gross - found.failure.fee
    assert found.failed_at == reading.moment(AT)
    assert reading.refund(refund("PENDING"), TAKEN).settlement is None


def dispute(
    status: str = "RESOLVED", outcome: str = "RESOLVED_BUYER_FAVOUR", stage: str = "CHARGEBACK"
) -> dict[str, Any]:
    """Return a dispute as PayPal writes it."""
    return {
        "dispute_id": "D1",
        "status": status,
        "dispute_life_cycle_stage": stage,
        "dispute_amount": money("20.00"),
        "create_time": AT,
        "update_time": AT,
        **({"dispute_outcome": {"outcome_code": outcome}} if outcome else {}),
    }


@pytest.mark.parametrize(
    ("row", "status"),
    [
        (dispute(), DisputeStatus.LOST),
        (dispute(outcome="ACCEPTED"), DisputeStatus.LOST),
        (dispute(outcome="RESOLVED_WITH_PAYOUT"), DisputeStatus.WON),
        (dispute(outcome="CANCELED_BY_BUYER", stage="INQUIRY"), DisputeStatus.INQUIRY_CLOSED),
        (dispute("OPEN", "", "INQUIRY"), DisputeStatus.INQUIRY),
        (dispute("UNDER_REVIEW", ""), DisputeStatus.OPEN),
    ],
)
def test_d1_how_a_dispute_stands_moves_nothing_by_itself(row: dict[str, Any], status: DisputeStatus) -> None:
    found = reading.dispute(row)
    assert (found.status, found.movements) == (status, {})


@pytest.mark.parametrize(
    ("kind", "resource", "ids"),
    [
        (
            "PAYMENT.SALE.REVERSED",
            {"id": "R", "links": [{"rel": "sale", "href": "https://x/v1/payments/sale/S"}]},
            ["S/R"],
        ),
        ("PAYMENT.SALE.REVERSED", {"id": "R"}, []),
        ("PAYMENT.SALE.COMPLETED", {"id": "S"}, ["S"]),
        ("PAYMENT.CAPTURE.REFUNDED", {"id": "R"}, []),
        ("CUSTOMER.DISPUTE.CREATED", {"dispute_id": "D"}, []),
        ("CHECKOUT.ORDER.APPROVED", {}, []),
        ("BILLING.PLAN.CREATED", {"id": "P"}, []),
    ],
)
def test_w11_what_an_event_leaves_out_is_not_guessed(kind: str, resource: dict[str, Any], ids: list[str]) -> None:
    assert [ref.external_id for ref in notices.refs(kind, resource)] == ids


def test_a_cancelled_subscription_has_no_next_date() -> None:
    row: dict[str, Any] = {
        "id": "I-1",
        "status": "CANCELLED",
        "custom_id": "somebody else's",
        "quantity": "2",
        "start_time": AT,
        "status_update_time": AT,
        "billing_info": {"next_billing_time": AT},
        "plan": {
            "billing_cycles": [
                {"frequency": {"interval_unit": "MONTH"}, "pricing_scheme": {"fixed_price": money("7.50")}},
            ]
        },
    }
    found = reading.subscription(row, read_at=reading.moment(AT))
    assert (found.status, found.next_at, found.amount) == (SubscriptionStatus.ENDED, None, Money(1500, "EUR"))
    assert found.pledge == ""


def test_real_money_is_asked_for_at_paypal_itself() -> None:
    assert address() == "https://api-m.paypal.com"
