"""What receivers read of the house's facts: documented to the last field, and nobody is named in it (rule S6)."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import pytest
from pytest_django import Settings

from masthead.core import ports
from masthead.core.clock import frozen
from masthead.core.ids import made_at
from masthead.discussion.events import CommentHeld
from masthead.funding.events import GiftChanged, GiftRecorded, GiftReversed
from masthead.funding.models import Gift
from masthead.funding.services import record_gift
from masthead.funding.testing import make_campaign
from masthead.hooks import services
from masthead.hooks.models import Delivery, Hook
from masthead.hooks.ports import Catalogue
from masthead.outbox.models import Event
from masthead.outbox.testing import deliver_all
from masthead.project.answers import hooks as outside
from masthead.project.wiring.hooks import TABLE, tell
from tests.architecture.source import ROOT, read
from tests.funding.lives import BEGAN, usd
from tests.hooks import happenings

pytestmark = pytest.mark.django_db

ROW = re.compile(r"^\| `([a-z]+\.[a-z]+)` \| [^|]+ \| ([^|]+) \|$", re.MULTILINE)


def documented() -> dict[str, set[str]]:
    """Return the fields of each type, as the page for receivers lists them."""
    page = read(ROOT / "docs" / "how-to" / "receive-webhooks.md")
    # What stands in brackets are values.
    return {type_: set(re.findall(r"`(\w+)`", re.sub(r"\([^)]*\)", "", data))) for type_, data in ROW.findall(page)}


@pytest.fixture
def hook() -> Hook:
    """A receiver told everything; nobody need listen."""
    made, _secret = services.add_hook(address="https://receiver.invalid/", types=["*"], by=None)
    return made


def told() -> list[dict[str, Any]]:
    """Return all that was told, oldest first."""
    return [json.loads(row.body) for row in Delivery.objects.order_by("pk")]


def test_s6_nobody_is_named_in_any_message_and_no_giver_can_be_known_again(hook: Hook) -> None:
    keys = happenings.everything()
    with frozen(happenings.AFTER):
        deliver_all()
    assert {each["type"] for each in told()} == set(documented()) - {"hook.tested"}, "all of it was told"
    bodies = " ".join(Delivery.objects.values_list("body", flat=True)).lower()
    assert [word for word in (*happenings.PRIVATE, "@", "4242", "sub_1", "pi_1") if word in bodies] == []
    assert [key for key in keys if key.lower() in bodies] == []


def test_every_message_has_the_fields_that_are_documented_and_no_others(hook: Hook) -> None:
    happenings.everything()
    services.send_test(hook=hook, by=None)
    with frozen(happenings.AFTER):
        deliver_all()
    assert {each["type"]: set(each["data"]) for each in told()} == documented()
    assert {frozenset(each) for each in told()} == {frozenset({"id", "type", "version", "timestamp", "live", "data"})}


def test_the_catalogue_the_table_and_the_page_name_the_same_types() -> None:
    offered = {kind.type for kind in ports.get(Catalogue).kinds()}
    assert offered == {type_ for _event, types, _present in TABLE for type_ in types}
    assert offered == set(documented()) - {"hook.tested"}


def test_money_is_told_in_minor_units_with_its_month_and_how_often_it_comes(hook: Hook) -> None:
    happenings.everything()
    deliver_all()
    first = next(each for each in told() if each["type"] == "gift.recorded")
    gift = Gift.objects.get(method="stripe")
    assert first["live"] is True
    assert first["data"] == {
        "id": gift.public_id,
        "campaign": "harbour",
        "amount_minor": 2500,
        "currency": "USD",
        "received_at": first["data"]["received_at"],
        "month": "2026-11",
        "method": "stripe",
        "every": "once",
        "recurring": None,
        "pledge": gift.pledge.public_id if gift.pledge else "",
    }
    (back,) = [each["data"] for each in told() if each["type"] == "gift.changed"]
    assert (back["id"], back["delta_minor"], back["why"]) == (gift.public_id, -700, "refund")


def test_the_timestamp_is_when_it_happened_not_when_it_was_told(hook: Hook) -> None:
    happenings.everything()
    event = Event.objects.filter(type="funding.gift-recorded").earliest("pk")
    deliver_all()
    row = Delivery.objects.get(message_id=f"msg_{event.public_id}")
    assert json.loads(row.body)["timestamp"] == made_at(event.public_id).isoformat(timespec="milliseconds").replace(
        "+00:00", "Z"
    )


def test_a_repeated_gift_begins_changes_and_ends_in_this_order(hook: Hook) -> None:
    happenings.everything()
    deliver_all()
    lives = [(each["type"], each["data"]["status"]) for each in told() if each["type"].startswith("recurring.")]
    assert lives == [
        ("recurring.started", "active"),
        ("recurring.changed", "past_due"),
        ("recurring.ended", "ended"),
    ]


def test_a_story_is_published_once_and_then_updated(hook: Hook) -> None:
    happenings.everything()
    deliver_all()
    stories = [(each["type"], each["data"].get("edition")) for each in told() if each["type"].startswith("story.")]
    assert stories == [("story.published", 1), ("story.updated", 2), ("story.withdrawn", None)]


def test_a_comment_that_waits_for_its_own_writer_is_no_news() -> None:
    assert outside.comment_held(CommentHeld("c1", "article:1", "unconfirmed")) is None
    assert outside.comment_held(CommentHeld("c1", "article:1", "links")) is not None


def test_of_money_that_is_not_in_the_books_nothing_is_told() -> None:
    """A receiver that asks for more of it would find nothing either."""
    money = ("gone", "fund", 100, "USD", "2026-11-01")
    assert outside.gift_recorded(GiftRecorded(*money, "2026-11-01")) is None
    assert outside.gift_changed(GiftChanged(*money, "refund")) is None
    assert outside.gift_reversed(GiftReversed(*money)) is None


def test_l7_rehearsed_money_is_told_as_such_and_to_those_who_asked(hook: Hook, settings: Settings) -> None:
    play, _secret = services.add_hook(address="https://stage.invalid/", types=["*"], is_live=False, by=None)
    site = settings.MASTHEAD
    settings.MASTHEAD = replace(site, funding=replace(site.funding, mode="rehearsal"))
    campaign = make_campaign(slug="harbour")
    record_gift(campaign=campaign, amount=usd(500), method="cash", received_at=BEGAN)
    deliver_all()
    kinds = {row.type for row in play.deliveries.all()}
    assert kinds == {"gift.recorded", "goal.changed"}
    assert not hook.deliveries.exists(), "no real receiver hears of a rehearsal"
    assert {each["live"] for each in told()} == {False}


def test_nothing_is_looked_up_where_nobody_asked(django_assert_num_queries: Any) -> None:
    events = [(CommentHeld("c1", "article:1", "links"), "e1"), (CommentHeld("c2", "article:1", "links"), "e2")]
    with django_assert_num_queries(1):
        tell(events)
