"""What PayPal tells: believed by its signature, kept first, worked on later (rules W1 to W5, W11)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from django.conf import settings
from django.test import override_settings

from masthead.funding.models import Journal, Payment, ProviderEvent, Recurring
from masthead.funding.providers import ready_providers
from masthead.funding.providers.paypal import signatures
from masthead.funding.providers.paypal.calls import call
from masthead.simulator.testing import RunningSimulator
from tests.client import CheckingClient
from tests.funding.rehearsing import CANCEL, SUCCESS, at, raised, work
from tests.funding.rehearsing_paypal import approve, approved, deliver, hear, paypal

__all__ = ["paypal"]
pytestmark = pytest.mark.django_db(transaction=True)
ID, TIME, SIGNATURE = "PAYPAL-TRANSMISSION-ID", "PAYPAL-TRANSMISSION-TIME", "PAYPAL-TRANSMISSION-SIG"
CERTIFICATE, ALGORITHM = "PAYPAL-CERT-URL", "PAYPAL-AUTH-ALGO"


@pytest.fixture
def told(paypal: RunningSimulator) -> dict[str, Any]:
    """One notification that waits, as it would be sent."""
    approved(paypal)
    return paypal.waiting()[0]


@contextmanager
def given(**funding: Any) -> Iterator[None]:
    """Let the site's settings of funding say something else."""
    with override_settings(MASTHEAD=replace(settings.MASTHEAD, funding=replace(settings.MASTHEAD.funding, **funding))):
        yield


def untouched() -> bool:
    """Tell whether nothing was kept."""
    return not ProviderEvent.objects.exists() and not Journal.objects.exists()


@pytest.mark.parametrize(
    ("header", "value"),
    [
        (SIGNATURE, ""),
        (SIGNATURE, "nonsense"),
        (SIGNATURE, "AAAA"),
        (ID, ""),
        (ID, "another"),
        (ALGORITHM, "MD5withRSA"),
        (TIME, "yesterday"),
        (TIME, "2026-11-03T09:30:00"),
        (CERTIFICATE, "https://evil.example/v1/notifications/certs/CERT-1"),
        (CERTIFICATE, "https://api.paypal.com.evil.example/v1/notifications/certs/CERT-1"),
    ],
)
def test_w1_a_missing_or_wrong_signature_is_refused(
    client: CheckingClient, told: dict[str, Any], header: str, value: str
) -> None:
    told["headers"][header] = value
    assert deliver(client, told).status_code == 400
    assert untouched()


def test_w1_a_strangers_signature_is_refused(client: CheckingClient, paypal: RunningSimulator) -> None:
    paypal.break_webhook("wrong_signature", "*")
    approved(paypal)
    assert deliver(client, paypal.waiting()[0]).status_code == 400
    assert untouched()


def test_w1_a_certificate_elsewhere_at_paypal_is_refused(
    client: CheckingClient, paypal: RunningSimulator, told: dict[str, Any]
) -> None:
    for path in ("/checkoutnow", "/v1/notifications/certs/../../checkoutnow", "/v1/notifications/certs/CERT-other"):
        told["headers"][CERTIFICATE] = f"{paypal.base}{path}"
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


def test_w4_without_a_webhook_nothing_is_believed(client: CheckingClient, told: dict[str, Any]) -> None:
    with given(paypal_webhook=""):
        assert deliver(client, told).status_code == 503
        assert ready_providers() == []
    assert untouched()


@pytest.mark.parametrize(("address", "status"), [("", 400), ("https://api-m.paypal.com", 403)])
def test_w4_the_other_mode_is_refused(client: CheckingClient, told: dict[str, Any], address: str, status: int) -> None:
    if address:
        told["headers"][CERTIFICATE] = f"{address}/v1/notifications/certs/CERT-1"
    with given(paypal_address=""):
        assert deliver(client, told).status_code == status
    assert untouched()


def test_l7_real_money_is_never_taken_at_a_simulators_address(paypal: RunningSimulator) -> None:
    assert [provider.label for provider in ready_providers()] == ["PayPal"]
    with given(mode="live"):
        assert ready_providers() == []
    with given(currency="UAH"):
        assert ready_providers() == []


def test_where_the_chain_cannot_be_told_paypal_is_asked(client: CheckingClient, told: dict[str, Any]) -> None:
    other = {**told, "headers": {**told["headers"], SIGNATURE: "AAAA"}}
    with given(paypal_authority=""):  # the web's authorities, who know nothing of the simulator's
        assert deliver(client, other).status_code == 400
        assert deliver(client, {**told, "body": "no JSON"}).status_code == 400
        assert untouched()
        assert deliver(client, told).status_code == 204
    assert ProviderEvent.objects.count() == 1


def test_a_question_that_paypal_does_not_answer_is_no_yes(client: CheckingClient, told: dict[str, Any]) -> None:
    with given(paypal_authority="", paypal_secret="wrong"):
        assert deliver(client, told).status_code == 503
    with given(paypal_authority=""):
        told["headers"][ALGORITHM] = "SHA256withRSA"
        assert deliver(client, {**told, "body": "[" * 200}).status_code == 400
    assert untouched()


def test_what_cannot_be_checked_now_is_sent_again(
    client: CheckingClient, paypal: RunningSimulator, told: dict[str, Any]
) -> None:
    signatures._certificates.cache_clear()
    paypal.break_call("error", "*verify-webhook-signature", times=9)
    with given(paypal_authority=""):
        assert deliver(client, told).status_code == 503
    assert untouched()


def test_a_signed_text_that_is_no_notification_is_refused(
    client: CheckingClient, told: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signatures, "check", lambda *_: None)  # PayPal signs nothing like it
    for body in ("no JSON", "[]", '{"id": "WH-1"}', '{"id": "WH-1", "event_type": "X", "resource": []}'):
        assert deliver(client, {**told, "body": body}).status_code == 400
    assert untouched()


def test_w5_what_cannot_be_worked_on_now_is_kept_and_tried_again(
    client: CheckingClient, paypal: RunningSimulator
) -> None:
    approved(paypal)
    paypal.break_call("error", "*", times=99)
    hear(client, paypal)
    assert ProviderEvent.objects.filter(state="to_do").exists()
    assert not Journal.objects.exists()
    paypal.control("DELETE", "/rules")
    work(hours=1)
    assert raised(paypal) == 2500
    assert not ProviderEvent.objects.filter(state="to_do").exists()


def test_w11_foreign_objects_and_unknown_kinds_change_nothing(client: CheckingClient, paypal: RunningSimulator) -> None:
    back = {"return_url": SUCCESS, "cancel_url": CANCEL}
    unit = {"amount": {"currency_code": "USD", "value": "7.00"}, "custom_id": "somebody else's mug"}
    body = {"intent": "CAPTURE", "purchase_units": [unit], "payment_source": {"paypal": {"experience_context": back}}}
    order = call("POST", "/v2/checkout/orders", body)["id"]
    approve(paypal, order)
    hear(client, paypal)
    assert call("GET", f"/v2/checkout/orders/{order}")["status"] == "APPROVED"  # it is not ours to take
    with at(paypal):
        call("POST", f"/v2/checkout/orders/{order}/capture", {})
        subscription = _foreign_subscription(back)
        approve(paypal, subscription)
    hear(client, paypal)
    assert not Payment.objects.exists()
    assert not Recurring.objects.exists()
    assert ProviderEvent.objects.filter(state="unknown").exists()
    assert not ProviderEvent.objects.filter(state="to_do").exists()


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
