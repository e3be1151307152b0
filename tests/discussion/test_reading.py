"""How a reader finds his way through a long thread: filters, shortcuts, search, pages, the newsroom's marks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from masthead.accounts.models import User
from masthead.core import markup
from masthead.core.clock import frozen
from masthead.discussion.errors import (
    ConversationClosed,
    NotAConversation,
    NotAModerator,
    TooManyMarked,
    UnknownComment,
)
from masthead.discussion.models import Comment, ModerationAction, Thread
from masthead.discussion.rules import words
from masthead.discussion.rules.paging import page_numbers
from masthead.discussion.rules.people import NOBODY, Person
from masthead.discussion.rules.query import SORTS, parse
from masthead.discussion.selectors import ThreadPage, drift, thread_page
from masthead.discussion.services import (
    ImportedComment,
    delete_own_comment,
    edit_comment,
    import_comments,
    mark_comment,
    post_comment,
    remove_comment,
)
from masthead.discussion.testing import FakeSubjectDirectory, make_comment, make_guest, make_member
from masthead.outbox.models import Event

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("subjects", "badges", "reserved", "scorer")]
START = datetime(2026, 3, 1, tzinfo=UTC)
MO = Person(may_moderate=True)


def at(minutes: int) -> datetime:
    return START + timedelta(minutes=minutes)


def page(person: Person = NOBODY, **query: str) -> ThreadPage:
    """Return the page that an address asks for."""
    found = thread_page("article:1", parse(query), person=person)
    assert found is not None
    return found


def texts(shown: ThreadPage) -> list[str]:
    """Return what the shown comments say."""
    return [comment.html.replace("<p>", "").replace("</p>", "").strip() for comment in shown.comments]


def bring(count: int, *, body: str = "Text {0:04}", replies_to: int | None = None) -> None:
    """Import roots in the order of time; with ``replies_to`` all answer that one."""
    comments = [
        ImportedComment(
            source_id=str(number),
            parent_source_id="" if replies_to is None or number == replies_to else str(replies_to),
            author_name="Reader",
            body=f"<p>{body.format(number)}</p>",
            created_at=at(number),
        )
        for number in range(count)
    ]
    import_comments(thread_key="article:1", source="test", comments=comments)


# Kept above, closed, picked


@pytest.mark.parametrize("sort", SORTS)
def test_a_sticky_conversation_stays_above_in_every_order_and_stands_there_once(sort: str) -> None:
    """Row 36 (sticky)."""
    bring(30)
    old = Comment.objects.get(legacy_id="15")
    make_comment(parent=old, text="a reply")
    mark_comment(comment_id=old.public_id, person=MO, mark="sticky", on=True)
    shown = page(sort=sort)
    assert texts(shown)[:2] == ["Text 0015", "a reply"]
    assert texts(page(sort=sort, all="1"))[:2] == ["Text 0015", "a reply"]
    assert len(page(sort=sort, all="1").comments) == 31
    rest = page(sort=sort, after=shown.next_after)
    assert [*texts(shown), *texts(rest)].count("Text 0015") == 1
    mark_comment(comment_id=old.public_id, person=MO, mark="sticky", on=False)
    assert page(sort=sort).comments[0] != old or sort == "oldest"
    assert list(drift()) == []


def test_moderators_and_who_wrote_the_story_keep_above_and_close_but_only_moderators_pick(
    subjects: FakeSubjectDirectory, ben: User
) -> None:
    writer = make_member(ben)
    subjects.put("article:1", author_user_ids=frozenset({ben.pk}))
    comment = make_comment()
    for mark in ("sticky", "closed"):
        mark_comment(comment_id=comment.public_id, person=writer, mark=mark, on=True)
    for person in (writer, make_guest(), Person(user_id=ben.pk + 1)):
        with pytest.raises(NotAModerator):
            mark_comment(comment_id=comment.public_id, person=person, mark="picked", on=True)
    with pytest.raises(NotAModerator):
        mark_comment(comment_id=comment.public_id, person=make_guest(), mark="sticky", on=True)
    with pytest.raises(UnknownComment):
        mark_comment(comment_id="none", person=MO, mark="sticky", on=True)


def test_every_mark_is_an_action_in_the_log_and_an_event_and_twice_is_once() -> None:
    comment = make_comment()
    for on in (True, True, False):
        for mark in ("sticky", "closed", "picked"):
            mark_comment(comment_id=comment.public_id, person=MO, mark=mark, on=on)
    actions = ModerationAction.objects.order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["stick", "close", "pick", "unstick", "reopen", "unpick"]
    assert Event.objects.filter(type="discussion.comment-marked").count() == 6


def test_only_a_root_stays_above_and_no_more_than_three() -> None:
    roots = [make_comment(text=f"root {number}") for number in range(4)]
    reply = make_comment(parent=roots[0])
    with pytest.raises(NotAConversation):
        mark_comment(comment_id=reply.public_id, person=MO, mark="sticky", on=True)
    for root in roots[:3]:
        mark_comment(comment_id=root.public_id, person=MO, mark="sticky", on=True)
    with pytest.raises(TooManyMarked) as refused:
        mark_comment(comment_id=roots[3].public_id, person=MO, mark="sticky", on=True)
    assert "3 of them" in refused.value.message()


def test_in_a_closed_conversation_nobody_replies_and_nobody_edits() -> None:
    """Row 79 for one conversation: it holds below any reply, and reopening lifts it."""
    ada = make_guest("ada")
    root = post_comment(thread_key="article:1", person=ada, name="Ada", text="root")
    reply = post_comment(thread_key="article:1", person=ada, name="Ada", text="reply", reply_to=root.public_id)
    mark_comment(comment_id=reply.public_id, person=MO, mark="closed", on=True)
    for parent in (root, reply):
        with pytest.raises(ConversationClosed):
            post_comment(thread_key="article:1", person=ada, name="Ada", text="late", reply_to=parent.public_id)
        with pytest.raises(ConversationClosed):
            edit_comment(comment_id=parent.public_id, person=ada, text="changed")
    post_comment(thread_key="article:1", person=ada, name="Ada", text="elsewhere")
    mark_comment(comment_id=root.public_id, person=MO, mark="closed", on=False)
    post_comment(thread_key="article:1", person=ada, name="Ada", text="late", reply_to=reply.public_id)


def test_picks_stand_above_the_first_page_while_they_are_public() -> None:
    """Row 36."""
    root = make_comment(text="root")
    reply = make_comment(parent=root, text="picked reply", guest="guest-ada")
    mark_comment(comment_id=reply.public_id, person=MO, mark="picked", on=True)
    assert [comment.public_id for comment in page().picks] == [reply.public_id]
    assert page(filter="inline").picks == page(page="1").picks == []
    assert Thread.objects.get().pick_count == 1
    delete_own_comment(comment_id=reply.public_id, person=make_guest("ada"))
    assert page().picks == []
    assert Thread.objects.get().pick_count == 0
    assert list(drift()) == []


# Filters and shortcuts


def test_by_the_author_or_staff_shows_the_conversations_in_which_they_wrote_and_what_they_wrote(
    subjects: FakeSubjectDirectory, ada: User, ben: User, eve: User
) -> None:
    """Row 26."""
    subjects.put("article:1", author_user_ids=frozenset({ben.pk}))
    first = make_comment(text="question")
    for number in range(5):
        make_comment(parent=first, text=f"guess {number}")
    make_comment(text="unanswered")

    def write(person: Person, text: str, reply_to: str = "") -> Comment:
        return post_comment(thread_key="article:1", person=person, name=person.name, text=text, reply_to=reply_to)

    answer = write(make_member(ben), "answer", first.public_id)
    write(make_member(eve), "from the desk")
    write(make_member(ada), "a member")
    assert texts(page(filter="newsroom")) == ["from the desk", "question", "answer"]
    remove_comment(comment_id=answer.public_id, moderator=MO, reason="other")
    assert texts(page(filter="newsroom")) == ["from the desk"]
    assert list(drift()) == []


def test_most_reacted_and_hottest_lead_to_the_conversation() -> None:
    """Row 27."""
    quiet = make_comment(text="quiet")
    assert page(show="most-reacted").is_missing
    assert page(show="hottest").is_missing
    busy = make_comment(text="busy")
    for number in range(3):
        make_comment(parent=busy, text=f"reply {number}")
    disputed = make_comment(parent=quiet, text="disputed", up=3, down=4)
    make_comment(text="liked", up=5)
    assert texts(page(show="most-reacted")) == ["quiet", "disputed"]
    assert texts(page(show="hottest"))[0] == "busy"
    remove_comment(comment_id=disputed.public_id, moderator=MO, reason="other")
    assert texts(page(show="most-reacted")) == ["liked"]


@pytest.mark.parametrize(
    ("query", "index"),
    [
        ({"show": "most-reacted"}, "comments_by_votes"),
        ({"show": "hottest"}, "roots_by_replies"),
        ({"filter": "newsroom"}, "answered_roots_by_time"),
        ({"filter": "unanswered"}, "unanswered_roots_by_time"),
        ({"page": "3"}, "roots_by_page"),
        ({}, "raised_comments"),
    ],
)
def test_each_way_is_read_by_its_own_index(query: dict[str, str], index: str) -> None:
    """Flat at 100,000 comments: nothing scans or sorts a thread."""
    bring(100)
    mark_comment(comment_id=Comment.objects.get(legacy_id="5").public_id, person=MO, mark="sticky", on=True)
    with CaptureQueriesContext(connection) as captured:
        thread_page("article:1", parse(query))
    assert len(captured) <= 8
    if connection.vendor == "sqlite":
        plans = []
        for item in captured:
            if item["sql"].startswith("SELECT"):
                with connection.cursor() as cursor:
                    cursor.execute(f"EXPLAIN QUERY PLAN {item['sql']}")
                    plans.append(" ".join(str(row) for row in cursor.fetchall()))
        used = [plan for plan in plans if index in plan]
        assert len(used) == 1, plans
        assert "TEMP B-TREE" not in used[0] or index == "raised_comments"


# All at once, and numbered pages


def test_all_at_once_is_bounded_and_says_how_much_remains() -> None:
    """Row 32."""
    bring(620)
    shown = page(all="1")
    assert len(shown.comments) == 500
    assert shown.left == 120
    rest = page(all="1", after=shown.next_after)
    assert len(rest.comments) == 120
    assert rest.left is None
    assert len({comment.pk for comment in [*shown.comments, *rest.comments]}) == 620


def test_all_at_once_brings_whole_conversations_and_folds_the_one_that_does_not_fit() -> None:
    bring(700, replies_to=0)
    shown = page(all="1")
    assert len(shown.comments) == 500
    assert shown.hidden[shown.comments[0].pk] == 200


def test_numbered_pages_hold_every_conversation_once_and_keep_their_numbers() -> None:
    """Row 24: crawlable, and stable whatever comes and goes."""
    bring(65)
    assert page().numbered_pages == 4
    pages = [page(page=str(number)) for number in range(1, 5)]
    assert [len(shown.comments) for shown in pages] == [20, 20, 20, 5]
    assert texts(pages[2])[0] == "Text 0040"
    remove_comment(comment_id=Comment.objects.get(legacy_id="3").public_id, moderator=MO, reason="other")
    for number in range(20):
        post_comment(thread_key="article:1", person=make_guest("ada", network=""), name="Ada", text=f"new {number}")
    assert texts(page(page="3")) == texts(pages[2])
    assert len(page(page="1").comments) == 19
    assert [len(page(page=str(number)).comments) for number in (4, 5)] == [20, 5]
    assert texts(page(page="99")) == []
    assert list(drift()) == []


def test_an_import_into_a_thread_that_is_there_orders_its_pages_by_time_again() -> None:
    post_comment(thread_key="article:1", person=make_guest(), name="Ada", text="today")
    bring(30)
    assert texts(page(page="1"))[0] == "Text 0000"
    assert texts(page(page="2"))[-1] == "today"
    assert list(drift()) == []


@given(st.integers(0, 300), st.integers(1, 300))
def test_the_numbers_shown_are_few_and_lead_on(current: int, last: int) -> None:
    shown = page_numbers(min(current, last), last)
    assert len(shown) <= 11
    assert {1, last} <= set(shown)
    assert current in shown or current > last or current == 0
    numbers = [number for number in shown if number]
    assert numbers == sorted(set(numbers))


# Search


def test_search_finds_words_of_public_comments_only_the_latest_first() -> None:
    """Row 28."""
    make_comment(text="The pumps were bought late.", created_at=at(1))
    make_comment(text="Насос стоїть, PUMPS too", created_at=at(2))
    make_comment(text="pumped dry", created_at=at(3))
    for status in ("held", "removed", "spam", "deleted"):
        make_comment(text=f"pumps {status}", status=status)
    assert len(page(q="pump").comments) == 3
    assert texts(page(q="PUMPS")) == [
        "Насос стоїть, <mark>PUMPS</mark> too",
        "The <mark>pumps</mark> were bought late.",
    ] or texts(page(q="PUMPS")) == ["Насос стоїть, PUMPS too", "The pumps were bought late."]
    assert texts(page(q="НАСОС")) == texts(page(q="насос")) == ["Насос стоїть, PUMPS too"]
    assert texts(page(q="pumps late")) == ["The pumps were bought late."]
    assert texts(page(q="ump")) == []


@pytest.mark.parametrize("query", ["%", "_", "' OR 1=1 --", "\\", '"', ":*", "&", "( | !", "\x00", "a" * 5000])
def test_nothing_in_a_search_is_syntax(query: str) -> None:
    """Rule 17: search and wildcard input is escaped."""
    make_comment(text="Some common words.")
    assert texts(page(q=query)) == [] or not parse({"q": query}).q


def test_a_search_goes_on_by_key_and_looks_at_a_bounded_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("masthead.discussion.selectors.search.LOOKED_AT", 50)
    bring(120, body="pump {0:04}")
    seen: list[str] = []
    shown = page(q="pump")
    while True:
        assert len(shown.comments) <= 20
        seen += texts(shown)
        if not shown.next_after:
            break
        shown = page(q="pump", after=shown.next_after)
    assert seen == [f"pump {number:04}" for number in reversed(range(120))]
    rare = page(q="0003")
    assert rare.comments == []
    assert rare.next_after, "there are older ones to look at"
    while rare.next_after and not rare.comments:
        rare = page(q="0003", after=rare.next_after)
    assert texts(rare) == ["pump 0003"]


@given(st.text(), st.text(alphabet="ab&<>é'\" ", max_size=6))
def test_marking_changes_nothing_but_adds_marks(text: str, query: str) -> None:
    html = markup.render_markdown(f"{text} & a<b [x](https://a.example/?a=b&amp;b=a) é")
    marked = words.marked(html, words.terms(query))
    assert marked.replace("<mark>", "").replace("</mark>", "") == html
    assert markup.text_of(marked) == markup.text_of(html)


def test_marks_never_stand_inside_tags_or_entities() -> None:
    html = '<a href="https://amp.example/" title="a > amp">amp &amp; Ampère</a>'
    expected = '<a href="https://amp.example/" title="a > amp"><mark>amp</mark> &amp; <mark>Ampère</mark></a>'
    assert words.marked(html, ("amp",)) == expected


def test_the_cost_of_a_first_page_with_all_marks_stays_within_eight() -> None:
    bring(200)
    for number, mark in ((5, "sticky"), (7, "sticky"), (9, "picked"), (11, "picked"), (5, "closed")):
        with frozen(at(900)):
            comment = Comment.objects.get(legacy_id=str(number))
            mark_comment(comment_id=comment.public_id, person=MO, mark=mark, on=True)  # type: ignore[arg-type]
    with CaptureQueriesContext(connection) as captured:
        page()
    assert len(captured) <= 8
