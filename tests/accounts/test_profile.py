"""One's own page: the name others see, and the way out."""

from __future__ import annotations

import pytest

from masthead.accounts.testing import make_user
from tests.client import CheckingClient

pytestmark = pytest.mark.django_db


def test_the_name_others_see_can_be_changed(client: CheckingClient) -> None:
    ada = make_user()
    client.force_login(ada)
    page = client.get("/accounts/profile/").content.decode()
    assert "ada@example.org" in page
    reply = client.post("/accounts/profile/", {"display_name": "Ada\u202e\n of the Harbour"})
    assert "Saved." in client.get(reply["Location"]).content.decode()
    ada.refresh_from_db()
    assert ada.name == "Ada of the Harbour"


def test_a_name_that_is_too_long_is_kept_and_said(client: CheckingClient) -> None:
    client.force_login(make_user())
    reply = client.post("/accounts/profile/", {"display_name": "y" * 81})
    assert reply.status_code == 422
    assert "y" * 81 in reply.content.decode()


def test_who_is_not_signed_in_is_asked_to(client: CheckingClient) -> None:
    assert client.get("/accounts/profile/")["Location"] == "/accounts/login/?next=/accounts/profile/"


def test_the_bar_links_to_the_door_with_the_way_back(client: CheckingClient) -> None:
    assert 'href="/accounts/login/?next=/nowhere/"' in client.get("/nowhere/").content.decode()
    assert 'href="/accounts/login/"' in client.get("/accounts/login/").content.decode()


def test_who_is_signed_in_finds_their_page_behind_the_same_link(client: CheckingClient) -> None:
    client.force_login(make_user())
    assert client.get("/accounts/login/?next=/x/")["Location"] == "/accounts/profile/"
