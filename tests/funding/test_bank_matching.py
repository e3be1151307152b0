"""Statements against pledges: certain is booked once, everything else is shown with its reason, nothing is guessed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from masthead.core.clock import frozen
from masthead.core.errors import DomainError
from masthead.core.money import Money
from masthead.funding.bank_errors import IgnoredWithoutReason, LineDecided, NothingToBook
from masthead.funding.errors import CurrencyDiffers, PledgeFulfilled
from masthead.funding.models import BankLine, BankStatement, BankUpload, Gift, Journal, Pledge
from masthead.funding.providers.bank_transfer import read_statements
from masthead.funding.rules.reference import spaced, with_check_digits
from masthead.funding.selectors import ledger_problems, meter
from masthead.funding.services import close_pledge, fulfil_pledge, note_pledge, reverse_gift
from masthead.funding.services.bank import (
    BankReport,
    accept_suggestion,
    book_as_gift,
    book_on_pledge,
    forget_old_uploads,
    ignore_line,
    import_statements,
    keep_upload,
    preview_statements,
    reopen_line,
    take_back_gift,
)
from masthead.funding.services.bank.settle import settle_line
from masthead.funding.testing import make_campaign
from tests.funding.statements import Line, camt, mt940

NOW = datetime(2026, 11, 25, 15, tzinfo=UTC)
UNKNOWN = with_check_digits("999999999999")


@pytest.fixture(autouse=True)
def _november() -> Iterator[None]:
    with frozen(NOW):
        yield


def pledge(amount: int = 2500, every: str = "once", name: str = "Ada Venn") -> Pledge:
    """Return a pledge in euros."""
    campaign = make_campaign(goal=Money(500_000, "EUR"))
    return note_pledge(campaign=campaign, amount=Money(amount, "EUR"), name=name, every=every)


def bring(lines: Sequence[Line], write: Any = camt, **options: Any) -> BankReport:
    """Bring in one statement."""
    return import_statements(file=read_statements(write(lines, **options)), uploaded_by=7)


def raised() -> int:
    """Return what the meter shows."""
    shown = meter(NOW)
    return shown.raised.amount_minor if shown else 0


def reasons() -> list[tuple[str, str]]:
    """Return state and reason of all lines, in their order."""
    return list(BankLine.objects.order_by("valued_on", "id").values_list("state", "reason"))


@pytest.mark.django_db
@pytest.mark.parametrize("write", [camt, mt940])
def test_reference_amount_and_currency_together_are_certain(write: Any) -> None:
    """M3, M5: booked at noon of the value date in the site's zone, as a gift of the pledge."""
    one = pledge()
    report = bring([Line(2500, f"For the paper: {spaced(one.reference).lower()}!", date(2026, 10, 31))], write)
    gift = Gift.objects.get()
    assert (report.matched, report.for_you, report.unknown) == (1, 0, 0)
    assert (gift.pledge, gift.donor_name, gift.method) == (one, "Ada Venn", "bank_transfer")
    assert gift.journal.month == date(2026, 10, 1)
    assert gift.journal.recorded_by == 7
    line = BankLine.objects.get()
    assert (line.state, line.reason, line.gift) == ("booked", "certain", gift)
    assert report.sentences()[0] == "1 matched, 0 for you, 0 unknown."


@pytest.mark.django_db
def test_the_same_statement_twice_books_nothing_twice() -> None:
    one = pledge(every="month")
    lines = [Line(2500, one.reference), Line(2500, one.reference), Line(700, "eggs")]
    first, second = bring(lines), bring(lines)
    assert (first.matched, first.unknown) == (2, 1)
    assert (second.matched, second.unknown, second.unchanged) == (0, 0, 3)
    assert (Gift.objects.count(), raised(), BankStatement.objects.count()) == (2, 5000, 1)


@pytest.mark.django_db
def test_what_is_not_certain_is_shown_with_its_reason() -> None:
    done, closed, other, monthly = pledge(), pledge(), pledge(), pledge(every="month", name="Ben")
    fulfil_pledge(pledge=done, amount=done.amount, method="cash", received_at=NOW)
    close_pledge(pledge=closed)
    by_hand = pledge(1200, every="month", name="Cleo")
    fulfil_pledge(pledge=by_hand, amount=by_hand.amount, method="bank_transfer", received_at=NOW)
    report = bring(
        [
            Line(2500, done.reference, date(2026, 11, 1)),
            Line(2500, closed.reference, date(2026, 11, 2)),
            Line(2600, other.reference, date(2026, 11, 3)),
            Line(2500, f"{other.reference} {monthly.reference}", date(2026, 11, 4)),
            Line(2500, "no word", date(2026, 11, 5), name="VENN, Ada", iban="X1"),
            Line(2500, f"{UNKNOWN}", date(2026, 11, 6), name="Nobody", iban="X2"),
            Line(2500, "rent", date(2026, 11, 7), name="Nobody", iban="X2"),
            Line(1200, by_hand.reference, date(2026, 11, 20)),
            Line(2500, monthly.reference, date(2026, 11, 9), is_return=True),
            Line(-9900, "salary of Eve", date(2026, 11, 9)),
            Line(-2500, f"back {done.reference}", date(2026, 11, 10)),
        ]
    )
    assert reasons() == [
        ("suggested", "fulfilled"),
        ("suggested", "closed"),
        ("suggested", "other_amount"),
        ("suggested", "several_references"),
        ("suggested", "same_payer"),
        ("unmatched", "unknown_reference"),
        ("unmatched", "no_reference"),
        ("suggested", "own_return"),
        ("suggested", "went_out"),
        ("suggested", "by_hand"),
    ]
    assert (report.matched, report.for_you, report.unknown, report.outgoing) == (0, 8, 2, 1)
    assert Gift.objects.count() == 2
    assert not BankLine.objects.filter(text__contains="salary").exists()
    assert all(each.reason for each in report.details)


@pytest.mark.django_db
def test_another_currency_is_not_certain() -> None:
    one = pledge()
    bring([Line(2500, one.reference)], currency="CHF")
    assert reasons() == [("suggested", "other_amount")]
    assert not Gift.objects.exists()


@pytest.mark.django_db
def test_what_the_books_refuse_although_it_is_certain_is_for_a_person() -> None:
    """A pledge by card may be in any currency; money on our own account is in the campaign's."""
    campaign = make_campaign(goal=Money(500_000, "EUR"))
    by_card = note_pledge(campaign=campaign, amount=Money(2500, "CHF"), name="Ada Venn", method="stripe")
    report = bring([Line(2500, by_card.reference)], currency="CHF")
    assert (report.matched, report.for_you, report.unknown) == (0, 1, 0)
    line = BankLine.objects.get()
    assert (line.state, line.pledge, line.gift) == ("suggested", by_card, None)
    with pytest.raises(CurrencyDiffers):
        accept_suggestion(line=line, decided_by=3)
    assert not Gift.objects.exists()


@pytest.mark.django_db
def test_a_payer_known_from_before_is_suggested_by_the_account() -> None:
    one = pledge(every="month", name="Ada V.")
    bring([Line(2500, one.reference, date(2026, 10, 2), iban="DE1")])
    bring([Line(2500, "November", date(2026, 11, 2), name="A. Venn-Smith", iban="DE1")])
    line = BankLine.objects.get(text="November")
    assert (line.state, line.reason, line.pledge) == ("suggested", "same_payer", one)
    accept_suggestion(line=line, decided_by=3)
    assert (Gift.objects.count(), raised()) == (2, 2500)


@pytest.mark.django_db
def test_the_same_money_from_a_file_of_another_format_is_not_booked_again() -> None:
    one = pledge(every="month")
    bring([Line(2500, one.reference)])
    assert bring([Line(2500, one.reference)], mt940).unchanged == 1  # word for word the same line
    report = bring([Line(2500, f"EREF {one.reference}")], mt940, number="2")
    assert (report.matched, report.for_you) == (0, 1)
    assert "another format" in report.details[0].reason
    assert raised() == 2500


@pytest.mark.django_db
def test_a_return_takes_back_the_gift_it_returns_and_lowers_its_month() -> None:
    """M6: by the transfer's own id, by the reference, by the account; the month of the gift is lowered."""
    once, monthly = pledge(), pledge(1000, every="month")
    bring(
        [
            Line(2500, once.reference, date(2026, 11, 2), end_to_end_id="E1", iban="DE1"),
            Line(1000, monthly.reference, date(2026, 10, 2), iban="DE2"),
        ]
    )
    report = bring(
        [
            Line(-2500, "sent back", date(2026, 11, 4), end_to_end_id="E1", iban="DE9", is_return=True),
            Line(-1000, "sent back", date(2026, 11, 5), iban="DE2", is_return=True),
        ],
        number="2",
    )
    assert (report.taken_back, raised()) == (2, 0)
    assert sorted(Journal.objects.filter(kind="reversal").values_list("month", flat=True)) == [
        date(2026, 10, 1),
        date(2026, 11, 1),
    ]
    assert ledger_problems() == []
    again = bring([Line(2500, once.reference, date(2026, 11, 9))], number="3")
    assert (again.matched, raised()) == (1, 2500)


@pytest.mark.django_db
def test_a_return_of_which_only_the_name_agrees_takes_back_its_gift_once_a_person_says_so() -> None:
    bring([Line(2500, pledge().reference, date(2026, 11, 2), iban="DE1")])
    bring([Line(-2500, "sent back", date(2026, 11, 4), iban="DE9", is_return=True)], number="2")
    line = BankLine.objects.get(amount_minor=-2500)
    assert (line.state, line.reason, raised()) == ("suggested", "return_unnamed", 2500)
    gift = accept_suggestion(line=line, decided_by=3)
    line.refresh_from_db()
    assert (line.state, line.gift, line.decided_by, raised()) == ("booked", gift, 3, 0)
    assert Journal.objects.get(kind="reversal").note == "Returned by the bank, value date 2026-11-04."


@pytest.mark.django_db
def test_a_return_that_could_mean_two_gifts_is_for_a_person() -> None:
    one = pledge(every="month")
    bring([Line(2500, one.reference, date(2026, 11, day)) for day in (2, 3)])
    bring([Line(-2500, "back", date(2026, 11, 9), is_return=True)], number="2")
    line = BankLine.objects.get(amount_minor=-2500)
    assert (line.state, line.reason) == ("suggested", "return_several")
    chosen = Gift.objects.order_by("id")[0]
    take_back_gift(line=line, gift=chosen, decided_by=3)
    assert raised() == 2500
    assert Journal.objects.get(kind="reversal").reverses == chosen.journal


@pytest.mark.django_db
def test_a_return_before_its_gift_finds_it_later() -> None:
    one = pledge()
    bring([Line(-2500, "back", date(2026, 11, 9), end_to_end_id="E1", is_return=True)], number="2")
    assert reasons() == [("suggested", "return_unknown")]
    report = bring([Line(2500, one.reference, date(2026, 11, 2), end_to_end_id="E1")])
    assert (report.matched, report.settled_earlier, raised()) == (1, 1, 0)


@pytest.mark.django_db
def test_what_one_line_makes_certain_is_settled_with_the_same_file() -> None:
    """What came back opens a pledge again for a payment of an earlier day, and that may come back as well."""
    one = pledge()

    def paid(day: int, name: str) -> Line:
        return Line(2500, one.reference, date(2026, 11, day), iban=f"DE{name}", end_to_end_id=name)

    def came_back(day: int, name: str) -> Line:
        return Line(-2500, "back", date(2026, 11, day), iban=f"DE{name}", end_to_end_id=name, is_return=True)

    bring([paid(1, "first")])
    report = bring([paid(2, "second"), paid(3, "third"), came_back(4, "second"), came_back(5, "first")], number="2")
    assert (report.matched, report.taken_back, report.for_you) == (2, 2, 0)
    standing = BankLine.objects.filter(amount_minor__gt=0, gift__is_returned=False)
    assert [line.end_to_end_id for line in standing] == ["third"]
    assert raised() == 2500


@pytest.mark.django_db
def test_a_value_date_to_come_waits() -> None:
    one = pledge()
    bring([Line(2500, one.reference, date(2026, 11, 27))])
    assert reasons() == [("unmatched", "to_come")]
    with frozen(datetime(2026, 11, 28, tzinfo=UTC)):
        assert bring([Line(2500, one.reference, date(2026, 11, 27))]).settled_earlier == 1
    assert Gift.objects.get().journal.value_at.date() == date(2026, 11, 27)


@pytest.mark.django_db
def test_a_preview_says_what_the_import_then_does_and_writes_nothing() -> None:
    one = pledge()
    file = read_statements(camt([Line(2500, one.reference), Line(2500, one.reference), Line(300, "x"), Line(-5)]))
    foretold = preview_statements(file=file)
    assert not BankLine.objects.exists()
    assert not Gift.objects.exists()
    done = import_statements(file=file).as_dict()
    assert done == {**foretold.as_dict(), "dry_run": False}
    assert (done["matched"], done["for_you"], done["unknown"], done["outgoing"]) == (1, 1, 1, 1)
    assert "Dry run" in foretold.sentences()[0]


@pytest.mark.django_db
def test_a_person_decides_once() -> None:
    one, campaign = pledge(3000), make_campaign(goal=Money(500_000, "EUR"))
    bring([Line(2500, "a", date(2026, 11, 1)), Line(2500, "b", date(2026, 11, 2)), Line(2500, "c", date(2026, 11, 3))])
    first, second, third = BankLine.objects.order_by("valued_on")
    book_on_pledge(line=first, pledge=one, decided_by=3)
    book_as_gift(line=second, campaign=campaign, decided_by=3, public_name="A friend")
    with pytest.raises(IgnoredWithoutReason):
        ignore_line(line=third, reason=" ", decided_by=3)
    ignore_line(line=third, reason="a sale", decided_by=3)
    for line in (first, second, third):
        with pytest.raises(LineDecided):
            book_as_gift(line=line, campaign=campaign, decided_by=4)
    assert (Gift.objects.count(), raised()) == (2, 5000)
    assert list(BankLine.objects.order_by("valued_on").values_list("state", "decided_by")) == [
        ("booked", 3), ("booked", 3), ("ignored", 3),
    ]  # fmt: skip
    reopen_line(line=third)
    reopen_line(line=first)
    assert [line.state for line in BankLine.objects.order_by("valued_on")] == ["booked", "booked", "unmatched"]


@pytest.mark.django_db
def test_what_a_person_decided_is_not_judged_anew() -> None:
    one = pledge()
    bring([Line(2600, one.reference)])
    line = BankLine.objects.get()
    ignore_line(line=line, reason="a sale", decided_by=3)
    assert settle_line(line_id=line.pk) is False
    assert reasons() == [("ignored", "other_amount")]


@pytest.mark.django_db
def test_a_line_becomes_only_what_it_is() -> None:
    one, campaign = pledge(), make_campaign(goal=Money(500_000, "EUR"))
    bring([Line(-2500, "x", name="Zoe", iban="X1", is_return=True), Line(100, "y")])
    back, came = BankLine.objects.order_by("amount_minor")
    with pytest.raises(NothingToBook):
        book_as_gift(line=back, campaign=campaign, decided_by=1)
    with pytest.raises(NothingToBook):
        book_on_pledge(line=back, pledge=one, decided_by=1)
    for line in (back, came):
        with pytest.raises(NothingToBook):
            accept_suggestion(line=line, decided_by=1)
    bring([Line(2500, one.reference, date(2026, 11, 2))], number="3")
    with pytest.raises(NothingToBook):
        take_back_gift(line=came, gift=Gift.objects.get(), decided_by=1)
    with pytest.raises(PledgeFulfilled):
        book_on_pledge(line=came, pledge=one, decided_by=1)
    assert Gift.objects.count() == 1


@pytest.mark.django_db
def test_the_tables_refuse_what_must_not_be() -> None:
    bring([Line(100, "x")])
    line = BankLine.objects.get()
    for wrong in ({"state": "booked"}, {"state": "ignored"}, {"amount_minor": 0}):
        with pytest.raises(IntegrityError), transaction.atomic():
            BankLine.objects.filter(pk=line.pk).update(**wrong)


@pytest.mark.django_db
def test_files_that_nobody_answered_are_erased() -> None:
    with frozen(datetime(2026, 11, 24, 14, tzinfo=UTC)):
        keep_upload(name="old.xml", content=b"x", uploaded_by=1)
    kept = keep_upload(name="new.xml", content=b"x", uploaded_by=1)
    forget_old_uploads()
    assert list(BankUpload.objects.all()) == [kept]


@pytest.mark.django_db
def test_a_gift_reversed_by_hand_does_not_come_back_with_the_statement() -> None:
    one = pledge()
    bring([Line(2500, one.reference)])
    reverse_gift(gift=Gift.objects.get(), reason="a mistake")
    bring([Line(2500, one.reference), Line(100, "y")], number="2")
    assert (Gift.objects.count(), raised()) == (1, 0)
    with pytest.raises(DomainError):
        accept_suggestion(line=BankLine.objects.get(state="booked"), decided_by=1)


@pytest.mark.django_db
def test_what_was_unknown_is_suggested_once_its_payer_is_known() -> None:
    """In either order the lines stand where they would stand had both come at once."""
    one = pledge(every="month", name="Ada V.")
    bring([Line(2500, "no word", date(2026, 11, 2), name="A. Venn-Smith", iban="DE1")])
    assert reasons() == [("unmatched", "no_reference")]
    bring([Line(2500, one.reference, date(2026, 11, 3), iban="DE1")], number="2")
    assert reasons() == [("suggested", "same_payer"), ("booked", "certain")]
