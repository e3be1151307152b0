"""Receipts in the newsroom: found, read, issued by hand, sent again and taken away, by those who may."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from pytest_django import DjangoAssertNumQueries

from masthead.accounts.models import User
from masthead.core.clock import frozen
from masthead.funding.events import ReceiptAskedAgain
from masthead.funding.models import AuditEntry, Donor, Gift, Receipt, ReceiptHolder, append_only
from masthead.funding.rules.receipts import read_number, series_name, year_of_series
from masthead.funding.selectors.receipt_lists import Wanted, receipt_page, receipt_rows
from masthead.funding.services import bring_in_gift, receipts, reverse_gift
from masthead.funding.services.care import forget_giver
from masthead.funding.services.receipts import hearers
from masthead.funding.staff_errors import MayNotIssueReceipts, NobodyToMail, ReceiptNotValid
from masthead.funding.testing import make_campaign, make_gift
from masthead.outbox import worker
from masthead.outbox.models import Event
from tests import pdfs
from tests.client import CheckingClient
from tests.funding.lives import BEGAN, usd
from tests.funding.reading import shown
from tests.funding.test_staff_screens import signed_in
from tests.letters import Server, smtp

__all__ = ["smtp"]

pytestmark = pytest.mark.django_db
HERE = "/admin/funding/receipts/"
FULL = ("view_gift", "view_receipt", "see_names", "reissue_receipt")


def issued(name: str = "Ada Venn", contact: str = "ada@example.org", *, year: int = 2026) -> Receipt:
    """Return the receipt of a gift of 25 dollars."""
    with frozen(datetime(year, 6, 1, tzinfo=UTC)):
        receipt = receipts.issue_receipt(gift=make_gift(donor_name=name, contact=contact))
    assert receipt
    return receipt


def by_hand(client: CheckingClient, gift: Gift, **typed: Any) -> Any:
    """Send the form that issues a receipt."""
    values = {"name": "Ada Venn-Moe", "address": "1 Quay", "reason": "misspelt", **typed}
    return client.post(f"{HERE}of/{gift.public_id}/issue/", values, follow=True)


def found(search: str = "", *, names: bool = True, **wanted: Any) -> list[str]:
    """Return the numbers that are found."""
    page = receipt_page(Wanted(search=search, **wanted), names=names)
    return [row.number for row in receipt_rows(page, names=names)]


def table(client: CheckingClient, **wanted: Any) -> tuple[list[dict[str, str]], str]:
    """Return the rows and the name of what is taken away."""
    reply = client.post(f"{HERE}table/", wanted)
    return list(csv.DictReader(io.StringIO(reply.content.decode()))), reply["Content-Disposition"]


def test_only_those_who_may_see_the_list() -> None:
    receipt = issued()
    for rights in ((), ("view_gift", "see_names", "reissue_receipt")):
        client = signed_in(*rights)
        assert client.get(HERE).status_code == 302
        assert client.get(f"{HERE}{receipt.public_id}/paper/").status_code == 302
        assert client.post(f"{HERE}table/").status_code == 302
    assert HERE in signed_in("view_receipt").get("/admin/").content.decode()
    assert HERE not in signed_in("view_gift").get("/admin/").content.decode()


def test_without_names_the_list_names_nobody_and_gives_no_paper() -> None:
    receipt = issued()
    cashier = signed_in("view_receipt", "reissue_receipt")
    page = shown(cashier.get(HERE))
    assert "name hidden" in page
    assert str(receipt) in page
    for private in ("Ada", "ada@example.org", "Issue anew", "Send again", "PDF"):
        assert private not in page
    assert found("venn", names=False) == found("ada@", names=False) == []
    assert found(str(receipt), names=False) == [str(receipt)]
    for address in (f"{receipt.public_id}/paper/", f"of/{receipt.gift.public_id}/issue/"):
        assert cashier.get(f"{HERE}{address}").status_code == 302
    assert cashier.post(f"{HERE}{receipt.public_id}/again/").status_code == 302
    assert not AuditEntry.objects.exists()


def test_a_receipt_is_found_by_number_name_address_and_gift() -> None:
    ada, ben = issued(), issued("Ben Moe", "ben@example.org")
    for typed in ("venn", "ADA@", str(ada), str(ada).lower(), "1", "000001", ada.gift.public_id):
        assert found(typed) == [str(ada)], typed
    assert found("nobody") == found("R-2025-000001") == found("0") == []
    assert found() == [str(ben), str(ada)]


@pytest.mark.parametrize(
    "typed", ["٣", "-", "", "R-2026-", "9" * 30, "1234567890", "R-2026-1234567890", "R-2026-000017x"]
)
def test_what_is_no_number_is_looked_for_as_none(typed: str) -> None:
    assert read_number(typed) == ("", 0)
    assert found(f"{typed}zz", names=False) == []


def test_a_number_is_read_with_and_without_its_series_whatever_the_series_is_called() -> None:
    assert read_number(" R-2026-000017 ") == ("R-2026", 17)
    assert read_number("123456789") == ("", 123456789)
    assert year_of_series(series_name("A-R", 2026)) == 2026


def test_years_and_series_are_filters_that_pages_keep(monkeypatch: pytest.MonkeyPatch) -> None:
    old, new = issued(year=2025), issued(year=2026)
    assert found(year=2025) == [str(old)]
    assert found(series="R") == [str(new), str(old)]
    assert found(series="R", year=2026) == [str(new)]
    assert found(series="X") == []
    monkeypatch.setattr("masthead.funding.selectors.receipt_lists.PER_PAGE", 1)
    page = signed_in(*FULL).get(HERE, {"series": "R"}).content.decode()
    assert 'rel="next" href="?p=2&amp;q=&amp;series=R&amp;year="' in page
    assert "No receipt fits." in shown(signed_in(*FULL).get(HERE, {"year": "2024"}))
    assert str(new) in shown(signed_in(*FULL).get(HERE, {"year": "99999999999999999999"}))


def test_the_page_says_in_words_that_no_number_is_missing_and_which_is() -> None:
    assert "No receipt yet." in shown(signed_in(*FULL).get(HERE))
    issued()
    page = shown(signed_in(*FULL).get(HERE))
    assert "R-2026: number 1, 1 receipt, no gap." in page
    issued()
    page = shown(signed_in(*FULL).get(HERE))
    assert "R-2026: numbers 1 to 2, 2 receipts, no gap. The doctor finds no gap either." in page.replace("  ", " ")
    append_only.remove(connection)
    try:
        Receipt.objects.filter(number=2).update(number=14)
        page = shown(signed_in(*FULL).get(HERE))
    finally:
        append_only.install(connection)
    assert "only 2 receipts. Missing: 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, …" in page
    assert "The receipts of series R-2026 have gaps in their numbers." in page


def test_the_list_says_what_became_of_each(mailoutbox: list[Any]) -> None:
    first = issued()
    reverse_gift(gift=first.gift, reason="bounced")
    receipts.correct_receipt(gift=first.gift)
    worker.run_pending()
    page = shown(signed_in(*FULL).get(HERE))
    assert "0 $ of 25 $ correction" in page
    assert "25 $ receipt R-2026-000002 took its place" in page.replace("R-" + str(first.issued_at.year + 1), "R-2026")
    assert "sent " in page
    issued(contact="")
    assert "no address" in shown(signed_in(*FULL).get(HERE))
    forget_giver(donor=Donor.objects.get())
    assert "deleted at the giver’s wish" in shown(signed_in(*FULL).get(HERE))


@pytest.mark.django_db(transaction=True)
def test_s5_the_paper_is_the_same_bytes_or_says_that_it_is_a_copy() -> None:
    receipt = issued()
    worker.run_pending()
    don, address = signed_in(*FULL), f"{HERE}{receipt.public_id}/paper/"
    reply = don.get(address)
    assert reply.content == bytes(ReceiptHolder.objects.get().document or b"") == don.get(address).content
    assert reply["Content-Disposition"] == f'attachment; filename="{receipt}.pdf"'
    assert reply["Cache-Control"].startswith("private, no-store")
    forget_giver(donor=Donor.objects.get())
    text = pdfs.text_of(don.get(address).content)
    assert "Copy" in text
    assert "Venn" not in text
    assert don.get(f"{HERE}nothing/paper/").status_code == 404


def test_issued_anew_with_who_did_it_and_why() -> None:
    first = issued()
    don = signed_in(*FULL)
    form = shown(don.get(f"{HERE}of/{first.gift.public_id}/issue/"))
    assert f"{first} stays in the books and is no longer valid." in form
    refused = by_hand(don, first.gift, reason="")
    assert refused.status_code == 422
    assert 'value="Ada Venn-Moe"' in refused.content.decode()
    assert Receipt.objects.count() == 1
    page = shown(by_hand(don, first.gift))
    anew = Receipt.objects.latest("pk")
    assert f"{anew} is issued." in page
    assert (anew.kind, anew.instead_of, anew.holder.name) == ("reissue", first, "Ada Venn-Moe")
    act = AuditEntry.objects.get()
    assert (act.act, act.by, act.subject) == ("receipt_reissued", User.objects.get().pk, str(anew))
    assert (act.amount_minor, act.detail) == (2500, "misspelt")
    assert "misspelt" not in pdfs.text_of(receipts.pdf_of_receipt(anew))


def test_a_gift_without_a_receipt_gets_its_first_from_the_list() -> None:
    bring_in_gift(source="givewp", key="7", campaign=make_campaign(), net=usd(900), received_at=BEGAN, donor_name="Ida")
    gift, don = Gift.objects.get(), signed_in(*FULL)
    assert f'href="{HERE}?q={gift.public_id}"' in don.get("/admin/funding/gifts/").content.decode()
    page = don.get(HERE, {"q": gift.public_id})
    assert "This gift has none yet." in shown(page)
    assert f'href="{HERE}of/{gift.public_id}/issue/"' in page.content.decode()
    by_hand(don, gift, name="Ida Moe")
    assert (Receipt.objects.get().kind, Receipt.objects.get().holder.name) == ("receipt", "Ida Moe")


def test_no_receipt_is_issued_of_a_gift_that_is_not_there() -> None:
    don = signed_in(*FULL)
    assert don.get(f"{HERE}of/nobody/issue/").status_code == 404
    assert don.post(f"{HERE}of/nobody/issue/", {"name": "Ada", "reason": "misspelt"}).status_code == 404
    assert not Receipt.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_sent_again_as_it_was_once_however_often_it_is_pressed(smtp: Server) -> None:
    receipt = issued()
    worker.run_pending()
    assert len(smtp.accepted) == 1, "the thanks"
    don = signed_in(*FULL)
    for _ in range(2):
        page = shown(don.post(f"{HERE}{receipt.public_id}/again/", follow=True))
        assert f"{receipt} is on its way by mail." in page
    worker.run_pending()
    assert [address for address, _letter in smtp.accepted] == ["ada@example.org"] * 2
    parts = list(smtp.accepted[1][1].iter_attachments())
    assert parts[0].get_payload(decode=True) == bytes(ReceiptHolder.objects.get().document or b"")
    assert AuditEntry.objects.filter(act="receipt_sent", subject=str(receipt)).count() == 2
    hearers.send_receipt_once_more(ReceiptAskedAgain(receipt.public_id, "2020-01-01T00:00:00+00:00"), "evt-1")
    assert len(smtp.accepted) == 2, "mailed since it was asked for"


def test_who_is_forgotten_before_the_worker_comes_is_sent_no_receipt_again(mailoutbox: list[Any]) -> None:
    receipt = issued()
    worker.run_pending()
    signed_in(*FULL).post(f"{HERE}{receipt.public_id}/again/")
    forget_giver(donor=Donor.objects.get())
    worker.run_pending()
    assert [letter.to for letter in mailoutbox] == [["ada@example.org"]], "the thanks alone"
    assert Event.objects.filter(type="funding.receipt-asked-again").count() == 1


def refusals() -> dict[type[Exception], Callable[[Receipt], object]]:
    """Return what is done to a receipt before it is refused."""
    return {
        ReceiptNotValid: lambda receipt: receipts.reissue_receipt(gift=receipt.gift, name="Ada"),
        NobodyToMail: lambda receipt: forget_giver(donor=Donor.objects.get()),
    }


@pytest.mark.parametrize("refusal", list(refusals()))
def test_what_cannot_be_sent_is_refused_in_words(refusal: type[ReceiptNotValid] | type[NobodyToMail]) -> None:
    receipt = issued()
    refusals()[refusal](receipt)
    don = signed_in(*FULL)
    assert refusal().message() in shown(don.post(f"{HERE}{receipt.public_id}/again/", follow=True))
    assert not AuditEntry.objects.exists()


def test_the_service_asks_the_policy_too() -> None:
    signed_in("view_receipt", "see_names")
    with pytest.raises(MayNotIssueReceipts) as refusal:
        receipts.send_receipt_again(receipt=issued(), by=User.objects.get())
    assert "Ask an administrator" in refusal.value.message()


def test_the_table_of_a_year_is_inert_and_names_are_kept_count_of() -> None:
    issued(year=2025)
    receipt = issued("=HYPERLINK(0)", "=x@example.org")
    ReceiptHolder.objects.filter(receipt=receipt).update(address="+1\n@2")
    don = signed_in(*FULL)
    rows, name = table(don, year="2026", series="R")
    assert name == 'attachment; filename="receipts-R-2026.csv"'
    assert [row["number"] for row in rows] == [str(receipt)]
    assert (rows[0]["paid_minor"], rows[0]["paid"].replace("\u00a0", " "), rows[0]["currency"]) == (
        "2500",
        "25 $",
        "USD",
    )
    assert (rows[0]["name"], rows[0]["address"]) == ("'=HYPERLINK(0)", "'+1 / @2")
    assert list(AuditEntry.objects.values_list("act", "subject")) == [("names_exported", "receipts-R-2026.csv")]
    rows, _name = table(signed_in("view_receipt"))
    assert [row["number"] for row in rows] == ["R-2025-000001", str(receipt)]
    assert "name" not in rows[0]
    assert "HYPERLINK" not in str(rows)
    assert AuditEntry.objects.count() == 1


def test_the_list_costs_the_same_however_long_it_is(django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    don = signed_in(*FULL)
    issued()
    don.get(HERE)
    with django_assert_max_num_queries(60) as few:
        don.get(HERE)
    for number in range(12):
        issued(f"Giver {number}", f"{number}@example.org")
    receipts.reissue_receipt(gift=Gift.objects.latest("pk"), name="Ada")
    with django_assert_max_num_queries(len(few.captured_queries)):
        don.get(HERE)
