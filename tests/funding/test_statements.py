"""A giver's year: all gifts, what went back, what remains; through his care link (rule R6)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.test import override_settings

from masthead.core.clock import frozen
from masthead.funding.models import Donor, Gift
from masthead.funding.selectors.statements import statement, years_of
from masthead.funding.services import receipts, reverse_gift
from masthead.funding.services.care import care_url_of
from masthead.funding.testing import make_gift
from tests import pdfs
from tests.client import CheckingClient
from tests.funding.lives import usd
from tests.funding.reading import shown
from tests.settings import MASTHEAD

pytestmark = pytest.mark.django_db


@pytest.fixture
def donor() -> Donor:
    """Gave last second of 2026 and first of 2027 by New York's clocks; one gift bounced."""
    instants = [datetime(2027, 1, 1, 4, 59, 59, tzinfo=UTC), datetime(2027, 1, 1, 5, tzinfo=UTC)]
    with frozen(datetime(2027, 2, 1, tzinfo=UTC)):
        for instant in [*instants, instants[1]]:
            receipts.issue_receipt(gift=make_gift(received_at=instant))
        reverse_gift(gift=Gift.objects.latest("pk"), reason="bounced")
    return Donor.objects.get()


def test_years_turn_in_the_site_s_zone_and_what_went_back_is_taken_off(donor: Donor) -> None:
    assert years_of(donor) == [2027, 2026]
    assert statement(donor, 2026).totals == [usd(2500)]
    found = statement(donor, 2027)
    assert [line.standing.left for line in found.lines] == [usd(2500), usd(0)]
    assert found.totals == [usd(2500)]
    assert statement(donor, 2025).lines == ()


def test_the_page_and_its_pdf_are_his_alone(client: CheckingClient, donor: Donor) -> None:
    path = care_url_of(donor).removeprefix("http://testserver")
    assert f'href="{path}2027/"'.encode() in client.get(path).content
    page = client.get(f"{path}2027/")
    said = shown(page)
    for fact in ("R-2027-000002", "Together", "25 $", "Taken out of our books again"):
        assert fact in said
    assert page["Cache-Control"] == "private, no-store"
    text = pdfs.text_of(client.get(f"{path}2027.pdf").content)
    assert "R-2027-000002" in text
    assert "Together25$" in text
    for wrong in (
        f"{path}1999/",
        f"{path}1999.pdf",
        f"{path.replace('~', '~x')}2027/",
        f"{path.replace('~', '~x')}2027.pdf",
    ):
        assert client.get(wrong).status_code == 404


def test_a_year_without_gifts_says_so(client: CheckingClient, donor: Donor) -> None:
    path = care_url_of(donor).removeprefix("http://testserver")
    with frozen(datetime(2029, 2, 1, tzinfo=UTC)):
        assert "No gift of yours" in shown(client.get(f"{path}2029/"))


def test_each_country_has_words_of_its_own_for_a_year_and_confirms_nothing_twice(donor: Donor) -> None:
    said = {}
    for country in ("plain", "us", "de", "fr"):
        funding = replace(MASTHEAD.funding, receipt_country=country, receipt_tax_id="12-3", receipt_recognition="X")
        with override_settings(MASTHEAD=replace(MASTHEAD, funding=funding)):
            said[country] = pdfs.text_of(receipts.pdf_of_statement(donor, statement(donor, 2026)))
    assert "providednogoodsorservicesinreturnforthesecontributions." in said["us"]
    assert "keineZuwendungsbestätigung" in said["de"]
    assert "netientpaslieudereçufiscal" in said["fr"]
    assert "goods" not in said["plain"]
