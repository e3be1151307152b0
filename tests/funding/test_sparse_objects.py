"""What processors may leave out: readers give the same facts from the full and from every sparse form of an object.

A field that is needed is listed with its reason; every other one may be null or missing, alone or with all others.
"""

from __future__ import annotations

import copy
import random
from datetime import UTC, datetime
from typing import Any

import pytest
import stripe
from hypothesis import given, settings
from hypothesis import strategies as st

from masthead.funding.providers.paypal import history, returns
from masthead.funding.providers.paypal import notices as paypal_notices
from masthead.funding.providers.paypal import reading as paypal_reading
from masthead.funding.providers.stripe import notices as stripe_notices
from masthead.funding.providers.stripe import reading as stripe_reading
from tests.funding.leaving_out import Kind, everything, named, spare, without
from tests.simulator.contract import optional_fields

AT, MOMENT = 1_800_000_000, "2027-01-15T08:00:00Z"
READ_AT = datetime(2027, 1, 16, tzinfo=UTC)


# Stripe: what its own client calls optional

LINE = {
    "id": "txn_1", "object": "balance_transaction", "amount": 2500, "currency": "usd", "fee": 103, "net": 2397,
    "created": AT, "type": "charge", "status": "available", "available_on": AT, "description": "Gift",
    "exchange_rate": 1.0, "fee_details": [], "reporting_category": "charge", "source": None,
}  # fmt: skip
CHARGE = {
    "id": "ch_1", "object": "charge", "amount": 2500, "amount_captured": 2500, "amount_refunded": 0, "captured": True,
    "created": AT, "currency": "usd", "status": "succeeded", "balance_transaction": LINE, "livemode": False,
    "failure_balance_transaction": None, "failure_code": None, "receipt_url": "https://x", "description": "Gift",
    "customer": "cus_1", "outcome": {"type": "authorized", "risk_score": 7}, "metadata": {}, "paid": True,
    "payment_intent": "pi_1",
}  # fmt: skip
REFUND = {
    "id": "re_1", "object": "refund", "amount": 700, "created": AT, "currency": "usd", "status": "succeeded",
    "balance_transaction": {**LINE, "id": "txn_2", "amount": -700, "fee": 0}, "failure_balance_transaction": None,
    "charge": "ch_1", "reason": "requested_by_customer", "receipt_number": None, "metadata": {}, "description": "x",
    "failure_reason": None, "payment_intent": "pi_1",
}  # fmt: skip
DISPUTE = {
    "id": "du_1", "object": "dispute", "amount": 800, "created": AT, "currency": "usd", "status": "lost",
    "balance_transactions": [{**LINE, "id": "txn_3", "amount": -800, "fee": 1500}], "charge": "ch_1",
    "payment_intent": "pi_1", "reason": "fraudulent", "network_reason_code": "83", "metadata": {},
    "is_charge_refundable": False, "livemode": False,
}  # fmt: skip
INTENT = {
    "id": "pi_1", "object": "payment_intent", "amount": 2500, "currency": "usd", "created": AT, "livemode": False,
    "status": "succeeded", "metadata": {"masthead_pledge": "p1"}, "last_payment_error": None, "customer": "cus_1",
    "description": "Gift", "latest_charge": "ch_1", "canceled_at": None, "amount_received": 2500,
    "receipt_email": "a@example.org",
}  # fmt: skip
DECLINED = {
    **INTENT, "status": "requires_payment_method",
    "last_payment_error": {"message": "Declined.", "code": "card_declined", "type": "card_error", "param": "x"},
}  # fmt: skip
SUBSCRIPTION: dict[str, Any] = {
    "id": "sub_1", "object": "subscription", "livemode": False, "status": "active", "start_date": AT, "created": AT,
    "metadata": {"masthead_pledge": "p1"}, "cancel_at": AT + 9, "ended_at": None, "customer": "cus_1",
    "currency": "usd", "description": "x", "latest_invoice": "in_1", "cancel_at_period_end": False,
    "pause_collection": {"behavior": "void", "resumes_at": AT + 5},
    "default_payment_method": {
        "id": "pm_1", "object": "payment_method", "type": "card", "created": AT, "livemode": False,
        "card": {"brand": "visa", "last4": "4242", "country": "US", "exp_month": 1, "exp_year": 2034},
        "customer": "cus_1", "billing_details": {"email": "a@example.org"},
    },
    "items": {
        "object": "list", "has_more": False, "url": "/x",
        "data": [{
            "id": "si_1", "object": "subscription_item", "quantity": 2, "current_period_end": AT + 7,
            "current_period_start": AT, "created": AT, "metadata": {},
            "price": {
                "id": "price_1", "object": "price", "currency": "usd", "unit_amount": 500, "nickname": "x",
                "recurring": {"interval": "year", "interval_count": 1, "usage_type": "licensed"}, "lookup_key": "x",
                "unit_amount_decimal": "500", "active": True, "created": AT, "product": "prod_1",
            },
        }],
    },
}  # fmt: skip
EVENT = {
    "id": "evt_1", "object": "event", "type": "charge.refunded", "livemode": False, "created": AT,
    "data": {"object": CHARGE, "previous_attributes": {"amount_refunded": 0}}, "account": "acct_1", "request": None,
    "pending_webhooks": 1, "api_version": "x",
}  # fmt: skip


def held(kind: type[stripe.StripeObject], row: dict[str, Any]) -> Any:
    """Return an object as the official client holds it."""
    return kind.construct_from(copy.deepcopy(row), "sk_test_x")


def payment(row: dict[str, Any]) -> Any:
    """Read a payment with all that came of it."""
    return stripe_reading.payment(
        held(stripe.PaymentIntent, row["intent"]),
        pledge="p1",
        subscription="",
        charges=[held(stripe.Charge, each) for each in row["charges"]],
        refunds=[held(stripe.Refund, each) for each in row["refunds"]],
        disputes=[held(stripe.Dispute, each) for each in row["disputes"]],
    )


SETTLES = "what the balance got is Stripe's own figure, never ours (rule L8)"
BY_STRIPE: dict[str, Kind] = {
    "payment": Kind(
        {"intent": INTENT, "charges": [CHARGE], "refunds": [REFUND], "disputes": [DISPUTE]},
        payment,
        {
            "charges.balance_transaction": SETTLES,
            "refunds.balance_transaction": SETTLES,
            "refunds.status": "a refund is pending until Stripe says more (rule R3)",
        },
        optional_fields,
    ),
    "declined": Kind(
        {"intent": DECLINED, "charges": [], "refunds": [], "disputes": []},
        payment,
        {"intent.last_payment_error.message": "staff read why in Stripe's words"},
        optional_fields,
    ),
    "subscription": Kind(
        SUBSCRIPTION,
        lambda row: stripe_reading.subscription(held(stripe.Subscription, row), read_at=READ_AT),
        {
            "metadata": "whose pledge it is (rule W11)",
            "cancel_at": "when it ends",
            "pause_collection.resumes_at": "until when it pauses",
            "default_payment_method.card.brand": "what the giver recognises",
            "default_payment_method.card.last4": "what the giver recognises",
            "items.data.price.unit_amount": "how much is given",
            "items.data.price.recurring.interval": "how often it is given",
            "items.data.quantity": "how much is given",
        },
        optional_fields,
    ),
    "balance line": Kind(
        {**LINE, "source": CHARGE},
        lambda row: stripe_reading.balance_line(held(stripe.BalanceTransaction, row), payout=""),
        {
            "source.payment_intent": "which payment it belongs to (rule X1)",
            "description": "staff read it beside a difference",
        },
        optional_fields,
    ),
    "event": Kind(
        EVENT,
        lambda row: stripe_notices.refs(row["type"], row["data"]["object"]),
        {"data.object.payment_intent": "what to read again"},
        optional_fields,
    ),
}


# PayPal: its description requires no field of an answer, so all are listed that are needed


def money(value: str, currency: str = "EUR") -> dict[str, str]:
    """Return an amount as PayPal writes it."""
    return {"currency_code": currency, "value": value}


LINKS = [{"rel": "up", "href": "https://x/v2/payments/captures/C1", "method": "GET"}]
CAPTURE = {
    "id": "C1", "status": "PARTIALLY_REFUNDED", "amount": money("20.00"), "create_time": MOMENT, "update_time": MOMENT,
    "final_capture": True, "invoice_id": "key", "custom_id": "masthead:p1", "links": LINKS,
    "seller_protection": {"status": "ELIGIBLE", "dispute_categories": ["ITEM_NOT_RECEIVED"]},
    "status_details": {"reason": "OTHER"},
    "supplementary_data": {"related_ids": {"order_id": "O1"}},
    "seller_receivable_breakdown": {
        "gross_amount": money("20.00"), "paypal_fee": money("1.00"), "net_amount": money("19.00"),
        "receivable_amount": money("20.90", "USD"),
        "exchange_rate": {"source_currency": "EUR", "target_currency": "USD", "value": "1.1"},
    },
}  # fmt: skip
BACK = {
    "id": "R1", "status": "COMPLETED", "amount": money("10.00"), "create_time": MOMENT, "update_time": MOMENT,
    "note_to_payer": "x", "custom_id": "key", "links": LINKS,
    "seller_payable_breakdown": {
        "gross_amount": money("10.00"), "paypal_fee": money("0.00"), "net_amount": money("10.00"),
        "net_amount_in_receivable_currency": money("11.00", "USD"), "total_refunded_amount": money("10.00"),
    },
}  # fmt: skip
CLAIM = {
    "dispute_id": "D1", "create_time": MOMENT, "update_time": MOMENT, "reason": "UNAUTHORISED", "status": "RESOLVED",
    "dispute_amount": money("10.00"), "dispute_life_cycle_stage": "CHARGEBACK", "dispute_channel": "INTERNAL",
    "disputed_transactions": [{"seller_transaction_id": "C1", "custom": "masthead:p1"}],
    "dispute_outcome": {"outcome_code": "RESOLVED_BUYER_FAVOUR", "amount_refunded": money("10.00")},
    "money_movements": [{"affected_party": "SELLER", "amount": money("10.00"), "type": "DEBIT"}], "links": LINKS,
}  # fmt: skip
ROW = {
    "transaction_id": "T1", "transaction_event_code": "T0006", "transaction_initiation_date": MOMENT,
    "transaction_updated_date": MOMENT, "transaction_amount": money("20.00"), "fee_amount": money("-1.00"),
    "transaction_status": "S", "protection_eligibility": "01", "paypal_reference_id": "I-1",
    "paypal_reference_id_type": "SUB", "custom_field": "masthead:p1", "invoice_id": "key",
    "paypal_account_id": "X", "ending_balance": money("19.00"),
}  # fmt: skip
AGREEMENT = {
    "id": "I-1", "status": "ACTIVE", "custom_id": "masthead:p1", "quantity": "2", "start_time": MOMENT,
    "create_time": MOMENT, "update_time": MOMENT, "status_update_time": MOMENT, "plan_id": "P-1", "links": LINKS,
    "billing_info": {
        "next_billing_time": MOMENT, "failed_payments_count": 0, "outstanding_balance": money("0.00"),
        "cycle_executions": [], "last_payment": {"amount": money("7.50"), "time": MOMENT},
    },
    "plan": {
        "name": "x", "billing_cycles": [{
            "frequency": {"interval_unit": "YEAR", "interval_count": 1}, "sequence": 1, "tenure_type": "REGULAR",
            "pricing_scheme": {"fixed_price": money("7.50"), "version": 1},
        }],
    },
    "subscriber": {"email_address": "a@example.org"},
}  # fmt: skip
TOLD = {
    "id": "WH-1", "event_type": "CUSTOMER.DISPUTE.CREATED", "resource": CLAIM, "summary": "x", "event_version": "1.0",
    "resource_type": "dispute", "create_time": MOMENT, "links": LINKS,
}  # fmt: skip


def paid(row: dict[str, Any]) -> Any:
    """Read a capture with its refund and its dispute."""
    return paypal_reading.payment(
        row["capture"], pledge="p1", subscription="", refunds=row["refunds"], disputes=row["disputes"]
    )


AMOUNT = "how much it is, in which currency"
BY_PAYPAL: dict[str, Kind] = {
    "payment": Kind(
        {"capture": CAPTURE, "refunds": [BACK], "disputes": [CLAIM]},
        paid,
        {
            "capture.id": "the key of the gift (rule W7)",
            "capture.status": "whether the money came",
            "capture.amount": AMOUNT,
            "capture.create_time": "in which month it counts (rule M3)",
            "capture.seller_receivable_breakdown.gross_amount": "settled by PayPal's own figures (rule L8)",
            "capture.seller_receivable_breakdown.paypal_fee": "the fee, where it is not told in our currency",
            "capture.seller_receivable_breakdown.receivable_amount": "what an exchange made of it (rule C6)",
            "refunds.id": "the key of the refund (rule R4)",
            "refunds.status": "whether it has gone (rule R3)",
            "refunds.amount": AMOUNT,
            "refunds.create_time": "on which day it stands",
            "refunds.seller_payable_breakdown.net_amount_in_receivable_currency": "else the history is asked",
            "disputes.dispute_id": "which it is",
            "disputes.create_time": "which money it moved (test_paypal_disputes.py)",
            "disputes.status": "whether it waits",
            "disputes.dispute_amount": AMOUNT,
            "disputes.dispute_outcome.outcome_code": "how it ended",
        },
        everything,
    ),
    "line": Kind(
        ROW,
        history._line,
        {
            "transaction_id": "the key of its journal (rule X1)",
            "transaction_event_code": "what it is",
            "transaction_initiation_date": "on which day it stands",
            "transaction_amount": AMOUNT,
            "fee_amount": "none where it is not told",
            "paypal_reference_id": "what it belongs to",
            "custom_field": "whose pledge it is (rule W11)",
        },
        everything,
    ),
    "subscription": Kind(
        AGREEMENT,
        lambda row: paypal_reading.subscription(row, read_at=READ_AT),
        {
            "id": "which it is",
            "status": "how it stands",
            "custom_id": "whose pledge it is (rule W11)",
            "quantity": "how much is given",
            "start_time": "since when",
            "billing_info.next_billing_time": "when the next one comes",
            "plan.billing_cycles.frequency.interval_unit": "how often it is given",
            "plan.billing_cycles.pricing_scheme.fixed_price": AMOUNT,
        },
        everything,
    ),
    "event": Kind(
        TOLD,
        lambda row: paypal_notices.refs(row["event_type"], row["resource"]),
        {"event_type": "what it is", "resource.disputed_transactions.seller_transaction_id": "what to read again"},
        everything,
    ),
    "refunds of an order": Kind(
        {"purchase_units": [{"payments": {"refunds": [BACK], "captures": [CAPTURE]}, "reference_id": "default"}]},
        lambda row: [each["id"] for each in returns.of_order(row, "C1")],
        {
            "purchase_units.payments.refunds.id": "which they are",
            "purchase_units.payments.refunds.links.rel": "of which capture each is",
            "purchase_units.payments.refunds.links.href": "of which capture each is",
        },
        everything,
    ),
}
KINDS = {f"stripe {name}": kind for name, kind in BY_STRIPE.items()}
KINDS |= {f"paypal {name}": kind for name, kind in BY_PAYPAL.items()}
every_kind = pytest.mark.parametrize("kind", list(KINDS.values()), ids=list(KINDS))


@every_kind
@pytest.mark.parametrize("null", [False, True], ids=["left out", "null"])
def test_a_field_that_is_not_needed_may_be_missing(kind: Kind, null: bool) -> None:
    facts = kind.read(copy.deepcopy(kind.full))
    for path in spare(kind):
        if not null or kind.optional is optional_fields:  # PayPal leaves out, and writes no null
            assert kind.read(without(kind.full, [path], null=null)) == facts, named(path)


@every_kind
def test_all_that_is_not_needed_may_be_missing_at_once(kind: Kind) -> None:
    found = spare(kind)
    outer = [path for path in found if not any(path[: len(other)] == other for other in found if other != path)]
    assert outer
    assert kind.read(without(kind.full, outer, null=False)) == kind.read(copy.deepcopy(kind.full))


@settings(max_examples=60, deadline=None)
@given(name=st.sampled_from(sorted(KINDS)), seed=st.integers(0, 2**32))
def test_any_of_it_may_be_missing(name: str, seed: int) -> None:
    kind, chance = KINDS[name], random.Random(seed)
    found = [path for path in spare(kind) if chance.random() < 0.5]
    outer = [path for path in found if not any(path[: len(other)] == other for other in found if other != path)]
    assert kind.read(without(kind.full, outer, null=False)) == kind.read(copy.deepcopy(kind.full))


@every_kind
def test_what_is_listed_as_needed_is_there_and_changes_something(kind: Kind) -> None:
    facts, paths = kind.read(copy.deepcopy(kind.full)), {named(path): path for path in everything(kind.full)}
    for name in kind.needed:
        try:
            other = kind.read(without(kind.full, [paths[name]], null=False))
        except (KeyError, AttributeError, IndexError):
            continue
        assert other != facts, name
