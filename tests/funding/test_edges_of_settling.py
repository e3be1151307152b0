"""What settling tells and books exactly, where more than one reading would do."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from pytest_django import Settings

from masthead.core.clock import frozen
from masthead.funding.models import Gift, Journal, Payment, Pledge, Recurring
from masthead.funding.rules.facts import DisputeStatus
from masthead.funding.services import agree_on, note_pledge, settle_payment
from masthead.funding.testing import make_campaign
from tests.funding.books import on, problems_told, raised, told
from tests.funding.lives import BEGAN, declined, disputed, opened, paid, refunded, usd
from tests.funding.test_settle_payment import another
from tests.settings import MASTHEAD

pytestmark = pytest.mark.django_db


@pytest.fixture
def pledge() -> Pledge:
    """A pledge of 25 dollars, to be paid by card."""
    with frozen(BEGAN):
        return note_pledge(campaign=make_campaign(), amount=usd(2500), name="Don", method="stripe")


def test_each_state_of_a_payment_is_told_once_with_the_names_that_readers_of_webhooks_know(pledge: Pledge) -> None:
    reading = opened(pledge.public_id)
    for each in (reading, reading, declined(reading), declined(reading), paid(reading, usd(2500)), reading):
        settle_payment(each)
    payment = Payment.objects.get()
    names = {"payment_id": payment.public_id, "pledge_id": pledge.public_id}
    assert [event.payload for event in told("funding.payment-changed")] == [
        {**names, "status": status} for status in ("open", "failed", "succeeded")
    ]


def test_w9_a_contradiction_that_nobody_can_read_again_is_taken_by_its_word(pledge: Pledge) -> None:
    reading = paid(opened(pledge.public_id), usd(2500))
    settle_payment(reading)
    settle_payment(another(reading))
    assert Payment.objects.get().problem == "readings_differ"
    assert problems_told() == ["readings_differ"]
    assert raised() == 2500


def test_w10_why_it_was_declined_stands_with_the_payment_as_far_as_there_is_room(pledge: Pledge) -> None:
    settle_payment(replace(declined(opened(pledge.public_id)), failure="é" * 201))
    assert Payment.objects.get().failure == "é" * 200


@pytest.mark.parametrize(
    ("path", "is_open"),
    [
        ((DisputeStatus.INQUIRY,), True),
        ((DisputeStatus.INQUIRY, DisputeStatus.INQUIRY_CLOSED), False),
        ((DisputeStatus.OPEN,), True),
        ((DisputeStatus.OPEN, DisputeStatus.LOST), False),
        ((DisputeStatus.OPEN, DisputeStatus.WON), False),
    ],
)
def test_d3_a_dispute_is_told_once_and_is_open_until_it_is_decided(
    pledge: Pledge, path: tuple[DisputeStatus, ...], is_open: bool
) -> None:
    reading = paid(opened(pledge.public_id), usd(2500))
    settle_payment(reading)
    for each in disputed(reading, "dp_1", usd(500), *path):
        settle_payment(each)
    payment = Payment.objects.get()
    assert payment.has_open_dispute is is_open
    assert [event.payload for event in told("funding.dispute-opened")] == [
        {"payment_id": payment.public_id, "dispute": "dp_1"}
    ]


def test_r1_a_booked_gift_stays_divided_as_it_was_even_where_clocks_differ() -> None:
    """The processor's clock is ahead: what is agreed next seems to have held when it was paid."""
    with frozen(BEGAN - timedelta(hours=2)):
        monthly = note_pledge(
            campaign=make_campaign(), amount=usd(2500), cover=usd(103), name="Don", method="stripe", every="month"
        )
        reading = replace(paid(opened(monthly.public_id), usd(2603)), subscription="sub_1")
        settle_payment(reading)
    with frozen(BEGAN - timedelta(hours=1)):
        agree_on(Recurring.objects.get(), usd(2603), usd(0))
    settle_payment(refunded(reading, "re_1", usd(2550)))
    assert on("income:campaign:fund") == 0
    assert on("income:cover:fund") == -53


def test_m1_l7_a_gift_is_booked_in_the_month_of_the_site_and_rehearsed_ones_under_a_name_of_their_own(
    settings: Settings,
) -> None:
    """The processor may use one id for both; what was rehearsed does not hide what is real (rule L3)."""
    there = replace(settings.MASTHEAD.site, time_zone="Pacific/Kiritimati")
    campaign, evening = make_campaign(), datetime(2026, 11, 30, 20, tzinfo=UTC)
    sources = {}
    for is_live in (False, True):
        funding = replace(MASTHEAD.funding, mode="live" if is_live else "rehearsal")
        settings.MASTHEAD = replace(MASTHEAD, site=there, funding=funding)
        with frozen(BEGAN):
            pledge = note_pledge(
                campaign=campaign,
                amount=usd(2500),
                name="Don",
                email="don@example.org",
                method="stripe",
                story="st_1",
                dedication="For Ada",
            )
        reading = opened(pledge.public_id, external_id=f"pi_{is_live}", is_live=is_live)
        settle_payment(refunded(paid(reading, usd(2500), at=evening), "re_1", usd(500)))
        gift = Gift.objects.get(is_live=is_live)
        sources[is_live] = set(Journal.objects.filter(about=gift.journal).values_list("kind", "source"))
        assert (gift.contact, gift.story, gift.dedication) == ("don@example.org", "st_1", "For Ada")
        assert gift.journal.month == date(2026, 12, 1)
    assert sources == {False: {("refund", "rehearsal:stripe")}, True: {("refund", "stripe")}}
    real = Gift.objects.get(is_live=True)
    assert told("funding.gift-recorded")[-1].payload == {
        "gift_id": real.public_id,
        "campaign": "fund",
        "amount_minor": 2500,
        "currency": "USD",
        "received_at": evening.isoformat(),
        "month": "2026-12-01",
    }
    assert [event.payload for event in told("funding.gift-changed") if event.payload["gift_id"] == real.public_id] == [
        {
            "gift_id": real.public_id,
            "campaign": "fund",
            "delta_minor": -500,
            "currency": "USD",
            "month": "2026-12-01",
            "why": "refund",
        }
    ]
