"""What is read of Stripe's objects, field by field: each figure, instant and id from its own place."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import stripe

from masthead.core.money import Money
from masthead.funding.ports import (
    BalanceLine,
    Every,
    Kind,
    NotForUs,
    Notification,
    ProviderRefused,
    Ref,
    SubscriptionFacts,
    SubscriptionStatus,
)
from masthead.funding.providers.stripe import notices, reading
from masthead.funding.rules.facts import (
    AttemptStatus,
    Capture,
    Dispute,
    DisputeStatus,
    Movement,
    PaymentFacts,
    Refund,
    RefundStatus,
    Settlement,
    Status,
)
from tests.funding.lives import usd
from tests.funding.noticing import given
from tests.funding.test_sparse_objects import AT, CHARGE, DECLINED, DISPUTE, INTENT, LINE, REFUND, SUBSCRIPTION, held

MOMENT = datetime.fromtimestamp(AT, tz=UTC)
READ_AT = datetime(2027, 1, 16, tzinfo=UTC)
OTHER_LINE = {**LINE, "id": "txn_9", "amount": -2400, "fee": 15, "created": AT + 60, "currency": "eur"}


def paid(intent: dict[str, Any], *charges: dict[str, Any], refunds: Any = (), disputes: Any = ()) -> PaymentFacts:
    """Read a payment of pledge p1 of subscription sub_1."""
    return reading.payment(
        held(stripe.PaymentIntent, intent),
        pledge="p1",
        subscription="sub_1",
        charges=[held(stripe.Charge, each) for each in charges],
        refunds=[held(stripe.Refund, each) for each in refunds],
        disputes=[held(stripe.Dispute, each) for each in disputes],
    )


def test_w6_a_payment_that_was_taken_is_read_with_all_that_came_of_it() -> None:
    refund = {**REFUND, "created": AT + 5}
    failed = {**refund, "id": "re_2", "status": "failed", "failure_balance_transaction": OTHER_LINE}
    dispute = {**DISPUTE, "created": AT + 7}
    dispute["balance_transactions"] = [{**LINE, "id": "txn_3", "amount": -800, "fee": 1500, "created": AT + 8}]
    early = {**CHARGE, "id": "ch_0", "created": AT - 9, "status": "failed", "captured": False, "amount": 1}
    found = paid({**INTENT, "livemode": True}, CHARGE, early, refunds=[refund, failed], disputes=[dispute])
    went = Settlement("txn_2", usd(700), usd(0))
    assert found == PaymentFacts(
        "stripe",
        "pi_1",
        True,
        Status.SUCCEEDED,
        "p1",
        subscription="sub_1",
        failure="",
        attempts={"ch_0": AttemptStatus.FAILED, "ch_1": AttemptStatus.SUCCEEDED},
        capture=Capture("ch_1", usd(2500), MOMENT, Settlement("txn_1", usd(2500), usd(103))),
        refunds={
            "re_1": Refund("re_1", usd(700), RefundStatus.SUCCEEDED, MOMENT + timedelta(seconds=5), went),
            "re_2": Refund(
                "re_2",
                usd(700),
                RefundStatus.FAILED,
                MOMENT + timedelta(seconds=5),
                went,
                Settlement("txn_9", Money(2400, "EUR"), Money(15, "EUR")),
                MOMENT + timedelta(seconds=60),
            ),
        },
        disputes={
            "du_1": Dispute(
                "du_1",
                usd(800),
                DisputeStatus.LOST,
                MOMENT + timedelta(seconds=7),
                {"txn_3": Movement("txn_3", usd(-800), usd(1500), MOMENT + timedelta(seconds=8))},
            )
        },
    )


def test_w10_a_debit_that_had_settled_and_failed_was_taken_whatever_the_intent_says_now() -> None:
    """Of two charges that were taken the first one is the payment, by its instant and then by its id."""
    late = {**CHARGE, "status": "failed", "captured": False, "amount_captured": 0}
    late["failure_balance_transaction"] = OTHER_LINE
    for other in ({**CHARGE, "id": "ch_2"}, {**CHARGE, "id": "ch_0", "created": AT + 1}):
        found = paid(DECLINED, other, late)
        assert (found.status, found.failure) == (Status.SUCCEEDED, "")
        assert found.capture == Capture(
            "ch_1",
            usd(2500),
            MOMENT,
            Settlement("txn_1", usd(2500), usd(103)),
            Settlement("txn_9", Money(2400, "EUR"), Money(15, "EUR")),
            MOMENT + timedelta(seconds=60),
        )


@pytest.mark.parametrize(
    ("change", "is_taken"),
    [({}, True), ({"status": "pending"}, False), ({"captured": False}, False), ({"status": "failed"}, False)],
)
def test_o4_only_a_charge_that_succeeded_and_was_captured_brought_money(change: Any, is_taken: bool) -> None:
    assert (paid(INTENT, {**CHARGE, **change}).capture is not None) is is_taken


def test_o4_what_was_captured_counts_and_not_what_was_authorized() -> None:
    capture = paid(INTENT, {**CHARGE, "amount": 9000}).capture
    assert capture is not None
    assert capture.amount == usd(2500)


@pytest.mark.parametrize(
    ("status", "error", "expected"),
    [
        ("succeeded", None, Status.SUCCEEDED),
        ("canceled", None, Status.FAILED),
        ("requires_payment_method", None, Status.OPEN),
        ("requires_payment_method", {"message": "No."}, Status.FAILED),
        ("requires_action", {"message": "No."}, Status.OPEN),
        ("processing", None, Status.OPEN),
    ],
)
def test_w10_an_intent_without_a_charge_stands_as_it_says(status: str, error: Any, expected: Status) -> None:
    found = paid({**INTENT, "status": status, "last_payment_error": error})
    assert (found.status, found.capture, found.attempts) == (expected, None, {})


@pytest.mark.parametrize(
    ("error", "said"),
    [
        ({"message": "No.", "code": "card_declined", "type": "card_error"}, "No."),
        ({"message": None, "code": "card_declined", "type": "card_error"}, "card_declined"),
        ({"message": "", "code": "", "type": "card_error"}, "card_error"),
        ({}, ""),
        ({"message": "é" * 201}, "é" * 200),
    ],
)
def test_why_it_failed_is_told_in_stripes_words_as_far_as_there_are_any(error: Any, said: str) -> None:
    assert paid({**DECLINED, "last_payment_error": error}).failure == said


@pytest.mark.parametrize(
    ("status", "expected"),
    [(None, RefundStatus.PENDING), ("new word", RefundStatus.PENDING), ("canceled", RefundStatus.FAILED)],
)
def test_r3_a_refund_of_which_stripe_says_little_is_on_its_way(status: str | None, expected: RefundStatus) -> None:
    row = {**REFUND, "status": status, "balance_transaction": None}
    found = paid(INTENT, CHARGE, refunds=[row]).refunds["re_1"]
    assert (found.status, found.settlement, found.failure, found.failed_at) == (expected, None, None, None)


def test_d1_a_dispute_in_a_word_that_nobody_knows_is_open() -> None:
    assert paid(INTENT, CHARGE, disputes=[{**DISPUTE, "status": "new"}]).disputes["du_1"].status == DisputeStatus.OPEN


def test_l8_a_line_that_was_not_read_along_settles_nothing() -> None:
    assert reading.settlement(None) is None
    assert reading.settlement("txn_1") is None


WHOLE = SubscriptionFacts(
    provider="stripe",
    external_id="sub_1",
    is_live=True,
    pledge="p1",
    status=SubscriptionStatus.ACTIVE,
    amount=usd(1000),
    every=Every.YEAR,
    started_at=MOMENT,
    next_at=MOMENT + timedelta(seconds=7),
    ends_at=MOMENT + timedelta(seconds=9),
    ended_at=None,
    resumes_at=None,
    card="Visa •••• 4242",
    read_at=READ_AT,
    retry_at=None,
)
INVOICE = {"id": "in_1", "object": "invoice", "next_payment_attempt": AT + 11}


def repeated(**changes: Any) -> SubscriptionFacts:
    """Read a subscription that was changed in some places."""
    row = {**SUBSCRIPTION, "livemode": True, "pause_collection": None, **changes}
    return reading.subscription(held(stripe.Subscription, row), read_at=READ_AT)


def item(**changes: Any) -> dict[str, Any]:
    """Return the one item of a subscription, its price changed."""
    (first,) = SUBSCRIPTION["items"]["data"]
    price = {**first["price"], **{key: value for key, value in changes.items() if key != "quantity"}}
    return {"object": "list", "data": [{**first, "quantity": changes.get("quantity", 2), "price": price}]}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, {}),
        ({"status": "trialing"}, {"status": SubscriptionStatus.PENDING}),
        ({"status": "new word"}, {"status": SubscriptionStatus.PENDING}),
        ({"status": "past_due"}, {"status": SubscriptionStatus.PAST_DUE}),
        (
            {"status": "past_due", "latest_invoice": INVOICE},
            {"status": SubscriptionStatus.PAST_DUE, "retry_at": MOMENT + timedelta(seconds=11)},
        ),
        (
            {"status": "past_due", "latest_invoice": {**INVOICE, "next_payment_attempt": None}},
            {"status": SubscriptionStatus.PAST_DUE},
        ),
        ({"latest_invoice": INVOICE}, {}),
        (
            {"pause_collection": {"behavior": "void", "resumes_at": AT + 5}},
            {"status": SubscriptionStatus.PAUSED, "resumes_at": MOMENT + timedelta(seconds=5)},
        ),
        ({"pause_collection": {"behavior": "void"}}, {"status": SubscriptionStatus.PAUSED}),
        (
            {"status": "incomplete", "pause_collection": {"behavior": "void"}},
            {"status": SubscriptionStatus.PENDING},
        ),
        (
            {"status": "canceled", "ended_at": AT + 3},
            {"status": SubscriptionStatus.ENDED, "ended_at": MOMENT + timedelta(seconds=3), "next_at": None},
        ),
        ({"cancel_at": None}, {"ends_at": None}),
        ({"metadata": {}}, {"pledge": ""}),
        ({"metadata": None}, {"pledge": ""}),
        ({"items": item(recurring={"interval": "month"})}, {"every": Every.MONTH}),
        ({"items": item(recurring=None)}, {"every": Every.MONTH}),
        ({"items": item(quantity=None)}, {"amount": usd(500)}),
        ({"items": item(unit_amount=None)}, {"amount": usd(0)}),
        ({"items": item(currency="jpy")}, {"amount": Money(1000, "JPY")}),
        ({"default_payment_method": None}, {"card": ""}),
        ({"default_payment_method": "pm_1"}, {"card": ""}),
    ],
)
def test_s1_a_subscription_is_read_field_by_field(changes: Any, expected: Any) -> None:
    assert repeated(**changes) == replace(WHOLE, **expected)


def test_s1_a_rhythm_that_this_site_does_not_know_is_refused_by_its_name() -> None:
    with pytest.raises(ProviderRefused) as refusal:
        repeated(items=item(recurring={"interval": "week"}))
    assert str(refusal.value) == "the subscription repeats every week"


@pytest.mark.parametrize(
    ("method", "named"),
    [
        ({"type": "sepa_debit", "sepa_debit": {"last4": "3000"}}, "Sepa Debit •••• 3000"),
        ({"type": "link", "link": {"email": "a@example.org"}}, "link"),
        ({"type": "us_bank_account"}, "us bank account"),
        ({"type": "card", "card": {"brand": "visa", "last4": None}}, "visa"),
    ],
)
def test_a_method_is_named_by_its_brand_or_kind_and_its_last_digits(method: Any, named: str) -> None:
    assert repeated(default_payment_method={"id": "pm_1", "object": "payment_method", **method}).card == named


SOURCE = {"id": "ch_1", "object": "charge", "payment_intent": "pi_1"}
BOOKED = BalanceLine(
    "txn_1", "charge", usd(2500), usd(103), MOMENT, "po_1", "ch_1", "Gift", fact="gift", key="ch_1", payment="pi_1"
)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, {}),
        ({"source": {**SOURCE, "payment_intent": {"id": "pi_1", "object": "payment_intent"}}}, {}),
        ({"type": "payment"}, {"kind": "payment"}),
        ({"type": "payment_failure_refund"}, {"kind": "payment_failure_refund", "fact": "failed_late"}),
        (
            {"type": "dispute", "amount": -1},
            {"kind": "dispute", "amount": usd(-1), "fact": "withdrawn", "key": "txn_1"},
        ),
        ({"type": "adjustment"}, {"kind": "adjustment", "fact": "reinstated", "key": "txn_1"}),
        (
            {"type": "adjustment", "amount": 0},
            {"kind": "adjustment", "amount": usd(0), "fact": "reinstated", "key": "txn_1"},
        ),
        ({"type": "stripe_fee", "description": None}, {"kind": "stripe_fee", "fact": "", "description": ""}),
        ({"source": "ch_1"}, {"fact": "", "payment": ""}),
        ({"source": None}, {"fact": "", "key": "", "source": "", "payment": ""}),
        (
            {"type": "payout", "source": "po_9"},
            {"kind": "payout", "source": "po_9", "fact": "payout", "key": "po_9", "payment": ""},
        ),
    ],
)
def test_x1_a_line_of_the_balance_is_the_fact_that_our_books_hold_it_as(changes: Any, expected: Any) -> None:
    row = held(stripe.BalanceTransaction, {**LINE, "source": SOURCE, **changes})
    assert reading.balance_line(row, payout="po_1") == replace(BOOKED, **expected)


@pytest.mark.parametrize(
    ("kind", "found", "about"),
    [
        ("checkout.session.completed", {"id": "cs_1"}, [Ref(Kind.CHECKOUT, "cs_1")]),
        ("payment_intent.succeeded", {"id": "pi_1"}, [Ref(Kind.PAYMENT, "pi_1")]),
        ("customer.subscription.deleted", {"id": "sub_1"}, [Ref(Kind.SUBSCRIPTION, "sub_1")]),
        ("charge.refunded", {"id": "ch_1", "payment_intent": "pi_1"}, [Ref(Kind.PAYMENT, "pi_1")]),
        ("refund.updated", {"id": "re_1", "payment_intent": "pi_1"}, [Ref(Kind.PAYMENT, "pi_1")]),
        ("charge.succeeded", {"id": "ch_1", "payment_intent": None}, []),
        ("charge.succeeded", {"id": "ch_1", "payment_intent": {"id": "pi_1"}}, []),
        ("payout.paid", {"id": "po_1", "payment_intent": "pi_1"}, []),
        (
            "invoice.paid",
            {"id": "in_1", "parent": {"subscription_details": {"subscription": "sub_1"}}},
            [Ref(Kind.SUBSCRIPTION, "sub_1")],
        ),
        ("invoice.paid", {"id": "in_1", "parent": {"subscription_details": {"subscription": None}}}, []),
        ("invoice.paid", {"id": "in_1", "parent": {"subscription_details": None}}, []),
        ("invoice.paid", {"id": "in_1", "parent": None}, []),
        ("invoice.paid", {"id": "in_1"}, []),
        ("customer.created", {"id": "cus_1"}, []),
    ],
)
def test_w11_a_notification_is_about_what_it_names_or_about_nothing(kind: str, found: Any, about: list[Ref]) -> None:
    assert notices.refs(kind, found) == about


SECRET = "whsec_example"
NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
EVENT = {"id": "evt_1", "type": "payment_intent.succeeded", "livemode": True, "data": {"object": {"id": "pi_1"}}}


def signed(body: bytes, *, ago: int = 0, secret: str = SECRET) -> str:
    """Return Stripe's signature of a body, made so many seconds ago."""
    stamp = int(NOW.timestamp()) - ago
    known = hmac.new(secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={stamp},v1={known}"


def heard(body: bytes, headers: dict[str, str] | None = None) -> tuple[int, str] | Notification:
    """Return what was understood, or how it was refused."""
    try:
        return notices.read(body, {"Stripe-Signature": signed(body)} if headers is None else headers, NOW)
    except NotForUs as refusal:
        return refusal.status, str(refusal)


def test_w1_to_w4_a_notification_is_believed_when_it_is_signed_now_by_stripe_for_this_mode() -> None:
    body = json.dumps(EVENT).encode()
    with given(stripe_webhook_secret=""):
        assert heard(body) == (503, "[funding] stripe_webhook_secret is not set")
    with given(stripe_webhook_secret=SECRET):
        expected = Notification("evt_1", "payment_intent.succeeded", True, (Ref(Kind.PAYMENT, "pi_1"),))
        for ago in (300, 0, -30):
            assert heard(body, {"STRIPE-SIGNATURE": signed(body, ago=ago)}) == expected
        for ago in (301, -31):
            told = heard(body, {"stripe-signature": signed(body, ago=ago)})
            assert told == (400, "signed too long ago, or in the future")
        not_held = (400, "the signature does not hold")
        assert heard(body, {}) == not_held
        assert heard(body, {"stripe-signature": signed(body, secret="whsec_other")}) == not_held
        assert heard(b"\xff", {"stripe-signature": signed(b"\xff")}) == not_held
        for other in (b"no JSON", b"[]", b'{"id": "evt_1"}', json.dumps({**EVENT, "data": None}).encode()):
            assert heard(other) == (400, "not a notification of Stripe")
        assert heard(json.dumps({**EVENT, "livemode": False}).encode()) == (
            403,
            "of the other mode: live and rehearsal never mix",
        )
