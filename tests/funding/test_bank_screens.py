"""What staff do with bank statements in the admin, and who may."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from masthead.core.clock import frozen
from masthead.core.money import Money
from masthead.funding.models import BankLine, BankUpload, Gift, Pledge
from masthead.funding.providers.bank_transfer import read_statements
from masthead.funding.providers.bank_transfer.reading import MOST_BYTES
from masthead.funding.services import note_pledge, put_campaign
from masthead.funding.services.bank import import_statements
from masthead.funding.testing import make_campaign
from tests.client import CheckingClient
from tests.funding.reading import shown
from tests.funding.statements import Line, camt
from tests.funding.test_staff_screens import signed_in

pytestmark = pytest.mark.django_db
BANK = "/admin/funding/bank/"


@pytest.fixture(autouse=True)
def _november() -> Iterator[None]:
    with frozen(datetime(2026, 11, 25, 15, tzinfo=UTC)):
        yield


@pytest.fixture
def don() -> CheckingClient:
    """Looks after the bank account, and sees gifts."""
    return signed_in("decide_bankline", "see_names", "view_gift")


@pytest.fixture
def pledge() -> Pledge:
    """25 euros, once."""
    return note_pledge(campaign=make_campaign(goal=Money(1, "EUR")), amount=Money(2500, "EUR"), name="Ada Venn")


def upload(client: CheckingClient, content: bytes, name: str = "november.xml") -> str:
    """Send a file and return the address of its preview."""
    reply = client.post(f"{BANK}upload/", {"file": SimpleUploadedFile(name, content)})
    assert reply.status_code == 302, shown(reply)
    return str(reply["Location"])


def waiting(text: str, amount: int = 2500) -> BankLine:
    """Return a line that waits for somebody."""
    import_statements(file=read_statements(camt([Line(amount, text, name="Zoe", iban="X1", is_return=amount < 0)])))
    return BankLine.objects.get(amount_minor=amount)


def test_a_statement_is_shown_before_it_is_booked(don: CheckingClient, pledge: Pledge) -> None:
    preview = upload(don, camt([Line(2500, pledge.reference), Line(900, "eggs", name="Zoe", iban="X1"), Line(-5)]))
    page = shown(don.get(preview))
    assert "1 matched, 0 for you, 1 unknown" in page
    assert "Reference, amount and currency agree." in page
    assert "1 payment out is not kept." in page
    assert not Gift.objects.exists()
    done = shown(don.post(preview, {"answer": "yes"}, follow=True))
    assert "1 matched, 0 for you, 1 unknown." in done
    assert Gift.objects.get().pledge == pledge
    assert not BankUpload.objects.exists()
    assert "eggs" in shown(don.get(f"{BANK}?state=unmatched"))


def test_a_file_that_is_not_wanted_is_erased(don: CheckingClient) -> None:
    preview = upload(don, camt([Line(100, "x")]))
    assert "nothing was booked" in shown(don.post(preview, {"answer": "no"}, follow=True))
    assert not BankUpload.objects.exists()
    assert not BankLine.objects.exists()


def test_what_a_table_does_not_say_is_asked_on_its_page(don: CheckingClient, pledge: Pledge) -> None:
    preview = upload(don, f"Date;Amount;Purpose\n01/02/2026;25,00;{pledge.reference}\n".encode(), "table.csv")
    page = shown(don.get(preview))
    assert "Which currency is it?" in page
    assert "Bring it in" not in page
    page = shown(don.get(preview, {"currency": "EUR"}))
    assert "In which order do the dates stand?" in page
    said = f"{preview}?currency=EUR&dates=mdy"
    assert "1 matched" in shown(don.get(said))
    don.post(said, {"answer": "yes"})
    assert Gift.objects.get().journal.month == date(2026, 1, 1)


def test_an_answer_that_does_not_fit_the_file_is_refused_on_its_page_and_the_file_stays(don: CheckingClient) -> None:
    preview = upload(don, b"Date;Amount;Purpose\n2026-11-02;25,00;gift\n", "table.csv")
    wrong = f"{preview}?currency=EUR&booked=Day"
    assert "The table cannot be read: Day." in shown(don.get(wrong))
    reply = don.post(wrong, {"answer": "yes"}, follow=True)
    assert "The table cannot be read: Day." in shown(reply)
    assert not BankLine.objects.exists()
    assert BankUpload.objects.count() == 1


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"Dear diary", "no bank statement"),
        (b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "x">]><a>&b;</a>', "entities of its own"),
        (b"x" * (MOST_BYTES + 1), "larger than 10 MB"),
        (b"", "empty"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_words(don: CheckingClient, content: bytes, said: str) -> None:
    reply = don.post(f"{BANK}upload/", {"file": SimpleUploadedFile("x.xml", content)})
    assert reply.status_code == 422
    assert said in shown(reply)
    assert not BankUpload.objects.exists()


def test_a_line_is_booked_as_suggested(don: CheckingClient, pledge: Pledge) -> None:
    line = waiting(pledge.reference, 2600)
    address = f"{BANK}lines/{line.public_id}/"
    assert "another amount was announced" in shown(don.get(address))
    assert "26 € is booked." in shown(don.post(address, {"action": "accept"}, follow=True)).replace("\xa0", " ")
    assert Gift.objects.get().pledge == pledge
    again = don.post(address, {"action": "accept"})
    assert again.status_code == 422
    assert "decided about meanwhile" in shown(again)


def test_a_person_chooses_a_pledge(don: CheckingClient, pledge: Pledge) -> None:
    address = f"{BANK}lines/{waiting('thanks').public_id}/"
    wrong = don.post(address, {"action": "pledge", "reference": "RF00"})
    assert wrong.status_code == 422
    assert "No pledge has this reference" in shown(wrong)
    assert 'value="RF00"' in wrong.content.decode()
    don.post(address, {"action": "pledge", "reference": pledge.reference.lower()})
    assert Gift.objects.get().pledge == pledge


@pytest.mark.usefixtures("pledge")
def test_a_line_becomes_a_gift_without_pledge_or_is_put_aside(don: CheckingClient) -> None:
    line = waiting("thanks")
    address = f"{BANK}lines/{line.public_id}/"
    assert don.post(address, {"action": "aside", "reason": ""}).status_code == 422
    don.post(address, {"action": "aside", "reason": "rent"})
    assert "rent" in shown(don.get(f"{BANK}?state=ignored"))
    don.post(address, {"action": "reopen"})
    don.post(address, {"action": "gift", "donor_name": "", "public_name": "A friend"})
    gift = Gift.objects.get()
    assert (gift.donor_name, gift.public_name, gift.pledge) == ("Zoe", "A friend", None)
    assert don.post(address, {"action": "dance"}).status_code == 422


def test_a_person_chooses_which_gift_went_back(don: CheckingClient, pledge: Pledge) -> None:
    line = waiting("back", -2500)
    import_statements(file=read_statements(camt([Line(2500, pledge.reference)], number="2")))
    page = don.get(f"{BANK}lines/{line.public_id}/").content.decode()
    chosen = re.search(r'name="gift" value="(\w+)"', page)
    assert chosen
    don.post(f"{BANK}lines/{line.public_id}/", {"action": "return", "gift": chosen[1]})
    assert Gift.objects.filter(journal__reversal__isnull=False).count() == 1


def test_a_gift_that_is_not_there_cannot_be_taken_back(don: CheckingClient, pledge: Pledge) -> None:
    import_statements(file=read_statements(camt([Line(2500, pledge.reference)], number="2")))
    line = waiting("back", -2500)
    for chosen in ({}, {"gift": "nobody"}):
        assert don.post(f"{BANK}lines/{line.public_id}/", {"action": "return", **chosen}).status_code == 422
    assert not Gift.objects.filter(is_returned=True).exists()


def test_only_those_with_the_permission_see_statements() -> None:
    line, kept = waiting("thanks"), signed_in("decide_bankline", "see_names")
    preview = upload(kept, camt([Line(100, "x")]))
    others = signed_in("view_gift", "add_gift", "reverse_gift", "change_campaign")
    for address in (BANK, f"{BANK}upload/", preview, f"{BANK}lines/{line.public_id}/"):
        assert others.get(address).status_code == 302
        assert others.post(address, {"answer": "yes", "action": "aside", "reason": "x"}).status_code == 302
    assert signed_in("decide_bankline", "see_names").get(preview).status_code == 404  # another's upload
    assert kept.get(f"{BANK}lines/nobody/").status_code == 404
    line.refresh_from_db()
    assert line.state == "unmatched"
    assert "/admin/funding/bank/" in shown_menu(kept)
    assert "/admin/funding/bank/" not in shown_menu(others)


def shown_menu(client: CheckingClient) -> str:
    """Return the admin's front page with its menu."""
    return client.get("/admin/").content.decode()


def test_a_line_without_a_pledge_is_booked_to_the_campaign_that_a_person_chooses(don: CheckingClient) -> None:
    make_campaign(goal=Money(1, "EUR"))
    beside = put_campaign(slug="harbour", title="Harbour", goal=Money(1, "EUR"), active=False, beside=True)
    put_campaign(slug="overseas", title="Overseas", goal=Money(1, "USD"), active=False, beside=True)
    line = waiting("for the harbour")
    page = shown(don.get(f"{BANK}lines/{line.public_id}/"))
    assert "For which campaign" in page
    assert "Harbour" in page
    assert "Overseas" not in page, "it counts in another currency"
    wrong = {"action": "gift", "donor_name": "Zoe", "campaign": "overseas"}
    assert don.post(f"{BANK}lines/{line.public_id}/", wrong).status_code == 422
    assert not Gift.objects.exists()
    don.post(f"{BANK}lines/{line.public_id}/", {**wrong, "campaign": "harbour"})
    assert Gift.objects.get().campaign == beside


def test_one_campaign_is_no_choice(don: CheckingClient) -> None:
    campaign = make_campaign(goal=Money(1, "EUR"))
    line = waiting("eggs")
    assert "For which campaign" not in shown(don.get(f"{BANK}lines/{line.public_id}/"))
    don.post(f"{BANK}lines/{line.public_id}/", {"action": "gift", "donor_name": "Zoe"})
    assert Gift.objects.get().campaign == campaign


def test_the_reference_of_a_pledge_leads_to_its_own_campaign(don: CheckingClient) -> None:
    make_campaign(goal=Money(1, "EUR"))
    beside = put_campaign(slug="harbour", title="Harbour", goal=Money(1, "EUR"), active=False, beside=True)
    certain, chosen = (note_pledge(campaign=beside, amount=Money(2500, "EUR"), name="Ada Venn") for _ in range(2))
    settled = waiting(certain.reference)
    assert settled.state == "booked"
    line = waiting("no reference", 900)
    don.post(f"{BANK}lines/{line.public_id}/", {"action": "pledge", "reference": chosen.reference})
    assert [gift.campaign for gift in Gift.objects.all()] == [beside, beside]
