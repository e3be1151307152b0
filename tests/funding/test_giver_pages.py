"""Pages that only a secret address opens: they hand that address on to nobody, and lead on by it alone."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from django.urls import URLPattern, URLResolver, get_resolver

from masthead.core.http import is_a_key
from masthead.funding.links import care_path
from masthead.funding.models import Donor
from masthead.funding.services import merge_donors, note_pledge
from masthead.funding.services.care import care_url_of
from masthead.funding.testing import make_campaign
from tests.client import CheckingClient
from tests.funding.lives import usd
from tests.funding.reading import shown
from tests.funding.test_donors import donor, given

pytestmark = pytest.mark.django_db


@pytest.fixture
def link() -> str:
    """The care link of one who gave."""
    ada = donor()
    given(ada)
    return care_url_of(ada).removeprefix("http://testserver")


@pytest.fixture
def thanks() -> str:
    """The page that tells where to send what was promised."""
    pledge = note_pledge(campaign=make_campaign(), amount=usd(2500), name="Ada", email="ada@example.org")
    return f"/support/thanks/{pledge.reference}/"


def test_no_page_behind_a_secret_address_repeats_it_in_the_bar(client: CheckingClient, link: str, thanks: str) -> None:
    for path in (link, f"{link}2026/", "/support/care/void/", "/-/notify/manage/void/", "/-/sign-in/void/", thanks):
        reply = client.get(path)
        page = BeautifulSoup(reply.content, "html.parser")
        bar = page.select_one("#account-link")
        assert bar is not None, path
        assert bar["href"] == "/accounts/login/", path
        assert reply["Cache-Control"] == "private, no-store", path
        # Other sites learn that somebody came from here, and never from which page.
        assert reply["Referrer-Policy"] == "strict-origin-when-cross-origin", path
    ordinary = BeautifulSoup(client.get("/support/care/").content, "html.parser").select_one("#account-link")
    assert ordinary is not None
    assert ordinary["href"] == "/accounts/login/?next=/support/care/"


def test_every_secret_part_of_an_address_bears_a_name_that_is_known_as_one() -> None:
    """So that no new page is forgotten: what converts to free text is a key, or is named here as none."""
    free = {name for name, route in parts(get_resolver()) if f"<str:{name}>" in route}
    assert {"token"} <= free <= {"token", *OPEN}


OPEN = {"name", "slug"}


def parts(resolver: URLResolver, before: str = "") -> list[tuple[str, str]]:
    """Return the parts of all addresses of this site's own apps, each with its whole address."""
    found: list[tuple[str, str]] = []
    for entry in resolver.url_patterns:
        route = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            found += parts(entry, route)
        elif isinstance(entry, URLPattern) and entry.callback.__module__.startswith("masthead."):
            found += [(name, route) for name in entry.pattern.converters]
    return found


def test_a_merged_giver_s_page_leads_on_by_his_own_link(client: CheckingClient, link: str) -> None:
    """The link of the row he is now may be another person's after all, and staff part the two again."""
    ada, other = Donor.objects.get(), donor("A. Venn-Lind", "work@example.org")
    care_url_of(other)
    merge_donors(donor=ada, into=other, by=None)
    other.refresh_from_db()
    page = client.get(link)
    assert "What you have given" in shown(page)
    assert f'action="{link}"'.encode() in page.content
    assert care_path(other).encode() not in page.content
    assert client.post(link, {"do": "list"})["Location"] == f"{link}?done=list"
    assert f'href="{link}"'.encode() in client.get(f"{link}2026/").content


def test_an_address_that_fits_nothing_is_no_key(client: CheckingClient) -> None:
    assert not is_a_key(client.get("/nowhere/").wsgi_request)


def test_a_campaign_without_a_text_leaves_no_gap(client: CheckingClient) -> None:
    make_campaign()
    page = BeautifulSoup(client.get("/support/fund/").content, "html.parser")
    inside = page.select(".giving > *")
    assert inside
    assert inside[0].get_text(strip=True)


def test_the_form_says_who_sees_the_name_and_how_that_changes(client: CheckingClient) -> None:
    make_campaign()
    said = shown(client.get("/support/"))
    assert "Only the newsroom sees it, unless you ask below to be thanked by name." in said
    assert "You may thank me in public by this name; otherwise I stay unnamed" in said
