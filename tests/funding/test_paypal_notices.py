"""How PayPal signs what it tells (rules W1 to W4). What holds for every processor is in ``test_notices.py``."""

from __future__ import annotations

from typing import Any

import pytest

from masthead.funding.models import Journal, ProviderEvent
from masthead.funding.providers import ready_providers
from masthead.funding.providers.paypal import signatures
from masthead.simulator.testing import RunningSimulator
from tests.client import CheckingClient
from tests.funding.noticing import given
from tests.funding.rehearsing_paypal import approved, deliver, paypal

__all__ = ["paypal"]
pytestmark = pytest.mark.django_db(transaction=True)
ID, TIME, SIGNATURE = "PAYPAL-TRANSMISSION-ID", "PAYPAL-TRANSMISSION-TIME", "PAYPAL-TRANSMISSION-SIG"
CERTIFICATE, ALGORITHM = "PAYPAL-CERT-URL", "PAYPAL-AUTH-ALGO"


@pytest.fixture
def told(paypal: RunningSimulator) -> dict[str, Any]:
    """One notification that waits, as it would be sent."""
    approved(paypal)
    return paypal.waiting()[0]


def untouched() -> bool:
    """Tell whether nothing was kept."""
    return not ProviderEvent.objects.exists() and not Journal.objects.exists()


@pytest.mark.parametrize(
    ("header", "value"),
    [
        (ID, ""),
        (ID, "another"),
        (ALGORITHM, "MD5withRSA"),
        (TIME, "yesterday"),
        (TIME, "2026-11-03T09:30:00"),
        (CERTIFICATE, "https://evil.example/v1/notifications/certs/CERT-1"),
        (CERTIFICATE, "https://api.paypal.com.evil.example/v1/notifications/certs/CERT-1"),
    ],
)
def test_w1_what_belongs_to_the_signature_is_refused_when_it_is_missing_or_wrong(
    client: CheckingClient, told: dict[str, Any], header: str, value: str
) -> None:
    told["headers"][header] = value
    assert deliver(client, told).status_code == 400
    assert untouched()


def test_w1_a_certificate_elsewhere_at_paypal_is_refused(
    client: CheckingClient, paypal: RunningSimulator, told: dict[str, Any]
) -> None:
    for path in ("/checkoutnow", "/v1/notifications/certs/../../checkoutnow", "/v1/notifications/certs/CERT-other"):
        told["headers"][CERTIFICATE] = f"{paypal.base}{path}"
        assert deliver(client, told).status_code == 400
    assert untouched()


@pytest.mark.parametrize(("address", "status"), [("", 400), ("https://api-m.paypal.com", 403)])
def test_w4_the_other_mode_is_refused(client: CheckingClient, told: dict[str, Any], address: str, status: int) -> None:
    if address:
        told["headers"][CERTIFICATE] = f"{address}/v1/notifications/certs/CERT-1"
    with given(paypal_address=""):
        assert deliver(client, told).status_code == status
    assert untouched()


def test_paypal_is_not_offered_in_a_currency_it_does_not_know(paypal: RunningSimulator) -> None:
    assert [provider.label for provider in ready_providers()] == ["PayPal"]
    with given(currency="UAH"):
        assert ready_providers() == []


def test_where_the_chain_cannot_be_told_paypal_is_asked(client: CheckingClient, told: dict[str, Any]) -> None:
    other = {**told, "headers": {**told["headers"], SIGNATURE: "AAAA"}}
    with given(paypal_authority=""):  # the web's authorities, who know nothing of the simulator's
        assert deliver(client, other).status_code == 400
        for body in ("no JSON", "[1]"):  # PayPal itself refuses to look at what is no event
            assert deliver(client, {**told, "body": body}).status_code == 400
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
