"""PayPal's side: orders, captures, refunds, subscriptions, notifications, history."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509 import load_pem_x509_certificate

from masthead.simulator.testing import ControlError, RunningSimulator
from tests.simulator.conftest import Hearer
from tests.simulator.paypal import BACK, Json, PayPal


@pytest.fixture
def paypal(simulator: RunningSimulator) -> Iterator[PayPal]:
    """A thin client with a token."""
    made = PayPal(simulator)
    yield made
    made.session.close()


def issue(reply: Any) -> tuple[int, str]:
    """Return the status and the first issue of a refusal."""
    return reply.status_code, reply.json()["details"][0]["issue"]


def captured(simulator: RunningSimulator, paypal: PayPal, **order: Any) -> Json:
    """Make, approve and capture an order. Returns the capture."""
    made = paypal.order(**order)
    simulator.approve(made["id"])
    reply = paypal.call("POST", f"/v2/checkout/orders/{made['id']}/capture", {})
    assert reply.status_code == 201, reply.text
    return reply.json()["purchase_units"][0]["payments"]["captures"][0]  # type: ignore[no-any-return]


def test_a_gift_is_approved_and_captured(simulator: RunningSimulator, paypal: PayPal) -> None:
    order = paypal.order(custom_id="pledge-7")
    assert order["status"] == "PAYER_ACTION_REQUIRED"
    capture = f"/v2/checkout/orders/{order['id']}/capture"
    assert issue(paypal.call("POST", capture, {})) == (422, "ORDER_NOT_APPROVED")
    page = simulator.approve(order["id"])
    assert page["location"].startswith(f"{BACK['return_url']}?token={order['id']}&PayerID=")

    done = paypal.call("POST", capture, {}, key="capture-7").json()
    again = paypal.call("POST", capture, {}, key="capture-7").json()

    assert done == again
    made = done["purchase_units"][0]["payments"]["captures"][0]
    assert (made["status"], made["custom_id"]) == ("COMPLETED", "pledge-7")
    assert made["seller_receivable_breakdown"]["paypal_fee"]["value"] == "1.36"
    assert made["seller_receivable_breakdown"]["net_amount"]["value"] == "23.64"
    assert issue(paypal.call("POST", capture, {}, key="other")) == (422, "ORDER_ALREADY_CAPTURED")


def test_a_key_with_another_body_is_refused(paypal: PayPal) -> None:
    body = {"name": "Support"}
    first = paypal.call("POST", "/v1/catalogs/products", body, key="k")
    assert paypal.call("POST", "/v1/catalogs/products", body, key="k").json() == first.json()
    other = paypal.call("POST", "/v1/catalogs/products", {"name": "Other"}, key="k")
    assert issue(other) == (422, "DUPLICATE_REQUEST_ID")


def test_a_declined_instrument_may_be_replaced(simulator: RunningSimulator, paypal: PayPal) -> None:
    order = paypal.order()
    simulator.approve(order["id"], instrument="declined")
    capture = f"/v2/checkout/orders/{order['id']}/capture"
    assert issue(paypal.call("POST", capture, {})) == (422, "INSTRUMENT_DECLINED")
    simulator.approve(order["id"])
    assert paypal.call("POST", capture, {}).json()["status"] == "COMPLETED"


@pytest.mark.parametrize(("instrument", "status"), [("echeck", "COMPLETED"), ("echeck_fails", "DECLINED")])
def test_a_bank_answers_days_later(simulator: RunningSimulator, paypal: PayPal, instrument: str, status: str) -> None:
    order = paypal.order()
    simulator.approve(order["id"], instrument=instrument)
    done = paypal.call("POST", f"/v2/checkout/orders/{order['id']}/capture", {}).json()
    capture = done["purchase_units"][0]["payments"]["captures"][0]
    assert (capture["status"], capture["status_details"]["reason"]) == ("PENDING", "ECHECK")
    simulator.advance(days=5)
    assert paypal.call("GET", f"/v2/payments/captures/{capture['id']}").json()["status"] == status


def test_partial_refunds_add_up(simulator: RunningSimulator, paypal: PayPal) -> None:
    capture = captured(simulator, paypal)
    path = f"/v2/payments/captures/{capture['id']}/refund"
    part = {"amount": {"currency_code": "USD", "value": "10.00"}}
    refund = paypal.call("POST", path, part, key="r1").json()
    assert paypal.call("POST", path, part, key="r1").json() == refund
    too_much = {"amount": {"currency_code": "USD", "value": "15.01"}}
    assert issue(paypal.call("POST", path, too_much)) == (422, "REFUND_AMOUNT_EXCEEDED")
    rest = paypal.call("POST", path, {}).json()
    assert rest["seller_payable_breakdown"]["total_refunded_amount"]["value"] == "25.00"
    assert issue(paypal.call("POST", path, {})) == (422, "CAPTURE_FULLY_REFUNDED")
    assert paypal.call("GET", f"/v2/payments/refunds/{refund['id']}").json()["amount"]["value"] == "10.00"


@pytest.mark.parametrize(
    ("value", "currency", "found"),
    [
        ("2500.5", "JPY", (422, "DECIMALS_NOT_SUPPORTED")),
        ("25.001", "USD", (422, "DECIMAL_PRECISION")),
        ("0.00", "USD", (422, "CANNOT_BE_ZERO_OR_NEGATIVE")),
        ("25.00", "ZZZ", (422, "CURRENCY_NOT_SUPPORTED")),
        ("-25.00", "USD", (400, "INVALID_PARAMETER_SYNTAX")),
    ],
)
def test_amounts_that_paypal_refuses(paypal: PayPal, value: str, currency: str, found: tuple[int, str]) -> None:
    units = [{"amount": {"currency_code": currency, "value": value}}]
    body = {"intent": "CAPTURE", "purchase_units": units, "application_context": BACK}
    assert issue(paypal.call("POST", "/v2/checkout/orders", body)) == found


def test_what_is_not_played_is_refused(paypal: PayPal) -> None:
    reply = paypal.call("POST", "/v1/catalogs/products", {"name": "Support", "colour": "red"})
    assert issue(reply) == (400, "SIMULATOR_FIELD_NOT_PLAYED")
    assert issue(paypal.call("GET", "/v2/vault/payment-tokens")) == (404, "SIMULATOR_NOT_PLAYED")


def test_a_stranger_and_an_old_token_are_refused(simulator: RunningSimulator, paypal: PayPal) -> None:
    wrong = requests.post(
        f"{simulator.base}/v1/oauth2/token",
        data={"grant_type": "client_credentials"},
        auth=(simulator.paypal_client, "wrong"),
        timeout=10,
    )
    assert (wrong.status_code, wrong.json()["error"]) == (401, "invalid_client")
    simulator.advance(hours=9)
    old = paypal.session.get(f"{simulator.base}/v1/billing/plans", timeout=10)
    assert (old.status_code, old.json()["error"]) == (401, "invalid_token")


def test_a_subscription_renews_is_suspended_and_cancelled(simulator: RunningSimulator, paypal: PayPal) -> None:
    id_ = paypal.subscription()
    simulator.approve(id_, kind="subscriptions")
    simulator.advance(days=62)
    path = f"/v1/billing/subscriptions/{id_}"
    assert paypal.call("POST", f"{path}/suspend", {"reason": "Pause"}).status_code == 204
    simulator.advance(days=62)
    query = "start_time=2020-01-01T00:00:00Z&end_time=2040-01-01T00:00:00Z"
    assert len(paypal.call("GET", f"{path}/transactions?{query}").json()["transactions"]) == 3
    assert paypal.call("POST", f"{path}/activate", {"reason": "On"}).status_code == 204
    assert paypal.call("GET", path).json()["status"] == "ACTIVE"
    assert paypal.call("POST", f"{path}/cancel", {"reason": "Enough"}).status_code == 204
    assert issue(paypal.call("POST", f"{path}/activate", {"reason": "On"})) == (422, "SUBSCRIPTION_STATUS_INVALID")
    simulator.advance(days=62)
    assert len(paypal.call("GET", f"{path}/transactions?{query}").json()["transactions"]) == 3


def test_a_subscription_that_fails_is_suspended_at_its_threshold(simulator: RunningSimulator, paypal: PayPal) -> None:
    id_ = paypal.subscription(threshold=2)
    simulator.approve(id_, kind="subscriptions", instrument="fails_later")
    simulator.advance(days=40)
    found = paypal.call("GET", f"/v1/billing/subscriptions/{id_}").json()
    assert (found["status"], found["billing_info"]["failed_payments_count"]) == ("SUSPENDED", 2)
    types = [item["event_type"] for item in paypal.call("GET", "/v1/notifications/webhooks-events").json()["events"]]
    assert types[:3] == [
        "BILLING.SUBSCRIPTION.SUSPENDED",
        "BILLING.SUBSCRIPTION.PAYMENT.FAILED",
        "BILLING.SUBSCRIPTION.PAYMENT.FAILED",
    ]


def checked(simulator: RunningSimulator, webhook: str, headers: dict[str, str], body: bytes) -> None:
    """Check a signature offline, against the certificate and the root that signed it."""
    told = {name.upper(): value for name, value in headers.items()}
    certificate = load_pem_x509_certificate(requests.get(told["PAYPAL-CERT-URL"], timeout=10).content)
    root = requests.get(f"{simulator.base}/_control/paypal/authority.pem", timeout=10).content
    certificate.verify_directly_issued_by(load_pem_x509_certificate(root))
    parts = (told["PAYPAL-TRANSMISSION-ID"], told["PAYPAL-TRANSMISSION-TIME"], webhook, str(zlib.crc32(body)))
    key = certificate.public_key()
    assert isinstance(key, rsa.RSAPublicKey)
    signature = base64.b64decode(told["PAYPAL-TRANSMISSION-SIG"])
    key.verify(signature, "|".join(parts).encode(), padding.PKCS1v15(), hashes.SHA256())


def test_notifications_are_signed_by_the_test_authority(
    simulator: RunningSimulator, paypal: PayPal, hearer: Hearer
) -> None:
    webhook = simulator.add_paypal_webhook(hearer.url)
    simulator.break_webhook("wrong_signature", "PAYMENT.CAPTURE.COMPLETED")
    captured(simulator, paypal)
    assert simulator.deliver() == 2
    (approved, approved_body), (completed, completed_body) = hearer.heard
    checked(simulator, webhook, approved, approved_body)
    with pytest.raises(InvalidSignature):
        checked(simulator, webhook, completed, completed_body)
    for headers, body, status in ((approved, approved_body, "SUCCESS"), (completed, completed_body, "FAILURE")):
        names = {"auth_algo": "AUTH-ALGO", "cert_url": "CERT-URL", "transmission_id": "TRANSMISSION-ID",
                 "transmission_sig": "TRANSMISSION-SIG", "transmission_time": "TRANSMISSION-TIME"}  # fmt: skip
        upper = {name.upper(): value for name, value in headers.items()}
        said = {name: upper[f"PAYPAL-{told}"] for name, told in names.items()} | {"webhook_id": webhook}
        text = json.dumps(said)[:-1] + ', "webhook_event": ' + body.decode() + "}"
        reply = paypal.session.post(
            f"{simulator.base}/v1/notifications/verify-webhook-signature",
            data=text.encode(),
            headers={"Content-Type": "application/json"},
            timeout=10,
        )
        assert reply.json() == {"verification_status": status}


def test_a_dispute_for_the_buyer_reverses_the_capture(simulator: RunningSimulator, paypal: PayPal) -> None:
    capture = captured(simulator, paypal)
    dispute = simulator.paypal_dispute(capture["id"])
    simulator.resolve_paypal_dispute(dispute["dispute_id"], "RESOLVED_BUYER_FAVOUR")
    assert paypal.call("GET", f"/v2/payments/captures/{capture['id']}").json()["status"] == "REFUNDED"
    found = paypal.call("GET", f"/v1/customer/disputes/{dispute['dispute_id']}").json()
    assert found["dispute_outcome"]["outcome_code"] == "RESOLVED_BUYER_FAVOUR"
    events = paypal.call("GET", "/v1/notifications/webhooks-events").json()["events"]
    assert [item["event_type"] for item in events][:2] == ["CUSTOMER.DISPUTE.RESOLVED", "PAYMENT.CAPTURE.REVERSED"]


def history(simulator: RunningSimulator, paypal: PayPal) -> list[tuple[str, str, str]]:
    """Return the codes, amounts and currencies of the history, once it tells all."""
    simulator.advance(hours=3)
    path = "/v1/reporting/transactions?start_date=2027-01-15T00:00:00Z&end_date=2027-02-10T00:00:00Z"
    lines = [item["transaction_info"] for item in paypal.call("GET", path).json()["transaction_details"]]
    return [
        (line["transaction_event_code"], *(line["transaction_amount"][name] for name in ("value", "currency_code")))
        for line in lines
    ]


def test_a_claim_holds_lets_go_reverses_and_costs_a_fee_and_says_nowhere_which_line_is_whose(
    simulator: RunningSimulator, paypal: PayPal
) -> None:
    dispute = simulator.paypal_dispute(captured(simulator, paypal)["id"], amount=1000)
    assert "money_movements" not in dispute
    made = simulator.resolve_paypal_dispute(dispute["dispute_id"], "RESOLVED_BUYER_FAVOUR")
    assert [(each["type"], each["reason"]) for each in made["money_movements"]] == [
        ("DEBIT", "DISPUTE_SETTLEMENT"),
        ("DEBIT", "DISPUTE_FEE"),
    ]
    assert [(code, value) for code, value, _currency in history(simulator, paypal)[1:]] == [
        ("T1110", "-10.00"),
        ("T1111", "10.00"),
        ("T1106", "-10.00"),
        ("T0114", "-15.00"),
    ]


def test_a_bank_takes_at_once_and_gives_back_what_was_won(simulator: RunningSimulator, paypal: PayPal) -> None:
    dispute = simulator.paypal_dispute(captured(simulator, paypal)["id"], channel="EXTERNAL")
    simulator.resolve_paypal_dispute(dispute["dispute_id"], "RESOLVED_SELLER_FAVOUR")
    assert [code for code, *_ in history(simulator, paypal)[1:]] == ["T1201", "T0106", "T1202"]
    with pytest.raises(ControlError, match="resolved"):
        simulator.resolve_paypal_dispute(dispute["dispute_id"], "RESOLVED_SELLER_FAVOUR")
    with pytest.raises(ControlError, match="Only an inquiry"):
        simulator.escalate_paypal_dispute(dispute["dispute_id"])


def test_an_exchange_is_two_lines_about_a_third_and_the_balance_is_in_one_currency(
    simulator: RunningSimulator, paypal: PayPal
) -> None:
    capture = captured(simulator, paypal)
    currency = capture["amount"]["currency_code"]
    other = "USD" if currency == "EUR" else "EUR"
    simulator.set_paypal_account(settles_in=other, rate="2")
    paypal.call("POST", f"/v2/payments/captures/{capture['id']}/refund", {})
    assert history(simulator, paypal)[1:] == [
        ("T1107", "-25.00", currency),
        ("T0200", "25.00", currency),
        ("T0200", "-50.00", other),
    ]
    held = {row["currency"]: row["total_balance"]["value"] for row in _balances(paypal)}
    assert held[other] == "-50.00"


def _balances(paypal: PayPal) -> list[Any]:
    return list(paypal.call("GET", "/v1/reporting/balances").json()["balances"])


def test_a_sparse_answer_names_nothing_that_paypal_may_leave_out(simulator: RunningSimulator, paypal: PayPal) -> None:
    capture = captured(simulator, paypal)
    path = f"/v2/payments/captures/{capture['id']}"
    assert "seller_protection" in paypal.call("GET", path).json()
    simulator.be_sparse()
    found = paypal.call("GET", path).json()
    assert "seller_protection" not in found
    assert found["amount"] == capture["amount"]


def test_the_history_is_told_three_hours_later(simulator: RunningSimulator, paypal: PayPal) -> None:
    capture = captured(simulator, paypal, custom_id="pledge-7")
    paypal.call("POST", f"/v2/payments/captures/{capture['id']}/refund", {})
    path = "/v1/reporting/transactions?start_date=2027-01-15T00:00:00Z&end_date=2027-01-16T00:00:00Z&fields=all"
    assert paypal.call("GET", path).json()["transaction_details"] == []
    simulator.advance(hours=3)
    lines = [item["transaction_info"] for item in paypal.call("GET", path).json()["transaction_details"]]
    assert [(line["transaction_event_code"], line["transaction_amount"]["value"]) for line in lines] == [
        ("T0006", "25.00"),
        ("T1107", "-25.00"),
    ]
    assert lines[1]["paypal_reference_id"] == capture["id"]
    assert lines[0]["custom_field"] == "pledge-7"


def test_another_amount_needs_the_subscribers_consent(simulator: RunningSimulator, paypal: PayPal) -> None:
    id_ = paypal.subscription()
    path = f"/v1/billing/subscriptions/{id_}"
    price = {"fixed_price": {"currency_code": "EUR", "value": "9.00"}}
    body = {"plan": {"billing_cycles": [{"sequence": 1, "pricing_scheme": price}]}}
    assert issue(paypal.call("POST", f"{path}/revise", body)) == (422, "SUBSCRIPTION_STATUS_INVALID")
    simulator.approve(id_, kind="subscriptions")
    address = paypal.call("POST", f"{path}/revise", body).json()["links"][0]["href"]
    assert b"9.00 EUR" in requests.get(address, timeout=10).content
    plan = paypal.call("GET", f"{path}?fields=plan").json()["plan"]
    assert plan["billing_cycles"][0]["pricing_scheme"]["fixed_price"]["value"] == "7.50"
    back = requests.post(address, timeout=10, allow_redirects=False)
    assert back.headers["Location"].startswith(BACK["return_url"])
    plan = paypal.call("GET", f"{path}?fields=plan").json()["plan"]
    assert plan["billing_cycles"][0]["pricing_scheme"]["fixed_price"]["value"] == "9.00"
    assert requests.post(address, timeout=10).status_code == 404
    assert "plan" not in paypal.call("GET", path).json()
    dollars = {"fixed_price": {"currency_code": "USD", "value": "9.00"}}
    body = {"plan": {"billing_cycles": [{"sequence": 1, "pricing_scheme": dollars}]}}
    assert issue(paypal.call("POST", f"{path}/revise", body)) == (422, "CURRENCY_MISMATCH")


def test_an_order_lists_its_refunds_and_is_unknown_once_void(simulator: RunningSimulator, paypal: PayPal) -> None:
    order = paypal.order()
    simulator.approve(order["id"])
    path = f"/v2/checkout/orders/{order['id']}"
    capture = paypal.call("POST", f"{path}/capture", {}).json()["purchase_units"][0]["payments"]["captures"][0]
    paypal.call("POST", f"/v2/payments/captures/{capture['id']}/refund", {})
    payments = paypal.call("GET", path).json()["purchase_units"][0]["payments"]
    assert [row["status"] for row in payments["captures"]] == ["REFUNDED"]
    assert [row["amount"]["value"] for row in payments["refunds"]] == ["25.00"]
    assert paypal.call("GET", f"/v1/payments/sale/{capture['id']}").status_code == 404
    other = paypal.order()["id"]
    simulator.advance(hours=3)
    assert paypal.call("GET", f"/v2/checkout/orders/{other}").status_code == 404


def test_what_it_told_is_listed_page_by_page(simulator: RunningSimulator, paypal: PayPal) -> None:
    for _ in range(2):
        captured(simulator, paypal)
    address, seen = "/v1/notifications/webhooks-events?page_size=3", []
    while address:
        told = paypal.call("GET", address).json()
        seen += [event["id"] for event in told["events"]]
        address = next((link["href"].removeprefix(simulator.base) for link in told["links"]), "")
    assert len(seen) == len(set(seen)) == 4
