"""One payment's facts, in any order and number, leave one set of books (rules W6 to W9, R, D, L)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from masthead.core.clock import frozen
from masthead.core.money import Money
from masthead.funding.models import Gift, Journal, Payment, Pledge, Recurring
from masthead.funding.rules.facts import (
    Capture,
    DisputeStatus,
    PaymentFacts,
    RefundStatus,
    Settlement,
    Status,
)
from masthead.funding.selectors import Stage, ledger_problems, stage_of
from masthead.funding.services import agree_on, fulfil_pledge, note_pledge, reverse_gift, settle_payment
from masthead.funding.testing import make_campaign
from tests.funding.books import balances, on, problems_told, raised, told
from tests.funding.lives import (
    BEGAN,
    declined,
    disputed,
    failed_late,
    on_its_way,
    opened,
    paid,
    refunded,
    usd,
)

pytestmark = pytest.mark.django_db

TOTAL = usd(2603)


@pytest.fixture
def pledge() -> Pledge:
    """A pledge of 25 dollars that covers the fee of 1.03, to be paid by card."""
    with frozen(BEGAN):
        return note_pledge(campaign=make_campaign(), amount=usd(2500), cover=usd(103), name="Don", method="stripe")


def test_o4_the_gift_is_booked_with_fee_and_cover_apart(pledge: Pledge) -> None:
    settle_payment(paid(opened(pledge.public_id), TOTAL))
    assert balances() == {
        "assets:stripe 2026-11-01": 2500,
        "expenses:fees:fund 2026-11-01": 103,
        "income:campaign:fund 2026-11-01": -2500,
        "income:cover:fund 2026-11-01": -103,
    }
    assert raised() == 2500
    assert Gift.objects.get().journal.value_at == BEGAN


def test_w10_what_waits_or_failed_adds_nothing(pledge: Pledge) -> None:
    settle_payment(opened(pledge.public_id))
    settle_payment(replace(opened(pledge.public_id), status=Status.FAILED, failure="declined"))
    assert balances() == {}
    assert Payment.objects.get().status == "failed"


def test_l8_money_without_a_settlement_is_not_estimated(pledge: Pledge) -> None:
    reading = paid(opened(pledge.public_id), TOTAL)
    assert reading.capture
    settle_payment(replace(reading, capture=replace(reading.capture, settlement=None)))
    assert balances() == {}
    settle_payment(reading)
    assert raised() == 2500


def test_w9_a_late_failure_cannot_undo_the_payment(pledge: Pledge) -> None:
    settle_payment(paid(opened(pledge.public_id), TOTAL))
    settle_payment(replace(opened(pledge.public_id), status=Status.FAILED))
    assert Payment.objects.get().status == "succeeded"
    assert raised() == 2500


def test_w11_a_payment_of_somebody_else_is_ignored(pledge: Pledge) -> None:
    assert settle_payment(paid(opened("not-of-this-site"), TOTAL)) is None
    assert not Payment.objects.exists()


def test_l7_a_payment_of_the_other_mode_is_ignored(pledge: Pledge) -> None:
    assert settle_payment(paid(opened(pledge.public_id, is_live=False), TOTAL)) is None
    assert balances() == {}


@pytest.mark.parametrize("amount", [usd(2604), usd(2500), Money(2603, "EUR")])
def test_o4_another_amount_is_kept_for_a_person_and_not_counted(pledge: Pledge, amount: Money) -> None:
    settle_payment(paid(opened(pledge.public_id), amount))
    assert Payment.objects.get().problem == "amount_differs"
    assert balances() == {}
    assert problems_told() == ["amount_differs"]


def test_c6_money_settled_in_a_foreign_currency_waits_for_a_rate(pledge: Pledge) -> None:
    settle_payment(foreign(pledge))
    assert Payment.objects.get().problem == "currency_differs"
    assert balances() == {}


def foreign(pledge: Pledge) -> Any:
    """Return a payment that the processor settles in euros."""
    capture = Capture("ch_1", TOTAL, BEGAN, Settlement("txn_1", Money(2400, "EUR"), Money(90, "EUR")))
    return replace(opened(pledge.public_id), status=Status.SUCCEEDED, capture=capture)


def test_r1_partial_refunds_lower_the_meter_by_exactly_their_amounts(pledge: Pledge) -> None:
    reading = paid(opened(pledge.public_id), TOTAL)
    settle_payment(refunded(reading, "re_1", usd(1000)))
    assert raised() == 1500
    settle_payment(refunded(refunded(reading, "re_1", usd(1000)), "re_2", usd(250)))
    assert raised() == 1250
    assert Gift.objects.get().is_returned is False


def test_r7_a_full_refund_takes_back_gift_and_cover_and_the_fee_stays_an_expense(pledge: Pledge) -> None:
    settle_payment(refunded(paid(opened(pledge.public_id), TOTAL), "re_1", TOTAL))
    assert balances() == {"assets:stripe 2026-11-01": -103, "expenses:fees:fund 2026-11-01": 103}
    assert raised() == 0
    assert Gift.objects.get().is_returned is True


def test_r3_a_refund_that_fails_restores_the_amount(pledge: Pledge) -> None:
    reading = refunded(paid(opened(pledge.public_id), TOTAL), "re_1", TOTAL)
    settle_payment(reading)
    settle_payment(refunded(reading, "re_1", TOTAL, RefundStatus.FAILED))
    assert raised() == 2500
    assert Gift.objects.get().is_returned is False
    assert on("income:cover:fund") == -103


def test_r3_a_refund_on_its_way_moves_nothing_yet(pledge: Pledge) -> None:
    settle_payment(refunded(paid(opened(pledge.public_id), TOTAL), "re_1", usd(500), RefundStatus.PENDING))
    assert raised() == 2500


def test_d1_an_inquiry_moves_nothing_and_a_lost_dispute_costs_amount_and_fee_once(pledge: Pledge) -> None:
    reading = paid(opened(pledge.public_id), TOTAL)
    inquiry, open_, lost = disputed(
        reading, "dp_1", usd(1000), DisputeStatus.INQUIRY, DisputeStatus.OPEN, DisputeStatus.LOST
    )
    settle_payment(inquiry)
    assert raised() == 2500
    settle_payment(open_)
    settle_payment(lost)
    assert raised() == 1500
    assert on("expenses:disputes:fund") == 1500
    assert len(told("funding.dispute-opened")) == 1


def test_d1_a_dispute_that_is_won_brings_everything_back(pledge: Pledge) -> None:
    for reading in disputed(
        paid(opened(pledge.public_id), TOTAL), "dp_1", TOTAL, DisputeStatus.OPEN, DisputeStatus.WON
    ):
        settle_payment(reading)
    assert raised() == 2500
    assert on("expenses:disputes:fund") == 0
    assert on("income:cover:fund") == -103


def over_refunded(pledge: Pledge) -> list[PaymentFacts]:
    """Return a payment, the refund of most of it, and a dispute of all the same."""
    reading = paid(opened(pledge.public_id), TOTAL)
    refund = refunded(reading, "re_1", usd(2000))
    (dispute,) = disputed(reading, "dp_1", TOTAL, DisputeStatus.OPEN)
    return [reading, refund, dispute, disputed(refund, "dp_1", TOTAL, DisputeStatus.OPEN)[0]]


@pytest.mark.parametrize("order", [(3,), (0, 1, 3), (0, 2, 3), (2, 1), (1, 2), (3, 0)])
def test_d2_refund_and_dispute_never_remove_more_than_came_in_whatever_order(
    pledge: Pledge, order: tuple[int, ...]
) -> None:
    """The processor's balance is what it is (rule L8): what went beyond the gift is a cost, and a person is told."""
    readings = over_refunded(pledge)
    for number in order:
        settle_payment(readings[number])
    assert balances() == {
        "assets:stripe 2026-11-01": 2603 - 103 - 2000 - 2603 - 1500,
        "expenses:fees:fund 2026-11-01": 103,
        "expenses:disputes:fund 2026-11-01": 1500 + 2000,
    }
    assert raised() == 0
    assert Gift.objects.get().is_returned is True
    assert Payment.objects.get().problem == "more_back_than_came"
    assert problems_told() == ["more_back_than_came"]
    assert ledger_problems() == []


def test_d2_winning_the_dispute_brings_back_what_the_refund_left(pledge: Pledge) -> None:
    refund = over_refunded(pledge)[1]
    for reading in disputed(refund, "dp_1", TOTAL, DisputeStatus.OPEN, DisputeStatus.WON):
        settle_payment(reading)
    assert raised() == 500
    assert on("income:cover:fund") == -103
    assert on("expenses:disputes:fund") == 0
    assert Payment.objects.get().problem == ""


def test_m6_what_goes_back_later_lowers_the_month_of_the_gift_on_its_own_date(pledge: Pledge) -> None:
    settle_payment(
        disputed(paid(opened(pledge.public_id), TOTAL), "dp_1", usd(100), DisputeStatus.OPEN, DisputeStatus.WON)[-1]
    )
    reinstated = Journal.objects.get(kind="reinstated")
    assert (reinstated.value_at.month, reinstated.month.month) == (12, 11)


def another(reading: PaymentFacts) -> PaymentFacts:
    """Return a reading that says the same money was taken by another charge."""
    assert reading.capture
    return replace(reading, capture=replace(reading.capture, external_id="ch_other"))


def test_w9_readings_that_differ_are_read_again_and_nobody_is_troubled(pledge: Pledge) -> None:
    reading = paid(opened(pledge.public_id), TOTAL)
    settle_payment(reading)
    refund = refunded(reading, "re_1", usd(500))
    settle_payment(another(reading), read_again=lambda: refund)
    assert raised() == 2000
    assert problems_told() == []


def test_w9_a_contradiction_to_the_books_is_kept_for_a_person_until_a_reading_fits(pledge: Pledge) -> None:
    reading = paid(opened(pledge.public_id), TOTAL)
    settle_payment(reading)
    for _ in range(2):
        settle_payment(another(reading), read_again=lambda: another(reading))
    assert Payment.objects.get().problem == "readings_differ"
    assert problems_told() == ["readings_differ"]
    assert raised() == 2500
    settle_payment(refunded(reading, "re_1", usd(500)))
    assert Payment.objects.get().problem == ""
    assert raised() == 2000


def test_w9_what_was_never_booked_is_not_defended_against_the_processor_s_last_word(pledge: Pledge) -> None:
    settle_payment(paid(opened(pledge.public_id), usd(1)))
    assert Payment.objects.get().problem == "amount_differs"
    reading = paid(opened(pledge.public_id), TOTAL)
    settle_payment(reading, read_again=lambda: reading)
    assert Payment.objects.get().problem == ""
    assert raised() == 2500


@pytest.mark.parametrize("is_turned", [False, True])
def test_w9_w10_a_decline_does_not_hide_a_debit_that_is_on_its_way(pledge: Pledge, is_turned: bool) -> None:
    refused = declined(opened(pledge.public_id))
    readings = [refused, on_its_way(refused)]
    for reading in reversed(readings) if is_turned else readings:
        settle_payment(reading)
    payment = Payment.objects.get()
    assert (payment.status, payment.failure) == ("open", "")
    assert stage_of(pledge) == Stage.WAITING
    settle_payment(declined(on_its_way(refused), "ch_1"))
    assert Payment.objects.get().status == "failed"
    assert stage_of(pledge) == Stage.FAILED


@pytest.mark.parametrize("is_turned", [False, True])
def test_a_second_payment_of_a_single_gift_is_booked_and_shown_to_be_sent_back(pledge: Pledge, is_turned: bool) -> None:
    """Rules O1, W7, L8: its money is there, so it counts until it has gone back; the one paid later is the second."""
    first = paid(opened(pledge.public_id), TOTAL)
    second = paid(opened(pledge.public_id, external_id="pi_2"), TOTAL, at=BEGAN + timedelta(hours=1))
    for reading in (second, first) if is_turned else (first, second):
        settle_payment(reading)
    assert raised() == 5000
    assert problems() == {"pi_1": "", "pi_2": "paid_twice"}
    assert problems_told() == ["paid_twice"]
    assert stage_of(pledge) == Stage.QUESTION
    settle_payment(first)
    settle_payment(second)
    assert problems_told() == ["paid_twice"]
    settle_payment(refunded(second, "re_1", TOTAL))
    assert problems() == {"pi_1": "", "pi_2": ""}
    assert raised() == 2500


def test_a_single_gift_that_came_by_hand_and_again_by_card_is_shown_until_one_went_back(pledge: Pledge) -> None:
    """Only the card's can be sent back from here, whichever came first; what is taken back by hand needs nobody."""
    by_hand = fulfil_pledge(
        pledge=pledge, amount=usd(2500), method="cash", received_at=BEGAN + timedelta(hours=1), external_id="slip-1"
    )
    reading = paid(opened(pledge.public_id), TOTAL)
    settle_payment(reading)
    assert raised() == 5000
    assert problems() == {"pi_1": "paid_twice"}
    assert problems_told() == ["paid_twice"]
    assert stage_of(pledge) == Stage.QUESTION
    reverse_gift(gift=by_hand, reason="recorded by mistake")
    assert problems() == {"pi_1": ""}
    settle_payment(reading)
    assert (problems(), raised()) == ({"pi_1": ""}, 2500)


def test_of_two_payments_either_may_be_sent_back(pledge: Pledge) -> None:
    first = paid(opened(pledge.public_id), TOTAL)
    settle_payment(first)
    settle_payment(paid(opened(pledge.public_id, external_id="pi_2"), TOTAL, at=BEGAN + timedelta(hours=1)))
    settle_payment(refunded(first, "re_1", TOTAL))
    assert problems() == {"pi_1": "", "pi_2": ""}


def problems() -> dict[str, str]:
    """Return what is wrong with each payment."""
    return dict(Payment.objects.values_list("external_id", "problem"))


def monthly() -> Pledge:
    """A pledge of 25 dollars each month that covers the fee."""
    with frozen(BEGAN):
        return note_pledge(
            campaign=make_campaign(), amount=usd(2500), cover=usd(103), name="Don", method="stripe", every="month"
        )


def test_s1_the_payments_of_a_repeated_gift_are_no_seconds() -> None:
    pledge = monthly()
    for number in (1, 2):
        reading = paid(opened(pledge.public_id, external_id=f"pi_{number}"), TOTAL)
        settle_payment(replace(reading, subscription="sub_1"))
    assert set(problems().values()) == {""}
    assert raised() == 5000


def test_r1_what_goes_back_is_divided_as_the_gift_was_whatever_was_agreed_since() -> None:
    pledge = monthly()
    reading = replace(paid(opened(pledge.public_id), TOTAL), subscription="sub_1")
    with frozen(BEGAN):
        settle_payment(reading)
    with frozen(BEGAN + timedelta(days=1)):
        agree_on(Recurring.objects.get(), TOTAL, usd(0))
    settle_payment(refunded(reading, "re_1", usd(2550)))
    assert raised() == 0
    assert on("income:cover:fund") == -53


@pytest.mark.parametrize(("days", "cover"), [(0, 103), (31, 0)])
def test_a_payment_is_divided_by_the_terms_that_held_when_it_was_paid(days: int, cover: int) -> None:
    pledge = monthly()
    with frozen(BEGAN):
        settle_payment(replace(opened(pledge.public_id), subscription="sub_1"))
    with frozen(BEGAN + timedelta(days=3)):
        agree_on(Recurring.objects.get(), TOTAL, usd(0))
    renewal = paid(opened(pledge.public_id, external_id="pi_2"), TOTAL, at=BEGAN + timedelta(days=days))
    settle_payment(replace(renewal, subscription="sub_1"))
    assert on("income:cover:fund") == -cover


def test_w10_a_debit_that_fails_after_it_settled_takes_the_gift_back(pledge: Pledge) -> None:
    reading = paid(opened(pledge.public_id), TOTAL)
    settle_payment(reading)
    settle_payment(failed_late(reading))
    settle_payment(reading)
    assert balances() == {"assets:stripe 2026-11-01": -103, "expenses:fees:fund 2026-11-01": 103}
    assert Gift.objects.get().is_returned is True
    assert Payment.objects.get().status == "failed"
    assert stage_of(pledge) == Stage.FAILED
    assert Journal.objects.get(kind="failed_late").value_at == BEGAN + timedelta(days=9)


def test_l8_a_refund_whose_line_is_not_told_moves_nothing_and_a_failed_one_waits_for_its_line(pledge: Pledge) -> None:
    reading = refunded(paid(opened(pledge.public_id), TOTAL), "re_1", usd(500), has_lines=False)
    assert reading.is_settled is False
    settle_payment(reading)
    assert raised() == 2500
    reading = refunded(reading, "re_1", usd(500))
    assert reading.is_settled is True
    settle_payment(reading)
    assert raised() == 2000
    reading = refunded(reading, "re_1", usd(500), RefundStatus.FAILED, has_lines=False)
    assert reading.is_settled is False
    settle_payment(reading)
    assert raised() == 2000
    settle_payment(refunded(reading, "re_1", usd(500), RefundStatus.FAILED))
    assert raised() == 2500
