"""What a page that is the same for everybody learns of the person before it, in one fetch afterwards."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from bs4 import Tag
from django.core import mail
from django.urls import reverse

from masthead.accounts.models import User
from masthead.accounts.testing import make_user
from masthead.funding.testing import make_gift
from masthead.outbox.testing import deliver_all
from masthead.project.sections import EmbedConfig
from masthead.publishing.testing import make_article
from tests.accounts.test_sign_in import code_in
from tests.client import CheckingClient
from tests.discussion.visits import ADA, FRAGMENT, button, prove, soup

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


def days(client: CheckingClient, thread: str, address: str = "", **headers: str) -> str:
    """Return for how many days the personal fetch lets this browser be asked no more; empty for not at all."""
    path = address or reverse("discussion:me")
    note = soup(client.get(path, {"thread": thread}, headers={**FRAGMENT, **headers})).select_one("gave-note")
    return str(note["data-days"]) if note else ""


def test_who_gives_from_a_proven_address_is_asked_no_more_in_the_browser_where_he_is_known(
    client: CheckingClient, ada: User
) -> None:
    """The page stays the same for everybody; what one gives is told to oneself alone."""
    make_gift(contact=ada.email)
    deliver_all()
    article = make_article()
    assert days(client, article.thread_key) == ""
    client.force_login(make_user("ben@example.org"))
    assert days(client, article.thread_key) == ""
    client.force_login(ada)
    assert days(client, article.thread_key) == "31"
    EmailAddress.objects.update(verified=False)
    assert days(client, article.thread_key) == ""


def test_a_guest_is_told_it_here_and_never_on_the_page_of_another_site(client: CheckingClient, settings: Any) -> None:
    """Scripts of that page read what stands on it."""
    discussion = replace(settings.MASTHEAD.discussion, guests="verified")
    embed = EmbedConfig(origins=["https://club.example"])
    settings.MASTHEAD = replace(settings.MASTHEAD, discussion=discussion, embed=embed)
    make_gift(contact=ADA)
    deliver_all()
    key = make_article().thread_key
    prove(client, thread=key)
    assert days(client, key) == "31"
    elsewhere = CheckingClient()
    from_club = {"Origin": "https://club.example", "Sec-Fetch-Site": "cross-site"}
    written = {"thread": key, "name": "Ada", "text": "From the club.", "address": ADA}
    sent = elsewhere.post("/-/embed/comments/post/", written, headers=from_club)
    CheckingClient().post(button(), {"trusts_writer": "1"})
    own = {**from_club, "Masthead-Guest": sent["Masthead-Guest"]}
    reply = elsewhere.get("/-/embed/comments/me/", {"thread": key}, headers=own)
    assert "From the club." in reply.content.decode() or "data-replaces" in reply.content.decode()
    assert days(elsewhere, key, "/-/embed/comments/me/", **own) == ""
