"""What readers do through the API: what the forms refuse is refused here, by the same services."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings

from masthead.accounts.models import User
from masthead.core.clock import frozen, now
from masthead.discussion.models import Comment, Vote
from masthead.discussion.selectors import drift
from masthead.discussion.testing import make_comment, make_thread
from masthead.publishing.models import ArticlePage
from masthead.publishing.testing import make_article
from tests.api.calling import Caller, code
from tests.client import CheckingClient

pytestmark = pytest.mark.django_db
COMMENTS = "/api/v1/threads/{thread_key}/comments"
COMMENT = "/api/v1/comments/{comment_id}"
VOTE = "/api/v1/comments/{comment_id}/vote"
MINE = "/api/v1/threads/{thread_key}/mine"


def post(caller: Caller, key: str, **values: str) -> Any:
    """Post as Ada unless told otherwise."""
    return caller.call("post", COMMENTS, {"name": "Ada", "text": "I was there.", **values}, thread_key=key)


def member(user: User) -> Caller:
    """Return somebody who is signed in."""
    client = CheckingClient()
    client.force_login(user)
    return Caller(client)


def test_a_guest_posts_and_is_known_by_a_cookie_only_afterwards(caller: Caller, key: str) -> None:
    reply = post(caller, key, text="I *was* there.")
    assert reply.status_code == 201
    body = reply.json()
    assert (body["status"], body["author"]["name"]) == ("published", "Ada")
    assert reply["Cache-Control"] == "private, no-store"
    assert caller.client.cookies["masthead_guest"]["httponly"]
    assert caller.client.get(reply["Location"]).json()["comment"]["html"].strip() == "<p>I <em>was</em> there.</p>"
    mine = caller.call("get", MINE, thread_key=key).json()
    assert [item["id"] for item in mine["comments"]] == [body["id"]]
    assert not any(drift())


def test_a_member_writes_under_the_own_name(ada: User, key: str) -> None:
    body = post(member(ada), key, name="Somebody else").json()
    assert body["author"]["name"] == "Ada"
    assert Comment.objects.get().user == ada


def test_a_reply_is_below_what_it_answers(caller: Caller, key: str) -> None:
    root = make_comment(make_thread(key))
    body = post(caller, key, reply_to=root.public_id).json()
    assert (body["parent"], body["root"]) == (root.public_id, root.public_id)


def test_a_held_comment_is_its_writers_alone(caller: Caller, key: str) -> None:
    body = post(caller, key, text="See https://pumps.example/").json()
    assert (body["status"], bool(body["tombstone"])) == ("held", True)
    assert Caller().call("get", COMMENT, comment_id=body["id"]).status_code == 404
    assert caller.call("get", MINE, thread_key=key).json()["comments"][0]["status"] == "held"
    assert Caller().call("get", MINE, thread_key=key).json()["comments"] == []


@pytest.mark.parametrize(
    ("values", "status", "refusal", "field"),
    [
        ({"text": ""}, 422, "discussion.text_refused", "body.text"),
        ({"text": "x" * 5001}, 422, "discussion.text_refused", "body.text"),
        ({"name": "A"}, 422, "discussion.name_refused", "body.name"),
        ({"address": "nobody"}, 422, "discussion.address_refused", "body.address"),
        ({"reply_to": "0" * 16}, 409, "discussion.parent_gone", ""),
        ({"reply_to": "nonsense"}, 422, "api.invalid", "body.reply_to"),
        ({"passage": "p9"}, 409, "discussion.unknown_passage", ""),
    ],
)
def test_what_the_form_refuses(
    caller: Caller, key: str, *, values: dict[str, str], status: int, refusal: str, field: str
) -> None:
    reply = post(caller, key, **values)
    assert (reply.status_code, code(reply)) == (status, refusal)
    assert [item["field"] for item in reply.json()["errors"]] == ([field] if field else [])
    assert not Comment.objects.exists()


def test_a_name_of_the_newsroom_is_not_a_guests(caller: Caller, key: str) -> None:
    assert code(post(caller, key, name="Marit  OYELARAN")) == "discussion.name_reserved"


def test_the_same_words_again_are_not_posted_twice(caller: Caller, key: str) -> None:
    post(caller, key)
    assert code(post(caller, key)) == "discussion.same_text_again"
    assert Comment.objects.count() == 1


def test_closed_threads_take_no_comments_but_are_read(caller: Caller) -> None:
    article = make_article("Closed", comments=ArticlePage.Comments.CLOSED)
    reply = post(caller, f"article:{article.pk}")
    assert (reply.status_code, code(reply)) == (403, "discussion.commenting_closed")
    assert caller.call("get", "/api/v1/threads/{thread_key}", thread_key=f"article:{article.pk}").json()["state"] == (
        "closed"
    )


def test_too_many_are_told_when_to_come_back(caller: Caller, key: str) -> None:
    with frozen(now()):
        replies = [post(caller, key, text=f"Number {number}") for number in range(31)]
    assert [reply.status_code for reply in replies[:30]] == [201] * 30
    assert (replies[30].status_code, code(replies[30])) == (429, "core.too_many_requests")
    assert 0 < int(replies[30]["Retry-After"]) <= 60
    assert replies[0]["RateLimit-Policy"] == '"discussion.post";q=30;w=60'
    left = [reply["RateLimit"].split(";")[1] for reply in replies]
    assert left == [f"r={number}" for number in [*range(29, -1, -1), 0]]


def test_only_the_writer_edits_and_only_in_time(caller: Caller, key: str) -> None:
    comment_id = post(caller, key).json()["id"]
    edited = caller.call("patch", COMMENT, {"text": "I was there, twice."}, comment_id=comment_id)
    assert "twice" in edited.json()["html"]
    assert edited.json()["edited_at"]
    stranger = Caller().call("patch", COMMENT, {"text": "I was not."}, comment_id=comment_id)
    assert code(stranger) == "discussion.not_yours"
    with frozen(now() + timedelta(minutes=settings.MASTHEAD.discussion.edit_window_minutes + 1)):
        late = caller.call("patch", COMMENT, {"text": "Too late"}, comment_id=comment_id)
    assert code(late) == "discussion.edit_window_over"


def test_only_the_writer_deletes_and_can_undo_it(caller: Caller, key: str) -> None:
    comment_id = post(caller, key).json()["id"]
    assert code(Caller().call("delete", COMMENT, comment_id=comment_id)) == "discussion.not_yours"
    assert caller.call("delete", COMMENT, comment_id=comment_id).status_code == 204
    assert caller.call("get", COMMENT, comment_id=comment_id).status_code == 404
    back = caller.call("post", "/api/v1/comments/{comment_id}/restore", comment_id=comment_id)
    assert back.json()["status"] == "published"
    assert not any(drift())


def test_a_vote_stands_however_often_it_is_sent(caller: Caller, key: str) -> None:
    comment = make_comment(make_thread(key))
    for value, votes in (("up", (1, 0, 1)), ("up", (1, 0, 1)), ("down", (0, 1, -1)), ("none", (0, 0, 0))):
        body = caller.call("put", VOTE, {"value": value}, comment_id=comment.public_id).json()
        assert (body["up"], body["down"], body["score"]) == votes
    assert not Vote.objects.exists()
    assert not any(drift())


def test_nobody_votes_for_himself(caller: Caller, key: str) -> None:
    comment_id = post(caller, key).json()["id"]
    assert code(caller.call("put", VOTE, {"value": "up"}, comment_id=comment_id)) == "discussion.own_comment"


def test_a_preview_stores_nothing(caller: Caller, key: str) -> None:
    path = "/api/v1/threads/{thread_key}/preview"
    body = caller.call("post", path, {"text": "**Loud** <script>alert(1)</script>"}, thread_key=key).json()
    assert "<strong>Loud</strong>" in body["html"]
    assert "<script" not in body["html"]
    assert caller.call("post", path, {"text": ""}, thread_key=key).json()["problem"]
    assert not Comment.objects.exists()


def test_writing_from_another_sites_page_does_nothing(caller: Caller, key: str) -> None:
    post(caller, key)
    for method, path, body in (("post", COMMENTS, {"text": "Forged", "name": "Ada"}), ("post", COMMENTS, {})):
        reply = caller.call(method, path, body, thread_key=key, headers={"Origin": "https://elsewhere.example"})
        assert (reply.status_code, code(reply)) == (403, "api.forbidden")
    assert Comment.objects.count() == 1
