"""Counters equal the rows they count, whatever people do and at whatever time."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import pytest
from django.db import connections
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from masthead.core.errors import DomainError
from masthead.discussion.models import Comment, Thread, Vote
from masthead.discussion.rules.nesting import Node, parents_first, tally
from masthead.discussion.rules.people import Person
from masthead.discussion.rules.voting import Direction, change, next_value
from masthead.discussion.selectors import counter_problems, drift
from masthead.discussion.services import (
    approve_comment,
    cast_vote,
    delete_own_comment,
    edit_comment,
    mark_comment,
    mark_spam,
    post_comment,
    recount_thread,
    remove_comment,
)
from masthead.discussion.testing import make_comment, make_guest, make_note, make_thread
from masthead.outbox.models import Event
from tests.properties import examples

pytestmark = pytest.mark.usefixtures("subjects", "reserved", "scorer")
MO = Person(may_moderate=True)
PEOPLE = ["ada", "ben", "don"]


def post(text: str, *, by: str = "ada", **more: Any) -> Comment:
    """Post as a guest."""
    return post_comment(thread_key="article:1", person=Person(guest=f"guest-{by}"), name=by, text=text, **more)


_WRITING = ["post", "reply", "link", "answer", "edit", "unlink", "delete", "up", "down", "staff"]
_RULING = ["approve", "remove", "spam", "stick", "unstick", "close", "reopen", "pick", "unpick"]
_STEP = st.tuples(st.sampled_from(_WRITING + _RULING), st.sampled_from(PEOPLE), st.integers(0, 7))


def _take(step: tuple[str, str, int], number: int) -> None:
    """Do one thing; what a rule refuses is refused."""
    action, who, pick = step
    ids = list(Comment.objects.order_by("pk").values_list("public_id", flat=True))
    target = ids[pick % len(ids)] if ids else "none"
    person = Person(guest=f"guest-{who}")
    deeds: dict[str, Callable[[], Any]] = {
        "post": lambda: post(f"Text {number}", by=who),
        "reply": lambda: post(f"Reply {number}", by=who, reply_to=target),
        "link": lambda: post(f"See https://a.example/{number}", by=who),
        "answer": lambda: post(f"Answer {number}", by=who, passage_id="p1"),
        "edit": lambda: edit_comment(comment_id=target, person=person, text=f"https://b.example/{number}"),
        "unlink": lambda: edit_comment(comment_id=target, person=person, text=f"Plain {number}"),
        "delete": lambda: delete_own_comment(comment_id=target, person=person),
        "up": lambda: cast_vote(comment_id=target, person=person, direction="up"),
        "down": lambda: cast_vote(comment_id=target, person=person, direction="down"),
        "approve": lambda: approve_comment(comment_id=target, moderator=MO),
        "remove": lambda: remove_comment(comment_id=target, moderator=MO, reason="attack"),
        "spam": lambda: mark_spam(comment_id=target, moderator=MO),
        "staff": lambda: post_comment(
            thread_key="article:1", person=MO, name="Mo", text=f"Staff {number}", reply_to=target
        ),
        "stick": lambda: mark_comment(comment_id=target, person=MO, mark="sticky", on=True),
        "unstick": lambda: mark_comment(comment_id=target, person=MO, mark="sticky", on=False),
        "close": lambda: mark_comment(comment_id=target, person=MO, mark="closed", on=True),
        "reopen": lambda: mark_comment(comment_id=target, person=MO, mark="closed", on=False),
        "pick": lambda: mark_comment(comment_id=target, person=MO, mark="picked", on=True),
        "unpick": lambda: mark_comment(comment_id=target, person=MO, mark="picked", on=False),
    }
    try:
        deeds[action]()
    except DomainError:
        return


@pytest.mark.django_db
@settings(max_examples=examples(15), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(_STEP, min_size=1, max_size=16))
def test_any_sequence_of_deeds_keeps_all_counters_right(steps: list[tuple[str, str, int]]) -> None:
    """Rule 9: no counter is read, added and written."""
    Event.objects.all().delete()
    Vote.objects.all().delete()
    while leaves := Comment.objects.filter(children__isnull=True):
        leaves.delete()
    make_note(make_thread())
    recount_thread(thread_key="article:1")
    for number, step in enumerate(steps):
        _take(step, number)
    assert list(drift()) == []
    posted = Event.objects.filter(type="discussion.comment-posted").values_list("payload__comment_id", flat=True)
    assert len(posted) == len(set(posted)), "a comment is told of once"


@given(st.lists(st.sampled_from(["up", "down"])))
def test_counters_follow_one_person_whatever_the_clicks(clicks: list[Any]) -> None:
    value, up, down = 0, 0, 0
    for direction in clicks:
        after = next_value(value, direction)  # type: ignore[arg-type]
        delta = change(value, after)  # type: ignore[arg-type]
        value, up, down = after, up + delta[0], down + delta[1]
    assert (up, down) == (int(value == 1), int(value == -1))


@given(st.dictionaries(st.integers(0, 12), st.one_of(st.none(), st.integers(0, 12))), st.sets(st.integers(0, 12)))
def test_a_tally_counts_each_listed_reply_once(parents: dict[int, int | None], public: set[int]) -> None:
    nodes: list[Node] = []
    for item in parents_first(parents):
        parent = parents[item]
        known = {node.id for node in nodes}
        nodes.append(Node(item, parent if parent in known else None, item in public))
    counted = tally(nodes)
    roots = [node for node in nodes if node.parent_id is None]
    listed = sum(row.is_listed for row in counted.values())
    assert listed == sum(counted[root.id].reply_total + counted[root.id].is_listed for root in roots)
    assert all(counted[item].is_listed for item in public & parents.keys())


def test_a_child_before_its_parent_is_refused() -> None:
    with pytest.raises(ValueError, match="before its parent"):
        tally([Node(1, 2, is_public=True), Node(2, None, is_public=True)])


@pytest.mark.django_db
def test_tombstones_go_with_the_last_reply_that_needed_them_and_come_back() -> None:
    root = post("root")
    middle = post("middle", reply_to=root.public_id)
    last = post("last", reply_to=middle.public_id)
    for comment in (root, middle, last):
        remove_comment(comment_id=comment.public_id, moderator=MO, reason="other")
    assert not Comment.objects.filter(is_listed=True).exists()
    approve_comment(comment_id=last.public_id, moderator=MO)
    assert Comment.objects.filter(is_listed=True).count() == 3
    assert list(drift()) == []


@pytest.mark.django_db
def test_a_tombstone_that_stays_above_is_counted_while_it_is_listed() -> None:
    root = post("root")
    reply = post("reply", reply_to=root.public_id)
    remove_comment(comment_id=root.public_id, moderator=MO, reason="other")
    mark_comment(comment_id=root.public_id, person=MO, mark="sticky", on=True)
    for deed, counted in ((remove_comment, 0), (approve_comment, 1)):
        more = {"reason": "other"} if deed is remove_comment else {}
        deed(comment_id=reply.public_id, moderator=MO, **more)
        assert Thread.objects.get().sticky_count == counted
        assert list(drift()) == []


@pytest.mark.django_db
def test_a_wrong_counter_is_found_named_and_put_right() -> None:
    root = make_comment(up=2)
    make_comment(parent=root)
    note = make_note(make_thread())
    Comment.objects.filter(pk=root.pk).update(reply_total=7, up=9, score=9)
    Thread.objects.update(comment_count=0, inline_count=3)
    type(note).objects.update(answer_count=5)
    assert {item.what for item in drift()} == {"reply_total", "up", "comment_count", "inline_count", "answer_count"}
    assert "comment_count of row" in " ".join(counter_problems())
    assert recount_thread(thread_key="article:1") == 2
    assert counter_problems() == []
    assert recount_thread(thread_key="unknown") == 0


def _at_once(deeds: Sequence[Callable[[], Any]]) -> list[BaseException]:
    """Run deeds at the same time, each with a connection of its own; return what failed."""
    failures: list[BaseException] = []
    gate = threading.Barrier(len(deeds))

    def run(deed: Callable[[], Any]) -> None:
        gate.wait()
        try:
            deed()
        except DomainError:
            pass
        except Exception as error:  # noqa: BLE001 - whatever it is, the test tells
            failures.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(deed,)) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failures


@pytest.mark.usefixtures("transactional_db")
def test_32_people_changing_their_minds_at_once_leave_a_score_that_is_the_sum_of_the_rows() -> None:
    """Rule 9, and done-when 5: each with a connection of its own; a double click is two clicks."""
    comment = make_comment(text="voted on")

    def change_mind(number: int) -> None:
        person = make_guest(f"voter-{number % 30}", network="")
        for direction in _CLICKS[number % len(_CLICKS)]:
            cast_vote(comment_id=comment.public_id, person=person, direction=direction)

    assert _at_once([partial(change_mind, number) for number in range(32)]) == []
    assert list(drift()) == []
    comment.refresh_from_db()
    values = list(Vote.objects.values_list("value", flat=True))
    assert (comment.up, comment.down) == (values.count(1), values.count(-1))
    assert comment.score == sum(values)
    assert Event.objects.filter(type="discussion.vote-cast").count() == sum(
        len(_CLICKS[number % len(_CLICKS)]) for number in range(32)
    )


_CLICKS: list[list[Direction]] = [["up"], ["up", "down"], ["down", "up", "up"], ["down"], ["up", "down", "down"]]


@pytest.mark.usefixtures("transactional_db")
def test_posts_and_removals_at_the_same_moment_keep_the_counters_right() -> None:
    root = make_comment(text="root")
    others = [make_comment(parent=root, text=f"early {number}") for number in range(4)]
    posts = [partial(post, f"at once {number}", by=f"reader {number}", reply_to=root.public_id) for number in range(6)]
    removals = [
        partial(remove_comment, comment_id=comment.public_id, moderator=MO, reason="other") for comment in others
    ]
    deeds = [*posts, *removals]
    assert _at_once(deeds) == []
    assert list(drift()) == []
    assert Thread.objects.get().comment_count == 7
