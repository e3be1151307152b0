"""PayPal's client of the simulator's tests."""

from __future__ import annotations

import json
from typing import Any

import requests

from masthead.simulator.testing import RunningSimulator

Json = dict[str, Any]
BACK = {"return_url": "https://paper.example/thanks", "cancel_url": "https://paper.example/support"}


class PayPal:
    """A thin client."""

    def __init__(self, simulator: RunningSimulator) -> None:
        """Get a token."""
        self.simulator = simulator
        self.session = requests.Session()
        self.session.trust_env = False
        self.sign_in()

    def sign_in(self) -> None:
        """Get another token: each lasts nine hours by the simulator's clock."""
        reply = self.session.post(
            f"{self.simulator.base}/v1/oauth2/token",
            data={"grant_type": "client_credentials"},
            auth=(self.simulator.paypal_client, self.simulator.paypal_secret),
            timeout=10,
        )
        self.session.headers["Authorization"] = f"Bearer {reply.json()['access_token']}"

    def call(self, method: str, path: str, body: Json | None = None, *, key: str = "") -> Any:
        """Make a call, with another token where the old one is over; returns the reply."""
        headers = {"Content-Type": "application/json", "Prefer": "return=representation"}
        if key:
            headers["PayPal-Request-Id"] = key
        data = None if body is None else json.dumps(body)
        address = f"{self.simulator.base}{path}"
        reply = self.session.request(method, address, data=data, headers=headers, timeout=10)
        if reply.status_code == 401:
            self.sign_in()
            reply = self.session.request(method, address, data=data, headers=headers, timeout=10)
        return reply

    def order(self, value: str = "25.00", currency: str = "USD", **unit: Any) -> Json:
        """Make an order."""
        units = [{"amount": {"currency_code": currency, "value": value}, **unit}]
        source = {"paypal": {"experience_context": BACK}}
        body = {"intent": "CAPTURE", "purchase_units": units, "payment_source": source}
        reply = self.call("POST", "/v2/checkout/orders", body)
        assert reply.status_code == 201, reply.text
        return reply.json()  # type: ignore[no-any-return]

    def subscription(self, threshold: int = 1) -> str:
        """Make a monthly subscription."""
        product = self.call("POST", "/v1/catalogs/products", {"name": "Support"}).json()["id"]
        price = {"fixed_price": {"currency_code": "EUR", "value": "7.50"}}
        cycle = {"frequency": {"interval_unit": "MONTH"}, "tenure_type": "REGULAR", "sequence": 1, "total_cycles": 0}
        plan = {
            "product_id": product,
            "name": "Monthly",
            "billing_cycles": [{**cycle, "pricing_scheme": price}],
            "payment_preferences": {"payment_failure_threshold": threshold},
        }
        plan_id = self.call("POST", "/v1/billing/plans", plan).json()["id"]
        body = {"plan_id": plan_id, "custom_id": "pledge-7", "application_context": BACK}
        return str(self.call("POST", "/v1/billing/subscriptions", body).json()["id"])
