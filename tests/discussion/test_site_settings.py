"""What a site decides about its discussion."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from bs4 import BeautifulSoup

from masthead.accounts.models import User
from masthead.discussion import policies
from masthead.discussion.errors import MembersOnly
from masthead.discussion.models import Comment
from masthead.discussion.ports import Subject
from masthead.discussion.rules.people import NOBODY
from masthead.discussion.services import cast_vote
from masthead.discussion.testing import make_comment, make_guest
from tests.client import CheckingClient
from tests.discussion.visits import POST, send

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.urls("tests.discussion.host"),
    pytest.mark.usefixtures("subjects", "badges", "reserved"),
]


def decide(settings: Any, **choices: Any) -> None:
    """Let the site decide otherwise."""
    settings.MASTHEAD = replace(settings.MASTHEAD, discussion=replace(settings.MASTHEAD.discussion, **choices))


def page(client: CheckingClient) -> BeautifulSoup:
    """Return the article."""
    return BeautifulSoup(client.get("/article-1/").content, "html.parser")


def test_where_members_write_guests_are_led_to_the_door_and_keep_their_text(
    client: CheckingClient, settings: Any
) -> None:
    decide(settings, guests="members")
    link = page(client).select_one("#comment-form a")
    assert link is not None
    response = client.get(str(link["href"]))
    assert response["Location"].startswith("/accounts/login/?next=/-/comments/post/%3Fthread%3Darticle%253A1")
    refused = send(client, text="Long thoughts")
    assert refused.status_code == 403
    assert "Long thoughts" in refused.content.decode()


def test_where_members_write_members_write(client: CheckingClient, settings: Any, ada: User) -> None:
    decide(settings, guests="members")
    client.force_login(ada)
    assert client.get(f"{POST}?thread=article:1").status_code == 200
    assert send(client).status_code == 303


def test_where_members_write_guests_do_not_vote(settings: Any) -> None:
    decide(settings, guests="members")
    with pytest.raises(MembersOnly):
        cast_vote(comment_id=make_comment().public_id, person=make_guest(), direction="up")
    decision = policies.may_comment(NOBODY, Subject("The pumps", "/x/", is_public=True))
    assert isinstance(decision, policies.Denied)
    assert decision.reason_code == "discussion.members_only"


@pytest.mark.parametrize(("hold", "status"), [("none", "published"), ("links", "held"), ("all", "held")])
def test_which_comments_of_guests_wait(client: CheckingClient, settings: Any, hold: str, status: str) -> None:
    decide(settings, hold=hold)
    send(client, text="See https://pumps.example/")
    assert Comment.objects.get().status == status


def test_the_invitation_is_there_only_when_wanted(client: CheckingClient, settings: Any) -> None:
    assert page(client).select_one("invite-card") is None
    decide(settings, invitation=True)
    card = page(client).select_one("invite-card[hidden]")
    assert card is not None
    assert "Would love your thoughts, please comment." in card.get_text()
    assert card.select_one("button[data-dismiss]").get_text() == "Dismiss"  # type: ignore[union-attr]


def test_no_time_to_edit_is_no_editing(client: CheckingClient, settings: Any) -> None:
    decide(settings, edit_window_minutes=0)
    send(client)
    comment = Comment.objects.get()
    assert client.post(f"/-/comments/{comment.public_id}/edit/", {"text": "Other"}).status_code == 403


def test_the_rules_stand_in_one_line(client: CheckingClient, settings: Any) -> None:
    decide(settings, rules="Be kind & brief.")
    assert page(client).select_one(".comments-rules").get_text() == "Be kind & brief."  # type: ignore[union-attr]
