"""Gifts that other systems counted: exactly what arrived, once, in the month it arrived."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from masthead.core.clock import frozen
from masthead.core.money import Money
from masthead.funding.models import Campaign, Gift, Journal
from masthead.funding.selectors import ledger_problems, months
from masthead.funding.services import put_campaign
from masthead.porting.errors import ImportRefused
from masthead.porting.gifts.givewp import GiveWPSource
from masthead.porting.gifts.plain import PlainSource
from masthead.porting.gifts.rows import Choices
from masthead.porting.gifts.run import GiftImport
from masthead.porting.gifts.stripe import StripeSource
from masthead.porting.gifts.table import MOST_BYTES

from .inputs import INPUTS, expected_counts, needs_inputs

pytestmark = pytest.mark.django_db
PARIS = ZoneInfo("Europe/Paris")
SAMPLE = INPUTS / "givewp" / "sample-donations-half.csv"


@pytest.fixture(autouse=True)
def funds() -> tuple[Campaign, Campaign]:
    """A campaign in dollars, which is active, and one in euros."""
    euros = put_campaign(slug="euros", goal=Money(100_000, "EUR"), active=False)
    return put_campaign(slug="dollars", goal=Money(100_000, "USD")), euros


def run(source: Any, *campaigns: str, dry: bool = False) -> dict[str, Any]:
    """Import and return the report for machines."""
    return GiftImport(source, campaigns, is_dry_run=dry).perform().as_dict()


def table(folder: Path, text: str, name: str = "table.csv", encoding: str = "utf-8") -> Path:
    """Write a file."""
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def given(campaign: Campaign) -> int:
    """Return what a campaign has net in all months, in minor units."""
    return sum(row.net.amount_minor for row in months(campaign, datetime(2026, 11, 25, tzinfo=UTC)))


@needs_inputs
def test_givewp_counts_exactly_what_was_live_and_completed(funds: tuple[Campaign, Campaign]) -> None:
    """The figures of the file's README, for both currencies."""
    counts = expected_counts()["givewp/sample-donations-half.csv"]
    report = run(GiveWPSource(SAMPLE, zone=PARIS), "dollars", "euros")
    assert report["rows"] == counts["rows"] == 161
    for currency, campaign in zip(("USD", "EUR"), funds, strict=True):
        expected = counts[f"{currency}_live_completed"]
        total = report["totals"][currency]
        assert (total["count"], total["amount_minor"]) == (expected["count"], expected["sum"] * 100)
        assert Gift.objects.filter(campaign=campaign).count() == expected["count"]
        assert given(campaign) == expected["sum"] * 100
    assert report["added"] == 53 + 28
    left_out = Counter(each["kind"] for each in report["skipped"])
    assert left_out == {"test": counts["test_rows"], "pending": 1, "cancelled": 2, "gift": 2}
    assert ledger_problems() == []


@needs_inputs
def test_givewp_into_the_active_campaign_lists_the_other_currency(funds: tuple[Campaign, Campaign]) -> None:
    """3,623 dollars count; 28 rows in euros are named with their reason."""
    report = run(GiveWPSource(SAMPLE, zone=PARIS))
    assert report["totals"] == {"USD": {"count": 53, "amount_minor": 362_300, "amount": "3623"}}
    reasons = Counter(each["reason"] for each in report["skipped"])
    assert reasons["No campaign in EUR is named; name one with --campaign."] == 28 + 1
    assert given(funds[0]) == 362_300


@needs_inputs
def test_givewp_twice_is_once_and_a_dry_run_says_the_same(funds: tuple[Campaign, Campaign]) -> None:
    foretold = run(GiveWPSource(SAMPLE, zone=PARIS), "dollars", "euros", dry=True)
    assert not Gift.objects.exists()
    first = run(GiveWPSource(SAMPLE, zone=PARIS), "dollars", "euros")
    second = run(GiveWPSource(SAMPLE, zone=PARIS), "dollars", "euros")
    assert {**foretold, "dry_run": False} == first
    assert (second["added"], second["unchanged"], second["totals"]) == (0, 81, first["totals"])
    assert Journal.objects.count() == 81


@needs_inputs
def test_givewp_months_are_those_of_the_sites_time_zone() -> None:
    run(GiveWPSource(SAMPLE, zone=PARIS), "dollars", "euros")
    gift = Gift.objects.get(contact="lgraalman4@mapquest.com")
    assert gift.journal.value_at == datetime(2019, 5, 15, 9, 21, tzinfo=UTC)
    assert gift.journal.month == date(2019, 5, 1)
    assert (gift.donor_name, gift.public_name, gift.method) == ("Lilah Graalman", "", "elsewhere")


@needs_inputs
def test_givewps_recurring_donations_are_no_money() -> None:
    report = run(GiveWPSource(INPUTS / "givewp" / "sample-subscriptions.csv", zone=PARIS))
    counts = expected_counts()["givewp/sample-subscriptions.csv"]
    assert {name: report["counts"][name] for name in ("active", "pending", "live", "test")} == {
        name: counts[name] for name in ("active", "pending", "live", "test")
    }
    assert (report["rows"], report["added"], report["totals"]) == (counts["rows"], 0, {})
    assert [each["id"] for each in report["skipped"]] == ["SUB-001", "SUB-002", "SUB-003"]
    assert not Gift.objects.exists()


REAL = (
    '"Donation ID","First Name","Last Name","Email Address","Donation Total","Currency Code","Donation Status",'
    '"Payment Mode","Donation Date","Donation Time","Anonymous Donation"\r\n'
)


def real_row(number: int, total: str, status: str = "Complete", mode: str = "live", anonymous: str = "") -> str:
    """Return a line as GiveWP exports it."""
    cells = (number, "Mary", "O\\'Lenane", "mary@example.org", total, "USD", status, mode, "June 1, 2019", "23:30")
    return ",".join(f'"{cell}"' for cell in (*cells, anonymous)) + "\r\n"


def test_a_real_givewp_export_is_read_with_its_escapes_and_formatted_amounts(tmp_path: Path) -> None:
    text = REAL + real_row(7, "1,250.50") + real_row(8, "5.00", anonymous="No") + real_row(9, "7.00", "Renewal")
    text += real_row(10, "9.00", mode="test") + real_row(11, "4.00", "Abandoned") + real_row(12, "4.00", "Frozen")
    report = run(GiveWPSource(table(tmp_path, text), zone=PARIS))
    assert report["totals"]["USD"] == {"count": 3, "amount_minor": 126_250, "amount": "1262.5"}
    first, second, third = Gift.objects.order_by("journal__external_id")
    assert (first.donor_name, first.public_name) == ("Mary O'Lenane", "")
    assert second.public_name == "Mary O'Lenane"
    assert third.note == "Renewal"
    assert first.journal.value_at == datetime(2019, 6, 1, 21, 30, tzinfo=UTC)
    assert [each["kind"] for each in report["skipped"]] == ["test", "abandoned", "unknown status"]
    assert report["columns"]["amount"] == "Donation Total"


def test_without_donation_ids_a_donation_is_known_again_by_what_it_says(tmp_path: Path) -> None:
    text = (REAL + real_row(7, "25.00") + real_row(8, "5.00")).replace('"Donation ID"', '"Number"')
    first, again = (run(GiveWPSource(table(tmp_path, text), zone=PARIS)) for _ in range(2))
    assert (first["added"], again["added"], again["unchanged"]) == (2, 0, 2)
    assert "no donation ids" in first["repairs"][0]


def test_a_refund_since_the_last_import_takes_the_gift_back_in_its_month(
    tmp_path: Path, funds: tuple[Campaign, Campaign]
) -> None:
    run(GiveWPSource(table(tmp_path, REAL + real_row(7, "25.00")), zone=PARIS))
    refunded = table(tmp_path, REAL + real_row(7, "25.00", "Refunded"), "later.csv")
    assert run(GiveWPSource(refunded, zone=PARIS))["taken_back"] == 1
    assert given(funds[0]) == 0
    again = run(GiveWPSource(refunded, zone=PARIS))
    older = run(GiveWPSource(table(tmp_path, REAL + real_row(7, "25.00")), zone=PARIS))
    assert (again["taken_back"], older["added"], Gift.objects.count()) == (0, 0, 1)
    assert "later refund" in older["skipped"][0]["reason"]


PAYMENTS = (
    "id,Created date (UTC),Amount,Amount Refunded,Currency,Captured,Status,Mode,Customer Email,Card Name,"
    "Description,Invoice ID,Disputed Amount,Dispute Status\n"
)


def payment(number: str, amount: str, refunded: str = "0.00", status: str = "Paid", **other: str) -> str:
    """Return a line of Stripe's payments."""
    cells = {"at": "2026-10-31 23:30:00", "currency": "usd", "mode": "Live", "invoice": "", "lost": "", **other}
    dispute = f"{cells['lost']},{'Lost' if cells['lost'] else ''}"
    return (
        f'{number},{cells["at"]},"{amount}","{refunded}",{cells["currency"]},TRUE,{status},{cells["mode"]},'
        f"ada@example.org,Ada Venn,Gift,{cells['invoice']},{dispute}\n"
    )


def test_stripes_payments_count_less_what_went_back(tmp_path: Path, funds: tuple[Campaign, Campaign]) -> None:
    """R1: a partial refund lowers by exactly its amount; test mode never counts (L7)."""
    rows = (
        payment("ch_1", "25.00") + payment("ch_2", "1,000.00", "250.50") + payment("ch_3", "9.00", "9.00", "Refunded")
    )
    rows += payment("ch_4", "5.00", mode="Test") + payment("ch_5", "5.00", status="Failed")
    rows += payment("ch_6", "12.00", invoice="in_77") + payment("ch_7", "40.00", lost="40.00")
    rows += payment("ch_8", "500", currency="jpy")
    report = run(StripeSource(table(tmp_path, PAYMENTS + rows)))
    assert report["totals"] == {"USD": {"count": 3, "amount_minor": 78_650, "amount": "786.5"}}
    assert given(funds[0]) == 78_650
    assert [each["id"] for each in report["skipped"]] == ["ch_3", "ch_4", "ch_5", "ch_7", "ch_8"]
    assert Gift.objects.get(journal__external_id="ch_6").note == "Gift · Renewal of in_77"


def test_stripes_instants_are_utc_and_months_the_sites(tmp_path: Path, settings: Any) -> None:
    """M1, M3: half past eleven at night in London is November in Paris; the test site's zone decides."""
    run(StripeSource(table(tmp_path, PAYMENTS + payment("ch_1", "25.00"))))
    journal = Gift.objects.get().journal
    zone = ZoneInfo(settings.MASTHEAD.site.time_zone)
    assert journal.value_at == datetime(2026, 10, 31, 23, 30, tzinfo=UTC)
    assert journal.month == journal.value_at.astimezone(zone).date().replace(day=1)


def test_a_growing_refund_lowers_the_gift_and_an_older_file_changes_nothing(
    tmp_path: Path, funds: tuple[Campaign, Campaign]
) -> None:
    first = table(tmp_path, PAYMENTS + payment("ch_1", "25.00"), "1.csv")
    second = table(tmp_path, PAYMENTS + payment("ch_1", "25.00", "5.00"), "2.csv")
    third = table(tmp_path, PAYMENTS + payment("ch_1", "25.00", "15.00"), "3.csv")
    for file, net in ((first, 2500), (second, 2000), (second, 2000), (third, 1000), (first, 1000), (second, 1000)):
        run(StripeSource(file))
        assert given(funds[0]) == net
    assert Gift.objects.filter(journal__reversal__isnull=True).count() == 1
    assert ledger_problems() == []


def test_stripes_balance_report_tells_the_same_gifts(tmp_path: Path, funds: tuple[Campaign, Campaign]) -> None:
    run(StripeSource(table(tmp_path, PAYMENTS + payment("ch_1", "25.00", "5.00"))))
    balance = (
        "balance_transaction_id,created_utc,currency,gross,fee,net,reporting_category,source_id,charge_id\n"
        "txn_1,2026-10-31 23:30:00,usd,25.00,1.00,24.00,charge,ch_1,ch_1\n"
        "txn_2,2026-11-01 10:00:00,usd,-5.00,0.00,-5.00,refund,re_1,ch_1\n"
        "txn_3,2026-11-02 10:00:00,usd,10.00,0.50,9.50,charge,ch_2,ch_2\n"
        "txn_4,2026-11-03 10:00:00,usd,-28.50,0.00,-28.50,payout,po_1,\n"
        "txn_5,2026-11-03 11:00:00,usd,-3.00,0.00,-3.00,refund,re_9,\n"
    )
    report = run(StripeSource(table(tmp_path, balance, "balance.csv")))
    assert (report["added"], report["unchanged"]) == (1, 1)
    assert report["totals"]["USD"]["amount_minor"] == given(funds[0]) == 3000
    assert [(each["kind"], each["id"]) for each in report["skipped"]] == [
        ("payout", "txn_4"), ("refund", "txn_5"), ("refund", "txn_2"),
    ]  # fmt: skip


BALANCE = "balance_transaction_id,created_utc,currency,gross,reporting_category,charge_id\n"


def test_what_went_back_without_its_payment_in_the_file_is_named_for_a_person(
    tmp_path: Path, funds: tuple[Campaign, Campaign]
) -> None:
    """C2: from a balance in another currency, nothing can be taken off the payment."""
    rows = (
        "txn_1,2026-10-31 23:30:00,usd,25.00,charge,ch_1\n"
        "txn_2,2026-11-01 10:00:00,eur,-5.00,refund,ch_1\n"
        "txn_3,2026-11-02 10:00:00,usd,-4.00,refund,ch_before\n"
        "txn_4,2026-11-02 11:00:00,usd,-1.00,dispute,ch_before\n"
    )
    report = run(StripeSource(table(tmp_path, BALANCE + rows)))
    assert given(funds[0]) == 2500
    assert [each["id"] for each in report["skipped"]] == ["txn_2", "txn_3", "txn_4"]
    assert {each["reason"] for each in report["skipped"]} == {
        "Its payment is not in this file. Export a longer time, or reverse the gift by hand."
    }


def test_a_plain_table_is_read_by_its_documented_header(tmp_path: Path, funds: tuple[Campaign, Campaign]) -> None:
    text = (
        "id;date;amount;currency;name;email;public_name;anonymous;status;refunded;mode;note;parent;Colour\n"
        "1;31.12.2025;1.234,50;USD;Ada Venn;ada@example.org;Ada V.;;;;;by hand;;red\n"
        "2;01.01.2026;10,00;USD;Ben;;Ben;yes;completed;2,50;;;1;\n"
        "3;02.01.2026;10,00;USD;Ben;;;;failed;;;;;\n"
        "4;02.01.2026;10,00;USD;Ben;;;;;;test;;;\n"
        "5;02.01.2026;lots;USD;Ben;;;;;;;;;\n"
    )
    report = run(PlainSource(table(tmp_path, text, encoding="cp1252"), zone=PARIS))
    assert report["totals"]["USD"] == {"count": 2, "amount_minor": 124_200, "amount": "1242"}
    assert report["repairs"] == ["The column “Colour” is not read."]
    first, second = Gift.objects.order_by("journal__external_id")
    assert (first.public_name, first.journal.month) == ("Ada V.", date(2025, 12, 1))
    assert (second.public_name, second.note) == ("", "Renewal of 1")
    assert [each["reason"] for each in report["skipped"]][-1] == "“lots” is no amount."


def test_equal_gifts_of_one_file_without_ids_are_two_gifts(tmp_path: Path) -> None:
    text = "date,amount,currency,name\n2026-01-05,25,USD,Ada\n2026-01-05,25,USD,Ada\n"
    for _ in range(2):
        run(PlainSource(table(tmp_path, text), zone=PARIS))
        assert Gift.objects.count() == 2


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "The file is empty."),
        ("Dear diary", "The file holds no table"),
        ("date,amount\n2026-01-01,5\n", "The table has no column currency"),
        ("date,amount,currency\n01/02/2026,5,USD\n", "--dates dmy or --dates mdy"),
        ('date,amount,currency\n2026-01-01,"1,5",USD\n2026-01-02,1.5,USD\n', "one decimal sign throughout"),
        ("date,amount,currency\n13/02/2026,5,USD\n02/13/2026,5,USD\n", "one order of day, month and year"),
        ("date,amount,currency\n2026-01-01,1.234,KWD\n", "--decimal point or --decimal comma"),
        ("date,amount,currency\n\x00\x01\x02\x03", "no text"),
        (f"date,amount,currency\n{'x' * 300_000},5,USD\n", "The file is no table"),
    ],
)
def test_what_is_unclear_is_asked_and_never_guessed(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ImportRefused) as refusal:
        PlainSource(table(tmp_path, text), zone=PARIS)
    assert said in refusal.value.sentence
    assert not Gift.objects.exists()


DATED = "date,amount,currency,status\n2026-01-05,5,USD,\n"


@pytest.mark.parametrize(
    ("row", "kind", "said"),
    [
        ("2026-01-05,5,USD,frozen\n", "unknown status", "The status “frozen” is not known."),
        ("2026-01-05,0,USD,\n", "nothing", "The amount is not more than zero."),
        ("soon,5,USD,\n", "unreadable", "“soon” is no date."),
        ("2026-01-05,5,Dollars,\n", "unreadable", "“Dollars” is no currency."),
    ],
)
def test_a_row_that_is_no_gift_is_left_out_with_its_reason_and_the_others_count(
    tmp_path: Path, row: str, kind: str, said: str
) -> None:
    report = run(PlainSource(table(tmp_path, DATED + row), zone=PARIS))
    assert (report["rows"], report["added"]) == (2, 1)
    assert [(each["kind"], each["reason"]) for each in report["skipped"]] == [(kind, said)]


def test_givewp_and_stripe_too_leave_out_what_is_worth_nothing(tmp_path: Path) -> None:
    for source in (
        GiveWPSource(table(tmp_path, REAL + real_row(7, "0.00")), zone=PARIS),
        StripeSource(table(tmp_path, PAYMENTS + payment("ch_1", "0.00"))),
    ):
        (left_out,) = run(source)["skipped"]
        assert left_out["reason"] == "The amount is not more than zero."
    assert not Gift.objects.exists()


def test_an_export_without_a_column_that_decides_what_counts_is_refused(tmp_path: Path) -> None:
    """Without them a test payment or a failed one would count."""
    untold = table(tmp_path, REAL.replace("Payment Mode", "Gateway") + real_row(7, "5.00"))
    with pytest.raises(ImportRefused, match="“Payment Mode” is missing"):
        GiveWPSource(untold, zone=PARIS)
    untold = table(tmp_path, PAYMENTS.replace("Status,Mode", "State,Mode") + payment("ch_1", "5.00"))
    with pytest.raises(ImportRefused, match="“status” is missing"):
        StripeSource(untold)


def test_a_file_that_cannot_be_read_or_is_too_large_is_refused_in_a_sentence(tmp_path: Path) -> None:
    large = tmp_path / "large.csv"
    with large.open("wb") as file:
        file.truncate(MOST_BYTES + 1)
    for path, said in (
        (tmp_path / "gone.csv", "The file cannot be read: No such file or directory."),
        (tmp_path, "The file cannot be read: Is a directory."),
        (large, "larger than 64 MB. Export it in parts"),
    ):
        with pytest.raises(ImportRefused, match=said):
            PlainSource(path, zone=PARIS)


def test_a_person_says_how_dates_and_amounts_are_meant(tmp_path: Path) -> None:
    path = table(tmp_path, "date,amount,currency\n01/02/2026,5,USD\n")
    run(PlainSource(path, zone=PARIS, choices=Choices(dates="mdy")))
    assert Gift.objects.get().journal.month == date(2026, 1, 1)


def test_money_to_come_is_left_out(tmp_path: Path) -> None:
    path = table(tmp_path, "date,amount,currency\n2026-12-24,5,USD\n")
    with frozen(datetime(2026, 11, 25, 12, tzinfo=UTC)):
        for dry in (True, False):
            report = run(PlainSource(path, zone=PARIS), dry=dry)
            assert "cannot have arrived in the future" in report["skipped"][0]["reason"]
    assert not Gift.objects.exists()


def test_without_an_active_campaign_one_must_be_named(tmp_path: Path) -> None:
    put_campaign(slug="dollars", goal=Money(1, "USD"), active=False)
    path = table(tmp_path, "date,amount,currency\n2026-01-01,5,USD\n")
    with pytest.raises(ImportRefused, match="No campaign is active"):
        run(PlainSource(path, zone=PARIS))
    assert run(PlainSource(path, zone=PARIS), "dollars")["added"] == 1


def test_campaigns_are_named_once_per_currency(tmp_path: Path, funds: tuple[Campaign, Campaign]) -> None:
    path = table(tmp_path, "date,amount,currency\n2026-01-01,5,USD\n")
    put_campaign(slug="second", goal=Money(1, "USD"), active=False)
    for names, said in ((("nowhere",), "no campaign “nowhere”"), (("dollars", "second"), "one campaign for each")):
        with pytest.raises(ImportRefused, match=said):
            run(PlainSource(path, zone=PARIS), *names)
    run(PlainSource(path, zone=PARIS), "second")
    report = run(PlainSource(path, zone=PARIS), "dollars")
    assert "another campaign" in report["skipped"][0]["reason"]
