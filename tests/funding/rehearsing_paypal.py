"""A site that rehearses with PayPal on the simulator: what PayPal sends arrives when a test lets it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings

from masthead.core.clock import frozen
from masthead.core.money import Money
from masthead.funding.models import Pledge
from masthead.funding.ports import Every, Order
from masthead.funding.providers.paypal.calls import call
from masthead.simulator.testing import RunningSimulator, running
from tests.client import CheckingClient
from tests.funding import rehearsing
from tests.settings import MASTHEAD

PATH = "/-/payments/paypal/"
SUCCESS = rehearsing.SUCCESS


@contextmanager
def rehearsal(folder: Path) -> Iterator[RunningSimulator]:
    """Run a simulator whose webhooks wait until they are fetched, and let this site rehearse on it."""
    with running(manual=True, start=int(rehearsing.BEGAN.timestamp())) as found:
        found.be_sparse()
        authority = folder / "authority.pem"
        authority.write_text(found.paypal_authority())
        funding = replace(
            MASTHEAD.funding,
            mode="rehearsal",
            paypal_client=found.paypal_client,
            paypal_secret=found.paypal_secret,
            paypal_webhook=found.add_paypal_webhook(f"http://127.0.0.1:9{PATH}"),
            paypal_address=found.base,
            paypal_authority=str(authority),
        )
        with override_settings(MASTHEAD=replace(MASTHEAD, funding=funding)), rehearsing.at(found):
            yield found


@pytest.fixture
def paypal(tmp_path: Path) -> Iterator[RunningSimulator]:
    """A simulator, and this site rehearsing with PayPal on it."""
    with rehearsal(tmp_path) as found:
        yield found


def promised(simulator: RunningSimulator, **more: Any) -> Pledge:
    """Return a pledge of 25 dollars to be paid with PayPal."""
    return rehearsing.promised(simulator, method="paypal", **more)


def ordered(pledge: Pledge, *, key: str = "key-1") -> Order:
    """Return what a checkout of the pledge would send, for a giver without a mail address."""
    return Order(
        key=key,
        pledge=pledge.public_id,
        total=pledge.total,
        every=Every(pledge.every),
        title="Fund",
        success_url=SUCCESS,
        cancel_url=rehearsing.CANCEL,
        email="",
        language="de-CH",
    )


def approved(simulator: RunningSimulator, instrument: str = "pays", **more: Any) -> str:
    """Pledge, open PayPal's page and approve there; the giver never comes back. Returns the page's id."""
    id_ = rehearsing.opened(promised(simulator, **more))
    approve(simulator, id_, instrument=instrument)
    return id_


def approve(simulator: RunningSimulator, id_: str, **form: Any) -> None:
    """Approve an order or a subscription on its page."""
    simulator.approve(id_, kind="subscriptions" if id_.startswith("I-") else "orders", **form)


def hear(client: CheckingClient, simulator: RunningSimulator, *, backwards: bool = False, copies: int = 1) -> None:
    """Let everything that PayPal would send arrive at the site, and work on it, until nothing more comes."""
    heard: set[str] = set()
    while waiting := [told for told in simulator.waiting() if told["body"] not in heard]:
        for told in reversed(waiting) if backwards else waiting:
            heard.add(told["body"])
            for _ in range(copies):
                assert deliver(client, told).status_code == 204
        with rehearsing.at(simulator):
            rehearsing.work()


def deliver(client: CheckingClient, told: dict[str, Any], *, seconds: int = 0) -> Any:
    """Post one notification as it was sent, so many seconds after it was signed."""
    with frozen(signed_at(told) + timedelta(seconds=seconds)):
        headers = {name: value for name, value in told["headers"].items() if name.lower().startswith("paypal-")}
        return client.post(PATH, told["body"].encode(), content_type="application/json", headers=headers)


def signed_at(told: dict[str, Any]) -> datetime:
    """Return the instant that a signature names; now when it names none."""
    stamp = told["headers"].get("PAYPAL-TRANSMISSION-TIME", "")
    try:
        found = datetime.fromisoformat(stamp)
    except ValueError:
        return datetime.now(UTC)
    return found if found.tzinfo else datetime.now(UTC)


def captures(simulator: RunningSimulator) -> list[str]:
    """Return the amounts that were taken, as PayPal's history shows them once it shows all."""
    simulator.advance(hours=4)
    with rehearsing.at(simulator):
        day = datetime.fromtimestamp(simulator.now(), tz=UTC)
        found = call(
            "GET",
            "/v1/reporting/transactions",
            start_date=(day - timedelta(days=30)).strftime("%Y-%m-%dT%H:%M:%SZ"),
            end_date=day.strftime("%Y-%m-%dT%H:%M:%SZ"),
        )
    rows = [row["transaction_info"] for row in found["transaction_details"]]
    return [row["transaction_amount"]["value"] for row in rows if row["transaction_event_code"].startswith("T00")]


def euros(minor: int) -> Money:
    """Return an amount in euros."""
    return Money(minor, "EUR")
