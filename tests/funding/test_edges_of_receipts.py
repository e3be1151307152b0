"""What exactly a receipt says, names and tells, and of which sums there is one (rules R6, S5)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from masthead.core.clock import frozen
from masthead.funding.models import AuditEntry, Donor, Gift, Receipt, ReceiptHolder
from masthead.funding.rules.receipts import from_data
from masthead.funding.services import note_pledge, receipts, reverse_gift, settle_payment
from masthead.funding.testing import make_campaign, make_gift
from tests.funding.books import told
from tests.funding.lives import BEGAN, opened, paid, refunded, usd
from tests.settings import MASTHEAD

pytestmark = pytest.mark.django_db
THERE = replace(MASTHEAD.site, time_zone="Pacific/Kiritimati")


def by_card(**more: Any) -> Gift:
    """Return a gift of 25 dollars by card that covers its fee of 1.03."""
    with frozen(BEGAN):
        values: dict[str, Any] = {"cover": usd(103), "name": " Don ", "email": "don@example.org", **more}
        pledge = note_pledge(campaign=make_campaign(), amount=usd(2500), method="stripe", **values)
        settle_payment(paid(opened(pledge.public_id), usd(2603)))
    return Gift.objects.get()


def news() -> list[dict[str, Any]]:
    """Return what is told of receipts."""
    return [event.payload for event in told("funding.receipt-issued")]


def test_a_receipt_says_all_that_stood_when_it_was_issued_in_the_giver_s_language(settings: Settings) -> None:
    law: dict[str, Any] = {"receipt_issuer": "The Trust", "receipt_address": "4 Quay", "receipt_tax_id": "12-3"}
    funding = replace(MASTHEAD.funding, receipt_country="us", **law)
    settings.MASTHEAD = replace(MASTHEAD, site=replace(THERE, name="The Ledger"), funding=funding)
    gift = by_card(language="de")
    moment = datetime(2026, 12, 31, 20, tzinfo=UTC)  # 2027 there
    with frozen(moment):
        receipt = receipts.issue_receipt(gift=gift)
    assert receipt is not None
    receipt.refresh_from_db()
    assert str(receipt) == "R-2027-000001"
    assert (receipt.kind, receipt.gift, receipt.instead_of, receipt.language) == ("receipt", gift, None, "de")
    assert (receipt.issued_at, receipt.issued_by) == (moment, None)
    assert (receipt.holder.name, receipt.holder.address) == ("Don", "")
    assert receipt.content == {
        "received_at": BEGAN.isoformat(),
        "method": "stripe",
        "paid": [2603, "USD"],
        "cover": [103, "USD"],
        "settled": None,
        "back": [],
        "issuer": {"name": "The Trust", "address": "4 Quay", "tax_id": "12-3"},
        "country": "us",
        "words": ["The Trust (EIN 12-3) provided no goods or services in return for this contribution."],
        "site": "The Ledger",
        "zone": "Pacific/Kiritimati",
    }
    assert news() == [
        {"receipt_id": receipt.public_id, "number": "R-2027-000001", "kind": "receipt", "is_to_mail": True}
    ]


@pytest.mark.parametrize(
    ("language", "written"), [("de", "26,03 $ vom Dienstag"), ("", "$26.03 vom Tuesday")], ids=["his", "the site's"]
)
def test_a_site_s_own_words_write_sums_and_days_as_the_giver_s_language_does_or_the_site_s(
    settings: Settings, tmp_path: Path, language: str, written: str
) -> None:
    own = tmp_path / "theme" / "receipts" / "de.txt"
    own.parent.mkdir(parents=True)
    own.write_text('{{ amount }} vom {{ day|date:"l" }}')
    funding = replace(MASTHEAD.funding, receipt_country="de", money_format="locale")
    settings.MASTHEAD = replace(MASTHEAD, root=tmp_path, funding=funding)
    receipt = receipts.issue_receipt(gift=by_card(language=language))
    assert receipt is not None
    assert receipt.language == (language or "en")
    assert receipt.content["words"] == [written]


def test_a_gift_by_hand_is_receipted_in_the_site_s_language_to_the_name_that_is_known(settings: Settings) -> None:
    gift = make_gift(donor_name=" Ada ")
    first = receipts.issue_receipt(gift=gift)
    assert first is not None
    assert (first.language, first.holder.name, first.issued_by) == ("en", "Ada", None)
    donor = Donor.objects.get()
    Donor.objects.update(name=" Ada Venn ")
    nameless = make_gift(donor_name=" ")
    Gift.objects.filter(pk=nameless.pk).update(donor=donor)
    second = receipts.issue_receipt(gift=nameless)
    assert second is not None
    assert second.holder.name == "Ada Venn"


def test_r6_of_a_gift_of_which_a_cent_is_left_there_is_a_receipt() -> None:
    """By itself, or by hand for one that got none."""
    gift = by_card()
    settle_payment(refunded(paid(opened(gift.pledge.public_id if gift.pledge else ""), usd(2603)), "re_1", usd(2602)))
    receipt = receipts.issue_receipt(gift=gift)
    assert receipt is not None
    assert from_data(receipt.content).left == usd(1)
    by_hand = make_gift(amount=usd(1), donor_name="")
    assert receipts.issue_receipt(gift=by_hand) is None
    assert receipts.reissue_receipt(gift=by_hand, name="Ada").kind == "receipt"


def test_r6_a_correction_names_whom_the_one_before_named_and_goes_to_him() -> None:
    gift = by_card()
    first = receipts.reissue_receipt(gift=gift, name="Don Venn", address="1 Quay\nSaltmere", issued_by=3)
    facts = paid(opened(gift.pledge.public_id if gift.pledge else ""), usd(2603))
    settle_payment(refunded(facts, "re_1", usd(1000)))
    second = receipts.correct_receipt(gift=gift)
    assert second is not None
    assert (second.kind, second.instead_of, second.issued_by) == ("correction", first, None)
    assert (second.holder.name, second.holder.address) == ("Don Venn", "1 Quay\nSaltmere")
    ReceiptHolder.objects.all().delete()
    settle_payment(refunded(refunded(facts, "re_1", usd(1000)), "re_2", usd(100)))
    third = receipts.correct_receipt(gift=gift)
    assert third is not None
    assert third.instead_of == second
    assert not ReceiptHolder.objects.exists(), "who was forgotten is named by no correction"
    assert [(each["kind"], each["is_to_mail"]) for each in news()] == [
        ("receipt", False),
        ("correction", True),
        ("correction", True),
    ]


@pytest.mark.parametrize("is_to_mail", [True, False])
def test_who_issued_a_receipt_by_hand_and_why_is_kept_and_stands_on_none(is_to_mail: bool) -> None:
    gift = make_gift()
    first = receipts.issue_receipt(gift=gift)
    reverse_gift(gift=gift, reason="bounced")
    moment = datetime(2026, 11, 26, 8, tzinfo=UTC)
    with frozen(moment):
        anew = receipts.reissue_receipt(
            gift=gift, name="Ada Moe", reason=" She married. ", issued_by=3, is_to_mail=is_to_mail
        )
    assert (anew.kind, anew.instead_of, anew.issued_at, anew.issued_by) == ("reissue", first, moment, 3)
    names = ("act", "by", "at", "subject", "amount_minor", "currency", "detail")
    kept = AuditEntry.objects.filter(act="receipt_reissued").values_list(*names).get()
    assert kept == ("receipt_reissued", 3, moment, str(anew), 0, "USD", "She married.")
    assert "married" not in str(Receipt.objects.filter(pk=anew.pk).values().get())
    assert news()[-1] == {
        "receipt_id": anew.public_id,
        "number": str(anew),
        "kind": "reissue",
        "is_to_mail": is_to_mail,
    }


def test_an_address_has_six_lines_and_as_many_letters_as_there_is_room_for() -> None:
    lines = [f" line  {number}\t" for number in range(1, 8)]
    anew = receipts.reissue_receipt(gift=make_gift(), name="é" * 121, address="\n".join(["", *lines]))
    assert anew.holder.name == "é" * 119 + "…"
    assert anew.holder.address == "\n".join(f"line {number}" for number in range(1, 7))
    long = receipts.reissue_receipt(gift=make_gift(), name="Ada", address="\n".join(["é" * 170] * 2))
    assert long.holder.address == "é" * 170 + "\n" + "é" * 129
