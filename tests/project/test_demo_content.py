"""The demo newsroom is whole: what a publisher sees first has the promised size, and nothing in it leads nowhere."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from importlib import resources
from typing import Any

import pytest

from masthead.project.demo.content import dated, load, parse, read
from masthead.project.demo.model import Comment, DemoContent
from masthead.project.demo.review import review

NOW = datetime(2026, 11, 21, 9, 40, tzinfo=UTC)
LEAD = "the-pumps-were-bought-two-weeks-after-the-warning"
Tables = dict[str, Any]


@pytest.fixture(scope="module")
def content() -> DemoContent:
    return load(now=NOW)


@pytest.fixture
def tables() -> Tables:
    return read(resources.files("masthead.project.demo") / "content", today=NOW.date())


def depth(comment: Comment, by_id: dict[str, Comment]) -> int:
    return 1 if not comment.parent else 1 + depth(by_id[comment.parent], by_id)


def test_front_page_has_stories_in_four_sections(content: DemoContent) -> None:
    per_section = Counter(story.section for story in content.stories)

    assert len(content.stories) >= 14
    assert set(per_section) == {"town-hall", "harbour", "schools", "opinion"}
    assert min(per_section.values()) >= 3


def test_lead_story_is_the_newest_and_asks_its_question(content: DemoContent) -> None:
    lead = content.lead()

    assert lead.slug == LEAD
    assert lead.question is not None
    assert lead.question.quote == "should not be considered for the north gate"
    assert lead.correction is not None
    assert {"text", "heading", "picture", "quote", "list", "table"} <= {block.kind for block in lead.body}
    assert 900 <= lead.words() <= 1200


def test_every_story_is_long_enough_to_be_read(content: DemoContent) -> None:
    short = {story.slug: story.words() for story in content.stories if story.words() < 350}

    assert short == {}


def test_every_kind_of_block_appears(content: DemoContent) -> None:
    kinds = {block.kind for story in content.stories for block in story.body}

    assert kinds == {"text", "heading", "picture", "quote", "list", "table", "code", "embed"}


def test_lead_thread_has_sixty_comments_and_one_tombstone_with_replies(content: DemoContent) -> None:
    thread = content.comments_on(LEAD)
    visible = [comment for comment in thread if not comment.is_deleted]
    deleted = [comment for comment in thread if comment.is_deleted]

    assert len(visible) == 60
    assert len(deleted) == 1
    assert any(comment.parent == deleted[0].id for comment in visible)
    assert sum(comment.answers_question for comment in visible) == 5
    assert {comment.author for comment in visible if comment.author} == {"marit-oyelaran", "jonas-pell"}


def test_lead_thread_is_nested_five_deep_under_twenty_two_roots(content: DemoContent) -> None:
    thread = content.comments_on(LEAD)
    by_id = {comment.id: comment for comment in thread}

    assert max(depth(comment, by_id) for comment in thread) == 5
    assert sum(not comment.parent for comment in thread) == 22


def test_six_other_stories_are_discussed(content: DemoContent) -> None:
    others = Counter(comment.story for comment in content.comments if comment.story != LEAD)

    assert len(others) >= 6
    assert all(3 <= count <= 8 for count in others.values())


def test_parents_come_before_their_replies(content: DemoContent) -> None:
    seen: set[str] = set()
    for comment in content.comments:
        assert not comment.parent or comment.parent in seen
        seen.add(comment.id)


def test_gifts_come_to_the_figure_on_the_meter(content: DemoContent) -> None:
    counted = [gift for gift in content.gifts if not gift.reversed_reason]

    assert sum(gift.amount_minor for gift in counted) == 163_900
    assert content.campaign.goal_minor == 500_000
    assert len(counted) == 40
    assert len(content.gifts) == 41
    assert {gift.method for gift in content.gifts} == {"bank_transfer", "cash"}


def test_nothing_lies_in_the_future(content: DemoContent) -> None:
    assert all(story.before > timedelta() for story in content.stories)
    assert all(comment.before > timedelta() for comment in content.comments)


def test_relative_days_are_written_out() -> None:
    written = dated("on {day:-2} and on {date:+11}", date(2026, 11, 21))

    assert written == "on Thursday and on 2 December"


def test_no_relative_day_is_left_in_the_texts(content: DemoContent) -> None:
    left = [
        text
        for story in content.stories
        for text in (story.standfirst, *(block.html for block in story.body))
        if "{" in text
    ]

    assert left == []


def test_content_is_the_same_on_the_first_of_the_year() -> None:
    new_year = load(now=datetime(2027, 1, 1, 0, 5, tzinfo=UTC))

    assert len(new_year.stories) == len(load(now=NOW).stories)
    assert "until 23 December to find a tenth" in " ".join(story.standfirst for story in new_year.stories)


def put(tables: Tables, path: tuple[str | int, ...], value: Any) -> None:
    """Set what stands at ``path``; the step "+" appends to a list."""
    *way, last = path
    target: Any = tables
    for step in way:
        target = target[step]
    if last == "+":
        target.append(value)
    else:
        target[last] = value


FIRST = ("stories", 0)
NEW_BLOCK = ("pages", 0, "body", "+")
EVE = {"slug": "eve", "name": "Eve", "role": "Editor", "staff": True, "biography": "New here."}
RAGGED = {"type": "table", "caption": "", "header": ["One"], "rows": [["1", "2"]]}
DEAD_LINK = {"type": "text", "html": '<p><a href="story:gone">Gone</a></p>'}


@pytest.mark.parametrize(
    ("path", "value", "sentence"),
    [
        ((*FIRST, "authors"), ["nobody"], "names the author nobody"),
        ((*FIRST, "authors"), [], "has no author"),
        ((*FIRST, "section"), "sport", "in the section sport"),
        ((*FIRST, "picture", "name"), "volcano", "volcano, which nobody can draw"),
        ((*FIRST, "picture", "alt"), "", "lacks its description"),
        ((*FIRST, "slug"), "about-us", "appears twice"),
        ((*FIRST, "question", "quote"), "words that are not there", "does not contain"),
        ((*FIRST, "correction", "hours_ago"), 10_000, "corrected before it was published"),
        (("people", "person", "+"), EVE, "no portrait of Eve"),
        (NEW_BLOCK, {"type": "carousel"}, "unknown kind carousel"),
        (NEW_BLOCK, RAGGED, "does not match its header"),
        (NEW_BLOCK, DEAD_LINK, "links to the story gone"),
        (("funding", "gift", 0, "amount_minor"), 6_001, "instead of 163900"),
        (("funding", "gift", 0, "day"), 31, "cannot be entered"),
        (("members", "names", "+"), "Nobody", "says nothing"),
        (("people", "person", 0, "publisher"), True, "Exactly one person must be the publisher"),
    ],
)
def test_a_fault_in_the_files_is_named_in_a_sentence(
    tables: Tables, path: tuple[str | int, ...], value: Any, sentence: str
) -> None:
    put(tables, path, value)

    with pytest.raises(ValueError, match=sentence):
        review(parse(tables))


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"parent": "nothing"}, "answers nothing, which is not in its thread"),
        ({"minutes": 9_999}, "is older than its story"),
        ({"parent": "pike-tin"}, "is older than pike-tin"),
        ({"author": "bridie-sandham"}, "not on the staff"),
        ({"text": ""}, "must have a text or be deleted"),
        ({"deleted": True}, "must have a text or be deleted"),
    ],
)
def test_a_fault_in_a_thread_is_named(tables: Tables, changes: Tables, sentence: str) -> None:
    tables["threads"][LEAD]["comment"][0].update(changes)

    with pytest.raises(ValueError, match=sentence):
        review(parse(tables))


def test_an_answer_needs_a_question(tables: Tables) -> None:
    del tables["stories"][0]["question"]

    with pytest.raises(ValueError, match="answers a question that nobody asked"):
        review(parse(tables))


def test_a_thread_needs_its_story(tables: Tables) -> None:
    tables["threads"]["gone"] = {"comment": [{"id": "x", "by": "Ada", "minutes": 1, "votes": [0, 0], "text": "Hello."}]}

    with pytest.raises(ValueError, match="under the story gone"):
        review(parse(tables))
