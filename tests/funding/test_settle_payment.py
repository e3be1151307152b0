"""One payment's facts, in any order and number, leave one set of books (rules W6 to W9, R, D, L)."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from masthead.core.clock import frozen
from masthead.core.money import Money
from masthead.funding.models import Entry, Gift, Journal, Payment, Pledge
from masthead.funding.rules.facts import (
    Capture,
    DisputeStatus,
    NotTheSame,
    RefundStatus,
    Settlement,
    Status,
    merged,
)
from masthead.funding.rules.facts_json import from_json, to_json
from masthead.funding.selectors import ledger_problems, meter
from masthead.funding.services import note_pledge, settle_payment
from masthead.funding.testing import make_campaign
from masthead.outbox.models import Event
from tests.funding.lives import BEGAN, disputed, lives, opened, paid, refunded, usd

pytestmark = pytest.mark.django_db

TOTAL = usd(2603)


@pytest.fixture
def pledge() -> Pledge:
    """A pledge of 25 dollars that covers the fee of 1.03, to be paid by card."""
    with frozen(BEGAN):
        return note_pledge(campaign=make_campaign(), amount=usd(2500), cover=usd(103), name="Don", method="stripe")


def balances() -> dict[str, int]:
    """Return what stands on each account; nothing for those that are even."""
    rows = Entry.objects.values("account__code", "journal__month").annotate(rest=Sum("amount_minor"))
    return {f"{row['account__code']} {row['journal__month']}": row["rest"] for row in rows if row["rest"]}


def on(account: str) -> int:
    """Return what stands on one account, whatever the month."""
    return sum(rest for name, rest in balances().items() if name.split()[0] == account)


def raised() -> int:
    """Return what the meter shows for the month of the gift."""
    found = meter(BEGAN.replace(day=28))
    assert found is not None
    return found.raised.amount_minor


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
    assert [event.payload["problem"] for event in told("funding.payment-needs-a-person")] == ["amount_differs"]


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


def test_d2_refund_and_dispute_never_remove_more_than_came(pledge: Pledge) -> None:
    reading = refunded(paid(opened(pledge.public_id), TOTAL), "re_1", usd(2000))
    settle_payment(reading)
    settle_payment(disputed(reading, "dp_1", usd(2000), DisputeStatus.OPEN)[0])
    assert Payment.objects.get().problem == "more_back_than_came"
    assert raised() == 500


def test_m6_what_goes_back_later_lowers_the_month_of_the_gift_on_its_own_date(pledge: Pledge) -> None:
    settle_payment(
        disputed(paid(opened(pledge.public_id), TOTAL), "dp_1", usd(100), DisputeStatus.OPEN, DisputeStatus.WON)[-1]
    )
    reinstated = Journal.objects.get(kind="reinstated")
    assert (reinstated.value_at.month, reinstated.month.month) == (12, 11)


def test_a_contradiction_is_kept_for_a_person(pledge: Pledge) -> None:
    reading = paid(opened(pledge.public_id), TOTAL)
    settle_payment(reading)
    assert reading.capture
    settle_payment(replace(reading, capture=replace(reading.capture, external_id="ch_other")))
    assert Payment.objects.get().problem == "readings_differ"
    assert raised() == 2500


def told(kind: str) -> list[Event]:
    """Return the events of a kind."""
    return list(Event.objects.filter(type=kind).order_by("pk"))


def outcome() -> tuple[Any, ...]:
    """Return all that one payment may leave behind: balances, gift, meter, and who is told what how often."""
    kinds = Counter(event.type for event in Event.objects.all() if not event.type.startswith("funding.gift-changed"))
    del kinds["funding.payment-changed"]
    moved = Counter[str]()
    for event in told("funding.gift-changed"):
        moved[event.payload["why"]] += event.payload["delta_minor"]
    journals = sorted(Journal.objects.exclude(kind="cover").values_list("kind", "external_id", "value_at", "month"))
    payment = Payment.objects.values("status", "problem", "facts", "has_open_dispute").get()
    gifts = list(Gift.objects.values_list("method", "is_returned", "journal__external_id"))
    return journals, balances(), payment, gifts, dict(kinds), {key: n for key, n in moved.items() if n}, raised()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])  # each example is rolled back
@given(data=st.data())
def test_w8_any_order_copies_and_losses_leave_one_set_of_books(pledge: Pledge, data: st.DataObject) -> None:
    """All readings of a life, shuffled and copied; whatever is lost, the last reading is seen once."""
    life = data.draw(lives(pledge=pledge.public_id, total=TOTAL))
    deliveries = data.draw(st.permutations(life)) + data.draw(st.lists(st.sampled_from(life), max_size=3))
    heard = [reading for reading in deliveries if reading == life[-1] or data.draw(st.booleans())]
    expected, found = (played(pledge, order) for order in ([life[-1]], heard))
    assert found == expected
    assert ledger_problems() == []


def played(pledge: Pledge, readings: list[Any]) -> tuple[Any, ...]:
    """Settle these readings in fresh books and return what they leave."""
    with transaction.atomic():
        point = transaction.savepoint()
        for reading in readings:
            settle_payment(reading)
        left = outcome()
        assert ledger_problems() == []
        transaction.savepoint_rollback(point)
    return left


@given(data=st.data())
def test_joining_readings_depends_on_no_order(data: st.DataObject) -> None:
    one, two, three = (data.draw(st.sampled_from(data.draw(lives(pledge="p", total=TOTAL)))) for _ in range(3))
    try:
        left = merged(merged(one, two), three)
    except NotTheSame:
        return
    assert left == merged(one, merged(two, three)) == merged(merged(three, one), two)
    assert merged(left, one) == left == merged(left, left)
    assert from_json(to_json(left)) == left
