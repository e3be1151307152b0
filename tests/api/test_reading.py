"""What everybody may read through the API."""

from __future__ import annotations

from typing import Any

import pytest
from django.test.utils import CaptureQueriesContext

from masthead.core.clock import now
from masthead.core.money import Money
from masthead.discussion.models import Comment
from masthead.discussion.testing import make_comment, make_thread
from masthead.funding.testing import make_gift
from masthead.publishing.testing import make_article
from tests.api.calling import Caller, code

pytestmark = pytest.mark.django_db
THREAD = "/api/v1/threads/{thread_key}"
COMMENTS = "/api/v1/threads/{thread_key}/comments"
COMMENT = "/api/v1/comments/{comment_id}"


def ids(reply: Any) -> list[str]:
    """Return the ids of a page's comments."""
    return [item["id"] for item in reply.json()["items"]]


def everything(caller: Caller, key: str, **query: str) -> list[str]:
    """Follow ``next`` to the end."""
    reply = caller.call("get", COMMENTS, thread_key=key, query=query)
    found = ids(reply)
    while reply.json()["next"]:
        path, _mark, more = reply.json()["next"].removeprefix("http://testserver").partition("?")
        reply = caller.client.get(f"{path}?{more}")
        found += ids(reply)
    return found


def test_a_thread_says_its_state_and_counts(caller: Caller, key: str) -> None:
    make_comment(make_thread(key))
    body = caller.call("get", THREAD, thread_key=key).json()
    assert (body["state"], body["comments"], body["inline_comments"]) == ("open", 1, 0)
    assert set(body["sorts"]) >= {"newest", "oldest", "most-voted"}


def test_a_thread_nobody_has_written_in_is_there(caller: Caller, key: str) -> None:
    assert caller.call("get", THREAD, thread_key=key).json()["comments"] == 0
    assert everything(caller, key) == []


def test_several_threads_at_once_without_those_that_are_not_public(caller: Caller, key: str) -> None:
    reply = caller.call("get", "/api/v1/threads", query={"key": [key, "article:999999"]})
    assert [item["key"] for item in reply.json()["items"]] == [key]


def test_cursor_pages_show_every_conversation_once(caller: Caller, key: str) -> None:
    thread = make_thread(key)
    roots = [make_comment(thread, text=f"Root {number}").public_id for number in range(70)]
    assert everything(caller, key, sort="oldest") == roots
    assert everything(caller, key, sort="newest") == roots[::-1]


def test_search_and_filters_narrow_the_list(caller: Caller, key: str) -> None:
    thread = make_thread(key)
    pump = make_comment(thread, text="The pump again")
    make_comment(thread, text="Something else")
    assert ids(caller.call("get", COMMENTS, thread_key=key, query={"q": "pump"})) == [pump.public_id]
    assert ids(caller.call("get", COMMENTS, thread_key=key, query={"filter": "newsroom"})) == []
    assert len(ids(caller.call("get", COMMENTS, thread_key=key, query={"all": "true", "sort": "best"}))) == 2


def test_replies_that_are_not_on_the_page_are_counted(caller: Caller, key: str) -> None:
    root = make_comment(make_thread(key))
    for number in range(12):
        make_comment(parent=root, text=f"Reply {number}")
    reply = caller.call("get", COMMENTS, thread_key=key)
    shown = len(ids(reply)) - 1
    assert reply.json()["more_replies"] == {root.public_id: 12 - shown}
    whole = caller.call("get", COMMENT, comment_id=root.public_id).json()
    assert len(whole["items"]) == 13
    assert {item["root"] for item in whole["items"]} == {root.public_id}


def test_a_reply_names_its_parent_and_stands_in_its_conversation(caller: Caller, key: str) -> None:
    root = make_comment(make_thread(key), text="The root")
    reply = make_comment(parent=root, text="The *reply*", up=2, down=1)
    body = caller.call("get", COMMENT, comment_id=reply.public_id).json()["comment"]
    assert (body["parent"], body["root"], body["depth"]) == (root.public_id, root.public_id, 1)
    assert body["html"].strip() == "<p>The <em>reply</em></p>"
    assert body["votes"] == {"up": 2, "down": 1, "score": 1}


@pytest.mark.parametrize("status", [Comment.Status.HELD, Comment.Status.REMOVED, Comment.Status.DELETED])
def test_of_what_is_not_public_only_its_place_is_shown(caller: Caller, key: str, status: Comment.Status) -> None:
    root = make_comment(make_thread(key), text="SECRET words", name="SECRET name", status=status)
    Comment.objects.filter(pk=root.pk).update(author_email="secret@example.org", hold_reason="unconfirmed")
    make_comment(parent=root, text="An answer")
    reply = caller.call("get", COMMENTS, thread_key=key)
    assert b"secret" not in reply.content.lower()
    assert [(item["status"], bool(item["tombstone"])) for item in reply.json()["items"]] == [
        ("gone", True),
        ("published", False),
    ]
    assert caller.call("get", COMMENT, comment_id=root.public_id).status_code == 404


def test_the_first_page_costs_the_same_whatever_its_size(
    caller: Caller, key: str, django_assert_max_num_queries: Any
) -> None:
    thread = make_thread(key)
    for number in range(30):
        root = make_comment(thread, text=f"Root {number}")
        make_comment(parent=make_comment(parent=root, text=f"A{number}"), text=f"B{number}")
    with django_assert_max_num_queries(8) as found:
        caller.call("get", COMMENTS, thread_key=key)
    assert isinstance(found, CaptureQueriesContext)


def test_public_replies_are_kept_under_what_they_are_made_of(caller: Caller, key: str, campaign: str) -> None:
    comment = make_comment(make_thread(key))
    number = key.removeprefix("article:")
    kept: list[tuple[str, dict[str, Any], str]] = [
        (THREAD, {"thread_key": key}, f"thread:{key}"),
        (COMMENTS, {"thread_key": key}, key),
        (COMMENT, {"comment_id": comment.public_id}, "people"),
        ("/api/v1/stories", {}, f"card:{number}"),
        ("/api/v1/stories/{story_id}", {"story_id": number}, f"article:{number}"),
        ("/api/v1/campaigns/{slug}", {"slug": campaign}, "meter"),
    ]
    for path, at, tag in kept:
        reply = caller.call("get", path, **at)
        assert reply["Cache-Control"] == "public, no-cache", path
        assert tag in reply["Surrogate-Key"].split(), path


def test_stories_are_listed_newest_first_each_once(caller: Caller, key: str) -> None:
    moment = now()
    for number in range(4):  # two at one instant: the cursor must not lose one
        make_article(f"Story {number}", published_at=moment)
    first = caller.call("get", "/api/v1/stories", query={"limit": 2}).json()
    second = caller.client.get(first["next"].removeprefix("http://testserver")).json()
    third = caller.client.get(second["next"].removeprefix("http://testserver")).json()
    found = [item["id"] for page in (first, second, third) for item in page["items"]]
    assert len(set(found)) == len(found) == 5
    assert third["next"] is None


def test_a_story_has_its_text_with_full_addresses(caller: Caller, key: str) -> None:
    number = key.removeprefix("article:")
    body = caller.call("get", "/api/v1/stories/{story_id}", story_id=number).json()
    assert body["thread"] == key
    assert "eleven pages" in body["html"]
    assert body["authors"][0]["url"].startswith("http://testserver/authors/")
    assert [tag["name"] for tag in body["tags"]] == ["Pumps"]


def test_a_draft_is_not_found(caller: Caller) -> None:
    draft = make_article("Not yet", status="draft")
    assert code(caller.call("get", "/api/v1/stories/{story_id}", story_id=draft.pk)) == "api.not_found"
    reply = caller.call("get", THREAD, thread_key=f"article:{draft.pk}")
    assert code(reply) == "discussion.unknown_thread"


def test_the_meter_says_what_the_bar_says(caller: Caller, key: str, campaign: str) -> None:
    make_gift(amount=Money(163_900, "USD"))
    meter = caller.call("get", "/api/v1/campaigns").json()["items"][0]["meter"]
    page = caller.client.get("/support/").content.decode()
    assert (meter["raised_minor"], meter["goal_minor"], meter["percent"]) == (163_900, 500_000, 32)
    assert meter["raised"].replace("\u00a0", " ") in page.replace("\u00a0", " ").replace("&nbsp;", " ")
    assert f'x2="{meter["bar_percent"]}' in page or meter["bar_percent"] in page
    months = caller.call("get", "/api/v1/campaigns/{slug}/months", slug=campaign).json()["items"]
    assert months[0]["net"] == "1639"
    assert caller.call("get", "/api/v1/campaigns/{slug}", slug="other").status_code == 404


def test_no_campaign_is_an_empty_list(caller: Caller, key: str) -> None:
    assert caller.call("get", "/api/v1/campaigns").json() == {"items": []}
