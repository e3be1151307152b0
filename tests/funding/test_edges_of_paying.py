"""When a page for paying is opened, sent again, looked for and read again, to the second (rules O1 to O3)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from masthead.core.clock import frozen
from masthead.funding.models import Checkout, Pledge
from masthead.funding.paying_errors import NotToBePaidAgain
from masthead.funding.ports import Every, Order, ProviderAway
from masthead.funding.services import note_pledge, open_checkout
from masthead.funding.testing import make_campaign
from tests.funding.clerk import Clerk, clerk
from tests.funding.lives import BEGAN, declined, on_its_way, opened, paid, usd
from tests.funding.rehearsing import CANCEL, SUCCESS

__all__ = ["clerk"]
SECOND = timedelta(seconds=1)


def page(pledge: Pledge, after: timedelta = timedelta(0), *, title: str = "Fund") -> str:
    """Ask for the page so long after the pledge."""
    with frozen(BEGAN + after):
        return open_checkout(pledge=pledge, title=title, success_url=SUCCESS, cancel_url=CANCEL)


@pytest.fixture
def monthly(clerk: Clerk) -> Pledge:
    """26.03 a month."""
    with frozen(BEGAN):
        return note_pledge(
            campaign=make_campaign(),
            amount=usd(2500),
            cover=usd(103),
            name="Don",
            email="don@example.org",
            method="stripe",
            every="month",
            language="de",
        )


def test_o2_what_was_kept_first_is_sent_again_and_looked_for_only_when_its_key_may_be_forgotten(
    clerk: Clerk, monthly: Pledge
) -> None:
    clerk.is_away = True
    for after in (timedelta(0), SECOND, timedelta(hours=23)):
        with pytest.raises(ProviderAway):
            page(monthly, after, title=f"Fund after {after}")
    row = Checkout.objects.get()
    assert (row.created_at, row.url, row.external_id, row.state) == (BEGAN, "", "", "open")
    assert clerk.looked_for == []
    clerk.is_away = False
    url = page(monthly, timedelta(hours=23) + SECOND)
    assert clerk.looked_for == [row.key]
    order = Order(
        key=row.key,
        pledge=monthly.public_id,
        total=usd(2603),
        every=Every.MONTH,
        title="Fund after 0:00:00",
        success_url=SUCCESS,
        cancel_url=CANCEL,
        email="don@example.org",
        language="de",
    )
    assert clerk.sent == [order] * 4
    row.refresh_from_db()
    expires_at = BEGAN + timedelta(hours=23, minutes=30) + SECOND
    assert (url, row.url, row.external_id, row.expires_at) == ("https://pay.example/cs_4", url, "cs_4", expires_at)


def test_o3_a_page_is_asked_about_in_its_last_two_minutes_and_not_when_it_is_known_to_be_over(
    clerk: Clerk, monthly: Pledge
) -> None:
    minute = timedelta(minutes=1)
    first = page(monthly)
    assert page(monthly, 28 * minute) == first
    assert clerk.read == []
    assert page(monthly, 28 * minute + SECOND) == first
    assert clerk.read == ["cs_1"]
    clerk.ended["cs_1"] = ""
    second = page(monthly, 40 * minute)
    assert second != first
    assert page(monthly, 41 * minute) == second
    assert clerk.read == ["cs_1", "cs_1"]
    assert list(Checkout.objects.order_by("pk").values_list("state", flat=True)) == ["over", "open"]


def test_w9_a_page_that_led_to_a_payment_is_asked_about_each_time_for_that_may_fail_or_come_yet(
    clerk: Clerk, monthly: Pledge
) -> None:
    debit = on_its_way(opened(monthly.public_id))
    clerk.ended["cs_1"], clerk.payments["pi_1"] = "pi_1", debit
    page(monthly)
    for after in (30, 31):
        with pytest.raises(NotToBePaidAgain):
            page(monthly, after * SECOND * 60)
    assert clerk.read == ["cs_1", "pi_1"] * 2
    clerk.payments["pi_1"] = declined(debit, "ch_1")
    assert page(monthly, 32 * SECOND * 60).endswith("cs_2")
    whole = paid(debit, usd(2603))
    assert whole.capture
    clerk.payments["pi_1"] = replace(whole, capture=replace(whole.capture, settlement=None))
    with pytest.raises(NotToBePaidAgain):  # what the processor kept of it is not known yet
        page(monthly, 33 * SECOND * 60)
