"""What banks and other systems write and nobody can mean is refused with a sentence, and nothing is booked for it."""

from __future__ import annotations

from datetime import date

import pytest

from masthead.core.money import Money
from masthead.funding.bank_errors import StatementRefused
from masthead.funding.providers.bank_transfer import read_statements
from masthead.funding.rules.bank_matching import GiftFacts, Reason, judge_debit
from masthead.funding.rules.found_references import references_in
from masthead.funding.rules.written import Unreadable, read_figure, read_written
from tests.funding.statements import ACCOUNT, Line, camt, document

HEAD = f":20:A\n:25:{ACCOUNT}\n:60F:C261101EUR1,00\n"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (f"{HEAD}:61:nonsense\n:86:words\n", "cannot be read"),
        (f"{HEAD}:61:261320C25,00NTRFNONREF\n:86:words\n", "date"),
        (f"{HEAD}:61:2611201399C25,00NTRFNONREF\n:86:words\n", "date"),
        (":20:A\n:25:\n:60F:C261101EUR1,00\n:61:261120C25,00NTRFNONREF\n:86:words\n", "which account"),
    ],
)
def test_a_damaged_mt940_file_is_refused_whole(text: str, why: str) -> None:
    with pytest.raises(StatementRefused) as refusal:
        read_statements(text.encode())
    assert why in refusal.value.message()


def test_an_mt940_movement_without_words_expected_or_of_nothing_is_what_it_is() -> None:
    movements = ("261120C25,00NTRFNONREF", "261120EC25,00NTRFNONREF", "261120C0,00NTRFNONREF")
    text = HEAD + "".join(f":61:{movement}\n" for movement in movements) + ":62F:C261130EUR1,00\n"
    file = read_statements(text.encode())
    assert [(line.amount, line.text) for line in file.lines] == [(Money(2500, "EUR"), "")]
    assert file.pending == 1


def test_a_message_of_mt940_without_account_and_movement_is_nothing() -> None:
    text = f":20:A\n:28C:1\n{HEAD}:61:261120C25,00NTRFNONREF\n:86:words\n"
    assert len(read_statements(text.encode()).lines) == 1


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (camt([Line(100)]).replace(b"<Amt Ccy=", b"<Sum Ccy=").replace(b"</Amt>", b"</Sum>"), "amount"),
        (camt([Line(100)]).replace(b"BookgDt", b"Gone").replace(b"ValDt", b"Gone"), "date"),
        (document("", message="Nothing"), "no bank statement"),
        (b'<?xml version="1.0" encoding="nonsense"?><Document/>', "UTF-8"),
    ],
)
def test_a_damaged_camt_file_is_refused_whole(data: bytes, why: str) -> None:
    with pytest.raises(StatementRefused) as refusal:
        read_statements(data)
    assert why in refusal.value.message()


@pytest.mark.parametrize(
    "text",
    ["2026-13-01", "31 Feb 2026", "Smarch 3, 2026", "20261399", "1/2/3", "2026/1/222", "words", "3 Nov 2026 13:00 pm"],
)
def test_what_is_no_date_is_not_guessed(text: str) -> None:
    for order in ("ymd", "dmy", "mdy"):
        with pytest.raises(Unreadable):
            read_written(text, order)


@pytest.mark.parametrize("text", ["3 Nov 2026 25:00", "3 Nov 2026 12:61"])
def test_what_is_no_time_of_day_is_not_guessed(text: str) -> None:
    with pytest.raises(Unreadable):
        read_written(text, "dmy")


@pytest.mark.parametrize(
    ("text", "order", "day"),
    [
        ("Nov 3, 2026", "dmy", date(2026, 11, 3)),
        ("3rd November 2026 2:05 pm", "mdy", date(2026, 11, 3)),
        ("20261103", "dmy", date(2026, 11, 3)),
        ("03.11.26", "dmy", date(2026, 11, 3)),
        ("2026-11-03T10:00:00Z", "ymd", date(2026, 11, 3)),
        ("2026-11-03 10:00:00 -05:30", "ymd", date(2026, 11, 3)),
    ],
)
def test_dates_are_read_as_people_and_programs_write_them(text: str, order: str, day: date) -> None:
    assert read_written(text, order).day == day


@pytest.mark.parametrize(
    ("text", "currency", "sign"),
    [
        ("much", "USD", "."),
        ("25.001", "USD", "."),
        ("1.000", "USD", "."),
        ("0.5", "JPY", "."),
        ("9" * 30, "USD", "."),
        ("12,34,56", "USD", "."),
    ],
)
def test_what_is_no_amount_under_a_sign_is_not_guessed(text: str, currency: str, sign: str) -> None:
    with pytest.raises(Unreadable):
        read_figure(text, currency, sign)


def test_letters_that_only_look_like_a_reference_are_none() -> None:
    """Check digits decide (ISO 11649): a surname may hold RF."""
    assert references_in("Herrn Dorfner, RF00 0000 0000 0000, RF18539007547034 and RF18539007547034") == [
        "RF18539007547034"
    ]


@pytest.mark.parametrize(
    ("candidates", "reason", "gift"),
    [
        ([], Reason.RETURN_UNKNOWN, None),
        ([GiftFacts(1, same_name=True)], Reason.RETURN_UNNAMED, 1),
        ([GiftFacts(1)], Reason.RETURN_UNNAMED, None),
        ([GiftFacts(1, same_account=True), GiftFacts(2, same_account=True)], Reason.RETURN_SEVERAL, None),
        ([GiftFacts(1, same_account=True), GiftFacts(2)], Reason.CERTAIN, 1),
    ],
)
def test_a_return_is_certain_only_where_one_gift_agrees(
    candidates: list[GiftFacts], reason: Reason, gift: int | None
) -> None:
    verdict = judge_debit(is_return=True, candidates=candidates)
    assert (verdict.reason, verdict.gift, verdict.is_certain) == (reason, gift, reason == Reason.CERTAIN)
    assert verdict.is_suggested is (reason != Reason.CERTAIN)
