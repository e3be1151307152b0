"""Whose gifts stand in a year, in which order, and under which receipt (rule R6)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from pytest_django import Settings

from masthead.core.clock import frozen
from masthead.funding.models import Donor, Gift, Receipt, ReceiptHolder
from masthead.funding.selectors.statements import in_year, language_of, statements_of, years_of
from masthead.funding.services import merge_donors, note_pledge
from masthead.funding.services.donors import donor_of
from masthead.funding.services.receipts import issue_receipt, reissue_receipt
from masthead.funding.testing import make_campaign, make_gift
from tests.funding.lives import usd
from tests.settings import MASTHEAD

pytestmark = pytest.mark.django_db
JUNE = datetime(2025, 6, 1, 12, tzinfo=UTC)


def given(minor: int, at: datetime = JUNE, *, name: str = "Ada Venn", email: str = "ada@example.org") -> Gift:
    """Return a gift with its receipt, so that its giver is known."""
    with frozen(max(at, JUNE)):
        gift = make_gift(donor_name=name, contact=email, amount=usd(minor), received_at=at)
        issue_receipt(gift=gift)
    return Gift.objects.get(pk=gift.pk)


def test_r6_the_gifts_of_a_year_stand_in_order_each_under_the_receipt_that_is_valid(settings: Settings) -> None:
    later, earlier = given(300, JUNE + timedelta(days=9)), given(200)
    last, erased = given(400, JUNE + timedelta(days=20)), given(500, JUNE + timedelta(days=30))
    ada = Donor.objects.get()
    anew = reissue_receipt(gift=earlier, name="Ada Venn", reason="Name")
    ReceiptHolder.objects.filter(receipt__gift=erased).delete()
    with frozen(JUNE):
        unreceipted = make_gift(amount=usd(100), received_at=JUNE - timedelta(days=9))
    Gift.objects.filter(pk=unreceipted.pk).update(donor=ada)
    settings.MASTHEAD = replace(MASTHEAD, funding=replace(MASTHEAD.funding, mode="rehearsal"))
    with frozen(JUNE):
        played = make_gift(amount=usd(90_000))
    with frozen(JUNE):
        played_before = make_gift(amount=usd(90_000), received_at=JUNE - timedelta(days=365))
    Gift.objects.filter(pk__in=[played.pk, played_before.pk]).update(donor=ada)
    settings.MASTHEAD = MASTHEAD
    valid = {receipt.gift_id: receipt for receipt in Receipt.objects.filter(followed_by=None)}
    assert valid[earlier.pk].pk == anew.pk
    found = statements_of([ada], 2025)[ada.pk]
    assert [(line.standing.left, line.number, line.receipt_id) for line in found.lines] == [
        (usd(100), "", ""),
        *(
            (usd(minor), str(valid[gift.pk]), valid[gift.pk].public_id)
            for minor, gift in ((200, earlier), (300, later))
        ),
        (usd(400), str(valid[last.pk]), valid[last.pk].public_id),
        (usd(500), "", ""),
    ]
    assert [gift.pk for gift in in_year(2025)] == [
        unreceipted.pk,
        earlier.pk,
        played.pk,
        later.pk,
        last.pk,
        erased.pk,
    ]
    assert years_of(ada) == [2025]


def test_r6_a_year_is_one_of_the_site_and_holds_what_was_given_under_names_that_became_one(settings: Settings) -> None:
    """Ten in the morning of UTC on the last day of the year is midnight in Kiritimati."""
    settings.MASTHEAD = replace(MASTHEAD, site=replace(MASTHEAD.site, time_zone="Pacific/Kiritimati"))
    midnight = datetime(2025, 12, 31, 10, tzinfo=UTC)
    given(100, midnight - timedelta(seconds=1))
    given(200, midnight)
    ada = Donor.objects.get()
    given(400, datetime(2023, 3, 1, tzinfo=UTC), name="Ada V", email="venn@example.org")
    given(800, name="Ben", email="ben@example.org")
    ben, other = Donor.objects.get(email="ben@example.org"), Donor.objects.get(email="venn@example.org")
    merge_donors(donor=other, into=ada, by=None)
    sums = {
        year: {donor: [line.standing.left.amount_minor for line in found.lines] for donor, found in of_year.items()}
        for year in (2023, 2025, 2026)
        for of_year in [statements_of([ada, ben], year)]
    }
    assert sums == {
        2023: {ada.pk: [400], ben.pk: []},
        2025: {ada.pk: [100], ben.pk: [800]},
        2026: {ada.pk: [200], ben.pk: []},
    }
    assert years_of(ada) == [2026, 2025, 2023]
    assert years_of(ben) == [2025]


def test_a_giver_is_written_to_in_the_language_of_the_last_pledge_that_had_one() -> None:
    for days, language, email in (
        (1, "de", "ada@example.org"),
        (0, "fr", "ada@example.org"),
        (2, "", "ada@example.org"),
    ):
        with frozen(JUNE + timedelta(days=days)):
            pledge = note_pledge(
                campaign=make_campaign(), amount=usd(100), name="Ada Venn", email=email, language=language
            )
            donor_of(pledge)
    ada = Donor.objects.get()
    assert language_of(ada) == "de"
    with frozen(JUNE + timedelta(days=1)):
        same = note_pledge(
            campaign=make_campaign(), amount=usd(100), name="Ada", email="ada@example.org", language="it"
        )
        donor_of(same)
    assert language_of(ada) == "it"
    with frozen(JUNE + timedelta(days=3)):
        own = note_pledge(
            campaign=make_campaign(), amount=usd(100), name="Ada V", email="venn@example.org", language="nl"
        )
        donor_of(own)
    other = Donor.objects.get(email="venn@example.org")
    assert (language_of(ada), language_of(other)) == ("it", "nl")
    merge_donors(donor=other, into=ada, by=None)
    assert language_of(ada) == "nl"


def test_a_giver_whose_language_nobody_knows_is_written_to_in_that_of_the_site() -> None:
    given(100)
    assert language_of(Donor.objects.get()) == ""
