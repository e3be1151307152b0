"""What a page that stands open is brought: what came and what changed, and nothing else."""

from __future__ import annotations

import json
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from masthead.discussion.models import Comment
from masthead.discussion.presenters import offers
from masthead.discussion.testing import FakeSubjectDirectory, make_comment, make_thread
from tests.client import CheckingClient
from tests.discussion.visits import FRAGMENT, soup

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.urls("tests.discussion.host"),
    pytest.mark.usefixtures("subjects", "badges", "reserved"),
]


def bring(client: CheckingClient, *added: Comment, changed: tuple[Comment, ...] = (), thread: str = "article:1") -> Any:
    """Ask as the page's script does."""
    query = {
        "thread": thread,
        "id": [item.public_id for item in added],
        "changed": [item.public_id for item in changed],
    }
    return client.get("/-/comments/new/", query, headers=FRAGMENT)


def piece(client: CheckingClient, *added: Comment, changed: tuple[Comment, ...] = ()) -> BeautifulSoup:
    """Return what is brought."""
    return soup(bring(client, *added, changed=changed))


def test_a_new_comment_comes_first_and_an_answer_below_what_it_answers(client: CheckingClient) -> None:
    root = make_comment(text="A root", up=1)
    reply = make_comment(parent=root, text="A reply")
    found = piece(client, reply, root)
    places = {
        part.article["id"]: (part["data-append"], part["data-prepend"])  # type: ignore[index]
        for part in found.select("[data-append]")
    }
    assert places == {
        f"comment-{root.public_id}": ("", "#comment-list"),
        f"comment-{reply.public_id}": (f"#replies-{root.public_id}", "#comment-list"),
    }
    assert next(iter(places)) == f"comment-{root.public_id}", "what is answered stands there before its answer comes"
    answer = found.select_one(f"#comment-{reply.public_id} .in-reply-to")
    assert answer is not None
    assert "Henrik Lund" in answer.get_text()


def test_the_number_of_comments_comes_too(client: CheckingClient) -> None:
    make_comment()
    count = piece(client, make_comment()).select_one("[data-replaces='#comments-count']")
    assert count is not None
    assert count.get_text() == "2 comments"


def test_a_changed_text_takes_its_place(client: CheckingClient) -> None:
    edited = make_comment(text="Better words")
    text = piece(client, changed=(edited,)).select_one(f"[data-replaces='#text-{edited.public_id}']")
    assert text is not None
    assert text.get_text(strip=True) == "Better words"


@pytest.mark.parametrize("status", [Comment.Status.REMOVED, Comment.Status.HELD, Comment.Status.DELETED])
def test_of_what_was_taken_back_a_sentence_is_left(client: CheckingClient, status: str) -> None:
    gone = make_comment(text="Taken back")
    Comment.objects.filter(pk=gone.pk).update(status=status)
    found = piece(client, gone, changed=(gone,))
    assert found.select_one(f"p.tombstone#text-{gone.public_id}") is not None
    assert "Taken back" not in found.get_text()
    assert found.article is None


def test_what_never_was_public_is_not_told_of(client: CheckingClient) -> None:
    held = make_comment(text="Not yet", status=Comment.Status.HELD)
    assert held.public_id not in str(piece(client, held, changed=(held,)))


def test_a_comment_of_another_thread_is_not_brought(client: CheckingClient, subjects: FakeSubjectDirectory) -> None:
    subjects.put("article:2")
    other = make_comment(make_thread("article:2"))
    make_comment()
    assert other.public_id not in str(piece(client, other, changed=(other,)))


def test_an_unknown_thread_is_refused(client: CheckingClient) -> None:
    assert bring(client, thread="article:9").status_code == 404


def test_others_are_led_to_the_story(client: CheckingClient) -> None:
    make_comment()
    reply = client.get("/-/comments/new/", {"thread": "article:1"})
    assert reply.status_code == 302
    assert reply["Location"].endswith("#comments")


def test_many_are_brought_in_few_queries(
    client: CheckingClient, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    root = make_comment()
    replies = [make_comment(parent=root, recount=False) for _ in range(60)]
    with django_assert_max_num_queries(5):
        found = piece(client, root, *replies)
    assert len(found.select("article.comment")) == 50


def test_the_offer_knows_all_plural_forms() -> None:
    with translation.override("en"):
        texts = json.loads(offers())
    assert (texts["1"], texts["5"]) == ("# new comment - show", "# new comments - show")
    assert texts["0"] == "Comments have changed - show"
