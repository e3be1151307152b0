"""Every state of a discussion: axe finds nothing, and nothing sticks out; light and dark, from left and from right.

From the right it is the paper as an Arabic newsroom has it: language and direction by ``site.language``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import paper
from tests.browser.conftest import DESK, PHONE
from tests.browser.guard import Guard
from tests.browser.helpers import assert_accessible, assert_no_sideways_scroll, at_work, in_dark
from tests.browser.paper import Paper
from tests.browser.places import LEAD, QUIET
from tests.browser.test_passage_notes import mark
from tests.browser.test_writing import EMPTY

# Found by what they are, not by words: these change with the language.
FORM = "#comment-form"
ROOT = "#comment-list > article.comment"


@pytest.fixture(scope="module")
def arabic(demo_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Paper]:
    """The demo paper with an Arabic interface."""
    served = paper.serve(demo_folder, tmp_path_factory.mktemp("arabic") / "site", MASTHEAD_SITE_LANGUAGE="ar")
    yield served
    served.stop()


@pytest.fixture(params=["en", "ar"])
def reading(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A window on a paper of this language, on a phone's or a desk's screen."""
    served: Paper = request.getfixturevalue("demo" if request.param == "en" else "arabic")
    guard = Guard(served.address, expected_statuses={422})
    # A phone is where a state runs out of room first; from the right both are seen.
    width, height = PHONE if request.param == "en" else DESK
    context = browser.new_context(base_url=served.address, viewport={"width": width, "height": height}, locale="en-GB")
    context.set_default_timeout(30_000)
    guard.watch(context)
    yield context.new_page()
    context.close()
    guard.verify()


def visit(page: Page, path: str) -> None:
    page.goto(path)
    at_work(page)


def empty(page: Page) -> None:
    visit(page, EMPTY["ltr"])
    expect(page.locator("#comments-empty")).to_be_visible()


def form_open(page: Page) -> None:
    visit(page, QUIET)
    page.locator(f"{FORM} textarea").click()
    expect(page.locator(f"{FORM} [role=toolbar]")).to_be_visible()
    expect(page.locator(f"{FORM} input[name=name]")).to_be_visible()


def error(page: Page) -> None:
    form_open(page)
    page.locator(f"{FORM} textarea").fill("Careful words")
    page.locator(f"{FORM} input[name=name]").fill("A")
    page.locator(f"{FORM} .comment-form-send > button").click()
    expect(page.locator(f"{FORM} [aria-invalid=true]")).to_be_focused()
    expect(page.locator(f"{FORM} .error")).to_be_visible()


def reply_open(page: Page) -> None:
    visit(page, LEAD)
    page.locator(f"{ROOT} > .comment-row reply-form a").first.click()
    expect(page.locator("#reply-form textarea")).to_be_focused()


def bubble_open(page: Page) -> None:
    visit(page, QUIET)
    mark(page, page.locator(".story p").nth(1))
    page.locator(".note-tools button").first.click()
    expect(page.locator(".note-bubble textarea[name=text]")).to_be_focused()


def question_open(page: Page) -> None:
    visit(page, LEAD)
    note = page.locator(".side-note details").first
    note.locator("summary").click()
    expect(note.locator("textarea")).to_be_visible()


def folded(page: Page) -> None:
    visit(page, LEAD)
    page.locator(".folded a[data-live]").first.scroll_into_view_if_needed()
    expect(page.locator(".folded a[data-live]").first).to_be_visible()


def menu_open(page: Page) -> None:
    visit(page, LEAD)
    page.locator(f"{ROOT} details.more > summary").first.click()
    expect(page.locator(f"{ROOT} .more-list .mute button").first).to_be_visible()


def muted(page: Page) -> None:
    menu_open(page)
    page.locator(f"{ROOT} .more-list .mute button").first.click()
    expect(page.locator(f"{ROOT} > .muted-note").first).to_be_visible()


def searched(page: Page) -> None:
    visit(page, f"{LEAD}?q=pump")
    expect(page.locator("#comment-list mark").first).to_be_visible()


def preview_open(page: Page) -> None:
    form_open(page)
    page.locator(f"{FORM} textarea").fill("so **loud** and ||secret||")
    page.locator(f"{FORM} text-preview button").click()
    expect(page.locator(f"{FORM} .preview strong")).to_be_visible()


def own_page(page: Page) -> None:
    visit(page, "/-/comments/mine/")


STATES: list[Callable[[Page], None]] = [
    empty,
    form_open,
    error,
    reply_open,
    bubble_open,
    question_open,
    folded,
    menu_open,
    muted,
    searched,
    preview_open,
    own_page,
]


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_a_state_is_accessible_in_both_schemes_and_directions(reading: Page, state: Callable[[Page], None]) -> None:
    state(reading)
    for scheme in ("light", "dark"):
        if scheme == "dark":
            in_dark(reading)
        assert_accessible(reading)
        assert_no_sideways_scroll(reading)


def test_an_arabic_paper_runs_from_right_to_left(browser: Browser, arabic: Paper) -> None:
    page = browser.new_page(base_url=arabic.address)
    page.goto(LEAD)
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    expect(page.locator("html")).to_have_attribute("lang", "ar")
    page.close()
