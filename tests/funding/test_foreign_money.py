"""Gifts in another currency than the campaign counts in: what settled counts, to the last cent (rules C6, C7, L8)."""

from __future__ import annotations

import pytest

from masthead.core.clock import frozen
from masthead.core.money import Money
from masthead.funding.models import Gift, Pledge
from masthead.funding.rules.facts import DisputeStatus, PaymentFacts
from masthead.funding.selectors import ledger_problems
from masthead.funding.services import note_pledge, settle_payment
from masthead.funding.testing import make_campaign
from tests.funding.books import balances, on, raised
from tests.funding.lives import BEGAN, disputed, failed_late, opened, paid, refunded, usd

pytestmark = pytest.mark.django_db

TOTAL = Money(1000, "EUR")


def eur(minor: int) -> Money:
    """Return euros from cents."""
    return Money(minor, "EUR")


@pytest.fixture
def pledge() -> Pledge:
    """A pledge of 10 euros for a campaign that counts in dollars."""
    with frozen(BEGAN):
        return note_pledge(campaign=make_campaign(), amount=TOTAL, name="Don", method="stripe")


@pytest.fixture
def reading(pledge: Pledge) -> PaymentFacts:
    """The pledge, paid, and settled as 11.01 dollars."""
    return paid(opened(pledge.public_id), TOTAL, settled=usd(1101))


def test_c7_partial_refunds_of_all_leave_nothing(reading: PaymentFacts) -> None:
    for number, amount in enumerate((333, 333, 334), start=1):
        reading = refunded(reading, f"re_{number}", eur(amount), settled=usd(367))
        settle_payment(reading)
    assert raised() == 0
    assert Gift.objects.get().is_returned is True
    assert on("income:campaign:fund") == 0
    assert ledger_problems() == []


def test_c6_what_a_changed_rate_cost_is_no_part_of_the_gift(reading: PaymentFacts) -> None:
    settle_payment(refunded(reading, "re_1", TOTAL, settled=usd(1200)))
    assert balances() == {
        "assets:stripe 2026-11-01": 1101 - 103 - 1200,
        "expenses:fees:fund 2026-11-01": 103,
        "expenses:exchange:fund 2026-11-01": 99,
    }


def test_c2_a_refund_from_a_balance_in_the_giver_s_currency_keeps_the_currencies_apart(reading: PaymentFacts) -> None:
    settle_payment(refunded(reading, "re_1", eur(400), settled=eur(400)))
    assert balances() == {
        "assets:stripe 2026-11-01": 1101 - 103,
        "assets:stripe 2026-11-01 EUR": -400,
        "expenses:fees:fund 2026-11-01": 103,
        "expenses:exchange:fund 2026-11-01 EUR": 400,
        "expenses:exchange:fund 2026-11-01": -440,
        "income:campaign:fund 2026-11-01": -661,
    }
    assert raised() == 661


def test_c2_money_that_came_in_ours_may_go_back_from_another_balance(pledge: Pledge) -> None:
    with frozen(BEGAN):
        own = note_pledge(campaign=pledge.campaign, amount=usd(2500), name="Don", method="stripe")
    settle_payment(refunded(paid(opened(own.public_id), usd(2500)), "re_1", usd(2500), settled=eur(2300)))
    assert raised() == 0
    assert ledger_problems() == []


@pytest.mark.parametrize("settled", [usd(1200), eur(1000)])
def test_d1_a_dispute_goes_and_comes_at_the_gift_s_own_rate(reading: PaymentFacts, settled: Money) -> None:
    withdrawn, won = disputed(reading, "dp_1", TOTAL, DisputeStatus.OPEN, DisputeStatus.WON, settled=settled)
    settle_payment(withdrawn)
    assert raised() == 0
    settle_payment(won)
    assert raised() == 1101
    assert on("expenses:exchange:fund") == 0
    assert ledger_problems() == []


def test_d2_more_back_than_came_is_a_cost_in_the_campaign_s_currency(reading: PaymentFacts) -> None:
    reading = refunded(reading, "re_1", eur(600), settled=usd(700))
    settle_payment(disputed(reading, "dp_1", TOTAL, DisputeStatus.OPEN, settled=usd(1101))[0])
    assert raised() == 0
    assert on("expenses:disputes:fund") == 1500 + 660
    assert on("expenses:exchange:fund") == 40
    assert ledger_problems() == []


def test_w10_a_debit_that_fails_late_takes_all_of_it(reading: PaymentFacts) -> None:
    settle_payment(failed_late(reading, taken=usd(1090)))
    assert raised() == 0
    assert on("expenses:exchange:fund") == -11


def test_c6_what_is_worth_nothing_where_it_settles_has_no_journal(reading: PaymentFacts) -> None:
    settle_payment(refunded(reading, "re_1", eur(0), settled=usd(0)))
    assert raised() == 1101
