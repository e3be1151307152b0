"""A site that rehearses on the simulator: what Stripe sends arrives when a test lets it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import stripe
from django.test import override_settings

from masthead.core.clock import frozen
from masthead.core.money import Money
from masthead.funding.models import Checkout, Pledge
from masthead.funding.selectors import meter
from masthead.funding.services import note_pledge, open_checkout
from masthead.funding.testing import make_campaign
from masthead.outbox import worker
from masthead.simulator.testing import RunningSimulator, running
from tests.client import CheckingClient
from tests.settings import MASTHEAD

PATH = "/-/payments/stripe/"
SUCCESS, CANCEL = "https://paper.example/thanks/", "https://paper.example/support/"
BEGAN = datetime(2026, 11, 3, 9, 30, tzinfo=UTC)


@contextmanager
def rehearsal() -> Iterator[RunningSimulator]:
    """Run a simulator whose webhooks wait until they are fetched, and let this site rehearse on it."""
    with running(manual=True, start=int(BEGAN.timestamp())) as found:
        found.be_sparse()  # readers must not need what Stripe may leave out
        secret = found.add_endpoint(f"http://127.0.0.1:9{PATH}")
        funding = replace(
            MASTHEAD.funding,
            mode="rehearsal",
            stripe_key=found.key,
            stripe_webhook_secret=secret,
            stripe_address=found.base,
        )
        with override_settings(MASTHEAD=replace(MASTHEAD, funding=funding)), at(found):
            yield found


def at(simulator: RunningSimulator) -> AbstractContextManager[None]:
    """Stop our clock where the simulator's stands."""
    return frozen(datetime.fromtimestamp(simulator.now(), tz=UTC))


def promised(simulator: RunningSimulator, **more: Any) -> Pledge:
    """Return a pledge to be paid by card."""
    values: dict[str, Any] = {"amount": Money(2500, "USD"), "name": "Don", "email": "don@example.org"}
    return note_pledge(campaign=make_campaign(), **{"method": "stripe", **values, **more})


def opened(pledge: Pledge) -> str:
    """Open the hosted page and return the session's id."""
    open_checkout(pledge=pledge, title="November fund", success_url=SUCCESS, cancel_url=CANCEL)
    return Checkout.objects.get(pledge=pledge, state="open").external_id


def hear(client: CheckingClient, simulator: RunningSimulator, *, backwards: bool = False, copies: int = 1) -> None:
    """Let everything that Stripe would send arrive at the site, and work on it."""
    waiting = simulator.waiting()
    for told in reversed(waiting) if backwards else waiting:
        for _ in range(copies):
            assert deliver(client, told).status_code == 204
    work()


def work(*, hours: int = 0) -> None:
    """Let the worker do what is due so many hours from now, by a real clock."""
    with frozen(datetime.now(UTC) + timedelta(hours=hours)):
        worker.run_pending()


def deliver(client: CheckingClient, told: dict[str, Any], *, seconds: int = 0) -> Any:
    """Post one notification as it was sent, so many seconds after it was signed: by a real clock, as in a rehearsal."""
    headers = {name: value for name, value in told["headers"].items() if name.lower() == "stripe-signature"}
    with frozen(signed_at(told) + timedelta(seconds=seconds)):
        return client.post(PATH, told["body"].encode(), content_type="application/json", headers=headers)


def signed_at(told: dict[str, Any]) -> datetime:
    """Return the instant that a signature names; today when it names none."""
    found = re.match(r"t=(\d+),", told["headers"].get("Stripe-Signature", ""))
    return datetime.fromtimestamp(int(found[1]), tz=UTC) if found else datetime.now(UTC)


def raised(simulator: RunningSimulator) -> int:
    """Return what the rehearsal's meter shows now."""
    found = meter(datetime.fromtimestamp(simulator.now(), tz=UTC))
    assert found is not None
    return found.raised.amount_minor


def sessions(simulator: RunningSimulator) -> list[Any]:
    """Return all sessions there are at the processor."""
    client = stripe.StripeClient(simulator.key, base_addresses=simulator.base_addresses)
    return client.v1.checkout.sessions.list().data
