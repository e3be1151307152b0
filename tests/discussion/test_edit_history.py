"""Edits are seen by all, and what they changed by moderators alone."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from masthead.accounts.models import User
from masthead.discussion.rules.diff import changes
from masthead.discussion.services import edit_comment, post_comment
from masthead.discussion.testing import make_guest
from tests.client import CheckingClient
from tests.discussion.test_site_settings import page

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.urls("tests.discussion.host"),
    pytest.mark.usefixtures("subjects", "badges", "reserved"),
]


@given(st.text(max_size=60), st.text(max_size=60))
def test_the_pieces_are_both_texts(before: str, after: str) -> None:
    pieces = changes(before, after)
    assert "".join(piece.text for piece in pieces if piece.kind != "new") == before
    assert "".join(piece.text for piece in pieces if piece.kind != "gone") == after


def test_long_texts_are_compared_line_by_line() -> None:
    before = "one two three four\n" * 1000
    assert [piece.kind for piece in changes(before, f"{before}five")] == ["same", "new"]


def test_all_see_that_and_moderators_see_what(client: CheckingClient, mo: User, eve: User) -> None:
    person = make_guest()
    comment = post_comment(thread_key="article:1", person=person, name="Ada", text="The pump is new.")
    edit_comment(comment_id=comment.public_id, person=person, text="The pump is old.")
    edit_comment(comment_id=comment.public_id, person=person, text="The pumps are old.")
    assert page(client).select_one(".comment-edited").get_text() == "edited"  # type: ignore[union-attr]
    assert "new" not in page(client).select_one("#comment-list").get_text()  # type: ignore[union-attr]
    address = f"/admin/discussion/{comment.public_id}/history/"
    client.force_login(eve)
    assert client.get(address).status_code == 302
    client.force_login(mo)
    shown = BeautifulSoup(client.get(address).content, "html.parser")
    assert [item.get_text() for item in shown.select("main del")] == ["pump", "is", "new"]
    assert [item.get_text() for item in shown.select("main ins")] == ["pumps", "are", "old"]
