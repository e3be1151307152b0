"""Threads in which readers ask and the newsroom answers: what is answered follows from who wrote."""

from __future__ import annotations

import pytest
from bs4 import Tag
from django.db import connection
from django.test.utils import CaptureQueriesContext

from masthead.accounts.models import User
from masthead.discussion.rules.query import parse
from masthead.discussion.selectors import ThreadPage, drift, thread_page
from masthead.discussion.services import post_comment, remove_comment
from masthead.discussion.testing import FakeSubjectDirectory, make_comment, make_guest, make_member
from masthead.project.answers.discussion import PublishedSubjects
from masthead.publishing.testing import make_article
from tests.client import CheckingClient
from tests.discussion.test_reading import MO
from tests.discussion.visits import soup

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.urls("tests.discussion.host"),
    pytest.mark.usefixtures("subjects", "badges", "reserved", "scorer"),
]


def page(**query: str) -> ThreadPage:
    """Return the page that an address asks for."""
    found = thread_page("article:1", parse(query))
    assert found is not None
    return found


def test_a_question_is_answered_when_the_newsroom_wrote_below_and_open_again_when_that_goes(
    subjects: FakeSubjectDirectory, eve: User
) -> None:
    subjects.put("article:1", kind="questions")
    asked = make_comment(text="When does the ferry leave?")
    make_comment(text="And the bus?")
    post_comment(thread_key="article:1", person=make_guest(), name="Ada", text="At six?", reply_to=asked.public_id)
    assert page().questions == (0, 2)
    answer = post_comment(
        thread_key="article:1", person=make_member(eve), name="Eve", text="At seven.", reply_to=asked.public_id
    )
    assert page().questions == (1, 1)
    assert [comment.public_id for comment in page(filter="answered").comments] == [asked.public_id, answer.public_id]
    assert [comment.source for comment in page(filter="unanswered").comments] == ["And the bus?"]
    remove_comment(comment_id=answer.public_id, moderator=MO, reason="other")
    assert page().questions == (0, 2)
    assert list(drift()) == []


def test_the_filters_say_how_many_and_the_question_says_that_it_is_answered(
    client: CheckingClient, subjects: FakeSubjectDirectory, eve: User
) -> None:
    subjects.put("article:1", kind="questions")
    assert soup(client.get("/article-1/")).select_one("#comments-empty").get_text() == (  # type: ignore[union-attr]
        "No questions yet. Ask the first one."
    )
    asked = make_comment(text="When?")
    make_comment(parent=asked, text="Now.", user=eve, by_newsroom=True)
    make_comment(text="Where?")
    shown = soup(client.get("/article-1/"))
    filters = [item.get_text(" ", strip=True) for item in shown.select(".filter-links li")]
    assert filters[2:4] == ["Unanswered (1)", "Answered (1)"]
    flag = shown.select_one(".flag")
    assert isinstance(flag, Tag)
    assert flag.get_text() == "Answered"
    assert flag.find_parent("article")["id"] == f"comment-{asked.public_id}"  # type: ignore[index]
    subjects.put("article:1")
    assert soup(client.get("/article-1/")).select_one(".flag") is None


def test_the_first_page_of_questions_costs_no_more_than_eight(subjects: FakeSubjectDirectory, eve: User) -> None:
    subjects.put("article:1", kind="questions")
    asked = make_comment()
    make_comment(parent=asked, user=eve, by_newsroom=True)
    with CaptureQueriesContext(connection) as captured:
        page()
    assert len(captured) <= 8


def test_the_editor_chooses_it_with_the_story() -> None:
    article = make_article("Ask the harbour master", discussion_kind="questions")
    other = make_article("News")
    subjects = PublishedSubjects().describe([article.thread_key, other.thread_key])
    assert subjects[article.thread_key].kind == "questions"
    assert subjects[other.thread_key].kind == "comments"
