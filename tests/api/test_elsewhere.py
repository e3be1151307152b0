"""The API for pages of other sites: listed ones alone, with a token or as nobody, never with a cookie."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.conf import settings
from django.test import override_settings

from masthead.accounts.models import User
from masthead.discussion.models import Comment, Vote
from masthead.discussion.testing import make_comment, make_thread
from masthead.project.sections import EmbedConfig
from tests.api.calling import Caller, code
from tests.api.test_tokens import token_of
from tests.api.test_writing import COMMENTS, MINE, VOTE, member

pytestmark = pytest.mark.django_db
CLUB = "https://club.example"
FROM_CLUB = {"Origin": CLUB, "Sec-Fetch-Site": "cross-site"}
FROM_STRANGER = {"Origin": "https://stranger.example", "Sec-Fetch-Site": "cross-site"}
GUEST = "Masthead-Guest"


@pytest.fixture(autouse=True)
def club_is_listed() -> Iterator[None]:
    """A site that lists the club and its neighbour."""
    embed = EmbedConfig(origins=[CLUB, "https://other.example"])
    with override_settings(MASTHEAD=replace(settings.MASTHEAD, embed=embed)):
        yield


def post(caller: Caller, key: str, **headers: str) -> Any:
    """Post as Ada from a page of another site."""
    body = {"name": "Ada", "text": f"I was there, with {len(headers)}."}
    return caller.call("post", COMMENTS, body, thread_key=key, headers=headers)


def test_a_page_of_a_listed_site_posts_and_its_guest_is_known_by_a_token(key: str) -> None:
    reply = post(Caller(), key, **FROM_CLUB)
    assert reply.status_code == 201
    assert not reply.cookies
    headers = {**FROM_CLUB, GUEST: reply[GUEST]}
    mine = Caller().call("get", MINE, thread_key=key, headers=headers).json()
    assert [item["id"] for item in mine["comments"]] == [reply.json()["id"]]
    again = Caller().call("put", VOTE, {"value": "up"}, comment_id=reply.json()["id"], headers=headers)
    assert code(again) == "discussion.own_comment"
    assert GUEST not in again, "who is known gets no second token"


def test_a_guests_token_says_nothing_from_anywhere_else(key: str) -> None:
    token = post(Caller(), key, **FROM_CLUB)[GUEST]
    for headers in ({}, {"Origin": "https://other.example", "Sec-Fetch-Site": "cross-site"}):
        mine = Caller().call("get", MINE, thread_key=key, headers={**headers, GUEST: token}).json()
        assert mine["comments"] == []
    caller = Caller()
    for value in (token, token.rpartition(":")[0]):
        caller.client.cookies["masthead_guest"] = value
        assert caller.call("get", MINE, thread_key=key).json()["comments"] == []


def test_a_stranger_writes_nothing(key: str) -> None:
    reply = post(Caller(), key, **FROM_STRANGER)
    assert (reply.status_code, code(reply)) == (403, "api.forbidden")
    assert not Comment.objects.exists()


def test_what_the_browser_holds_does_not_come_along(ada: User, key: str) -> None:
    comment = make_comment(make_thread(key))
    caller = member(ada)
    reply = caller.call("get", MINE, thread_key=key, headers=FROM_CLUB)
    assert reply.json()["person"]["is_member"] is False
    caller.call("put", VOTE, {"value": "up"}, comment_id=comment.public_id, headers=FROM_CLUB)
    assert not Vote.objects.get().voter.startswith("u"), "the vote is a guest's and not Ada's"
    assert caller.call("get", MINE, thread_key=key).json()["person"]["is_member"] is True


def test_a_token_of_the_api_is_of_use_on_a_listed_site(ada: User, key: str) -> None:
    caller = Caller(token=token_of(ada))
    guest = post(Caller(), key, **FROM_CLUB)[GUEST]
    reply = post(caller, key, **FROM_CLUB, **{GUEST: guest})
    assert reply.json()["author"]["name"] == "Ada"
    assert Comment.objects.latest("id").user == ada


@pytest.mark.parametrize("path", ["/-/comments/post/", "/support/", "/accounts/login/"])
def test_forms_are_not_open_to_a_listed_site(path: str) -> None:
    assert Caller().client.post(path, {"text": "Forged"}, headers=FROM_CLUB).status_code == 403


def test_a_site_that_lists_nobody_has_no_pieces_for_others() -> None:
    with override_settings(MASTHEAD=replace(settings.MASTHEAD, embed=EmbedConfig())):
        for path in ("/embed.js", "/-/embed/comments/?thread=article:1"):
            assert Caller().client.get(path).status_code == 404
