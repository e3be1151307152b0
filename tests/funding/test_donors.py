"""Donors in the newsroom: found, read, noted about, merged and parted again."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from masthead.core.clock import frozen
from masthead.core.money import Money
from masthead.funding.models import AuditEntry, Donor, Entry, Gift, Journal, Pledge, Recurring
from masthead.funding.selectors import donors
from masthead.funding.services import (
    ask_refund,
    merge_donors,
    note_pledge,
    part_donor,
    reverse_gift,
    settle_payment,
    write_note,
)
from masthead.funding.services.care import forget_giver
from masthead.funding.services.donors import donor_of
from masthead.funding.staff_errors import AddressTaken, DonorHoldsOthers, DonorMerged, DonorNotMerged, SameDonor
from masthead.funding.testing import make_campaign, make_gift
from tests.client import CheckingClient
from tests.funding.lives import opened, paid, usd
from tests.funding.reading import shown
from tests.funding.test_staff_screens import signed_in

pytestmark = pytest.mark.django_db
HERE = "/admin/funding/donors/"
NOW = datetime(2026, 11, 22, 15, tzinfo=UTC)


def donor(name: str = "Ada Venn", email: str = "ada@example.org", **values: object) -> Donor:
    """Return a donor."""
    return Donor.objects.create(name=name, email=email, **values)


def given(by: Donor, major: int = 25) -> Gift:
    """Return a gift of a donor."""
    gift = make_gift(amount=Money.from_major(major, "USD"))
    Gift.objects.filter(pk=gift.pk).update(donor=by)
    return gift


def names(search: str = "", *, may: bool = True) -> list[str]:
    """Return the names that a search finds."""
    return [row.name for row in donors.donor_rows(donors.donor_page(search=search, names=may), names=may)]


def test_a_donor_is_found_by_name_address_and_key_and_by_whom_he_also_is() -> None:
    ada, other = donor(), donor("A. Venn-Lind", "work@example.org")
    donor("Ben", "ben@example.org")
    for typed in ("venn", "ADA@", ada.public_id):
        assert "Ada Venn" in names(typed)
    merge_donors(donor=other, into=ada, by=7)
    assert names("work@") == ["Ada Venn"]
    assert names("nobody") == []
    assert names() == ["Ben", "Ada Venn"]


def test_masked_donors_are_neither_named_nor_searched() -> None:
    ada = donor(note="Lives beside the lighthouse")
    assert names("venn", may=False) == []
    assert names(ada.public_id, may=False) == ["name hidden"]
    cashier = signed_in("view_gift", "change_donor")
    for address in (HERE, f"{HERE}{ada.public_id}/"):
        page = shown(cashier.get(address))
        assert "name hidden" in page
        for private in ("Ada Venn", "ada@example.org", "lighthouse"):
            assert private not in page
    assert "No donor fits." in shown(cashier.get(HERE, {"q": "venn"}))
    assert cashier.post(f"{HERE}table/").status_code == 302
    write_note(donor=ada, note="New", by=None)
    assert cashier.post(f"{HERE}{ada.public_id}/change/", {"action": "note", "note": "x"}).status_code == 302
    assert Donor.objects.get().note == "New"


def test_the_list_counts_gifts_that_were_not_returned(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    ada, work = donor(), donor("Ada", "work@example.org")
    given(ada)
    given(work)
    returned = given(ada)
    reverse_gift(gift=returned, reason="counted twice")
    merge_donors(donor=work, into=ada, by=7)
    for number in range(5):
        given(donor(f"Donor {number}", f"{number}@example.org"))
    with django_assert_num_queries(2):
        rows = donors.donor_rows(donors.donor_page(names=True), names=True)
    assert [row.gifts for row in rows] == [1, 1, 1, 1, 1, 2]
    assert not rows[0].repeats


def test_history_holds_all_that_was_and_each_in_its_place(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with frozen(NOW):
        pledge = note_pledge(
            campaign=make_campaign(), amount=Money(500, "USD"), name="Ada", email="ada@example.org", every="month"
        )
        ada = donor_of(pledge)
        assert ada is not None
        Pledge.objects.update(written_to_at=NOW + timedelta(minutes=1))
        gift = given(ada, 5)
        Gift.objects.update(thanked_at=NOW + timedelta(minutes=2))
        Recurring.objects.create(
            provider="stripe",
            external_id="sub_1",
            pledge=pledge,
            campaign=pledge.campaign,
            donor=ada,
            status="ended",
            amount_minor=500,
            currency="USD",
            every="month",
            is_live=True,
            started_at=NOW + timedelta(minutes=3),
            ended_at=NOW + timedelta(minutes=4),
        )
    with frozen(NOW + timedelta(minutes=5)):
        reverse_gift(gift=gift, reason="bounced")
    with django_assert_num_queries(5):
        found = [each.what for each in donors.history(ada)]
    assert found[:5] == [
        "gift reversed",
        "repeated gift ended",
        "repeated gift began",
        "mail of thanks",
        "mail with the bank details",
    ]
    assert sorted(found[5:]) == ["announced", "gift"]
    page = shown(signed_in("view_gift", "see_names").get(f"{HERE}{ada.public_id}/"))
    assert "bounced" in page
    assert "Merge" not in page


def test_history_tells_what_is_still_open_and_which_money_was_asked_back() -> None:
    """A pledge that nobody wrote about yet, a repeated gift that goes on, a refund with its reason."""
    with frozen(NOW):
        pledge = note_pledge(
            campaign=make_campaign(),
            amount=usd(500),
            name="Ada",
            email="ada@example.org",
            every="month",
            method="stripe",
        )
        facts = replace(opened(pledge.public_id), subscription="sub_1")
        payment = settle_payment(paid(facts, usd(500), at=NOW))
        assert payment
        ask_refund(payment=payment, amount=usd(200), reason="given twice")
    ada = Donor.objects.get()
    whats = [each.what for each in donors.history(ada)]
    assert sorted(whats) == ["announced", "gift", "refund asked for", "repeated gift began"]
    page = shown(signed_in("view_gift", "see_names").get(f"{HERE}{ada.public_id}/"))
    assert "refund asked for 2 $ asked, given twice" in page.replace("\u00a0", " ")


def test_a_note_is_kept_with_who_wrote_it_and_the_same_again_is_nothing() -> None:
    ada = donor()
    don = signed_in("view_gift", "see_names", "change_donor")
    address = f"{HERE}{ada.public_id}/change/"
    for _ in range(2):
        assert "The note is saved." in shown(
            don.post(address, {"action": "note", "note": " Asks for no mails "}, follow=True)
        )
    assert Donor.objects.get().note == "Asks for no mails"
    assert list(AuditEntry.objects.values_list("act", "subject", "detail")) == [("note_written", ada.public_id, "")]
    assert "Asks for no mails" in shown(signed_in("view_gift", "see_names").get(f"{HERE}{ada.public_id}/"))


def test_two_become_one_and_are_parted_with_nothing_rewritten() -> None:
    ada, work = donor(), donor("Ada", "work@example.org")
    given(ada, 10)
    given(work, 20)
    books = (list(Journal.objects.values()), list(Entry.objects.values()), list(Gift.objects.values()))
    don = signed_in("view_gift", "see_names", "change_donor")
    said = don.post(f"{HERE}{work.public_id}/change/", {"action": "merge", "into": f" {ada.public_id} "}, follow=True)
    page = shown(said)
    for part in ("They are one donor now.", "10 $", "20 $", "work@example.org"):
        assert part in page
    assert (list(Journal.objects.values()), list(Entry.objects.values()), list(Gift.objects.values())) == books
    pledge = note_pledge(campaign=make_campaign(), amount=Money(500, "USD"), name="Ada", email="work@example.org")
    assert donor_of(pledge) == ada, "what comes later is his too"
    parted = shown(don.post(f"{HERE}{work.public_id}/change/", {"action": "part"}, follow=True))
    assert "stands alone again" in parted
    assert "20 $" in parted
    assert "10 $" not in parted
    kept = list(AuditEntry.objects.order_by("id").values_list("act", "subject", "detail"))
    both = (work.public_id, ada.public_id)
    assert kept == [("donors_merged", *both), ("donors_parted", *both)]


def test_merges_that_cannot_be_are_refused_with_what_to_do() -> None:
    ada, work, home = donor(), donor("Ada", "work@example.org"), donor("Ada", "home@example.org")
    with pytest.raises(SameDonor) as same:
        merge_donors(donor=ada, into=ada, by=7)
    with pytest.raises(DonorNotMerged) as alone:
        part_donor(donor=ada, by=7)
    merge_donors(donor=work, into=ada, by=7)
    with pytest.raises(DonorMerged) as merged:
        merge_donors(donor=home, into=work, by=7)
    with pytest.raises(DonorHoldsOthers) as holds:
        merge_donors(donor=ada, into=home, by=7)
    donor("Ada", "work@example.org")
    with pytest.raises(AddressTaken) as taken:
        part_donor(donor=work, by=7)
    said = [each.value.message() for each in (same, alone, merged, holds, taken)]
    assert len(set(said)) == 5
    assert AuditEntry.objects.count() == 1, "what was refused is no act"


def test_who_is_forgotten_takes_nobody_along_who_left_no_address() -> None:
    ada, gone = donor(), donor("Ada", "work@example.org")
    forget_giver(donor=gone)
    merge_donors(donor=gone, into=ada, by=7)
    with frozen(NOW):
        fund = make_campaign()
        for name, email in (("Ada", "ADA@example.org"), ("Ben", "")):
            note_pledge(campaign=fund, amount=Money(500, "USD"), name=name, email=email)
        make_gift(donor_name="Ben", contact="")
    forget_giver(donor=Donor.objects.get(pk=ada.pk))
    assert list(Pledge.objects.order_by("pk").values_list("name", flat=True)) == ["", "Ben"]
    assert Gift.objects.get().donor_name == "Ben"


def test_the_page_refuses_what_nobody_can_mean() -> None:
    ada = donor()
    don = signed_in("view_gift", "see_names", "change_donor")
    address = f"{HERE}{ada.public_id}/change/"
    assert "No donor has this key." in shown(don.post(address, {"action": "merge", "into": "nobody"}, follow=True))
    assert don.post(address, {"action": "burn"}).status_code == 404
    assert don.get(f"{HERE}nobody/").status_code == 404
    for other in (HERE, f"{HERE}{ada.public_id}/"):
        assert signed_in("add_gift", "see_names").get(other).status_code == 302
        assert "login" in CheckingClient().get(other)["Location"]


def test_who_takes_the_names_away_is_kept_and_no_cell_is_a_formula() -> None:
    donor("=cmd()", "ada@example.org")
    don = signed_in("view_gift", "see_names", "change_donor")
    assert "Download as CSV" in shown(don.get(HERE))
    assert don.get(f"{HERE}table/").status_code == 405
    reply = don.post(f"{HERE}table/")
    head, line = csv.reader(io.StringIO(reply.content.decode()))
    assert head[1] == "name"
    assert line[1:3] == ["'=cmd()", "ada@example.org"]
    assert line[4:] == ["0", "", "no"]
    assert AuditEntry.objects.get().act == "names_exported"
