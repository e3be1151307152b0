"""Bringing in a discussion from elsewhere: dates, threading and states stay; nobody is told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from masthead.discussion.models import Comment, Thread
from masthead.discussion.selectors import drift
from masthead.discussion.services import ImportedComment, import_comments
from masthead.discussion.testing import make_note, make_thread
from masthead.outbox.models import Event

pytestmark = pytest.mark.django_db
MARCH = datetime(2019, 3, 1, 12, tzinfo=UTC)


def old(source_id: str, parent: str = "", **changes: Any) -> ImportedComment:
    """Return a comment as another system had it."""
    values: dict[str, Any] = {
        "author_name": "Ada",
        "body": "<p>Old <b>words</b>.</p>",
        "created_at": MARCH + timedelta(minutes=int(source_id) if source_id.isdigit() else 0),
    }
    return ImportedComment(source_id=source_id, parent_source_id=parent, **{**values, **changes})


def bring(*comments: ImportedComment, key: str = "article:1") -> Any:
    """Import under the name that these tests use."""
    return import_comments(thread_key=key, source="wordpress", comments=comments)


def stored(source_id: str) -> Comment:
    """Return the row of an imported comment."""
    return Comment.objects.get(legacy_id=source_id)


def test_threading_dates_and_counts_are_kept() -> None:
    tally = bring(old("1"), old("2", "1"), old("3", "2"), old("4"))
    assert (tally.added, tally.replies, tally.orphans) == (4, 2, ())
    third = stored("3")
    assert (third.parent, third.root, third.depth) == (stored("2"), stored("1"), 2)
    assert third.created_at == MARCH + timedelta(minutes=3)
    assert stored("1").reply_total == 2
    assert Thread.objects.get(key="article:1").comment_count == 4
    assert list(drift()) == []


def test_twice_is_once() -> None:
    bring(old("1"), old("2", "1"))
    tally = bring(old("1"), old("2", "1"))
    assert (tally.added, tally.unchanged) == (0, 2)
    assert Comment.objects.count() == 2
    assert tally.public_ids["2"] == stored("2").public_id


def test_a_later_batch_finds_its_parents() -> None:
    bring(old("1"))
    tally = bring(old("2", "1"), old("3", "2"))
    assert tally.orphans == ()
    assert stored("3").root == stored("1")
    assert list(drift()) == []


def test_same_id_in_two_stories_is_two_comments() -> None:
    bring(old("11"))
    bring(old("11"), key="article:2")
    assert Comment.objects.filter(legacy_id="11").count() == 2


def test_who_answers_nobody_is_kept_at_top_level_and_named() -> None:
    tally = bring(old("122", "121"))
    assert tally.orphans == ("122",)
    assert stored("122").parent is None


def test_a_circle_of_answers_is_cut() -> None:
    tally = bring(old("1", "2"), old("2", "1"), old("3", "3"))
    assert tally.added == 3
    assert len(tally.orphans) == 2
    assert list(drift()) == []


def test_a_child_that_stands_before_its_parent_finds_it() -> None:
    bring(old("2", "1"), old("1"))
    assert stored("2").parent == stored("1")


def test_a_reply_is_never_sorted_before_what_it_answers() -> None:
    bring(old("5"), old("1", "5"))
    assert stored("1").created_at < stored("5").created_at
    assert stored("1").sorted_at == stored("5").sorted_at


def test_states_are_kept_and_only_published_comments_count() -> None:
    bring(old("1", status="held"), old("2", status="spam"), old("3"), old("4", "1"), old("5", kind="pingback"))
    assert Thread.objects.get(key="article:1").comment_count == 2
    assert stored("1").is_listed, "a held comment with a public reply leaves a tombstone"
    assert not stored("5").is_listed
    assert list(drift()) == []


def test_votes_and_answers_to_passages_come_along() -> None:
    note = make_note(make_thread())
    bring(old("1", votes_up=3, votes_down=1, passage_id="p1"))
    note.refresh_from_db()
    assert (stored("1").score, stored("1").quote, note.answer_count) == (2, note.quote, 1)
    assert list(drift()) == []


def test_foreign_html_is_cleaned_and_odd_names_are_made_plain() -> None:
    bring(old("1", body='<script>alert(1)</script><p onclick="x">Hi', author_name="A\u202eda\x00 " + "b" * 200))
    assert stored("1").html == "<p>Hi</p>"
    assert stored("1").author_name.startswith("Ada b")
    assert len(stored("1").author_name) == 100


def test_no_comment_is_told_of_only_that_the_thread_has_more() -> None:
    bring(old("1"), old("2", "1"))
    event = Event.objects.get()
    assert event.type == "discussion.comments-imported"
    assert event.payload["count"] == 2
    bring(old("1"), old("2", "1"))
    assert Event.objects.count() == 1


def test_a_conversation_a_thousand_deep_is_imported() -> None:
    bring(old("1"), *(old(str(number), str(number - 1)) for number in range(2, 1001)))
    assert stored("1000").depth == 999
    assert stored("1").reply_total == 999
    assert list(drift()) == []
