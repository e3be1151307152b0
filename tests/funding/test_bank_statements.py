"""What is read out of a bank's file: every format, every version, and nothing of what is broken or hostile."""

from __future__ import annotations

import contextlib
import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from masthead.core.money import Money
from masthead.funding.bank_errors import StatementRefused, StatementUnclear
from masthead.funding.providers.bank_transfer import StatementChoices, StatementFile, read_statements
from masthead.funding.providers.bank_transfer.reading import MOST_BYTES
from masthead.funding.providers.bank_transfer.table import MOST_ROWS
from masthead.funding.rules.found_references import references_in
from masthead.funding.rules.reference import new_reference, spaced, with_check_digits
from tests.funding.statements import ACCOUNT, PAYER, Line, camt, detail, document, mt940, statement

REFERENCE = with_check_digits("123456789012")


@pytest.mark.parametrize("version", range(2, 14))
def test_every_version_of_camt_053_is_read_alike(version: int) -> None:
    line = Line(2550, f"Gift {REFERENCE}", end_to_end_id="E2E-1", bank_id="B-1")
    (read,) = read_statements(camt([line], version=version)).lines
    assert (read.account, read.amount) == (ACCOUNT, Money(2550, "EUR"))
    assert (read.booked_on, read.valued_on) == (date(2026, 11, 20), date(2026, 11, 20))
    assert (read.payer_name, read.payer_iban) == ("Ada Venn", PAYER)
    assert (read.text, read.end_to_end_id, read.bank_id) == (f"Gift {REFERENCE}", "E2E-1", "B-1")
    assert not read.is_return


def test_only_booked_entries_count() -> None:
    file = read_statements(camt([Line(100), Line(200, status="PDNG"), Line(300, status="INFO")]))
    assert ([line.amount.amount_minor for line in file.lines], file.pending) == ([100], 2)


def test_a_batch_is_read_in_its_parts() -> None:
    parts = "".join(
        detail(Line(amount, text), extra=f'<AmtDtls><TxAmt><Amt Ccy="EUR">{amount / 100:.2f}</Amt></TxAmt></AmtDtls>')
        for amount, text in ((1000, "one"), (1500, "two"), (1000, "one"))
    )
    entry = (
        '<Ntry><Amt Ccy="EUR">35.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2026-11-20</Dt>'
        f"</BookgDt><AcctSvcrRef>B-9</AcctSvcrRef><NtryDtls>{parts}</NtryDtls></Ntry>"
    )
    stmt = f"<Stmt><Id>1</Id><Acct><Id><IBAN>{ACCOUNT}</IBAN></Id></Acct>{entry}</Stmt>"
    file = read_statements(document(stmt))
    assert [(line.amount.amount_minor, line.text) for line in file.lines] == [
        (1000, "one"),
        (1500, "two"),
        (1000, "one"),
    ]
    assert len({line.fingerprint for line in file.lines}) == 3
    broken = read_statements(document(stmt.replace(">15.00<", ">14.00<")))
    assert [line.amount.amount_minor for line in broken.lines] == [3500]  # it does not add up: one line, for a person


def batch(total: str, *parts: str) -> bytes:
    """Return a file with one entry of several transfers."""
    entry = (
        f'<Ntry><Amt Ccy="EUR">{total}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2026-11-20</Dt>'
        f"</BookgDt><NtryDtls>{''.join(parts)}</NtryDtls></Ntry>"
    )
    return document(f"<Stmt><Id>1</Id><Acct><Id><IBAN>{ACCOUNT}</IBAN></Id></Acct>{entry}</Stmt>")


def part(amount: str, text: str, *, mark: str = "CRDT", currency: str = "EUR") -> str:
    """Return a transfer that says its amount and direction itself, as the newer versions do."""
    said = f'<Amt Ccy="{currency}">{amount}</Amt><CdtDbtInd>{mark}</CdtDbtInd>'
    return detail(Line(1, text), extra=said)


def test_a_part_of_a_batch_says_whether_it_came_or_went_and_one_of_nothing_is_none() -> None:
    parts = part("30.00", "gift"), part("5.00", "sent back", mark="DBIT"), part("0.00", "only words")
    lines = read_statements(batch("25.00", *parts)).lines
    assert [(line.amount.amount_minor, line.text) for line in lines] == [(3000, "gift"), (-500, "sent back")]


def test_a_batch_whose_parts_are_told_in_another_currency_is_one_line_for_a_person() -> None:
    (line,) = read_statements(batch("25.00", part("12.00", "one", currency="CHF"), part("13.00", "two"))).lines
    assert (line.amount, line.payer_name, line.text) == (Money(2500, "EUR"), "", "")


def test_a_reference_that_stands_by_itself_is_read_with_the_words_beside_it() -> None:
    """ISO 20022: a creditor reference may be structured, apart from the free text."""
    line = Line(2550, "x")
    structured = (
        f"<RmtInf><Strd><CdtrRefInf><Ref>{REFERENCE}</Ref></CdtrRefInf><AddtlRmtInf>for the boat</AddtlRmtInf></Strd>"
        "</RmtInf>"
    )
    data = camt([line]).replace(b"<RmtInf><Ustrd>x</Ustrd></RmtInf>", structured.encode())
    (read,) = read_statements(data).lines
    assert read.text == f"{REFERENCE} for the boat"
    assert references_in(read.text) == [REFERENCE]


def test_a_transfer_of_which_the_bank_names_nobody_is_read_without_a_payer() -> None:
    data = re.sub(rb"<RltdPties>.*?</RltdPties>", b"", camt([Line(2550, "cash box")]))
    (read,) = read_statements(data).lines
    assert (read.amount, read.payer_name, read.payer_iban) == (Money(2550, "EUR"), "", "")


def test_several_accounts_and_currencies_of_one_file() -> None:
    other = "GB33BUKB20201555555555"
    stmts = statement([Line(100)]) + statement([Line(200)], account=other, currency="GBP", number="2")
    file = read_statements(document(stmts))
    assert [(line.account, line.amount) for line in file.lines] == [
        (ACCOUNT, Money(100, "EUR")),
        (other, Money(200, "GBP")),
    ]


def test_returns_are_known_by_the_banks_own_marks() -> None:
    returned = Line(-2500, "Return", end_to_end_id="E2E-1")
    reason = detail(returned, extra="<RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf>")
    by_details = camt([returned]).replace(detail(returned).encode(), reason.encode())
    for file in (camt([Line(-2500, is_return=True)]), by_details, mt940([Line(-2500, is_return=True)])):
        (line,) = read_statements(file).lines
        assert (line.amount, line.is_return) == (Money(-2500, "EUR"), True)
    (plain,) = read_statements(camt([Line(-2500)])).lines
    assert not plain.is_return


@pytest.mark.parametrize("structured", [True, False])
def test_mt940_is_read_with_subfields_and_without(structured: bool) -> None:
    line = Line(2550, f"Spende fuer die Zeitung {spaced(REFERENCE)} danke", end_to_end_id="E2E-1", bank_id="B-1")
    (read,) = read_statements(mt940([line], structured=structured)).lines
    assert (read.account, read.amount, read.valued_on) == (ACCOUNT, Money(2550, "EUR"), date(2026, 11, 20))
    assert references_in(read.text) == [REFERENCE]
    assert read.end_to_end_id == "E2E-1"
    if structured:
        assert (read.payer_name, read.payer_iban) == ("Ada Venn", PAYER)


@pytest.mark.parametrize(
    ("movement", "amount", "is_return"),
    [
        ("2611201120C25,00NTRFNONREF", 2500, False),
        ("2611201120D25,00NTRFNONREF", -2500, False),
        ("2611201120RC25,00NTRFNONREF", -2500, True),
        ("2611201120RD25,00NTRFNONREF", 2500, True),
        ("2611201120CR25,NTRFNONREF//X", 2500, False),
        ("261120C25,5S103REF", 2550, False),
    ],
)
def test_all_signs_of_mt940(movement: str, amount: int, is_return: bool) -> None:
    text = f":20:A\n:25:{ACCOUNT}\n:28C:1\n:60F:C261101EUR1,00\n:61:{movement}\n:86:words\n:62F:C261130EUR1,00\n-"
    (line,) = read_statements(text.encode()).lines
    assert (line.amount.amount_minor, line.is_return, line.text) == (amount, is_return, "words")


def test_the_year_of_a_booking_day_turns_with_the_year() -> None:
    text = f":20:A\n:25:{ACCOUNT}\n:60F:C261101EUR1,00\n:61:2612310102C25,00NTRFNONREF\n:86:words\n"
    (line,) = read_statements(text.encode()).lines
    assert (line.valued_on, line.booked_on) == (date(2026, 12, 31), date(2027, 1, 2))


def test_slashes_of_mt940() -> None:
    said = f"/TRTP/SEPA/IBAN/{PAYER}/NAME/Ada Venn/REMI/USTD//Gift {REFERENCE}/EREF/E2E-7/"
    text = f":20:A\n:25:{ACCOUNT}\n:60F:C261101EUR1,00\n:61:261120C25,00NTRFNONREF\n:86:{said}\n"
    (line,) = read_statements(text.encode()).lines
    assert (line.payer_name, line.payer_iban, line.end_to_end_id) == ("Ada Venn", PAYER, "E2E-7")
    assert line.text == f"Gift {REFERENCE}"


SPARKASSE = (
    '"Auftragskonto";"Buchungstag";"Valutadatum";"Buchungstext";"Verwendungszweck";"Kundenreferenz (End-to-End)";'
    '"Beguenstigter/Zahlungspflichtiger";"Kontonummer/IBAN";"Betrag";"Waehrung";"Info"\n'
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "latin-1"])
def test_a_table_is_read_in_every_encoding(encoding: str) -> None:
    row = (
        f'"{ACCOUNT}";"20.11.26";"21.11.26";"GUTSCHRIFT";"für {REFERENCE}";"E1";"Jörg Venn";"{PAYER}";"1.025,50";"EUR";'
    )
    data = (SPARKASSE + row + '"Umsatz gebucht"\n' + row + '"Umsatz vorgemerkt"\n').encode(encoding)
    file = read_statements(data)
    (line,) = file.lines
    assert (line.amount, line.booked_on, line.valued_on) == (
        Money(102_550, "EUR"),
        date(2026, 11, 20),
        date(2026, 11, 21),
    )
    assert (line.account, line.payer_name, line.payer_iban, line.end_to_end_id) == (ACCOUNT, "Jörg Venn", PAYER, "E1")
    assert line.text == f"für {REFERENCE} GUTSCHRIFT"
    assert file.pending == 1


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        ("Date,Description,Paid out,Paid in,Currency\n2026-11-20,a,,25.00,GBP\n2026-11-21,b,5.00,,GBP\n", [2500, -500]),
        ("Date\tAmount (EUR)\tReference\n2026-11-20\t1,234.50\ta\n", [123_450]),
        ("My bank\nIBAN;DE89 3704 0044 0532 0130 00\n\nBuchung;Betrag;S/H;Währung\n20.11.2026;25,00;H;EUR\n"
         "21.11.2026;5,00;S;EUR\nSumme;20,00;;\n", [2500, -500]),
        ("Datum;Bedrag;Af Bij;Munt\n20-11-2026;25,00;Bij;EUR\n21-11-2026;5,00;Af;EUR\n", [2500, -500]),
        ("Date;Montant;Mystery;Devise\n20/11/2026;25,00;H;EUR\n20/11/2026;5,00;S;EUR\n", [2500, -500]),
        ("date|amount|currency\n2026-11-20|2500|JPY\n", [2500]),
        ("Buchung;Betrag (€)\n20.11.2026;25,00\n", [2500]),
        ("Date;Details;Amount (EUR)\n;carried forward;100,00\n2026-11-20;gift;25,00\n2026-11-21;test;0,00\n", [2500]),
    ],
)  # fmt: skip
def test_tables_of_many_banks_are_told_apart(text: str, amounts: list[int]) -> None:
    assert [line.amount.amount_minor for line in read_statements(text.encode()).lines] == amounts


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("Date;Amount;Currency\n01/02/2026;5,00;EUR\n", ["dates"]),
        ("Date;Amount;Currency\n2026-02-01;1.234;KWD\n", ["decimal"]),
        ("Date;Amount;Details\n2026-02-01;5,00;x\n", ["currency"]),
        ("Date;Amount;Currency\n2026-02-01;5,00;Euros\n", ["currency"]),
        ("Date;Description;Currency\n2026-02-01;5,00;EUR\n", ["amount"]),
        ("Date;Datum;Amount;Currency\n2026-02-01;2026-02-02;5,00;EUR\n", ["booked"]),
    ],
)
def test_what_a_table_does_not_say_is_asked(text: str, asked: list[str]) -> None:
    with pytest.raises(StatementUnclear) as unclear:
        read_statements(text.encode())
    assert [question.name for question in unclear.value.questions] == asked
    assert all(question.options for question in unclear.value.questions)


def test_the_answers_settle_it() -> None:
    text = b"When;What;How much\n01/02/2026;gift;5,00\n"
    choices = StatementChoices(
        dates="mdy", currency="EUR", columns={"booked": "When", "text": "What", "amount": "How much"}
    )
    (line,) = read_statements(text, choices).lines
    assert (line.booked_on, line.amount, line.text) == (date(2026, 1, 2), Money(500, "EUR"), "gift")


def test_an_answer_that_does_not_fit_the_table_is_refused_by_name() -> None:
    text = b"Date;Amount\n2026-02-01;5,00\n"
    for choices, said in (
        (StatementChoices(currency="XYZ"), "The currency “XYZ” in the file is not known."),
        (StatementChoices(columns={"booked": "Day"}), "The table cannot be read: Day."),
    ):
        with pytest.raises(StatementRefused) as refusal:
            read_statements(text, choices)
        assert refusal.value.message() == said


BILLION = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "x"><!ENTITY c "&b;&b;">]><Document>&c;</Document>'
OUTSIDE = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><Document>&b;</Document>'


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (b" \r\n\t", "empty"),
        (b"x" * (MOST_BYTES + 1), "larger than 10 MB"),
        (BILLION, "entities of its own"),
        (OUTSIDE, "entities of its own"),
        (camt([Line(100)])[:-40], "breaks off or is damaged"),
        (camt([Line(100)]).replace(b"Ada", b"\xff\xfe"), "breaks off or is damaged"),
        (b"<html><body>Sign in</body></html>", "no bank statement"),
        (document(statement([Line(100)]), message="BkToCstmrAcctRpt"), "CAMT.052"),
        (document(statement([Line(100)]), message="BkToCstmrDbtCdtNtfctn"), "CAMT.054"),
        (camt([Line(100)]).replace(b">1.00<", b">1.005<"), "1.005 EUR"),
        (camt([Line(100)]).replace(b">1.00<", b">NaN<"), "“NaN”"),
        (camt([Line(100)], currency="XXX"), "“XXX”"),
        (camt([Line(100)]).replace(b"2026-11-20", b"2026-11-31"), "“2026-11-31”"),
        (camt([Line(100)]).replace(ACCOUNT.encode(), b""), "which account"),
        (mt940([Line(100)]).replace(b":61:26", b":61:XX"), "cannot be read"),
        (mt940([Line(100)]).replace(b":61:2611", b":61:2613"), "“261320”"),
        (b"%PDF-1.7\x00\x01\x02\x03", "no text"),
        (b"Dear diary", "no bank statement"),
        (b"a;b\n1;2\n", "no bank statement"),
        (b"Date;Amount;Currency\n2026-01-01;lots;EUR\n", "“lots”"),
        (b"Date;Amount;Currency\nsoon;5,00;EUR\n", "“soon”"),
        (b"Date;Amount;Currency\n" + b"2026-01-01;5,00;EUR\n" * (MOST_ROWS + 1), "more than 50,000 rows"),
        (b"Date;Amount;Currency\n" + b'"' * 1 + b"x" * 200_000, "table cannot be read"),
    ],
)
def test_a_broken_or_hostile_file_is_refused_in_one_sentence(data: bytes, said: str) -> None:
    with pytest.raises(StatementRefused) as refusal:
        read_statements(data)
    sentence = refusal.value.message()
    assert said in sentence
    assert "\n" not in sentence


@given(st.binary(max_size=300))
def test_no_bytes_do_anything_but_be_read_or_refused(data: bytes) -> None:
    for file in (data, b"<" + data, b":20:1\n:25:1\n:61:" + data, b"Date;Amount;Currency\n" + data):
        with contextlib.suppress(StatementRefused):
            assert isinstance(read_statements(file), StatementFile)


@given(
    st.text(alphabet="abcXYZ .,/-", max_size=30), st.lists(st.integers(1, 15), max_size=4), st.booleans(), st.booleans()
)
def test_a_reference_is_found_however_it_was_broken(before: str, breaks: list[int], lower: bool, letters: bool) -> None:
    reference = new_reference()
    written = list(reference)
    if letters:
        written = ["O" if mark == "0" and at > 1 else mark for at, mark in enumerate(written)]
    for at in sorted(breaks, reverse=True):
        written.insert(at, "\n" if at % 2 else " ")
    text = f"{before} {''.join(written)} thank you"
    assert reference in references_in(text.lower() if lower else text)


def test_the_same_money_has_the_same_name_in_every_statement() -> None:
    lines = [Line(100, "a"), Line(100, "a"), Line(100, "b"), Line(200, "c", day=date(2026, 11, 21))]
    for write in (camt, mt940):
        whole = [line.fingerprint for line in read_statements(write(lines)).lines]
        assert len(set(whole)) == 4
        assert {line.fingerprint for line in read_statements(write(lines[:3], number="7")).lines} <= set(whole)
        assert {line.fingerprint for line in read_statements(write(lines[2:], number="8")).lines} <= set(whole)


def test_pages_of_one_statement_belong_together_and_a_statement_twice_is_one() -> None:
    page = Line(100, "a")
    first, second = mt940([page], number="5/1"), mt940([page, page], number="5/2")
    assert len(read_statements(first + second).lines) == 3
    assert len(read_statements(second + second).lines) == 2


def test_the_readers_know_nothing_of_pledges() -> None:
    folder = Path(__file__).parents[2] / "src" / "masthead" / "funding" / "providers" / "bank_transfer"
    named = [path.name for path in folder.glob("*.py") if "funding.models" in path.read_text()]
    assert named == []
