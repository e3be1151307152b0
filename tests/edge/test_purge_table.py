"""Every fact is in the table of what it makes stale, or in the list of those that alter no page."""

from __future__ import annotations

from typing import Any

import pytest

from masthead.core import events
from masthead.discussion.events import CommentHeld, CommentPosted, CommentRemoved
from masthead.edge.store import EVERYTHING
from masthead.funding.events import PledgeNoted
from masthead.project.wiring.edge import ALTER_NO_PAGE, TABLE, purge_of
from masthead.publishing.events import ArticleWithdrawn, EditionSealed, PageChanged
from tests.architecture.samples import sample
from tests.architecture.test_events import EVENTS


@pytest.mark.parametrize("cls", [cls for _, cls in EVENTS], ids=[name for name, _ in EVENTS])
def test_every_event_is_in_exactly_one_of_the_two_lists(cls: type[Any]) -> None:
    listed = [known for known, _ in TABLE]
    assert listed.count(cls) + (cls in ALTER_NO_PAGE) == 1


@pytest.mark.parametrize(("cls", "rule"), TABLE, ids=[events.type_name(cls) for cls, _ in TABLE])
def test_every_line_names_tags_that_a_header_can_carry(cls: type[Any], rule: Any) -> None:
    purge = rule(sample(cls))
    tags = purge.stale | purge.forget
    assert tags
    assert all(tag.isascii() and " " not in tag and tag == tag.strip() for tag in tags)


def test_every_exception_has_a_reason() -> None:
    assert all(len(reason) > 20 for reason in ALTER_NO_PAGE.values())


def test_a_comment_touches_its_thread_and_nothing_else() -> None:
    purge = purge_of([CommentPosted("k3v9", "article:12")])
    assert purge.stale == {"thread:article:12"}
    assert not purge.forget


def test_what_left_public_view_has_no_stale_copy() -> None:
    assert purge_of([CommentRemoved("k3v9", "article:12", by="writer")]).forget == {"thread:article:12"}
    assert purge_of([CommentHeld("k3v9", "article:12", was_public=True)]).forget == {"thread:article:12"}
    assert purge_of([ArticleWithdrawn(12, "article:12", "/a/", "A")]).forget == {"article:12", "card:12"}
    assert purge_of([PageChanged([7], is_gone=True)]).forget == {"page:7", "section:7"}


def test_a_new_held_comment_and_a_pledge_touch_no_page() -> None:
    purge = purge_of([CommentHeld("k3v9", "article:12"), sample(PledgeNoted)])
    assert not purge.stale | purge.forget


def test_a_new_story_touches_the_lists_it_came_into_and_a_corrected_one_only_itself() -> None:
    known = {"article:12", "card:12", "link:12", "sitemap"}
    new = EditionSealed(12, "article:12", "/a/", "A", 1, sections=[3], authors=[4], tags=[5])
    assert purge_of([new]).stale == known | {"section:3", "author:4", "tag:5", "front", "feed"}
    assert purge_of([EditionSealed(12, "article:12", "/a/", "A", 2)]).stale == known


def test_an_event_of_a_later_version_makes_everything_stale() -> None:
    class Unheard:
        event_type = "project.something-else"

    assert purge_of([Unheard()]).stale == {EVERYTHING}
