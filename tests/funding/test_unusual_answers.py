"""What processors may answer of things that are not this site's, or are as good as never: nothing is guessed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from masthead.core.money import Money
from masthead.funding.models import Gift, Journal, Payment
from masthead.funding.ports import Kind, ProviderRefused, Ref
from masthead.funding.providers import provider_named
from masthead.funding.services.refresh import refresh
from tests.funding.answering import paypal, stripe
from tests.funding.rehearsing import SUCCESS

AT = "2026-11-03T10:00:00Z"
INTENT = {
    "id": "pi_1", "object": "payment_intent", "livemode": False, "status": "succeeded", "amount": 700,
    "currency": "usd", "created": 1_800_000_000, "metadata": {},
}  # fmt: skip


def listed(*rows: dict[str, Any]) -> dict[str, Any]:
    """Write a list as Stripe does."""
    return {"object": "list", "has_more": False, "url": "/v1/x", "data": list(rows)}


@pytest.mark.django_db
def test_w11_what_another_shop_s_invoice_asked_for_is_nobody_s_gift() -> None:
    """On a shared account: an invoice that no subscription wrote bears no mark of this site."""
    invoice = {"id": "in_1", "object": "invoice", "parent": {"type": "quote_details", "quote_details": {"quote": "q"}}}
    asked_for = {"id": "inpay_1", "object": "invoice_payment", "invoice": invoice}
    with stripe(payment_intents__pi_1=INTENT, invoice_payments=listed(asked_for)) as asked:
        refresh("stripe", Ref(Kind.PAYMENT, "pi_1"))
    assert asked.asked == ["GET /v1/payment_intents/pi_1", "GET /v1/invoice_payments"]
    assert not any(model.objects.exists() for model in (Payment, Gift, Journal))


@pytest.mark.parametrize(
    ("payments", "found"),
    [
        ([{"type": "payment_record", "payment_record": "pr_1"}], ""),
        (
            [
                {"type": "payment_record", "payment_record": "pr_1"},
                {"type": "payment_intent", "payment_intent": "pi_1"},
            ],
            "pi_1",
        ),
    ],
)
def test_of_a_first_invoice_only_what_was_paid_through_stripe_is_its_payment(
    payments: list[dict[str, str]], found: str
) -> None:
    """An invoice may also be marked as paid elsewhere: such money never was at Stripe."""
    rows = [{"id": "inpay", "object": "invoice_payment", "payment": each} for each in payments]
    session = {
        "id": "cs_1", "object": "checkout.session", "status": "complete", "metadata": {"masthead_pledge": "p1"},
        "subscription": "sub_1", "invoice": {"id": "in_1", "object": "invoice", "payments": listed(*rows)},
    }  # fmt: skip
    with stripe(checkout__sessions__cs_1=session):
        facts = provider_named("stripe").read_checkout("cs_1")
    assert (facts.payment, facts.subscription, facts.pledge) == (found, "sub_1", "p1")


def test_the_amount_of_what_does_not_recur_is_not_changed() -> None:
    price = {"id": "price_1", "object": "price", "currency": "usd", "product": "prod_1", "recurring": None}
    row = {
        "id": "sub_1", "object": "subscription",
        "items": listed({"id": "si_1", "object": "subscription_item", "price": price}),
    }  # fmt: skip
    with stripe(subscriptions__sub_1=row) as asked:
        with pytest.raises(ProviderRefused, match="no recurring price"):
            provider_named("stripe").change_amount("sub_1", Money(4000, "USD"), key="k", return_url=SUCCESS)
        assert asked.asked == ["GET /v1/subscriptions/sub_1"]


def test_a_no_of_paypal_is_not_taken_for_something_that_is_not_there() -> None:
    """Taken for that, a repeated gift would look as if it were somebody else's."""
    no = {"name": "UNPROCESSABLE_ENTITY", "message": "Not now.", "details": [{"issue": "X", "description": "No."}]}
    with paypal({"GET /v1/billing/subscriptions/I-1": (422, no)}):
        with pytest.raises(ProviderRefused, match="No"):
            provider_named("paypal").read_subscription("I-1")
        assert provider_named("paypal").read_subscription("I-2") is None


def test_l8_what_paypal_waits_for_or_denied_is_no_line_of_its_balance() -> None:
    rows = [
        {
            "transaction_info": {
                "transaction_id": f"T-{status}",
                "transaction_event_code": "T0006",
                "transaction_initiation_date": AT,
                "transaction_amount": {"currency_code": "USD", "value": "25.00"},
                "fee_amount": {"currency_code": "USD", "value": "-1.03"},
                "transaction_status": status,
            }
        }
        for status in ("P", "S", "D")
    ]
    history = {"transaction_details": rows, "total_pages": 1}
    with paypal({"GET /v1/reporting/transactions": (200, history)}):
        (line,) = provider_named("paypal").balance_lines(since=datetime.now(UTC).replace(microsecond=0, second=0))
    assert (line.external_id, line.amount, line.fee) == ("T-S", Money(2500, "USD"), Money(103, "USD"))
