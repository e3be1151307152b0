"""Gifts as the tests make them."""

from __future__ import annotations

from typing import Any

import stripe

from masthead.simulator.testing import RunningSimulator

SUCCESS = "https://paper.example/thanks?session={CHECKOUT_SESSION_ID}"
CANCEL = "https://paper.example/support"


def line(amount: int = 2500, currency: str = "usd", *, every: str | None = None) -> dict[str, Any]:
    """Return one line of a session: a gift, once or every so often."""
    data: dict[str, Any] = {"currency": currency, "unit_amount": amount, "product_data": {"name": "Gift"}}
    if every:
        data["recurring"] = {"interval": every}
    return {"price_data": data, "quantity": 1}


def session(
    client: stripe.StripeClient, *, amount: int = 2500, currency: str = "usd", every: str | None = None, **more: Any
) -> Any:
    """Make a session."""
    params: dict[str, Any] = {
        "mode": "subscription" if every else "payment",
        "success_url": SUCCESS,
        "cancel_url": CANCEL,
        "line_items": [line(amount, currency, every=every)],
        **more,
    }
    return client.v1.checkout.sessions.create(params=params)  # type: ignore[arg-type]


def give(
    simulator: RunningSimulator, client: stripe.StripeClient, *, card: str = "4242424242424242", **more: Any
) -> Any:
    """Make a session and pay it on the hosted page. Returns the session as the page left it."""
    made = session(client, **more)
    simulator.pay(made.id, card_number=card)
    return client.v1.checkout.sessions.retrieve(made.id)


def charge_of(client: stripe.StripeClient, paid: Any) -> Any:
    """Return the charge of a paid session."""
    intent = client.v1.payment_intents.retrieve(
        paid.payment_intent, params={"expand": ["latest_charge.balance_transaction"]}
    )
    return intent.latest_charge


def events(client: stripe.StripeClient) -> list[str]:
    """Return the types of all events, oldest first."""
    return [str(event.type) for event in client.v1.events.list(params={"limit": 100}).data][::-1]
