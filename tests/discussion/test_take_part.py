"""Taking part over HTTP, with plain forms and with the page's script."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from masthead.core.clock import frozen, now
from masthead.discussion.models import Comment, Vote
from masthead.discussion.selectors import drift
from masthead.discussion.services import erase_deleted
from masthead.discussion.testing import (
    FakeSubjectDirectory,
    make_comment,
)
from tests.client import CheckingClient
from tests.discussion.visits import FRAGMENT, POST, act, follow, send, soup

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.urls("tests.discussion.host"),
    pytest.mark.usefixtures("subjects", "badges", "reserved"),
]


def test_without_script_one_lands_at_the_own_comment_with_its_controls(client: CheckingClient) -> None:
    response = send(client)
    comment = Comment.objects.get()
    assert response["Location"] == f"/article-1/?mine={comment.public_id}#comment-{comment.public_id}"
    own = follow(client, response).select_one(f"#comment-{comment.public_id}")
    assert own is not None
    assert [link.get_text() for link in own.select(".more a")] == ["Link to this comment", "Edit", "Delete"]


def test_the_page_for_one_person_is_never_stored(client: CheckingClient) -> None:
    address = send(client)["Location"].split("#")[0]
    assert client.get(address)["Cache-Control"] == "private, no-store"


def test_others_see_no_controls_under_the_same_address(client: CheckingClient, nobody: CheckingClient) -> None:
    """Rule 12: the address of a page proves nothing."""
    address = send(client)["Location"].split("#")[0]
    assert "Delete" not in soup(nobody.get(address)).get_text()


def test_with_script_the_comment_comes_back_as_a_piece_with_focus_and_words(client: CheckingClient) -> None:
    piece = soup(send(client, script=True))
    article = piece.select_one("article.comment-new[data-focus]")
    assert article is not None
    assert "I was there." in article.get_text()
    count = piece.select_one("[data-replaces='#comments-count']")
    assert count is not None
    assert (count.get_text(), count["data-announce"]) == ("1 comment", "Comment posted.")


def test_a_held_comment_says_that_only_its_writer_sees_it(client: CheckingClient, nobody: CheckingClient) -> None:
    response = send(client, text="See https://pumps.example/")
    assert "Only you see this until an editor has read it." in follow(client, response).get_text()
    assert "pumps.example" not in soup(nobody.get("/article-1/")).get_text()
    piece = soup(send(client, text="And https://gates.example/", script=True))
    assert piece.select_one("[data-announce*='waits for an editor']") is not None


@pytest.mark.parametrize("script", [False, True])
@pytest.mark.parametrize(
    ("values", "field", "status"),
    [
        ({"text": "  "}, "text", 422),
        ({"text": "x" * 5001}, "text", 422),
        ({"name": ""}, "name", 422),
        ({"name": "Marit Oyelaran"}, "name", 422),
        ({"address": "ada at home"}, "address", 422),
        ({"reply_to": "0000000000000000"}, "", 409),
        ({"passage": "p9"}, "", 409),
        ({"thread": "article:9"}, "", 404),
        ({"thread": ""}, "", 422),
    ],
)
def test_a_refusal_keeps_what_was_typed_and_says_what_to_do(
    client: CheckingClient, values: dict[str, str], field: str, status: int, script: bool
) -> None:
    typed = {"text": "Many careful words.", "name": "Ada Venn", "address": "ada@example.org", **values}
    response = send(client, script=script, **typed)
    assert response.status_code == status
    form = soup(response).select_one("form.comment-form")
    assert form is not None
    kept = form.select_one("textarea")
    assert kept is not None
    assert kept.get_text().strip() == typed["text"].strip()
    assert form.select_one("[name=name]")["value"] == typed["name"]  # type: ignore[index]
    if field:
        box = form.select_one(f"[name={field}]")
        assert box is not None
        assert box["aria-invalid"] == "true"
        assert form.select_one(f"#{box['aria-describedby']}") is not None
    assert Comment.objects.count() == 0


def test_too_many_comments_get_the_form_back_with_the_time_to_wait(client: CheckingClient) -> None:
    with frozen(now().replace(second=10)):
        for number in range(30):
            assert send(client, text=f"Number {number}").status_code == 303
        response = send(client, text="One more, with care")
    assert response.status_code == 429
    assert "One more, with care" in soup(response).get_text()
    assert "50 seconds" in soup(response).get_text()


def test_a_closed_story_keeps_the_text_of_the_late(client: CheckingClient, subjects: FakeSubjectDirectory) -> None:
    subjects.put("article:1", comments="closed")
    response = send(client, text="Late, but long")
    assert response.status_code == 403
    assert "Late, but long" in soup(response).get_text()


def test_reply_without_script_has_a_page_with_the_words_answered(client: CheckingClient) -> None:
    parent = make_comment(text="When was that?", name="Ben")
    page = soup(client.get(f"/-/comments/{parent.public_id}/reply/"))
    assert "When was that?" in page.get_text()
    form = page.select_one("form#reply-form")
    assert form is not None
    assert form.select_one("[name=reply_to]")["value"] == parent.public_id  # type: ignore[index]
    follow(client, send(client, reply_to=parent.public_id))
    assert Comment.objects.get(parent=parent).author_name == "Ada"


def test_reply_with_script_is_a_form_in_place_that_appends(client: CheckingClient) -> None:
    parent = make_comment()
    form = soup(client.get(f"/-/comments/{parent.public_id}/reply/", headers=FRAGMENT)).select_one("form")
    assert form is not None
    assert (form["data-target"], form["data-swap"]) == (f"#replies-{parent.public_id}", "append")


def test_no_reply_to_what_is_not_public(client: CheckingClient) -> None:
    """Rule 4."""
    held = make_comment(status="held")
    assert client.get(f"/-/comments/{held.public_id}/reply/").status_code == 409


def test_a_guest_is_known_again_by_a_signed_cookie_that_scripts_cannot_read(client: CheckingClient) -> None:
    send(client)
    cookie = client.cookies["masthead_guest"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie.value.split(":")[0] not in Comment.objects.get().guest
    client.cookies["masthead_guest"] = cookie.value[:-2] + "xx"
    assert act(client, Comment.objects.get(), "delete").status_code == 403


def test_an_address_or_name_proves_nothing(client: CheckingClient, nobody: CheckingClient) -> None:
    """Rule 12."""
    send(client, address="ada@example.org")
    send(nobody, address="ada@example.org", text="I am Ada, too.")
    first = Comment.objects.order_by("pk")[0]
    for action in ("edit", "delete"):
        assert nobody.get(f"/-/comments/{first.public_id}/{action}/").status_code == 403
        assert act(nobody, first, action, text="Changed").status_code == 403


def test_one_edits_for_fifteen_minutes(client: CheckingClient) -> None:
    send(client)
    comment = Comment.objects.get()
    form = soup(client.get(f"/-/comments/{comment.public_id}/edit/"))
    assert form.select_one("textarea").get_text() == "\nI was there."  # type: ignore[union-attr]
    page = follow(client, act(client, comment, "edit", text="I was **not** there."))
    assert "I was not there." in page.get_text()
    assert page.select_one(".comment-edited") is not None
    assert comment.revisions.get().source == "I was there."
    with frozen(now() + timedelta(minutes=16)):
        late = act(client, comment, "edit", text="Later still")
    assert late.status_code == 403
    assert "Later still" in soup(late).get_text()


def test_editing_passes_the_same_gate_as_posting(client: CheckingClient) -> None:
    """Rule 5: an edit that would have been held when posted takes the comment back for review."""
    send(client)
    comment = Comment.objects.get()
    piece = soup(act(client, comment, "edit", script=True, text="Buy at https://spam.example/"))
    comment.refresh_from_db()
    assert (comment.status, comment.hold_reason) == ("held", "links")
    assert "Only you see this" in piece.get_text()
    assert act(client, comment, "edit", text=" ").status_code == 422
    assert act(client, comment, "edit", text="x" * 5001, script=True).status_code == 422
    assert list(drift()) == []


def test_deleting_erases_words_name_and_address_and_keeps_replies(client: CheckingClient) -> None:
    send(client, address="ada@example.org", text="Regretted")
    comment = Comment.objects.get()
    make_comment(parent=comment, text="An answer", name="Ben")
    assert "Your words, your name" in soup(client.get(f"/-/comments/{comment.public_id}/delete/")).get_text()
    assert "Comment deleted." in follow(client, act(client, comment, "delete")).get_text()
    page = soup(client.get("/article-1/"))
    assert "This comment was deleted by its writer." in page.get_text()
    assert "An answer" in page.get_text()
    with frozen(now() + timedelta(seconds=16)):
        erase_deleted()
    comment.refresh_from_db()
    assert (comment.source, comment.html, comment.author_name, comment.author_email) == ("", "", "", "")
    assert act(client, comment, "delete").status_code == 404


def test_deleting_with_script_puts_a_tombstone_in_place(client: CheckingClient) -> None:
    send(client)
    comment = Comment.objects.get()
    assert soup(client.get(f"/-/comments/{comment.public_id}/delete/", headers=FRAGMENT)).select_one("form") is not None
    piece = soup(act(client, comment, "delete", script=True))
    assert piece.select_one(".tombstone[data-focus]") is not None
    assert piece.select_one("[data-replaces='#comments-count']").get_text() == "0 comments"  # type: ignore[union-attr]


def test_votes_change_and_are_withdrawn(client: CheckingClient) -> None:
    comment = make_comment()
    scores = []
    for value in ("up", "up", "down", "up"):
        piece = soup(act(client, comment, "vote", script=True, value=value))
        scores.append(piece.select_one(".score").get_text())  # type: ignore[union-attr]
    assert scores == ["1", "0", "-1", "1"]
    assert Vote.objects.get().value == 1
    pressed = piece.select("[aria-pressed=true]")
    assert [button["value"] for button in pressed] == ["up"]


def test_a_vote_without_script_shows_itself_on_the_page_for_one(client: CheckingClient) -> None:
    comment = make_comment()
    page = follow(client, act(client, comment, "vote", value="up"))
    assert page.select_one(f"#votes-{comment.public_id} [value=up]")["aria-pressed"] == "true"  # type: ignore[index]
    assert soup(CheckingClient().get("/article-1/")).select("[aria-pressed=true]") == []


def test_nobody_votes_on_the_own_comment(client: CheckingClient) -> None:
    send(client)
    response = act(client, Comment.objects.get(), "vote", script=True, value="up")
    assert response.status_code == 403
    assert "your own comment" in soup(response).get_text()


def test_no_vote_on_what_is_not_public(client: CheckingClient, subjects: FakeSubjectDirectory) -> None:
    """Rule 4."""
    assert act(client, make_comment(status="held"), "vote", value="up").status_code == 404
    comment = make_comment()
    subjects.put("article:1", is_public=False)
    assert act(client, comment, "vote", value="up").status_code == 404


def test_nothing_changes_by_following_a_link(client: CheckingClient) -> None:
    """Rule 2: every change is a POST."""
    send(client)
    comment = Comment.objects.get()
    for action in ("vote", "delete", "edit"):
        client.get(f"/-/comments/{comment.public_id}/{action}/?value=up&text=x")
    comment.refresh_from_db()
    assert (comment.status, comment.source, Vote.objects.count()) == ("published", "I was there.", 0)


def test_a_form_of_another_site_changes_nothing(client: CheckingClient) -> None:
    """Rule 13: the forms carry no token; where the request comes from decides."""
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}):
        data = {"thread": "article:1", "name": "Ada", "text": "Forged"}
        assert Client().post(POST, data, headers=headers).status_code == 403
    assert Comment.objects.count() == 0
