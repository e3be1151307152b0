"""Receipts as their givers get them: one mail with the thanks, a PDF that loads nothing, and the care link."""

from __future__ import annotations

import hashlib
import re
import socket
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings
from django.utils import translation

from masthead.core.pdf import file_name, pdf_of
from masthead.funding.checks import receipt_texts
from masthead.funding.events import GiftRecorded, ReceiptIssued
from masthead.funding.models import Donor, Gift, Receipt, ReceiptHolder
from masthead.funding.services import fulfil_pledge, note_pledge, receipts, reverse_gift, settle_payment
from masthead.funding.services.care import forget_giver
from masthead.funding.services.receipts import hearers
from masthead.funding.testing import make_campaign, make_gift
from masthead.outbox import worker
from tests import pdfs
from tests.client import CheckingClient
from tests.funding.lives import opened, paid, refunded, usd
from tests.settings import MASTHEAD

pytestmark = pytest.mark.django_db(transaction=True)


def give(**more: Any) -> Gift:
    """Return a live gift by card of 25 dollars and 1.03 for the fee."""
    values: dict[str, Any] = {"cover": usd(103), "name": "Don", "email": "don@example.org", "method": "stripe", **more}
    pledge = note_pledge(campaign=make_campaign(), amount=usd(2500), **values)
    settle_payment(paid(opened(pledge.public_id, external_id=f"pi_{pledge.pk}"), usd(2603)))
    return Gift.objects.get(pledge=pledge)


def path_in(letter: Any) -> str:
    """Return the path of the PDF that a mail links to."""
    found = re.search(r"http://testserver(/support/care/\S+\.pdf)", letter.body)
    assert found, letter.body
    assert found[1] in letter.alternatives[0][0]
    return found[1]


def test_thanks_and_receipt_are_one_mail(client: CheckingClient, mailoutbox: list[Any]) -> None:
    give()
    worker.run_pending()
    worker.run_pending()
    assert [letter.subject for letter in mailoutbox] == ["Thank you for your gift to The Saltmere Ledger"]
    text = mailoutbox[0].body.replace("\u00a0", " ")
    receipt = Receipt.objects.get()
    for fact in (f"Receipt {receipt}", "Paid: 26.03 $", "added to cover the fee: 1.03 $", "Saltmere Ledger Trust"):
        assert fact in text
        assert fact.split(": ")[0] in mailoutbox[0].alternatives[0][0]
    name, content, kind = mailoutbox[0].attachments[0]
    assert (name, kind) == (f"{receipt}.pdf", "application/pdf")
    reply = client.get(path_in(mailoutbox[0]))
    assert reply["Cache-Control"] == "private, no-store"
    assert reply.content == content  # S5: the same bytes
    assert "Don" in pdfs.text_of(content)


def test_hearing_of_the_gift_again_sends_and_numbers_nothing(mailoutbox: list[Any]) -> None:
    gift = give()
    event = GiftRecorded(gift.public_id, "fund", 2500, "USD", "", "")
    hearers.send_thanks(event, "evt-1")
    Gift.objects.update(thanked_at=None)  # as when the worker died before it wrote this
    hearers.send_thanks(event, "evt-1")
    assert Receipt.objects.count() == 1
    assert len({letter.extra_headers["Message-ID"] for letter in mailoutbox}) == 1
    hearers.send_thanks(event, "evt-1")
    worker.run_pending()
    assert len(mailoutbox) == 2


def test_a_correction_goes_out_by_itself_once(mailoutbox: list[Any]) -> None:
    gift = give()
    worker.run_pending()
    assert gift.pledge
    facts = paid(opened(gift.pledge.public_id, external_id=f"pi_{gift.pledge.pk}"), usd(2603))
    settle_payment(refunded(facts, "re_1", usd(1000)))
    worker.run_pending()
    worker.run_pending()
    assert len(mailoutbox) == 2
    text = mailoutbox[1].body.replace("\u00a0", " ")
    first, correction = Receipt.objects.order_by("pk")
    assert f"Correction {correction}" in text
    assert f"It takes the place of {first}" in text
    assert "What remains of the gift: 16.03 $" in text
    event = ReceiptIssued(correction.public_id, str(correction), "correction", True)
    hearers.send_receipt(event, "evt-2")
    assert len(mailoutbox) == 2
    assert "Sentbacktoyou" in pdfs.text_of(mailoutbox[1].attachments[0][1])


def test_a_bank_gift_of_a_pledge_is_thanked_for_too(mailoutbox: list[Any]) -> None:
    pledge = note_pledge(campaign=make_campaign(), amount=usd(2500), name="Don", email="don@example.org")
    worker.run_pending()
    gift = fulfil_pledge(pledge=pledge, amount=usd(2500), method="bank_transfer", received_at=pledge.noted_at)
    worker.run_pending()
    assert Gift.objects.get(pk=gift.pk).donor == Donor.objects.get()
    assert f"Receipt {Receipt.objects.get()}" in mailoutbox[-1].body
    assert "Change, pause or end" not in mailoutbox[-1].body


def test_without_an_address_there_is_a_receipt_and_no_mail(mailoutbox: list[Any]) -> None:
    make_gift(contact="07700 900123")
    worker.run_pending()
    assert mailoutbox == []
    assert ReceiptHolder.objects.get().document
    reverse_gift(gift=Gift.objects.get(), reason="bounced")
    worker.run_pending()
    assert Receipt.objects.count() == 2
    assert mailoutbox == []


def test_a_receipt_by_hand_is_mailed_when_asked_for(mailoutbox: list[Any]) -> None:
    gift = give()
    worker.run_pending()
    receipts.reissue_receipt(gift=gift, name="Donald", issued_by=3)
    worker.run_pending()
    assert len(mailoutbox) == 1
    receipts.reissue_receipt(gift=gift, name="Donald", is_to_mail=True, issued_by=3)
    worker.run_pending()
    assert mailoutbox[1].subject == "Your receipt from The Saltmere Ledger"
    assert "Donald" in pdfs.text_of(mailoutbox[1].attachments[0][1])
    assert "Reissued." in pdfs.text_of(mailoutbox[1].attachments[0][1])


def test_a_large_document_is_linked_to_and_not_attached(mailoutbox: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hearers, "MOST_ATTACHED_BYTES", 100)
    give()
    worker.run_pending()
    assert mailoutbox[0].attachments == []
    assert path_in(mailoutbox[0])


def test_the_giver_s_language_is_that_of_mail_and_paper(mailoutbox: list[Any]) -> None:
    give(language="ar")
    worker.run_pending()
    with translation.override("ar"):
        thanks = translation.gettext("Thank you")
    assert thanks in mailoutbox[0].alternatives[0][0]
    assert '<html lang="ar"' in mailoutbox[0].alternatives[0][0]
    assert Receipt.objects.get().language == "ar"
    assert b"/Lang (ar)" in b"".join(pdfs.objects_of(mailoutbox[0].attachments[0][1]).values())


def test_a_stranger_s_receipt_and_a_void_link_show_nothing(client: CheckingClient, mailoutbox: list[Any]) -> None:
    give()
    give(name="Eve", email="eve@example.org")
    worker.run_pending()
    mine, other = (path_in(letter) for letter in mailoutbox[:2])
    mixed = f"{mine.rpartition('/')[0]}/{other.rpartition('/')[2]}"
    assert client.get(mixed).status_code == 404
    assert client.get(mine.replace("~", "~x")).status_code == 404
    assert client.post(mine).status_code == 405
    assert client.get(mine).status_code == 200


def test_a_forgotten_giver_stands_on_no_receipt(client: CheckingClient, mailoutbox: list[Any]) -> None:
    gift = give()
    worker.run_pending()
    path = path_in(mailoutbox[0])
    forget_giver(donor=Donor.objects.get())
    assert not ReceiptHolder.objects.exists()
    assert client.get(path).status_code == 404
    receipt = Receipt.objects.get()
    text = pdfs.text_of(receipts.pdf_of_receipt(receipt))
    assert "Don" not in text
    assert "Copy" in text
    assert f"Receipt{receipt}" in text
    assert gift.pledge
    facts = paid(opened(gift.pledge.public_id, external_id=f"pi_{gift.pledge.pk}"), usd(2603))
    settle_payment(refunded(facts, "re_1", usd(1000)))
    worker.run_pending()
    assert not ReceiptHolder.objects.exists()
    assert len(mailoutbox) == 1
    assert "Correction" in pdfs.text_of(receipts.pdf_of_receipt(Receipt.objects.latest("pk")))


def test_a_copy_says_so() -> None:
    receipt = receipts.issue_receipt(gift=make_gift())
    assert receipt
    assert "Copy" not in pdfs.text_of(receipts.pdf_of_receipt(receipt))
    assert "Copy" in pdfs.text_of(receipts.pdf_of_receipt(receipt, is_copy=True))


HOSTILE = (
    '<img src="http://127.0.0.1:9/x.png"><style>@import "file:///etc/passwd";</style></p><script>1</script>{{ 7 }}'
)


def test_hostile_names_are_words(mailoutbox: list[Any]) -> None:
    gift = make_gift(donor_name=HOSTILE[:100])
    worker.run_pending()
    receipt = receipts.reissue_receipt(gift=gift, name=HOSTILE[:110], address="<a href='javascript:1'>\nx" * 9)
    text = pdfs.text_of(receipts.pdf_of_receipt(receipt))
    assert '<imgsrc="http://127.0.0.1:9/x.png"><style>' in text
    assert "javascript:1" in text
    assert "<img" not in mailoutbox[0].alternatives[0][0]


def test_documents_load_nothing_whatever_they_name(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    asked: list[Any] = []
    monkeypatch.setattr(socket.socket, "connect", lambda *arguments: asked.append(arguments))
    secret = tmp_path / "secret.svg"
    secret.write_text('<svg xmlns="http://www.w3.org/2000/svg"><text>secret</text></svg>')
    page = f"""<!doctype html><html lang="en"><head><title>x</title><link rel="stylesheet" href="http://127.0.0.1:9/x.css">
      <link rel="attachment" href="file://{secret}"><style>@import "http://127.0.0.1:9/y.css";</style></head>
      <body style="background: url(file://{secret})"><img src="http://127.0.0.1:9/x.png"><img src="file://{secret}">
      <img src="data:image/svg+xml,%3Csvg/%3E"><img src="theme-font:../secret"><object data="file://{secret}"></object>
      <p>words</p></body></html>"""
    drawn = pdf_of(page)
    assert "words" in pdfs.text_of(drawn)
    assert asked == []
    everything = b"".join(pdfs.objects_of(drawn).values())
    for trace in (b"/Image", b"/EmbeddedFile", b"/Filespec", b"secret"):
        assert trace not in everything


def test_any_script_is_drawn_and_can_be_read_aloud() -> None:
    names = "Łucja Žůžo Зоя Їжак Ελένη"
    drawn = pdf_of(
        f'<!doctype html><html lang="en"><head><title>x</title></head><body><p>{names}</p><p dir="rtl">مرحبا</p>'
    )
    text = pdfs.text_of(drawn)
    for name in names.split():
        assert name in text
    assert "مرحبا" in text or "مرحبا"[::-1] in text
    everything = b"".join(pdfs.objects_of(drawn).values())
    for fact in (b"/StructTreeRoot", b"/MarkInfo", b"/Lang (en)", b"/DisplayDocTitle true"):
        assert fact in everything


def test_a_document_is_kept_as_it_was_first_made() -> None:
    receipt = receipts.issue_receipt(gift=make_gift())
    worker.run_pending()
    assert receipt
    first = hashlib.sha256(receipts.pdf_of_receipt(receipt)).hexdigest()
    other = replace(MASTHEAD, site=replace(MASTHEAD.site, name="Another"), funding=replace(MASTHEAD.funding, iban=""))
    with override_settings(MASTHEAD=other):
        assert hashlib.sha256(receipts.pdf_of_receipt(receipt)).hexdigest() == first


def test_a_site_writes_its_own_words_and_is_told_of_errors_at_once(tmp_path: Path) -> None:
    folder = tmp_path / "theme" / "receipts"
    folder.mkdir(parents=True)
    words = folder / "us.txt"
    words.write_text("Thanks & “greetings” of {{ issuer.name }}:\n{{ amount }}.\n\n\nSecond.\n", encoding="utf-8")
    funding = replace(MASTHEAD.funding, receipt_country="us", receipt_tax_id="12-3")
    with override_settings(MASTHEAD=replace(MASTHEAD, root=tmp_path, funding=funding)):
        receipt = receipts.issue_receipt(gift=make_gift())
        assert receipt
        said = [each.replace("\u00a0", " ") for each in receipt.content["words"]]
        assert said == ["Thanks & “greetings” of Saltmere Ledger Trust: 25 $.", "Second."]
        assert receipt_texts(None) == []
        words.write_text("{% if %}", encoding="utf-8")
        assert [each.id for each in receipt_texts(None)] == ["funding.E003"]


@pytest.mark.parametrize(
    ("country", "fact"), [("de", "§ 10b"), ("fr", "Reçu au titre des dons"), ("us", "no goods or services")]
)
def test_each_country_has_its_words(country: Any, fact: str) -> None:
    funding = replace(MASTHEAD.funding, receipt_country=country, receipt_recognition="Bescheid 3", receipt_tax_id="1")
    with override_settings(MASTHEAD=replace(MASTHEAD, funding=funding)):
        receipt = receipts.issue_receipt(gift=make_gift())
        assert receipt
        words = " ".join(receipt.content["words"])
        assert fact in words
        assert "Bescheid 3" in words
        assert re.sub(r"\s", "", fact) in pdfs.text_of(receipts.pdf_of_receipt(receipt))


def test_names_of_files_are_harmless() -> None:
    assert file_name("R-2026-1") == "R-2026-1.pdf"
    assert file_name('a"/..\r\nb', "é") == "a-----b--.pdf"
