"""What the rules say exactly at an edge: of a comparison, a fee, a receipt, an import, a code, an export."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256

import pytest

from masthead.core.money import Money
from masthead.funding.rules import bookings, imported, ledger_export, receipts, statements
from masthead.funding.rules.bookings import Split, Terms
from masthead.funding.rules.epc import BYTES_MAX, epc_text
from masthead.funding.rules.facts import AttemptStatus, DisputeStatus, Movement, PaymentFacts, RefundStatus, Status
from masthead.funding.rules.fees import FeeRate, fee_of
from masthead.funding.rules.imported import Step
from masthead.funding.rules.ledger import Posting, imbalance
from masthead.funding.rules.ledger_export import Written
from masthead.funding.rules.receipts import Return, Standing
from masthead.funding.rules.reconciling import MISSING_THERE, Booked, compared
from tests.funding.lives import BEGAN, disputed, opened, paid, refunded, usd

SINCE = datetime(2026, 11, 1, tzinfo=UTC)


def test_x1_journals_of_the_first_instant_on_are_missed_there_and_all_are_in_the_sums() -> None:
    """X1, X2: listed with what the books say; a journal from before the lines that were read is none."""
    booked = {
        ("gift", "ch_1"): Booked(usd(2397), SINCE),
        ("gift", "ch_2"): Booked(usd(897), SINCE + timedelta(days=1)),
        ("gift", "ch_0"): Booked(usd(5000), SINCE - timedelta(microseconds=1)),
    }
    found, sums = compared([], booked, journals_since=SINCE)
    assert [(each.kind, each.external_id, each.theirs, each.ours, each.what) for each in found] == [
        (MISSING_THERE, "gift:ch_1", usd(0), usd(2397), ""),
        (MISSING_THERE, "gift:ch_2", usd(0), usd(897), ""),
    ]
    assert sums == {"USD": (0, 3294)}


@pytest.mark.parametrize(("rate", "is_a_fee"), [((290, 0), True), ((0, 30), True), ((290, 30), True), ((0, 0), False)])
def test_c8_either_part_alone_is_a_fee(rate: tuple[int, int], is_a_fee: bool) -> None:
    assert bool(FeeRate(*rate)) is is_a_fee


def test_c1_c8_a_fee_is_a_whole_number_of_minor_units() -> None:
    for gross in (1, 333, 10**16 + 1):
        assert type(fee_of(gross, FeeRate(290, 30))) is int
    # Beyond the digits of a float.
    assert fee_of(10**16 + 1, FeeRate(5000, 0)) == 5 * 10**15 + 1


def test_l8_a_refund_that_waits_is_not_booked_even_when_its_line_is_told() -> None:
    agreed = Terms("fund", "USD", usd(2500), usd(0))
    back = refunded(paid(opened("p"), usd(2500)), "re_1", usd(100))
    refund = replace(back.refunds["re_1"], status=RefundStatus.PENDING)
    waiting = replace(back, refunds={"re_1": refund})

    def kinds(facts: PaymentFacts) -> list[str]:
        split = bookings.agreed(facts, agreed)
        assert split
        return [booking.kind for booking in bookings.wanted(facts, split).journals]

    assert (kinds(back), kinds(waiting)) == (["gift", "refund"], ["gift"])


def test_r7_what_came_is_gift_and_cover_and_what_goes_back_is_taken_from_both() -> None:
    split = Split("fund", usd(2500), usd(103))
    assert split.whole == usd(2603)
    back = refunded(paid(opened("p"), usd(2603)), "re_1", usd(2550))
    wants = bookings.wanted(back, split)
    assert (wants.left, wants.is_over) == (usd(53), False)
    assert wants.balances["income:campaign:fund", "USD"] == 0
    assert wants.balances["income:cover:fund", "USD"] == -53


@pytest.mark.parametrize(
    ("net", "booked", "step"),
    [
        (1, None, Step.ADD),
        (0, None, Step.LEAVE),
        (-1, None, Step.LEAVE),
        (1, "taken back", Step.LATER_KNOWN),
        (2, "taken back", Step.LATER_KNOWN),
        (0, "taken back", Step.LEAVE),
        (-1, "taken back", Step.LEAVE),
        (3, 2, Step.LATER_KNOWN),
        (2, 2, Step.KEEP),
        (1, 2, Step.LOWER),
        (0, 2, Step.TAKE_BACK),
        (-1, 2, Step.TAKE_BACK),
    ],
)
def test_m5_an_import_adds_lowers_or_takes_back_to_the_minor_unit(
    net: int, booked: int | str | None, step: Step
) -> None:
    before = None
    if booked is not None:
        before = imported.Booked("fund", usd(booked) if isinstance(booked, int) else None, 1)
    assert imported.next_step(usd(net), "fund", before) is step


def test_l2_an_imbalance_says_what_is_too_much_and_what_too_little() -> None:
    assert imbalance([usd(3), usd(-2), Money(-7, "EUR"), Money(5, "CAD"), Money(-5, "CAD")]) == {"USD": 1, "EUR": -7}


def test_c6_what_was_settled_in_another_currency_is_kept_with_the_receipt() -> None:
    standing = Standing(BEGAN, "stripe", usd(2500), usd(0), Money(2300, "EUR"), (Return("refund", BEGAN, usd(100)),))
    assert receipts.from_data(receipts.as_data(standing)) == standing
    assert receipts.as_data(standing)["settled"] == [2300, "EUR"]
    assert receipts.as_data(replace(standing, settled=None))["settled"] is None


def test_r6_what_a_statement_said_is_known_again_by_a_later_release() -> None:
    """The fingerprint is kept with the year: written otherwise, every statement ever mailed would seem outdated."""
    standing = Standing(BEGAN, "stripe", usd(2500), usd(103), None, (Return("refund", BEGAN, usd(100)),))
    told = (
        '[{"back": [{"amount": [100, "USD"], "at": "2026-11-03T09:30:00+00:00", "why": "refund"}],'
        ' "paid": [2500, "USD"], "received_at": "2026-11-03T09:30:00+00:00"}]'
    )
    assert statements.fingerprint([standing]) == sha256(told.encode()).hexdigest()


def test_c6_what_was_never_taken_was_counted_as_nothing() -> None:
    assert receipts.settled_as(opened("p1")) is None
    assert receipts.settled_as(paid(opened("p1"), usd(2500))) is None
    assert receipts.settled_as(paid(opened("p1"), usd(2500), settled=Money(2300, "EUR"))) == Money(2300, "EUR")


def test_r6_what_went_back_is_told_in_the_order_in_which_it_went() -> None:
    facts = refunded(refunded(paid(opened("p1"), usd(2500)), "re_z1", usd(300)), "re_a2", usd(200))
    *_open, facts = disputed(facts, "dp_1", usd(2000), DisputeStatus.OPEN)
    told = receipts.returns_of(facts)
    assert [each.amount for each in told] == [usd(300), usd(200), usd(2000)]
    assert [each.at for each in told] == sorted(each.at for each in told)


HOLDER, IBAN = "Saltmere Ledger Trust", "DE02120300000000202051"


def test_a_transfer_code_holds_as_much_as_the_standard_lets_and_no_byte_more() -> None:
    """EPC069-12: 331 bytes in UTF-8. Names and texts of other scripts take more than one byte for a letter."""
    holder, text = "Ж" * 70, "Ж" * 57
    fits = epc_text(holder=holder, iban=IBAN, bic="MARKDEF1100", amount=Money(1000, "EUR"), text=text + "aa")
    assert fits is not None
    room = BYTES_MAX - len(fits.encode())
    filled = epc_text(
        holder=holder, iban=IBAN, bic="MARKDEF1100", amount=Money(1000, "EUR"), text=text + "a" * (2 + room)
    )
    assert filled is not None
    assert len(filled.encode()) == BYTES_MAX
    more = epc_text(
        holder=holder, iban=IBAN, bic="MARKDEF1100", amount=Money(1000, "EUR"), text=text + "a" * (3 + room)
    )
    assert more is None


def test_a_transfer_code_without_amount_keeps_its_lines_and_ends_with_the_last_that_says_something() -> None:
    assert epc_text(holder=HOLDER, iban=IBAN, bic="mark de f1 100", text="Gift") == (
        f"BCD\n002\n1\nSCT\nMARKDEF1100\n{HOLDER}\n{IBAN}\n\n\n\nGift"
    )
    for text in ("Gift  of\nAda VOX", " Gift of Ada VOX "):
        coded = epc_text(holder=HOLDER, iban=IBAN, text=text)
        assert coded
        assert coded.endswith("\nGift of Ada VOX")
    assert epc_text(holder=HOLDER, iban=IBAN) == f"BCD\n002\n1\nSCT\n\n{HOLDER}\n{IBAN}"


def written(number: int, about: int | None = None, note: str = "") -> Written:
    """Return a gift in cash of the last of October, which counts in it."""
    sides = (Posting("assets:cash", usd(2500)), Posting("income:campaign:fund", usd(-2500)))
    at = datetime(2026, 10, 31, 23, tzinfo=UTC)
    return Written(number, date(2026, 10, 31), at, date(2026, 10, 1), "gift", "desk", "k1", about, note, sides)


def test_an_exported_row_names_its_journal_its_month_and_what_it_is_about() -> None:
    head, first, _second, third, _fourth = ledger_export.rows([written(7), written(8, about=7, note="=1+1")])
    told, later = dict(zip(head, first, strict=True)), dict(zip(head, third, strict=True))
    assert (told["journal"], told["month"], told["about"], told["note"]) == ("7", "2026-10", "", "")
    assert (later["journal"], later["about"], later["note"]) == ("8", "7", "'=1+1")


def test_an_exported_journal_says_the_same_to_beancount() -> None:
    opened_on = {"income:campaign:fund": date(2026, 10, 2), "assets:cash": date(2026, 10, 2), "z:a": date(2026, 10, 1)}
    lines = list(ledger_export.beancount("Books", opened_on, [written(8, about=7, note='a "b" \\ c')]))
    codes = [line.strip() for line in lines if line.startswith("  code:")]
    assert codes == ['code: "z:a"', 'code: "assets:cash"', 'code: "income:campaign:fund"']
    for line in ('  journal: "8"', '  month: "2026-10"', '  about: "7"', r'2026-10-31 * "gift a \"b\" \\ c"'):
        assert line in lines


@pytest.mark.parametrize(
    ("amount", "fee", "is_withdrawn"),
    [(-1, 0, True), (-1, -1, True), (0, 1, True), (0, 0, False), (0, -1, False), (1, 0, False), (1, 1, False)],
)
def test_d2_what_the_processor_took_is_the_amount_or_where_none_moved_the_fee(
    amount: int, fee: int, is_withdrawn: bool
) -> None:
    assert Movement("txn_1", usd(amount), usd(fee), BEGAN).is_withdrawn is is_withdrawn


def test_d4_of_a_dispute_in_the_givers_currency_each_movement_moves_what_it_says() -> None:
    """Elsewhere, where the processor tells no amount in the giver's currency, it is all that is disputed."""
    for currency, gone in (("USD", 300), ("EUR", 500)):
        agreed = Terms("fund", currency, usd(2500), usd(0))
        began = paid(opened("p"), usd(2500), settled=Money(2500, currency))
        (facts,) = disputed(began, "dp_1", usd(500), DisputeStatus.OPEN)
        (movement,) = facts.disputes["dp_1"].movements.values()
        other = replace(movement, amount=Money(-300, currency), fee=Money(0, currency))
        dispute = replace(facts.disputes["dp_1"], movements={other.external_id: other})
        facts = replace(facts, disputes={"dp_1": dispute})
        split = bookings.agreed(facts, agreed)
        assert split
        assert bookings.wanted(facts, split).left == Money(2500 - gone, currency)


def test_a_payment_of_which_a_try_failed_and_none_is_on_its_way_has_failed_whatever_else_is_said() -> None:
    waits = replace(opened("p"), attempts={"ch_1": AttemptStatus.FAILED})
    assert waits.status == Status.OPEN
    assert waits.stands == Status.FAILED
    assert replace(waits, attempts={}).stands == Status.OPEN
