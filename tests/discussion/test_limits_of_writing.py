"""How long, how often, and until when: what a site may set."""

from __future__ import annotations

from typing import Any

import pytest

from masthead.discussion import errors
from masthead.discussion.services import delete_own_comment, edit_comment, post_comment
from masthead.discussion.testing import make_guest
from tests.client import CheckingClient
from tests.discussion.test_site_settings import decide, page
from tests.discussion.visits import POST, send, soup

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.urls("tests.discussion.host"),
    pytest.mark.usefixtures("subjects", "badges", "reserved"),
]


def post(text: str, mark: str = "ada", **more: Any) -> Any:
    return post_comment(thread_key="article:1", person=make_guest(mark), name="Ada", text=text, **more)


def test_a_site_sets_the_least_and_the_most_characters(client: CheckingClient, settings: Any) -> None:
    decide(settings, min_length=5, max_length=12)
    assert page(client).select_one("#c-text")["maxlength"] == "12"  # type: ignore[index]
    for text, words in [("Yes.", "at least 5"), ("Yes, as I said.", "12 are possible")]:
        reply = send(client, text=text)
        assert reply.status_code == 422
        assert words in soup(reply).select_one("#c-text-error").get_text()  # type: ignore[union-attr]
        with pytest.raises(errors.TextRefused):
            post(text)
    assert send(client, text="Yes, so.").status_code == 303


def test_a_site_sets_how_much_one_person_may_say_under_a_story(settings: Any) -> None:
    decide(settings, comments_per_person=2)
    first = post("One.")
    post("Two.")
    with pytest.raises(errors.EnoughSaid):
        post("Three.")
    post("Another voice.", mark="ben")
    delete_own_comment(comment_id=first.public_id, person=make_guest())
    assert post("Three.").is_public


def test_a_site_may_keep_what_was_answered_as_it_is(client: CheckingClient, settings: Any) -> None:
    first = post("One.")
    post("Two.", mark="ben", reply_to=first.public_id)
    edit_comment(comment_id=first.public_id, person=make_guest(), text="One!")
    decide(settings, edit_after_replies=False)
    with pytest.raises(errors.AnsweredAlready):
        edit_comment(comment_id=first.public_id, person=make_guest(), text="One?")


def test_the_form_brings_tools_that_need_script_and_hides_nothing_without(client: CheckingClient) -> None:
    form = soup(client.get(f"{POST}?thread=article:1")).select_one("form.comment-form")
    assert form is not None
    tools = form.select("comment-tools [role=toolbar] button[type=button]")
    assert [tool.get("aria-label") or tool.get_text() for tool in tools] == [
        *("Bold", "Italic", "Quote", "List", "Code", "Link", "Spoiler")
    ]
