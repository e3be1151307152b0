"""What open pages are told of committed facts."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from masthead.core.money import Money
from masthead.discussion.events import (
    CommentEdited,
    CommentHeld,
    CommentPosted,
    CommentRemoved,
    CommentRestored,
    VoteCast,
)
from masthead.discussion.models import Comment
from masthead.discussion.testing import make_comment
from masthead.edge.hub import Message
from masthead.edge.live import hub
from masthead.funding.events import GiftChanged, GiftRecorded, GoalChanged, PledgeNoted
from masthead.funding.services import put_campaign
from masthead.funding.testing import make_campaign, make_gift
from masthead.project.answers import live

pytestmark = pytest.mark.django_db
KEY = "article:1"


@dataclass(frozen=True)
class Committed:
    """A committed event."""

    pk: int
    event: object


def told(*events: object) -> list[tuple[str, dict[str, Any]]]:
    """Return topic and data of what these facts, numbered from 1, are told as."""
    found = live.messages([Committed(number, event) for number, event in enumerate(events, 1)])
    return [(item.topic, data_of(item)) for item in found]


def data_of(item: Message) -> dict[str, Any]:
    """Read a message as a browser does."""
    data: dict[str, Any] = json.loads(item.text)
    assert item.encoded.decode().startswith(f"id: {data['id']}\nevent: {data['kind']}\ndata: ")
    return data


def test_a_new_comment_is_told_by_its_id_alone(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(0):
        found = told(CommentPosted("c1", KEY, parent_id="p1"))
    data = {"id": 1, "topic": "thread:article:1", "kind": "comment", "comment": "c1", "parent": "p1", "passage": ""}
    assert found == [("thread:article:1", data)]


@pytest.mark.parametrize(
    ("event", "kind"),
    [
        (CommentEdited("c1", KEY), "edited"),
        (CommentRestored("c1", KEY), "edited"),
        (CommentRemoved("c1", KEY, by="moderator"), "removed"),
        (CommentHeld("c1", KEY, was_public=True), "removed"),
    ],
)
def test_a_changed_comment_is_told_by_its_id_alone(event: object, kind: str) -> None:
    assert told(event) == [("thread:article:1", {"id": 1, "topic": "thread:article:1", "kind": kind, "comment": "c1"})]


def test_a_comment_that_nobody_ever_saw_is_not_told() -> None:
    assert told(CommentHeld("c1", KEY)) == []


def test_many_votes_are_told_as_they_stand_now_in_one_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    first, second = make_comment(up=5, down=2), make_comment(up=1)
    votes = [VoteCast(item.public_id, KEY, 1) for item in (first, second, first)]
    with django_assert_num_queries(1):
        found = told(*votes)
    assert [(data["id"], data["comment"]) for _, data in found] == [(2, second.public_id), (3, first.public_id)]
    assert [found[1][1][name] for name in ("up", "down", "score")] == [5, 2, 3]


def test_votes_on_a_comment_that_is_not_public_are_not_told() -> None:
    held = make_comment(status=Comment.Status.HELD)
    assert told(VoteCast(held.public_id, KEY, 1), VoteCast("no-such-comment", KEY, 1)) == []


def test_money_is_told_as_the_meter_shows_it(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    make_campaign()
    gift = make_gift(amount=Money(163_900, "USD"))
    event = GiftRecorded(gift.public_id, "fund", 163_900, "USD", "2026-11-22T00:00:00Z", "2026-11")
    with django_assert_num_queries(2):
        found = told(event, GoalChanged("fund", 1, "USD", ""))
    assert [topic for topic, _data in found] == ["campaign:fund", "meter"]
    data = found[1][1]
    assert (data["kind"], data["id"], data["raised_minor"]) == ("meter", 2, 163_900)
    assert data["shown"]["raised_text"] == "1,639\xa0$"
    assert data["shown"]["percent"] == "32.7"
    assert data["shown"]["sentence"].startswith("1,639\xa0$ of 5,000\xa0$ raised")


def test_money_of_a_campaign_beside_is_told_under_its_own_name_alone() -> None:
    make_campaign()
    boat = put_campaign(slug="boat", goal=Money(90_000, "USD"), title="Boat", active=False, beside=True)
    gift = make_gift(campaign=boat, amount=Money(30_000, "USD"))
    [(topic, data)] = told(GiftChanged(gift.public_id, "boat", -1, "USD", "2026-11-01", "refund"))
    assert (topic, data["raised_minor"]) == ("campaign:boat", 30_000)


def test_money_that_went_back_is_told_with_the_meter_as_it_stands() -> None:
    """M11: open pages show what a page that is loaded now shows."""
    gift = make_gift(campaign=make_campaign(), amount=Money(2_500, "USD"))
    [_, (topic, data)] = told(GiftChanged(gift.public_id, "fund", -2_500, "USD", "2026-11", "refund"))
    assert (topic, data["raised_minor"]) == ("meter", 2_500)


def test_without_a_campaign_money_is_not_told() -> None:
    assert told(GoalChanged("fund", 1, "USD", "")) == []


def test_what_no_page_shows_is_not_told() -> None:
    assert told(PledgeNoted("p", "r", "fund", 1, "USD", "month")) == []


def test_all_is_told_in_the_order_of_the_facts_to_the_streams_of_this_process() -> None:
    voted = make_comment(up=1)
    facts = [Committed(70, VoteCast(voted.public_id, KEY, 1)), Committed(71, CommentPosted("c2", KEY))]
    live.tell(facts)
    missed = hub.missed(["thread:article:1"], last_id=70)
    assert [data_of(item)["kind"] for item in missed.messages] == ["comment"]
