"""``@name``: only people of the same thread, found while typing, linked, and told of by id."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from masthead.discussion.models import Comment, Mention
from masthead.discussion.rules.people import Person
from masthead.discussion.selectors.people import names_like
from masthead.discussion.services import approve_comment, edit_comment, post_comment
from masthead.discussion.testing import FakeSubjectDirectory, make_comment, make_guest, make_thread
from masthead.outbox.models import Event
from tests.client import CheckingClient
from tests.discussion.visits import FRAGMENT, soup

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.urls("tests.discussion.host"),
    pytest.mark.usefixtures("subjects", "badges", "reserved"),
]


@pytest.fixture
def henrik() -> Comment:
    """Wrote twice; somebody else was removed, and somebody writes elsewhere."""
    make_comment(name="Henrik Lund")
    make_comment(name="Hidden Person", status="held")
    make_comment(make_thread("article:2"), name="Helen Elsewhere")
    return make_comment(name="Henrik Lund")


def post(text: str, **more: Any) -> Comment:
    return post_comment(thread_key="article:1", person=make_guest(), name="Ada", text=text, **more)


def last_fact() -> dict[str, Any]:
    payload: dict[str, Any] = Event.objects.latest("pk").payload
    return payload


def test_a_name_leads_to_what_its_bearer_wrote_last(client: CheckingClient, henrik: Comment) -> None:
    comment = post("@henrik lund, @Helen Elsewhere and @Hidden Person: why?")
    address = f"/-/comments/{henrik.public_id}/go/"
    assert comment.html.count("<a ") == 1
    assert f'<a href="{address}" rel="nofollow ugc noopener">@henrik lund</a>' in comment.html
    assert client.get(address)["Location"] == f"/article-1/?comment={henrik.public_id}#comment-{henrik.public_id}"
    assert comment.status == "published", "a link to somebody of the thread is no reason to wait"


def test_the_fact_names_comments_and_nobody(henrik: Comment) -> None:
    post("@Henrik Lund?")
    assert last_fact()["mentioned"] == [henrik.public_id]


def test_who_waits_calls_nobody_until_approved(henrik: Comment) -> None:
    comment = post("@Henrik Lund, see https://pumps.example/")
    assert "mentioned" not in last_fact()
    approve_comment(comment_id=comment.public_id, moderator=Person(may_moderate=True))
    assert last_fact()["mentioned"] == [henrik.public_id]


def test_an_edit_calls_only_those_it_had_not_named(henrik: Comment) -> None:
    ben = make_comment(name="Ben")
    comment = post("@Henrik Lund?")
    edit_comment(comment_id=comment.public_id, person=make_guest(), text="@Henrik Lund and @Ben?")
    assert last_fact()["mentioned"] == [ben.public_id]
    edit_comment(comment_id=comment.public_id, person=make_guest(), text="@Ben?")
    assert list(Mention.objects.values_list("mentioned", flat=True)) == [ben.pk]


def test_nobody_calls_himself_and_nobody_calls_a_crowd() -> None:
    first = post("I begin.")
    for number in range(12):
        make_comment(name=f"Reader {number:02}")
    text = " ".join(f"@Reader {number:02}" for number in range(12))
    comment = post(f"@Ada {text}")
    assert comment.html.count("<a ") == 13
    assert comment.mentions.count() == 10
    assert not comment.mentions.filter(mentioned=first).exists()


def test_names_are_offered_from_this_thread_alone(
    client: CheckingClient, henrik: Comment, subjects: FakeSubjectDirectory
) -> None:
    address = "/-/comments/names/?thread=article:1&q="
    assert [item.get_text() for item in soup(client.get(f"{address}HE", headers=FRAGMENT)).select("li")] == [
        "Henrik Lund"
    ]
    assert names_like("article:1", "lun") == ["Henrik Lund"]
    assert soup(client.get(address, headers=FRAGMENT)).select("li") == [], "there is no list of everybody"
    subjects.put("article:1", is_public=False)
    assert client.get(f"{address}he", headers=FRAGMENT).status_code == 404


def test_asking_for_names_has_a_limit(client: CheckingClient, henrik: Comment) -> None:
    replies = [client.get("/-/comments/names/?thread=article:1&q=h", headers=FRAGMENT) for _ in range(121)]
    assert (replies[0].status_code, replies[-1].status_code) == (200, 429)


def test_a_text_without_names_asks_nothing_more(henrik: Comment) -> None:
    with CaptureQueriesContext(connection) as plain:
        post("No names, but ada@example.org.")
    assert not any("author_name" in query["sql"] and "SELECT" in query["sql"][:7] for query in plain.captured_queries)


def test_the_preview_shows_the_link(client: CheckingClient, henrik: Comment) -> None:
    reply = client.post("/-/comments/preview/", {"thread": "article:1", "text": "@Henrik Lund!"}, headers=FRAGMENT)
    assert soup(reply).select_one("a") is not None
