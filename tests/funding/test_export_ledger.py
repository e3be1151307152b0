"""The books for other programs: every posting once, and the sums are those of the books (rule L4)."""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from django.db.models import Sum

from masthead.core.money import Money
from masthead.funding import conf
from masthead.funding.models import Entry
from masthead.funding.rules import ledger_export
from masthead.funding.selectors import postings
from masthead.funding.services import reverse_gift, settle_payment
from masthead.funding.testing import make_campaign, make_gift
from tests.funding.lives import opened, paid, refunded, usd
from tests.funding.test_flows import pledged
from tests.project.site_process import masthead

pytestmark = pytest.mark.django_db


@pytest.fixture
def books() -> dict[tuple[str, str], Decimal]:
    """Gifts, a reversal, a refund with its cover, in two currencies; the sum of each account as the store has it."""
    make_campaign()
    make_gift(donor_name="Zyxname", contact="zyx@example.org")
    reverse_gift(gift=make_gift(amount=usd(1234)), reason='=HYPERLINK("x") said the "bank"')
    pledge = pledged(cover=usd(110))
    facts = paid(opened(pledge.public_id), usd(2610))
    settle_payment(facts)
    settle_payment(refunded(facts, "re_1", usd(2610)))
    yen = make_campaign(slug="night_train", goal=Money(100, "JPY"), active=False)
    make_gift(campaign=yen, amount=Money(700, "JPY"))
    rows = Entry.objects.values_list("account__code", "currency").annotate(sum=Sum("amount_minor"))
    return {(code, currency): Money(minor, currency).major for code, currency, minor in rows}


def nonzero(sums: dict[tuple[str, str], Decimal]) -> dict[tuple[str, str], Decimal]:
    """Leave out what is nothing."""
    return {key: figure for key, figure in sums.items() if figure}


def test_the_table_holds_every_posting_and_its_sums_are_the_books(books: dict[tuple[str, str], Decimal]) -> None:
    text = io.StringIO()
    csv.writer(text).writerows(ledger_export.rows(postings.journals()))
    rows = list(csv.DictReader(io.StringIO(text.getvalue())))
    assert len(rows) == Entry.objects.count()
    sums: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for row in rows:
        sums[row["account"], row["currency"]] += Decimal(row["amount"])
    assert nonzero(sums) == nonzero(books)
    assert "Zyx" not in text.getvalue()
    assert any(row["note"].startswith("'=HYPERLINK") for row in rows)
    assert all(row["about"] for row in rows if row["kind"] in {"refund", "reversal"})


def parsed(lines: Sequence[str]) -> tuple[dict[str, str], list[dict[tuple[str, str], Decimal]]]:
    """Read a Beancount file: code by account name, and each transaction's postings."""
    codes: dict[str, str] = {}
    transactions: list[dict[tuple[str, str], Decimal]] = []
    last = ""
    for line in lines:
        if match := re.fullmatch(r"\d{4}-\d\d-\d\d open (\S+)", line):
            last = match[1]
            assert re.fullmatch(r"(Assets|Income|Expenses)(:[A-Z0-9][A-Za-z0-9-]*)+", last)
        elif match := re.fullmatch(r'  code: "(.*)"', line):
            codes[last] = match[1]
        elif re.fullmatch(r'\d{4}-\d\d-\d\d \* "(?:[^"\\]|\\.)*"', line):
            transactions.append(defaultdict(Decimal))
        elif match := re.fullmatch(r"  ([A-Z]\S+)  (-?[\d.]+) ([A-Z]{3})", line):
            transactions[-1][codes[match[1]], match[3]] += Decimal(match[2])
        else:
            assert not line or re.fullmatch(r'(option "title"|  (journal|key|month|about):) "(?:[^"\\]|\\.)*"', line)
    return codes, transactions


def test_the_beancount_file_balances_and_its_sums_are_the_books(books: dict[tuple[str, str], Decimal]) -> None:
    lines = list(ledger_export.beancount('The "Ledger"', postings.accounts_opened(), postings.journals()))
    codes, transactions = parsed(lines)
    sums: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for transaction in transactions:
        left: dict[str, Decimal] = defaultdict(Decimal)
        for (code, currency), figure in transaction.items():
            left[currency] += figure
            sums[code, currency] += figure
        assert not any(left.values())
    assert nonzero(sums) == nonzero(books)
    assert len(set(codes.values())) == len(codes)
    assert "Income:Campaign:Night-Train" in codes
    assert "Zyx" not in "\n".join(lines)


def test_two_codes_never_share_a_name() -> None:
    names = ledger_export.account_names(["income:campaign:a-b", "income:campaign:a_b", "rehearsal:assets:stripe"])
    assert sorted(names.values()) == ["Assets:Stripe", "Income:Campaign:A-B", "Income:Campaign:A-B-2"]
    assert ledger_export.account_names(["income:campaign:ß"]) == {"income:campaign:ß": "Income:Campaign:X"}


def test_only_the_days_that_were_asked_for_are_written() -> None:
    make_campaign()
    for day in (1, 2, 3):
        make_gift(received_at=datetime(2025, 3, day, 12, tzinfo=UTC))
    found = postings.journals(first=date(2025, 3, 2), last=date(2025, 3, 2))
    assert [row.day for row in found] == [date(2025, 3, 2)]
    assert conf.is_live()


def test_the_command_writes_a_file_whole_or_not_at_all(new_site: Path, tmp_path: Path) -> None:
    out = tmp_path / "books.csv"
    done = masthead("export", "ledger", "--site", str(new_site), "--out", str(out))
    assert done.returncode == 0, done.stderr
    assert out.read_text(encoding="utf-8").startswith("journal,day,at,month,kind")
    assert list(tmp_path.iterdir()) == [out]
    printed = masthead("export", "ledger", "--site", str(new_site), "--format", "beancount")
    assert printed.stdout.startswith('option "title" ')
    wrong = masthead("export", "ledger", "--site", str(new_site), "--from", "2026-02-01", "--to", "2026-01-01")
    assert (wrong.returncode, "--to is before --from" in wrong.stderr) == (2, True)
    nowhere = masthead("export", "ledger", "--site", str(new_site), "--out", str(tmp_path / "no" / "books.csv"))
    assert (nowhere.returncode, "cannot be written" in nowhere.stderr) == (2, True)


def test_reconciling_without_keys_says_what_is_missing(new_site: Path) -> None:
    done = masthead("reconcile", "--site", str(new_site))
    assert done.returncode == 2
    assert "No processor can be asked" in done.stderr
