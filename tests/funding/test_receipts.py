"""Receipts: numbers without a gap, one per gift, corrected and never deleted (rules R6, S5, L7)."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import override_settings

from masthead.core.clock import frozen
from masthead.core.money import Money
from masthead.funding import conf
from masthead.funding.models import Donor, Gift, Pledge, Receipt, ReceiptHolder, append_only
from masthead.funding.receipt_errors import NoReceiptForRehearsal, NothingToReceipt, ReceiptNeedsAName
from masthead.funding.rules.facts import DisputeStatus, PaymentFacts, RefundStatus, Settlement
from masthead.funding.rules.receipts import from_data, paid_by
from masthead.funding.selectors import ledger_problems
from masthead.funding.selectors.receipts import last_receipt, standing_of
from masthead.funding.services import bring_in_gift, note_pledge, receipts, reverse_gift, settle_payment
from masthead.funding.testing import make_campaign, make_gift
from masthead.outbox.models import Event
from tests.funding.lives import BEGAN, disputed, opened, paid, refunded, usd
from tests.settings import MASTHEAD

pytestmark = pytest.mark.django_db
TOTAL = usd(2603)


@pytest.fixture
def pledge() -> Pledge:
    """A pledge of 25 dollars that covers the fee of 1.03, to be paid by card."""
    with frozen(BEGAN):
        return note_pledge(
            campaign=make_campaign(),
            amount=usd(2500),
            cover=usd(103),
            name="Don",
            email="don@example.org",
            method="stripe",
        )


def settled(facts: PaymentFacts) -> Gift:
    """Let a processor's facts be booked and return the gift."""
    settle_payment(facts)
    return Gift.objects.get()


def numbers() -> list[int]:
    """Return all numbers that were given, in the order of the receipts."""
    return list(Receipt.objects.order_by("pk").values_list("number", flat=True))


def test_a_card_gift_gets_one_receipt_however_often_it_is_asked_for(pledge: Pledge) -> None:
    gift = settled(paid(opened(pledge.public_id), TOTAL))
    first, again = receipts.issue_receipt(gift=gift), receipts.issue_receipt(gift=gift)
    assert first is not None
    assert first == again
    assert str(first) == f"R-{first.issued_at.astimezone(conf.zone()).year}-000001"
    said = from_data(first.content)
    assert (said.paid, said.cover, said.settled, said.back) == (TOTAL, usd(103), None, ())
    assert first.holder.name == "Don"
    assert "Don" not in str(first.content)
    assert Event.objects.filter(type="funding.receipt-issued").count() == 1


@pytest.mark.parametrize("method", ["bank_transfer", "cash", "cheque"])
def test_money_recorded_by_hand_gets_one_too(method: str) -> None:
    receipt = receipts.issue_receipt(gift=make_gift(method=method))
    assert receipt is not None
    assert receipt.content["method"] == method
    assert Gift.objects.get().donor == Donor.objects.get(email="ada@example.org")


@pytest.mark.parametrize("name", ["", " "])
def test_what_nobody_gave_gets_none(name: str) -> None:
    assert receipts.issue_receipt(gift=make_gift(donor_name=name)) is None


def test_l7_a_rehearsal_gets_none_not_even_by_hand() -> None:
    funding = replace(MASTHEAD.funding, mode="rehearsal")
    with override_settings(MASTHEAD=replace(MASTHEAD, funding=funding)):
        gift = make_gift()
        assert receipts.issue_receipt(gift=gift) is None
        with pytest.raises(NoReceiptForRehearsal) as refusal:
            receipts.reissue_receipt(gift=gift, name="Ada")
    assert "rehearsal" in refusal.value.message()
    assert not Receipt.objects.exists()


def test_imported_gifts_get_one_by_hand_only() -> None:
    with frozen(BEGAN):
        campaign = make_campaign()
        bring_in_gift(source="givewp", key="7", campaign=campaign, net=usd(900), received_at=BEGAN, donor_name="Ida")
    gift = Gift.objects.get()
    assert receipts.issue_receipt(gift=gift) is None
    receipt = receipts.reissue_receipt(gift=gift, name="Ida Moe", address="1 Quay\nSaltmere", issued_by=3)
    assert (receipt.kind, receipt.instead_of, receipt.holder.address) == ("receipt", None, "1 Quay\nSaltmere")


def test_what_went_back_before_gets_none() -> None:
    gift = make_gift()
    reverse_gift(gift=gift, reason="bounced")
    assert receipts.issue_receipt(gift=gift) is None
    with pytest.raises(NothingToReceipt) as refusal:
        receipts.reissue_receipt(gift=gift, name="Ada")
    assert "nothing to receipt" in refusal.value.message()


def test_a_receipt_by_hand_names_somebody() -> None:
    with pytest.raises(ReceiptNeedsAName) as refusal:
        receipts.reissue_receipt(gift=make_gift(), name=" ")
    assert "Write the name" in refusal.value.message()


def test_r6_a_refund_is_told_by_a_correction_with_its_own_number(pledge: Pledge) -> None:
    facts = paid(opened(pledge.public_id), TOTAL)
    gift = settled(facts)
    first = receipts.issue_receipt(gift=gift)
    assert receipts.correct_receipt(gift=gift) is None
    settle_payment(refunded(facts, "re_1", usd(1000)))
    correction = receipts.correct_receipt(gift=gift)
    assert correction is not None
    assert receipts.correct_receipt(gift=gift) is None
    assert (correction.kind, correction.instead_of, numbers()) == ("correction", first, [1, 2])
    said = from_data(correction.content)
    assert [(each.why, each.amount) for each in said.back] == [("refund", usd(1000))]
    assert said.left == usd(1603)
    assert correction.holder.name == "Don"
    assert last_receipt(gift) == correction
    assert Receipt.objects.get(pk=first.pk if first else 0).content["back"] == []


def test_r3_a_refund_that_failed_is_corrected_back(pledge: Pledge) -> None:
    facts = paid(opened(pledge.public_id), TOTAL)
    gift = settled(facts)
    receipts.issue_receipt(gift=gift)
    settle_payment(refunded(facts, "re_1", usd(1000), RefundStatus.PENDING))
    assert receipts.correct_receipt(gift=gift) is None
    settle_payment(refunded(facts, "re_1", usd(1000)))
    receipts.correct_receipt(gift=gift)
    settle_payment(refunded(facts, "re_1", usd(1000), RefundStatus.FAILED))
    again = receipts.correct_receipt(gift=gift)
    assert again is not None
    assert from_data(again.content).left == TOTAL
    assert numbers() == [1, 2, 3]


def test_a_dispute_takes_and_gives_again(pledge: Pledge) -> None:
    facts = paid(opened(pledge.public_id), TOTAL)
    gift = settled(facts)
    receipts.issue_receipt(gift=gift)
    taken, won = disputed(facts, "dp_1", TOTAL, DisputeStatus.OPEN, DisputeStatus.WON)
    settle_payment(taken)
    lost = receipts.correct_receipt(gift=gift)
    assert lost is not None
    assert [each.why for each in from_data(lost.content).back] == ["dispute"]
    assert from_data(lost.content).left == usd(0)
    settle_payment(won)
    assert from_data(receipts.correct_receipt(gift=gift).content).left == TOTAL  # type: ignore[union-attr]


def test_a_reversed_gift_is_corrected_and_one_without_a_receipt_is_not() -> None:
    gift, other = make_gift(), make_gift(donor_name="")
    receipts.issue_receipt(gift=gift)
    reverse_gift(gift=gift, reason="bounced")
    reverse_gift(gift=other, reason="bounced")
    correction = receipts.correct_receipt(gift=gift)
    assert correction is not None
    assert [each.why for each in from_data(correction.content).back] == ["taken_back"]
    assert receipts.correct_receipt(gift=other) is None


def test_c6_another_currency_is_said_as_it_was_paid_and_as_it_was_settled() -> None:
    with frozen(BEGAN):
        pledge = note_pledge(
            campaign=make_campaign(), amount=Money(5000, "JPY"), name="Don", email="don@example.org", method="stripe"
        )
    facts = paid(opened(pledge.public_id), Money(5000, "JPY"))
    assert facts.capture
    settlement = Settlement("txn_1", usd(3300), usd(120))
    settle_payment(replace(facts, capture=replace(facts.capture, settlement=settlement)))
    said = standing_of(Gift.objects.get())
    assert (said.paid, said.cover, said.settled) == (Money(5000, "JPY"), Money(0, "JPY"), usd(3300))


def test_a_reissued_one_takes_the_place_of_the_one_before() -> None:
    gift = make_gift()
    first = receipts.issue_receipt(gift=gift)
    anew = receipts.reissue_receipt(gift=gift, name="Ada  Venn-Moe\n", issued_by=3)
    assert (anew.kind, anew.instead_of, anew.holder.name, anew.issued_by) == ("reissue", first, "Ada Venn-Moe", 3)
    assert numbers() == [1, 2]


def test_s5_each_series_counts_from_one_and_years_begin_in_the_site_s_zone() -> None:
    with frozen(datetime(2027, 1, 1, 4, 59, tzinfo=UTC)):  # still the old year in New York
        old = receipts.issue_receipt(gift=make_gift())
    with frozen(datetime(2027, 1, 1, 5, 0, tzinfo=UTC)):
        new = receipts.issue_receipt(gift=make_gift())
    funding = replace(MASTHEAD.funding, receipt_series="SL")
    with override_settings(MASTHEAD=replace(MASTHEAD, funding=funding)), frozen(BEGAN):
        own = receipts.issue_receipt(gift=make_gift())
    assert [str(each) for each in (old, new, own)] == ["R-2026-000001", "R-2027-000001", "SL-2026-000001"]


def test_s5_a_transaction_that_is_rolled_back_takes_no_number() -> None:
    receipts.issue_receipt(gift=make_gift())
    with transaction.atomic():
        receipts.issue_receipt(gift=make_gift())
        transaction.set_rollback(True)
    receipts.issue_receipt(gift=make_gift())
    assert numbers() == [1, 2]
    assert ledger_problems() == []


@pytest.mark.django_db(transaction=True)
def test_s5_issued_at_once_by_several_there_is_no_gap_and_no_number_twice() -> None:
    """Six connections issue for six gifts, two more for one of these; every second one rolls back once before."""
    past = datetime(2020, 2, 28, 12, tzinfo=UTC)  # other threads see the real clock
    with frozen(past):
        gifts = [make_gift(donor_name=f"Giver {number}") for number in range(6)]
    barrier, failures = threading.Barrier(8), []

    def issue(number: int) -> None:
        try:
            barrier.wait(10)
            gift = gifts[number % 6]
            if number % 2:
                with transaction.atomic():
                    receipts.issue_receipt(gift=gift)
                    transaction.set_rollback(True)
            receipts.issue_receipt(gift=gift)
        except Exception as failure:  # noqa: BLE001 - shown by the test itself
            failures.append(failure)
        finally:
            connection.close()

    threads = [threading.Thread(target=issue, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert failures == []
    assert sorted(numbers()) == [1, 2, 3, 4, 5, 6]
    assert Receipt.objects.values("gift").distinct().count() == 6
    assert ledger_problems() == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE funding_receipt SET number = 7",
        "UPDATE funding_receipt SET content = '{}'",
        "DELETE FROM funding_receipt",
    ],
)
def test_the_database_refuses_to_change_or_delete_a_receipt(statement: str) -> None:
    receipts.issue_receipt(gift=make_gift())
    ReceiptHolder.objects.all().delete()
    with pytest.raises(IntegrityError, match="append only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite knows INSERT OR REPLACE")
def test_replacing_a_receipt_is_no_way_round() -> None:
    receipts.issue_receipt(gift=make_gift())
    columns = "public_id, series, number, kind, gift_id, content, language, issued_at"
    taken = "'x', series, number, kind, gift_id, '{}', language, issued_at"
    with pytest.raises(IntegrityError, match="append only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"INSERT OR REPLACE INTO funding_receipt ({columns}) SELECT {taken} FROM funding_receipt")  # noqa: S608


def test_the_doctor_names_a_series_with_a_gap() -> None:
    receipts.issue_receipt(gift=make_gift())
    append_only.remove(connection)
    try:
        Receipt.objects.update(number=3)
        problems = ledger_problems()
    finally:
        append_only.install(connection)
    assert [each for each in problems if "gaps in their numbers" in each] != []


def test_a_payment_that_took_nothing_has_no_amount() -> None:
    with pytest.raises(ValueError, match="nothing was taken"):
        paid_by(opened("p"))


def test_terms_that_make_no_such_sum_claim_no_cover(pledge: Pledge) -> None:
    gift = settled(paid(opened(pledge.public_id), TOTAL))
    Pledge.objects.update(cover_minor=1)
    fresh = Gift.objects.get(pk=gift.pk)
    assert standing_of(fresh).cover == usd(0)


def said_of(receipt: Receipt | None) -> dict[str, Any]:
    """Return what a receipt keeps."""
    assert receipt is not None
    content: dict[str, Any] = receipt.content
    return content


def test_the_issuer_is_the_one_of_the_settings_at_that_time() -> None:
    assert said_of(receipts.issue_receipt(gift=make_gift()))["issuer"]["name"] == "Saltmere Ledger Trust"
    funding = replace(
        MASTHEAD.funding,
        receipt_issuer="The Trust",
        receipt_address="4 Quay",
        receipt_tax_id="12-3",
        receipt_country="us",
    )
    with override_settings(MASTHEAD=replace(MASTHEAD, funding=funding)):
        said = said_of(receipts.issue_receipt(gift=make_gift()))
    assert said["issuer"] == {"name": "The Trust", "address": "4 Quay", "tax_id": "12-3"}
    assert said["words"] == ["The Trust (EIN 12-3) provided no goods or services in return for this contribution."]
