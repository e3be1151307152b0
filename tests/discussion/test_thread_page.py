"""The page of a thread: order, paging, conversations, and what it costs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from masthead.discussion.models import Comment
from masthead.discussion.rules.paging import portions, window
from masthead.discussion.rules.people import NOBODY, Person
from masthead.discussion.rules.query import SORTS, ThreadQuery, parse
from masthead.discussion.selectors import ThreadPage, thread_page
from masthead.discussion.services import ImportedComment, import_comments, recount_thread
from masthead.discussion.testing import (
    FakeSubjectDirectory,
    make_comment,
    make_guest,
    make_note,
    make_thread,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("subjects", "badges")]
START = datetime(2026, 3, 1, tzinfo=UTC)


def at(minutes: int) -> datetime:
    """Return a moment of the day these threads were written."""
    return START + timedelta(minutes=minutes)


def page(person: Person = NOBODY, **query: str) -> ThreadPage:
    """Return the page that an address asks for."""
    found = thread_page("article:1", parse(query), person=person)
    assert found is not None
    return found


def texts(shown: ThreadPage) -> list[str]:
    """Return what the shown comments say."""
    return [comment.html.removeprefix("<p>").removesuffix("</p>\n").removesuffix("</p>") for comment in shown.comments]


def fill(count: int, *, shape: str = "mixed", key: str = "article:1") -> None:
    """Fill a thread: ``flat`` (roots only), ``chain`` (each answers the last), ``star`` or ``mixed``."""
    parents: dict[str, Callable[[int], str]] = {
        "flat": lambda _number: "",
        "chain": lambda number: str(number - 1) if number else "",
        "star": lambda number: "0" if number else "",
        "mixed": lambda number: str(number - 1 - number % 3) if number % 5 else "",
    }
    parent_of = parents[shape]
    import_comments(
        thread_key=key,
        source="test",
        comments=[
            ImportedComment(
                source_id=str(number),
                parent_source_id=parent_of(number),
                author_name="Reader",
                body=f"<p>Text {number:05}</p>",
                created_at=at(number),
                votes_up=number % 4 if count <= 1000 else 0,
            )
            for number in range(count)
        ],
    )


def test_roots_are_sorted_and_replies_follow_in_time_order() -> None:
    thread = make_thread()
    first = make_comment(thread, text="first", created_at=at(1), up=1)
    second = make_comment(thread, text="second", created_at=at(2), up=3)
    make_comment(thread, text="third", created_at=at(3), down=1)
    make_comment(parent=first, text="late reply", created_at=at(9))
    make_comment(parent=first, text="early reply", created_at=at(4))
    make_comment(parent=second, text="answer", created_at=at(5))
    assert texts(page()) == ["third", "second", "answer", "first", "early reply", "late reply"]
    assert texts(page(sort="oldest"))[0] == "first"
    assert texts(page(sort="most-voted")) == ["second", "answer", "first", "early reply", "late reply", "third"]


def test_odd_values_in_the_address_fall_back() -> None:
    make_comment(text="here")
    shown = page(sort="finest", after="../../x", comment="' OR 1", mine="\x00", filter="all")
    assert texts(shown) == ["here"]
    assert shown.query == ThreadQuery()


def test_an_unknown_comment_shows_the_list_and_says_so() -> None:
    make_comment(text="here")
    shown = page(comment="0" * 16)
    assert shown.is_missing
    assert texts(shown) == ["here"]


@pytest.mark.parametrize("shape", ["flat", "chain", "star", "mixed"])
@pytest.mark.parametrize("sort", SORTS)
def test_the_first_page_shows_ten_comments_whatever_the_shape(shape: str, sort: str) -> None:
    fill(40, shape=shape)
    shown = page(sort=sort)
    assert len(shown.comments) == 10
    present: set[int] = set()
    for comment in shown.comments:
        assert comment.parent_id is None or comment.parent_id in present
        present.add(comment.pk)


@pytest.mark.parametrize("sort", SORTS)
def test_following_the_pages_meets_every_conversation_once(sort: str) -> None:
    fill(400)
    seen: list[str] = []
    shown = page(sort=sort)
    while True:
        seen += [comment.public_id for comment in shown.comments if comment.parent_id is None]
        if not shown.next_after:
            break
        shown = page(sort=sort, after=shown.next_after)
        assert len(shown.comments) <= 50
    roots = Comment.objects.filter(parent__isnull=True)
    assert len(seen) == len(set(seen)) == roots.count()


def test_a_page_goes_on_after_a_comment_that_has_gone_meanwhile() -> None:
    fill(30, shape="flat")
    after = page().next_after
    Comment.objects.filter(public_id=after).update(status="removed")
    recount_thread(thread_key="article:1")
    assert texts(page(after=after))[0] == "Text 00019"


def test_folded_replies_are_counted() -> None:
    fill(40, shape="star")
    make_comment(make_thread(), text="another", created_at=at(900))
    root = next(comment for comment in page().comments if comment.reply_total)
    shown = page()
    assert shown.hidden[root.pk] == 39 - sum(1 for comment in shown.comments if comment.root_id == root.pk)


def test_a_permalink_shows_the_conversation_around_the_comment() -> None:
    fill(300, shape="chain")
    target = Comment.objects.get(legacy_id="150")
    shown = page(comment=target.public_id)
    assert shown.is_conversation
    assert len(shown.comments) == 50
    assert texts(shown)[0] == "Text 00000"
    assert target in shown.comments
    assert Comment.objects.get(public_id=shown.earlier).legacy_id == "126"
    assert Comment.objects.get(public_id=shown.later).legacy_id == "174"
    assert shown.elsewhere[Comment.objects.get(legacy_id="125").pk][1] == "Reader"


def test_following_a_long_conversation_downwards_meets_every_reply() -> None:
    fill(200, shape="star")
    root = Comment.objects.get(legacy_id="0")
    seen, shown = set(texts(page(comment=root.public_id))), page(comment=root.public_id)
    while shown.later:
        shown = page(comment=shown.later)
        seen |= set(texts(shown))
    assert len(seen) == 200


def test_a_conversation_a_thousand_deep_is_shown() -> None:
    fill(1000, shape="chain")
    shown = page(comment=Comment.objects.get(legacy_id="999").public_id)
    assert texts(shown)[-1] == "Text 00999"
    assert not shown.later


def test_inline_filter_shows_only_answers_to_marked_words() -> None:
    thread = make_thread()
    note = make_note(thread)
    answer = make_comment(thread, text="answer", note=note)
    make_comment(parent=answer, text="reply to it")
    make_comment(thread, text="something else")
    assert texts(page(filter="inline")) == ["answer", "reply to it"]
    assert page().inline_count == 1


def test_a_removed_comment_leaves_a_tombstone_only_where_replies_remain() -> None:
    gone = make_comment(make_thread(), text="gone", status="removed")
    assert texts(page()) == []
    make_comment(parent=gone, text="reply")
    assert [comment.status for comment in page().comments] == ["removed", "published"]


def test_a_held_comment_is_shown_to_its_writer_alone() -> None:
    """Rule 12: an address in a cookie would prove nothing; the browser's signed id does."""
    held = make_comment(make_thread(), text="held", status="held", guest="guest-ada")
    assert texts(page(make_guest("ada"), mine=held.public_id)) == ["held"]
    assert texts(page(make_guest("ben"), mine=held.public_id)) == []
    assert texts(page(comment=held.public_id)) == []


@pytest.mark.parametrize("changes", [{"is_public": False}, {"comments": "off"}])
def test_what_is_not_public_or_has_no_discussion_shows_nothing(
    changes: dict[str, object], subjects: FakeSubjectDirectory
) -> None:
    make_comment()
    subjects.put("article:1", **changes)
    assert thread_page("article:1", ThreadQuery()) is None


@pytest.mark.parametrize("query", [{}, {"sort": "most-voted"}, {"comment": "0"}, {"filter": "inline"}])
def test_the_cost_does_not_depend_on_the_number_of_comments(query: dict[str, str]) -> None:
    costs = []
    for count, key in ((10, "article:1"), (1000, "article:1")):
        fill(count, key=key)
        if "comment" in query:
            query = {"comment": Comment.objects.filter(legacy_id="6").latest("pk").public_id}
        with CaptureQueriesContext(
            connection,
        ) as captured:
            thread_page("article:1", parse(query))
        costs.append(len(captured))
    assert costs[0] == costs[1] <= 8


@pytest.mark.nightly
def test_ten_thousand_comments_cost_what_ten_cost() -> None:
    fill(10_000)
    with CaptureQueriesContext(connection) as captured:
        shown = page(sort="most-voted", after=page(sort="most-voted").next_after)
    assert len(captured) <= 14
    assert len(shown.comments) == 50


@pytest.mark.parametrize("sort", SORTS)
def test_the_list_is_read_by_index(sort: str) -> None:
    """No scan and no sort of the thread, whatever its size."""
    fill(200, shape="flat")
    with CaptureQueriesContext(connection) as captured:
        page(sort=sort, after=page(sort=sort).next_after)
    roots = [query["sql"] for query in captured if "LIMIT 51" in query["sql"]]
    assert len(roots) == 1
    if connection.vendor == "sqlite":
        plan = " ".join(str(row) for row in _plan(roots[0]))
        assert "roots_by_" in plan
        assert "TEMP B-TREE" not in plan


def _plan(sql: str) -> Iterator[object]:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
        yield from cursor.fetchall()


@given(st.lists(st.integers(0, 400), max_size=11), st.integers(1, 50))
def test_a_page_is_full_whenever_there_is_enough(totals: list[int], size: int) -> None:
    shares = portions(totals, size=size)
    assert all(0 <= share <= total for share, total in zip(shares, totals, strict=False))
    assert sum(shares) + len(shares) == min(size, sum(totals) + len(totals))


@given(st.integers(0, 49), st.integers(0, 49))
def test_a_window_is_as_large_as_it_may_be(before: int, after: int) -> None:
    left, right = window(before, after, size=49)
    assert left <= before
    assert right <= after
    assert left + right == min(48, before + after)
