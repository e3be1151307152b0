"""Ten seconds to change one's mind: after posting, after deleting."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from masthead.core.clock import frozen, now
from masthead.discussion import errors
from masthead.discussion.models import Comment, CommentRevision, Deletion
from masthead.discussion.rules.people import Person
from masthead.discussion.selectors import drift
from masthead.discussion.services import (
    approve_comment,
    delete_own_comment,
    edit_comment,
    erase_deleted,
    post_comment,
    take_back_comment,
    undo_deletion,
)
from masthead.discussion.testing import make_comment, make_guest
from masthead.outbox.models import Event
from tests.client import CheckingClient
from tests.discussion.visits import act, follow, send, soup

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.urls("tests.discussion.host"),
    pytest.mark.usefixtures("subjects", "badges", "reserved"),
]
SOON, LATE = timedelta(seconds=9), timedelta(seconds=16)


def post(text: str = "I was there.", mark: str = "ada", **more: Any) -> Comment:
    return post_comment(thread_key="article:1", person=make_guest(mark), name="Ada", text=text, **more)


def facts() -> list[str]:
    return [name.removeprefix("discussion.") for name in Event.objects.order_by("pk").values_list("type", flat=True)]


def test_what_was_deleted_is_hidden_at_once_and_comes_back_as_it_was() -> None:
    with frozen(now()):
        first = post(address="ada@example.org")
        edit_comment(comment_id=first.public_id, person=make_guest(), text="I **was** there.")
        reply = post("Me too.", mark="ben", reply_to=first.public_id)
        delete_own_comment(comment_id=first.public_id, person=make_guest())
        first.refresh_from_db()
        assert (first.is_public, first.thread.comment_count) == (False, 1)
    with frozen(now() + SOON):
        undo_deletion(comment_id=first.public_id, person=make_guest())
    first.refresh_from_db()
    assert (first.status, first.source, first.author_email) == ("published", "I **was** there.", "ada@example.org")
    assert first.revisions.count() == 1
    assert reply.thread.comments.filter(is_listed=True).count() == 2
    assert facts()[-2:] == ["comment-removed", "comment-restored"]
    assert not Deletion.objects.exists()
    assert list(drift()) == []


def test_what_waited_waits_again_and_never_was_public() -> None:
    held = post("See https://pumps.example/")
    delete_own_comment(comment_id=held.public_id, person=make_guest())
    with pytest.raises(errors.UnknownComment):
        approve_comment(comment_id=held.public_id, moderator=Person(may_moderate=True))
    back = undo_deletion(comment_id=held.public_id, person=make_guest())
    assert (back.status, back.hold_reason) == ("held", "links")
    assert facts() == ["comment-held", "comment-removed", "comment-held"]


def test_after_the_seconds_it_is_erased_for_good_and_not_before() -> None:
    with frozen(now()):
        first = post(address="ada@example.org")
        edit_comment(comment_id=first.public_id, person=make_guest(), text="Really.")
        delete_own_comment(comment_id=first.public_id, person=make_guest())
        assert erase_deleted() == 0
    with frozen(now() + LATE):
        with pytest.raises(errors.TooLateToUndo):
            undo_deletion(comment_id=first.public_id, person=make_guest())
        assert erase_deleted() == 1
        assert erase_deleted() == 0
    first.refresh_from_db()
    assert (first.source, first.html, first.author_name, first.author_email, first.text_digest) == ("", "", "", "", "")
    assert not CommentRevision.objects.exists()
    assert list(drift()) == []


def test_posting_is_undone_while_nobody_has_replied() -> None:
    first = post()
    assert take_back_comment(comment_id=first.public_id, person=make_guest()).source == "I was there."
    first.refresh_from_db()
    assert (first.status, first.source, first.is_listed) == ("deleted", "", False)
    second = post()
    post("Me too.", mark="ben", reply_to=second.public_id)
    with pytest.raises(errors.AnsweredAlready):
        take_back_comment(comment_id=second.public_id, person=make_guest())
    third = post("More.")
    with frozen(now() + LATE), pytest.raises(errors.TooLateToUndo):
        take_back_comment(comment_id=third.public_id, person=make_guest())
    assert list(drift()) == []


def test_nobody_undoes_what_others_did() -> None:
    """Rule 4: the real comment is asked whose it is."""
    first = post()
    ben = make_guest("ben")
    with pytest.raises(errors.NotYours):
        take_back_comment(comment_id=first.public_id, person=ben)
    delete_own_comment(comment_id=first.public_id, person=make_guest())
    with pytest.raises(errors.NotYours):
        undo_deletion(comment_id=first.public_id, person=ben)


def test_without_script_both_are_plain_forms(client: CheckingClient, nobody: CheckingClient) -> None:
    page = follow(client, send(client, text="Too quick"))
    comment = Comment.objects.get()
    assert page.select_one(f"form[action$='/{comment.public_id}/undo/'] button") is not None
    assert soup(nobody.get("/article-1/")).select_one("undo-button") is None
    form = soup(act(client, comment, "undo")).select_one("form.comment-form textarea")
    assert form is not None
    assert form.get_text().strip() == "Too quick"
    follow(client, send(client, text="Regretted"))
    comment = Comment.objects.get(source="Regretted")
    page = follow(client, act(client, comment, "delete"))
    assert "Regretted" not in page.get_text()
    assert page.select_one("form button").get_text() == "Undo"  # type: ignore[union-attr]
    assert "Regretted" in follow(client, act(client, comment, "undo")).get_text()


def test_with_script_the_piece_is_replaced_and_the_words_stand_in_the_form(client: CheckingClient) -> None:
    parent = make_comment()
    send(client, script=True, text="A reply", reply_to=parent.public_id, address="ada@example.org")
    comment = Comment.objects.get(source="A reply")
    piece = soup(act(client, comment, "undo", script=True))
    form = piece.select_one(f"[data-append='#reply-{parent.public_id}'] form#reply-form")
    assert form is not None
    assert form.select_one("[name=address]")["value"] == "ada@example.org"  # type: ignore[index]
    assert form.select_one("textarea[data-focus]").get_text().strip() == "A reply"  # type: ignore[union-attr]
    send(client, text="A root")
    piece = soup(act(client, Comment.objects.get(source="A root"), "undo", script=True))
    own = piece.select_one("form[data-replaces='#comment-form']")
    assert own is not None
    assert own.select("[data-replaces]") == [], "nothing is taken out of it on the way"
    assert own.select_one("[name=name]")["value"] == "Ada"  # type: ignore[index]
    send(client, text="Another")
    comment = Comment.objects.get(source="Another")
    assert soup(act(client, comment, "delete", script=True)).select_one("[data-focus] form[action$='/undo/']")
    assert "Another" in soup(act(client, comment, "undo", script=True)).get_text()


def test_too_late_is_said(client: CheckingClient) -> None:
    send(client)
    with frozen(now() + LATE):
        reply = act(client, Comment.objects.get(), "undo")
    assert reply.status_code == 409
    assert "too late" in soup(reply).get_text()
