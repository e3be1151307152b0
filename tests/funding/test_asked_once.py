"""What readers and refusals make of one pledge at a processor: one page, one try (rules O1, O3, O5)."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
import stripe
from django.core.cache import cache
from django.db import connection

from masthead.core.clock import frozen, now
from masthead.funding.models import Checkout, Journal
from masthead.funding.services import catch_up_with_all, try_held_again
from tests.client import CheckingClient
from tests.funding.rehearsing import at, opened, work
from tests.funding.rehearsing_paypal import approve, captures
from tests.funding.test_told_and_counted import House, house

__all__ = ["house"]
pytestmark = pytest.mark.django_db(transaction=True)
DECLINED = "4000000000000002"


def pressed(reference: str, client: CheckingClient) -> str:
    """Press the button before paying, and return the page at the processor."""
    reply = client.post(f"/support/pay/{reference}/")
    assert reply.status_code == 200, reply.content
    return str(reply["Refresh"])


def test_o3_clicks_at_once_the_back_button_and_a_reload_open_one_page(client: CheckingClient, house: House) -> None:
    cache.clear()
    pledge = house.promise()
    first = pressed(pledge.reference, client)
    assert pressed(pledge.reference, client) == first, "sent again by a reload"
    assert client.get(f"/support/pay/{pledge.reference}/?back=1").status_code == 200
    assert pressed(pledge.reference, client) == first, "after the back button"
    other = house.promise()
    pages: list[str] = []
    barrier = threading.Barrier(3)

    def click() -> None:
        with at(house.simulator):
            barrier.wait(30)
            pages.append(pressed(other.reference, CheckingClient()))
        connection.close()

    threads = [threading.Thread(target=click) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(pages) == 3
    assert len(set(pages)) == 1
    assert Checkout.objects.filter(pledge=other).count() == 1


def test_o5_a_decline_is_never_tried_again_by_itself(client: CheckingClient, house: House) -> None:
    page = opened(house.promise())
    if house.name == "stripe":
        house.simulator.pay(page, card_number=DECLINED)
    else:
        approve(house.simulator, page, instrument="declined")
    house.hear(client, house.simulator)
    for hours in (1, 25, 49):
        with frozen(now() + timedelta(hours=hours)):
            catch_up_with_all()
            try_held_again()
            work(hours=hours)
    assert not Journal.objects.exists()
    assert _tries(house) in (0, 1), "what the payer did himself"


def _tries(house: House) -> int:
    """Return how often money was asked for at the processor."""
    if house.name == "paypal":
        return len(captures(house.simulator))
    api: Any = stripe.StripeClient(house.simulator.key, base_addresses=house.simulator.base_addresses)
    return len(api.v1.charges.list({"limit": 100}).data)
