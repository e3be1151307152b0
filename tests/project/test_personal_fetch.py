"""What a page that is the same for everybody learns of the person before it, in one fetch afterwards."""

from __future__ import annotations

import pytest
from bs4 import Tag
from django.core import mail
from django.urls import reverse

from masthead.accounts.models import User
from masthead.publishing.testing import make_article
from tests.accounts.test_sign_in import code_in
from tests.client import CheckingClient
from tests.discussion.visits import FRAGMENT, soup

pytestmark = pytest.mark.django_db
FLAG = "masthead_known"


def sign_in(client: CheckingClient, address: str) -> None:
    """Sign in by the code that is sent to this address."""
    sent = client.post("/accounts/login/", {"login": address})
    client.post(sent["Location"], {"code": code_in(mail.outbox[-1])})


def account_link(client: CheckingClient, thread: str) -> Tag | None:
    """Return the link that takes the place of *Sign in* on the page of this thread."""
    reply = client.get(reverse("discussion:me"), {"thread": thread}, headers=FRAGMENT)
    assert "no-store" in reply["Cache-Control"]
    return soup(reply).select_one("[data-replaces='#account-link']")


def test_who_signs_in_gets_a_flag_that_scripts_may_read_and_that_names_nobody(
    client: CheckingClient, ada: User
) -> None:
    story = make_article().url
    client.get(story)
    assert FLAG not in client.cookies
    sign_in(client, ada.email)
    assert client.cookies[FLAG].value == "1"
    assert not client.cookies[FLAG]["httponly"]
    assert client.cookies[FLAG]["samesite"] == "Lax"


def test_the_bar_leads_a_member_to_his_account_and_a_guest_to_the_entrance(client: CheckingClient, ada: User) -> None:
    article = make_article()
    thread = f"article:{article.pk}"
    page = soup(client.get(article.url))
    assert [link.get_text() for link in page.select("#account-link")] == ["Sign in"]
    assert account_link(client, thread) is None
    sign_in(client, ada.email)
    link = account_link(client, thread)
    assert link is not None
    assert link.get_text() == "Ada"
    assert link["href"] == reverse("accounts:profile")
    again = soup(client.get(article.url))
    assert again.select_one("#account-link") == page.select_one("#account-link")
