"""Pieces for the page's script, and what is one's own; each also works as a plain address."""

from __future__ import annotations

from typing import Any

import pytest

from masthead.accounts.models import User
from masthead.discussion.models import Comment
from masthead.discussion.testing import (
    FakeReservedNames,
    make_comment,
    make_note,
    make_thread,
)
from tests.client import CheckingClient
from tests.discussion.visits import FRAGMENT, POST, act, send, soup

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.urls("tests.discussion.host"),
    pytest.mark.usefixtures("subjects", "badges", "reserved"),
]


def test_an_answer_to_marked_words_appears_beside_them(client: CheckingClient) -> None:
    make_note(make_thread())
    piece = soup(send(client, script=True, passage="p1", text="For nine years."))
    assert "For nine years." in piece.select_one("li[data-focus]").get_text()  # type: ignore[union-attr]
    assert Comment.objects.get().quote == "the older type of pump"


def test_preview_shows_the_text_and_stores_nothing(client: CheckingClient) -> None:
    piece = client.post("/-/comments/preview/", {"text": "**loud**"}, headers=FRAGMENT).content.decode()
    assert "<strong>loud</strong>" in piece
    page = soup(client.post("/-/comments/preview/", {"text": "**loud**", "name": "Ada", "thread": "article:1"}))
    assert page.select_one(".preview strong") is not None
    assert page.select_one("textarea").get_text().strip() == "**loud**"  # type: ignore[union-attr]
    assert page.select_one("[name=name]")["value"] == "Ada"  # type: ignore[index]
    assert Comment.objects.count() == 0


def test_the_list_of_ones_own_comments_is_for_oneself(client: CheckingClient, nobody: CheckingClient) -> None:
    assert "listed here" in soup(client.get("/-/comments/mine/")).get_text()
    send(client, text="Mine alone")
    held = send(client, text="https://x.example/")
    assert held.status_code == 303
    page = soup(client.get("/-/comments/mine/"))
    assert "Mine alone" in page.get_text()
    assert "until an editor has read it" in page.get_text()
    assert "Mine alone" not in soup(nobody.get("/-/comments/mine/")).get_text()


def test_the_script_learns_what_is_ones_own(client: CheckingClient, ada: User) -> None:
    send(client)
    other = make_comment(name="Ben")
    act(client, other, "vote", value="down")
    piece = soup(client.get("/-/comments/me/?thread=article:1", headers=FRAGMENT))
    mine = Comment.objects.get(author_name="Ada")
    assert piece.select_one(f"[data-replaces='#more-{mine.public_id}']") is not None
    pressed = piece.select_one(f"[data-replaces='#votes-{other.public_id}'] [aria-pressed=true]")
    assert pressed is not None
    assert pressed["value"] == "down"
    client.force_login(ada)
    assert "You write as Ada." in client.get("/-/comments/me/?thread=article:1", headers=FRAGMENT).content.decode()


def test_members_write_under_their_own_name(client: CheckingClient, ada: User) -> None:
    client.force_login(ada)
    page = soup(client.get(f"{POST}?thread=article:1"))
    assert "You write as Ada." in page.get_text()
    assert page.select_one("[name=name]") is None
    send(client, name="")
    assert Comment.objects.get().user == ada


def test_members_keep_their_rights_in_another_browser(client: CheckingClient, ada: User) -> None:
    client.force_login(ada)
    send(client)
    elsewhere = CheckingClient()
    elsewhere.force_login(ada)
    assert act(elsewhere, Comment.objects.get(), "edit", text="From my phone").status_code == 303


def test_the_script_gets_another_order_and_the_next_page(client: CheckingClient) -> None:
    for number in range(25):
        make_comment(text=f"Text {number}", recount=number == 24)
    address = "/-/comments/list/?thread=article:1"
    sorted_ = soup(client.get(f"{address}&sort=oldest", headers=FRAGMENT))
    assert sorted_.select_one("#comment-thread [aria-current=true][data-focus]").get_text() == "Oldest"  # type: ignore[union-attr]
    link = sorted_.select_one("a[rel=next]")
    assert link is not None
    more = soup(client.get(str(link["data-from"]), headers=FRAGMENT))
    assert len(more.select("article.comment")) == 15
    assert more.select_one("a[rel=next]") is None
    plain = client.get(str(link["data-from"]))
    assert plain.status_code == 302
    assert plain["Location"].startswith("/article-1/?sort=oldest&after=")


def test_folded_replies_open_in_place_at_the_first_new_one(client: CheckingClient) -> None:
    root = make_comment(text="root")
    make_comment(text="another root")
    for number in range(12):
        make_comment(parent=root, text=f"reply {number}")
    fold = soup(client.get("/article-1/")).select_one(".folded a[data-live]")
    assert fold is not None
    piece = soup(client.get(str(fold["data-from"]), headers=FRAGMENT))
    replies = piece.select("article.comment")
    assert len(replies) == 12
    focused = [reply.get_text(" ", strip=True) for reply in piece.select("[data-focus]")]
    assert len(focused) == 1
    plain = client.get(str(fold["data-from"]))
    assert plain["Location"] == f"/article-1/?comment={root.public_id}#comment-{root.public_id}"


@pytest.mark.parametrize(
    "path",
    ["list/?thread=none", "me/?thread=none", "post/?thread=none", "nothing/replies/", "nothing/reply/"],
)
def test_what_is_unknown_is_answered_with_a_sentence(client: CheckingClient, path: str) -> None:
    response = client.get(f"/-/comments/{path}")
    assert response.status_code in {404, 409}
    assert len(soup(response).get_text()) > 20


@pytest.mark.parametrize("name", ["\x00", "🦆" * 20, "A" * 300, "{{ 7*7 }}", "</textarea><script>"])
def test_odd_names_and_texts_never_break_a_page(client: CheckingClient, name: str) -> None:
    response = send(client, name=name, text=name * 3)
    assert response.status_code in {303, 422}
    assert b"<script>" not in client.get("/article-1/").content.replace(b'<script src="', b"")


def test_a_request_without_any_field_is_refused_calmly(client: CheckingClient) -> None:
    values: dict[str, Any] = {}
    assert client.post(POST, values).status_code == 422
    assert client.post("/-/comments/preview/", values).status_code == 200


def test_the_newsroom_name_of_the_fake_is_reserved(client: CheckingClient, reserved: FakeReservedNames) -> None:
    reserved.names = ["Eve"]
    assert send(client, name="ÈVE").status_code == 422


def test_ones_own_comment_that_waits_is_shown_to_oneself_alone(client: CheckingClient, nobody: CheckingClient) -> None:
    send(client, text="https://x.example/")
    held = Comment.objects.get()
    address = "/-/comments/me/?thread=article:1"
    own = soup(client.get(address, headers=FRAGMENT)).select_one(
        f"[data-prepend='#comment-list'] > #comment-{held.public_id}"
    )
    assert own is not None
    assert own.select_one(".held") is not None
    assert held.public_id not in nobody.get(address, headers=FRAGMENT).content.decode()
