"""Single and repeated gifts to the minor unit and the second: limits, months, keys, terms, and what is told of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from pytest_django import Settings

from masthead.core.clock import frozen
from masthead.core.errors import DomainError
from masthead.core.money import Money
from masthead.funding.errors import CurrencyDiffers, KeyTaken
from masthead.funding.models import Campaign, Recurring, RecurringTerms, RenewalFailure
from masthead.funding.providers import provider_named
from masthead.funding.rules.facts import Capture
from masthead.funding.services import agree_on, record_gift, reverse_gift
from masthead.funding.services.amounts import check_amount
from masthead.funding.services.recurring import terms_of
from masthead.funding.testing import make_campaign, make_gift
from tests.funding.books import balances, told
from tests.funding.lives import usd
from tests.funding.repeating import BEGAN, DUE, begun, stands
from tests.settings import MASTHEAD

HOUR = timedelta(hours=1)


@pytest.fixture
def fund(db: None) -> Campaign:
    """A monthly fund."""
    return make_campaign()


@pytest.mark.parametrize(
    ("gift", "total", "said"),
    [
        (usd(-1), usd(50), "more than zero"),
        (usd(0), usd(50), "more than zero"),
        (usd(1), usd(50), "Stripe takes 0.50 $ or more"),
        (usd(49), usd(50), "Stripe takes 0.50 $ or more"),
        (usd(50), usd(50), ""),
        (usd(99_999_800), usd(99_999_900), ""),
        (usd(99_999_800), usd(99_999_901), "Stripe takes 999,999 $ at most"),
        (Money(5_125, "KWD"), Money(5_125, "KWD"), "Stripe takes only multiples of 0.010 KWD."),
        (Money(5_130, "KWD"), Money(5_130, "KWD"), ""),
    ],
)
def test_c3_an_amount_that_the_processor_would_refuse_is_refused_before_with_what_it_takes(
    gift: Money, total: Money, said: str
) -> None:
    refused = ""
    try:
        check_amount(provider=provider_named("stripe"), gift=gift, total=total)
    except DomainError as refusal:
        refused = refusal.message().replace("\N{NO-BREAK SPACE}", " ")
    assert said in refused
    assert bool(said) == bool(refused)


def test_m1_l7_a_gift_by_hand_counts_in_the_month_of_the_site_and_rehearsed_apart(
    settings: Settings, fund: Campaign
) -> None:
    there = replace(MASTHEAD.site, time_zone="Pacific/Kiritimati")
    settings.MASTHEAD = replace(MASTHEAD, site=there, funding=replace(MASTHEAD.funding, mode="rehearsal"))
    gift = make_gift(received_at=datetime(2026, 9, 30, 20, tzinfo=UTC))
    assert not gift.is_live
    assert gift.journal.month == date(2026, 10, 1)
    assert balances() == {
        "rehearsal:assets:bank_transfer 2026-10-01": 2500,
        "rehearsal:income:campaign:fund 2026-10-01": -2500,
    }


def test_what_readers_of_webhooks_are_told_of_a_gift_that_is_taken_back(fund: Campaign) -> None:
    gift = make_gift(received_at=datetime(2026, 10, 9, tzinfo=UTC))
    reverse_gift(gift=gift, reason="bounced")
    assert [event.payload for event in told("funding.gift-reversed")] == [
        {
            "gift_id": gift.public_id,
            "campaign": "fund",
            "amount_minor": 2500,
            "currency": "USD",
            "month": "2026-10-01",
        }
    ]


def test_c2_a_gift_in_another_currency_is_refused_with_both_named(fund: Campaign) -> None:
    with pytest.raises(CurrencyDiffers) as refusal:
        make_gift(amount=Money(100, "EUR"))
    assert refusal.value.message() == "This campaign counts in USD, so EUR cannot be booked here."


def test_l3_a_key_is_of_its_source_and_says_so_when_it_is_taken(fund: Campaign) -> None:
    def booked(source: str, minor: int) -> int:
        gift = record_gift(
            campaign=fund,
            amount=usd(minor),
            method="cash",
            received_at=BEGAN - HOUR,
            source=source,
            external_id="line-3",
        )
        return gift.pk

    with frozen(BEGAN):
        first, second = booked("staff", 100), booked("statement", 200)
        assert first != second
        assert (booked("staff", 100), booked("statement", 200)) == (first, second)
        with pytest.raises(KeyTaken) as refusal:
            booked("statement", 100)
    assert refusal.value.message().startswith("line-3 is already booked with 2\N{NO-BREAK SPACE}$.")


def test_what_readers_of_webhooks_are_told_of_a_repeated_gift(fund: Campaign) -> None:
    row = begun(fund)
    stands(row, "active", BEGAN + HOUR)
    stands(row, "paused", DUE - HOUR, amount=usd(3_000))
    same = {"recurring_id": row.public_id, "campaign": "fund", "currency": "USD", "every": "month"}
    assert [event.payload for event in told("funding.recurring-changed")] == [
        {**same, "status": "active", "amount_minor": 2_500, "was": "pending"},
        {**same, "status": "paused", "amount_minor": 3_000, "was": "active"},
    ]


def test_m2_a_payment_that_failed_was_due_on_the_day_that_was_told_before(fund: Campaign) -> None:
    """What the processor says next is a month later, and a month before the last of February is no last of January."""
    due = datetime(2027, 1, 31, 9, tzinfo=UTC)
    row = begun(fund)
    stands(row, "active", DUE, next_at=due)
    stands(row, "past_due", due + HOUR, next_at=datetime(2027, 2, 28, 9, tzinfo=UTC))
    assert RenewalFailure.objects.get().due_at == due


@pytest.fixture
def monthly(fund: Campaign) -> Recurring:
    """26.03 a month, of which 1.03 cover the fee until an hour later, when all of it is the gift."""
    row = begun(fund, cover=usd(103))
    with frozen(BEGAN + HOUR):
        agree_on(row, usd(2_603), usd(0))
    return row


AS_BEFORE, AS_AFTER = (usd(2_500), usd(103)), (usd(2_603), usd(0))


@pytest.mark.parametrize(
    ("paid_at", "amount", "made_of"),
    [
        (BEGAN - HOUR, usd(2_603), AS_BEFORE),
        (BEGAN, usd(2_603), AS_BEFORE),
        (BEGAN + HOUR - timedelta.resolution, usd(2_603), AS_BEFORE),
        (BEGAN + HOUR, usd(2_603), AS_AFTER),
        (DUE, usd(2_603), AS_AFTER),
        (DUE, usd(2_604), None),
        (DUE, Money(2_603, "EUR"), None),
    ],
)
def test_r1_a_payment_is_made_of_what_was_agreed_when_it_was_paid(
    monthly: Recurring, paid_at: datetime, amount: Money, made_of: tuple[Money, Money] | None
) -> None:
    assert terms_of(monthly, Capture("ch_1", amount, paid_at)) == made_of


def test_r1_of_terms_that_clocks_put_out_of_order_the_latest_holds(monthly: Recurring) -> None:
    """One server's clock is behind."""
    with frozen(BEGAN + HOUR / 2):
        agree_on(monthly, usd(2_600), usd(3))
    assert terms_of(monthly, Capture("ch_1", usd(2_603), DUE)) == AS_AFTER


def test_r1_of_terms_of_one_instant_the_last_that_was_agreed_holds(monthly: Recurring) -> None:
    first, second = RecurringTerms.objects.order_by("pk")
    for row in (second, first):  # PostgreSQL hands out rows as they were last written
        RecurringTerms.objects.filter(pk=row.pk).update(since=BEGAN)
    assert terms_of(monthly, Capture("ch_1", usd(2_603), DUE)) == AS_AFTER
