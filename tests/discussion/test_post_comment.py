"""Posting: who may, what is kept, what is refused, what others are told."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from masthead.accounts.models import User
from masthead.core.clock import frozen, now
from masthead.core.ratelimit import TooManyRequests
from masthead.discussion import errors
from masthead.discussion.models import HAS_DIGEST, Comment, Thread
from masthead.discussion.ports import ScorerUnavailable, Verdict
from masthead.discussion.rules.people import Person
from masthead.discussion.selectors import drift
from masthead.discussion.services import approve_comment, delete_own_comment, post_comment, remove_comment
from masthead.discussion.testing import (
    FakeReservedNames,
    FakeSpamScorer,
    FakeSubjectDirectory,
    make_comment,
    make_guest,
    make_member,
    make_note,
    make_thread,
)
from masthead.outbox.models import Event

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("subjects")]


def post(text: str = "The minutes say otherwise.", *, person: Person | None = None, **more: Any) -> Comment:
    """Post as ada, a guest, unless told otherwise."""
    values = {"thread_key": "article:1", "name": "Ada", **more}
    return post_comment(person=person or make_guest(), text=text, **values)


def facts() -> list[str]:
    """Return the types of all recorded events."""
    return list(Event.objects.order_by("pk").values_list("type", flat=True))


def test_a_guest_posts_and_the_comment_is_public_at_once() -> None:
    comment = post("I was **there**.", address=" Ada@Example.org ")
    assert comment.status == "published"
    assert comment.html == "<p>I was <strong>there</strong>.</p>\n"
    assert comment.author_email == "ada@example.org"
    assert Thread.objects.get().comment_count == 1


def test_comment_and_fact_are_recorded_together_without_text_or_address() -> None:
    comment = post("Secret words", address="ada@example.org")
    event = Event.objects.get()
    assert event.type == "discussion.comment-posted"
    assert event.payload == {
        "comment_id": comment.public_id,
        "thread_key": "article:1",
        "parent_id": "",
        "passage_id": "",
        "mentioned": [],
    }


def test_a_reply_stands_below_its_parent_and_is_counted_at_the_root() -> None:
    first = post()
    second = post("Which page?", reply_to=first.public_id)
    third = post("Page four.", reply_to=second.public_id)
    first.refresh_from_db()
    assert (third.parent, third.root, third.depth) == (second, first, 2)
    assert first.reply_total == 2
    assert list(drift()) == []


def test_an_answer_to_marked_words_keeps_the_words() -> None:
    note = make_note(make_thread())
    comment = post("For nine years.", passage_id="p1")
    note.refresh_from_db()
    assert comment.quote == "the older type of pump"
    assert note.answer_count == Thread.objects.get().inline_count == 1


def test_an_account_writes_under_its_own_name(reserved: FakeReservedNames) -> None:
    user = User.objects.create_user("marit@example.org", display_name="Marit Oyelaran")
    comment = post(person=make_member(user), name="Somebody Else")
    assert (comment.author_name, comment.user) == ("Marit Oyelaran", user)


@pytest.mark.parametrize(
    "name", ["Marit Oyelaran", "marit  oyelaran", "MÁRIT-OYELARAN", "Маrit Оyelaran", "Marit\u200b Oyelaran"]
)
def test_nobody_poses_as_the_newsroom(name: str, reserved: FakeReservedNames) -> None:
    """Rule 12: the published name is never proof of identity, so it must not look like one."""
    with pytest.raises(errors.NameReserved):
        post(name=name)


@pytest.mark.parametrize("name", ["", " ", "A", "x" * 51, "\u202e\u200b"])
def test_a_name_has_two_to_fifty_characters(name: str) -> None:
    with pytest.raises(errors.NameRefused):
        post(name=name)


@pytest.mark.parametrize("text", ["", "  \n\t ", "\x00\x01", "x" * 5001])
def test_a_text_has_one_to_five_thousand_characters(text: str) -> None:
    with pytest.raises(errors.TextRefused):
        post(text)


def test_a_wrong_address_is_refused() -> None:
    with pytest.raises(errors.AddressRefused):
        post(address="ada at example")


@pytest.mark.parametrize("changes", [{"comments": "closed"}, {"comments": "off"}])
def test_a_closed_story_takes_no_comments(changes: dict[str, str], subjects: FakeSubjectDirectory) -> None:
    """Rule 4: the real subject is asked, not the form."""
    subjects.put("article:1", **changes)
    with pytest.raises(errors.CommentingClosed):
        post()


def test_what_is_not_public_or_not_known_takes_no_comments(subjects: FakeSubjectDirectory) -> None:
    """Rule 4."""
    subjects.put("article:1", is_public=False)
    with pytest.raises(errors.UnknownThread):
        post()
    with pytest.raises(errors.UnknownThread):
        post(thread_key="article:999")
    assert Thread.objects.count() == 0


def test_a_reply_needs_a_public_parent_of_the_same_thread(subjects: FakeSubjectDirectory) -> None:
    """Rule 4."""
    subjects.put("article:2")
    elsewhere = post(thread_key="article:2")
    held = make_comment(make_thread(), status="held")
    for parent in (elsewhere.public_id, held.public_id, "nonsense"):
        with pytest.raises(errors.ParentGone):
            post(reply_to=parent)


def test_an_answer_needs_a_question_that_still_stands() -> None:
    with pytest.raises(errors.UnknownPassage):
        post(passage_id="p9")


def test_the_same_words_twice_are_an_accident_until_tomorrow() -> None:
    post()
    with pytest.raises(errors.SameTextAgain):
        post(" the  minutes say OTHERWISE.")
    with frozen(now() + timedelta(hours=25)):
        assert post().status == "published"


def test_the_same_words_may_answer_two_people_and_may_come_back_after_deletion() -> None:
    first = post()
    post(reply_to=first.public_id)
    delete_own_comment(comment_id=first.public_id, person=make_guest())
    assert post().status == "published"


def test_links_of_guests_wait_for_a_person() -> None:
    comment = post("See https://pumps.example/ for more.")
    assert (comment.status, comment.hold_reason) == ("held", "links")
    assert not comment.is_listed
    assert facts() == ["discussion.comment-held"]
    assert Thread.objects.get().comment_count == 0


def test_links_of_accounts_do_not_wait() -> None:
    user = User.objects.create_user("ben@example.org", display_name="Ben")
    assert post("https://pumps.example/", person=make_member(user)).status == "published"


def test_a_filled_trap_holds_and_loses_nothing() -> None:
    comment = post(trap="http://buy.example")
    assert (comment.status, comment.hold_reason) == ("held", "trap")


def test_a_scorer_decides(scorer: FakeSpamScorer) -> None:
    scorer.verdict = Verdict("spam", "words")
    assert post().status == "spam"
    assert scorer.seen[0].is_guest


def test_a_broken_scorer_opens_no_door(scorer: FakeSpamScorer) -> None:
    scorer.verdict = ScorerUnavailable()
    comment = post()
    assert (comment.status, comment.hold_reason) == ("held", "scorer")


def test_more_than_the_limit_in_a_minute_is_refused_per_network_and_thread(
    subjects: FakeSubjectDirectory,
) -> None:
    """Rule 11: by network and thread, never by browser."""
    subjects.put("article:2")
    start = now().replace(second=0)
    with frozen(start):
        for number in range(30):
            post(f"Number {number}")
        with pytest.raises(TooManyRequests):
            post("One more", person=make_guest("another browser"))
        post("Elsewhere in town", person=make_guest(network="198.51.100.0/24"))
        post("Under another story", thread_key="article:2")


def test_approval_is_the_moment_of_posting() -> None:
    """Rule 3: the fact is recorded when the comment becomes public, once."""
    mo = Person(user_id=None, may_moderate=True)
    comment = post("https://pumps.example/")
    approve_comment(comment_id=comment.public_id, moderator=mo)
    remove_comment(comment_id=comment.public_id, moderator=mo, reason="attack")
    approve_comment(comment_id=comment.public_id, moderator=mo)
    assert facts() == [
        "discussion.comment-held",
        "discussion.comment-posted",
        "discussion.comment-removed",
        "discussion.comment-restored",
    ]
    assert list(drift()) == []


@pytest.mark.skipif(connection.vendor != "sqlite", reason="how SQLite chooses an index")
def test_what_is_asked_at_each_post_is_found_by_index_however_long_the_thread() -> None:
    same = Comment.objects.filter(HAS_DIGEST, thread=1, text_digest="x")
    assert "comments_by_text" in same.explain()
    assert "comments_by_guest" in Comment.objects.by(user_id=None, guest="x").explain()
