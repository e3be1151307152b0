"""Two readings of one payment become one: each fact is the earliest, the furthest, or named by either of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from masthead.funding.rules.bookings import REFUND, REFUND_FAILED, Split, wanted
from masthead.funding.rules.facts import (
    DisputeStatus,
    Movement,
    NotTheSame,
    PaymentFacts,
    RefundStatus,
    Settlement,
    Status,
    merged,
)
from masthead.funding.rules.facts_json import from_json, to_json
from tests.funding.lives import BEGAN, declined, disputed, failed_late, opened, paid, refunded, usd

LATER = BEGAN + timedelta(hours=5)
PAID = paid(opened("p1"), usd(2500))
SPLIT = Split("fund", usd(2500), usd(0))


def both_ways(one: PaymentFacts, other: PaymentFacts) -> PaymentFacts:
    """Return what two readings make, which must not hang on their order."""
    assert merged(one, other) == merged(other, one)
    return merged(one, other)


def test_w8_what_only_one_reading_names_is_known_after_both() -> None:
    found = both_ways(named("subscription", "sub_1"), replace(PAID, pledge="", subscription=""))
    assert (found.pledge, found.subscription) == ("p1", "sub_1")


def named(name: str, value: str) -> PaymentFacts:
    """Return the paid payment with another word in one place."""
    facts: dict[str, Any] = {name: value}
    return replace(PAID, **facts)


@pytest.mark.parametrize("name", ["pledge", "subscription"])
def test_w9_two_readings_of_different_pledges_or_rows_are_refused_by_name(name: str) -> None:
    with pytest.raises(NotTheSame, match=f"^{name}: 'one' and 'other'$"):
        merged(named(name, "one"), named(name, "other"))


def test_m3_the_money_came_when_it_was_first_told_to_have_come() -> None:
    found = both_ways(paid(opened("p1"), usd(2500), at=LATER), PAID)
    assert found.capture is not None
    assert found.capture.paid_at == BEGAN


def test_w9_why_it_was_declined_is_told_until_it_is_paid() -> None:
    refused = declined(opened("p1"))
    assert both_ways(refused, opened("p1")).failure == "Your card was declined."
    assert both_ways(refused, PAID).failure == ""


def test_w9_a_debit_that_came_back_did_so_when_it_was_first_told() -> None:
    early = failed_late(PAID)
    assert early.capture is not None
    late = replace(early, capture=replace(early.capture, failed_at=BEGAN + timedelta(days=12)))
    found = both_ways(early, late)
    assert found.capture is not None
    assert found.capture.failed_at == BEGAN + timedelta(days=9)
    assert both_ways(early, PAID).capture == early.capture


def test_d1_a_dispute_s_money_moved_when_it_was_first_told() -> None:
    (reading,) = disputed(PAID, "dp_1", usd(2500), DisputeStatus.OPEN)
    (dispute,) = reading.disputes.values()
    (movement,) = dispute.movements.values()
    late = replace(movement, at=movement.at + timedelta(days=1))
    other = replace(reading, disputes={"dp_1": replace(dispute, movements={late.external_id: late})})
    found: Movement = both_ways(other, reading).disputes["dp_1"].movements[movement.external_id]
    assert found.at == movement.at


@pytest.mark.parametrize(
    "facts",
    [
        replace(declined(opened("p1")), subscription="sub_1"),
        failed_late(PAID),
        refunded(PAID, "re_1", usd(700), RefundStatus.FAILED),
        refunded(PAID, "re_1", usd(700), RefundStatus.PENDING),
        *disputed(PAID, "dp_1", usd(2500), DisputeStatus.OPEN, DisputeStatus.WON),
    ],
)
def test_w9_facts_are_kept_and_read_back_with_nothing_left_out(facts: PaymentFacts) -> None:
    assert from_json(to_json(facts)) == facts


def test_w9_facts_that_were_kept_before_tries_were_told_can_be_read() -> None:
    kept = to_json(PAID)
    del kept["attempts"]
    assert from_json(kept) == replace(PAID, attempts={})


def test_r3_a_refund_that_failed_came_back_when_it_failed() -> None:
    """The money goes on the day of the refund and comes again on the day it failed, or that of the refund."""
    facts = refunded(PAID, "re_1", usd(700), RefundStatus.FAILED)
    went, came = BEGAN + timedelta(days=1), BEGAN + timedelta(days=3)
    assert steps_of(facts) == [(REFUND, went), (REFUND_FAILED, came)]
    unknown = replace(facts.refunds["re_1"], failed_at=None)
    assert steps_of(replace(facts, refunds={"re_1": unknown})) == [(REFUND, went), (REFUND_FAILED, went)]


def test_l8_a_refund_whose_line_is_not_told_has_no_journal_yet() -> None:
    assert steps_of(refunded(PAID, "re_1", usd(700), has_lines=False)) == []
    told_of_failing = refunded(PAID, "re_1", usd(700), RefundStatus.FAILED, has_lines=False)
    back = replace(told_of_failing.refunds["re_1"], failure=Settlement("txn_f", usd(700), usd(0)))
    assert steps_of(replace(told_of_failing, refunds={"re_1": back})) == []


def steps_of(facts: PaymentFacts) -> list[tuple[str, object]]:
    """Return the journals after that of the gift, with their instants."""
    return [(booking.kind, booking.value_at) for booking in wanted(facts, SPLIT).journals[1:]]


def test_r1_r3_two_refunds_one_of_which_failed_take_the_other_alone() -> None:
    facts = refunded(refunded(PAID, "re_1", usd(700), RefundStatus.FAILED), "re_2", usd(300))
    assert wanted(facts, SPLIT).left == usd(2200)
    assert facts.status == Status.SUCCEEDED


def test_d4_what_a_dispute_moved_in_the_givers_currency_is_known_once_one_reading_told_it_and_is_kept() -> None:
    (taken,) = disputed(PAID, "dp_1", usd(500), DisputeStatus.OPEN)
    dispute = taken.disputes["dp_1"]
    (movement,) = dispute.movements.values()
    told = {movement.external_id: replace(movement, presented=usd(-450))}
    fuller = replace(taken, disputes={"dp_1": replace(dispute, movements=told)})
    found = both_ways(taken, fuller)
    assert found == fuller
    assert from_json(to_json(found)) == fuller
