"""What the publisher reads after an import of gifts: every row is told of in a sentence."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from masthead.core.money import Money
from masthead.funding.services import put_campaign
from masthead.porting.gifts.plain import PlainSource
from masthead.porting.gifts.report import GiftReport
from masthead.porting.gifts.run import GiftImport

from .test_import_gifts import PARIS, table

pytestmark = pytest.mark.django_db

HEADER = "id,date,amount,currency,status,refunded,Colour\n"
ROWS = (
    "1,2026-01-05,25,USD,,,red\n"
    "2,2026-01-06,10,USD,,,\n"
    "3,2026-01-07,40,EUR,,,\n"
    "4,2026-01-08,5,USD,failed,,\n"
    "5,2026-01-08,5,USD,failed,,\n"
    "6,2026-01-08,5,USD,pending,,\n"
)

Import = Callable[..., list[str]]


@pytest.fixture
def brought_in(tmp_path: Path) -> Import:
    """Bring in a table for a campaign in dollars and one in euros; return what the publisher reads."""
    put_campaign(slug="euros", goal=Money(100_000, "EUR"), active=False)
    put_campaign(slug="dollars", goal=Money(100_000, "USD"))

    def bring(text: str, *, dry: bool = False) -> list[str]:
        source = PlainSource(table(tmp_path, text), zone=PARIS)
        told = GiftImport(source, ["dollars", "euros"], is_dry_run=dry).perform().sentences()
        return [sentence.replace("\xa0", " ") for sentence in told]

    return bring


def test_it_says_what_came_in_by_currency_what_was_left_out_and_how_the_columns_were_read(brought_in: Import) -> None:
    assert brought_in(HEADER + ROWS) == [
        "3 gifts were added, 0 were already there.",
        "EUR: 1 gift counts, together 40 €.",
        "USD: 2 gifts count, together 35 $.",
        "2 rows (failed) were left out: No money arrived.",
        "1 row (pending) was left out: No money arrived.",
        "The column “Colour” is not read.",
        "Columns as they were read: date = “date”, amount = “amount”, currency = “currency”, id = “id”, "
        "status = “status”, refunded = “refunded”.",
    ]


def test_a_dry_run_says_what_would_come_and_that_nothing_was_written(brought_in: Import) -> None:
    foretold = "Dry run: nothing was written. 3 gifts would be added, 0 are already there."
    assert brought_in(HEADER + ROWS, dry=True)[0] == foretold
    assert brought_in(HEADER + ROWS, dry=True)[0] == foretold


def test_what_went_back_since_the_last_import_is_told(brought_in: Import) -> None:
    brought_in(HEADER + ROWS)
    later = "1,2026-01-05,25,USD,,5,\n2,2026-01-06,10,USD,refunded,,\n"
    assert brought_in(HEADER + later)[:3] == [
        "0 gifts were added, 0 were already there.",
        "USD: 1 gift counts, together 20 $.",
        "1 gifts were lowered and 1 taken back because of refunds since the last import.",
    ]


def test_a_file_in_which_no_columns_were_told_apart_says_nothing_of_them(tmp_path: Path) -> None:
    """GiveWP's table of recurring donations: none of them is money."""
    from masthead.porting.gifts.givewp import GiveWPSource

    put_campaign(slug="dollars", goal=Money(100_000, "USD"))
    text = "id,amount,currency,period,installments,mode,status\nSUB-1,5,USD,month,0,live,active\n"
    report: GiftReport = GiftImport(GiveWPSource(table(tmp_path, text), zone=PARIS)).perform()
    assert report.sentences() == [
        "0 gifts were added, 0 were already there.",
        "1 row (subscription) was left out: A recurring donation (5 USD, month) is no money; its payments come as "
        "donations.",
    ]
