"""Readers who are sooner than the page's script: what they type, open or send before it has come is not lost.

A module is held back until the test lets it go, so each race is lost every time.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.helpers import at_work
from tests.browser.places import LEAD, QUIET

MINE = "/-/comments/mine/"
Hold = Callable[[str], Callable[[], None]]


@pytest.fixture
def hold(page: Page) -> Hold:
    """Hold a module back: ``release = hold("draft-box")``."""

    def hold_back(name: str) -> Callable[[], None]:
        held: list[Route] = []
        is_released = False

        def answer(route: Route) -> None:
            if is_released:
                route.continue_()
            else:
                held.append(route)

        def release() -> None:
            nonlocal is_released
            is_released = True
            for route in held:
                route.continue_()

        # A hash stands in the address of a served file.
        page.route(re.compile(rf"/lib/{name}(\.[0-9a-f]+)?\.js$"), answer)
        return release

    return hold_back


def type_words(page: Page, text: str) -> None:
    page.locator("#comment-form").get_by_label("Comment", exact=True).fill(text)


def test_words_typed_before_their_keeper_has_come_are_kept_when_one_leaves(page: Page, hold: Hold) -> None:
    hold("draft-box")
    page.goto(QUIET)
    type_words(page, "Gone before it came")
    page.goto(MINE)
    expect(page.locator("own-drafts").get_by_text("Gone before it came")).to_be_visible()


def test_words_typed_before_any_script_are_kept_when_it_arrives(page: Page, hold: Hold) -> None:
    release = hold("main")
    page.goto(QUIET, wait_until="commit")
    type_words(page, "Sooner than all of it")
    release()
    at_work(page)
    page.goto(MINE)
    expect(page.locator("own-drafts").get_by_text("Sooner than all of it")).to_be_visible()


def test_what_was_sent_before_its_keeper_has_come_is_no_draft(page: Page, hold: Hold) -> None:
    release_keeper, release_form = hold("draft-box"), hold("live-form")
    page.goto(QUIET)
    form = page.locator("#comment-form")
    type_words(page, "Sent at once")
    form.get_by_label("Name").fill("Tester")
    form.get_by_role("button", name="Post comment").click()
    expect(page).to_have_url(re.compile("#comment-"))
    expect(page.locator("article.comment").filter(has_text="Sent at once")).to_be_visible()
    release_keeper()
    release_form()
    page.goto(QUIET)
    at_work(page)
    expect(form.get_by_label("Comment", exact=True)).to_have_value("")
    page.goto(MINE)
    at_work(page)
    expect(page.get_by_role("heading", name="My drafts")).to_be_hidden()


def test_a_menu_that_was_opened_before_it_could_be_filled_is_filled(page: Page, hold: Hold) -> None:
    release = hold("reader-marks")
    page.goto(LEAD)
    comment = page.locator("#comment-list > article.comment").first
    comment.locator("details.more > summary").first.click()
    expect(comment.locator("details.more").first).to_have_attribute("open", "")
    release()
    comment.get_by_role("button", name="Mute this name in this browser").first.click()
    expect(comment.locator(".comment-text").first).to_be_hidden()


def test_names_are_offered_for_what_was_typed_before_the_tools_came(page: Page, hold: Hold) -> None:
    release = hold("comment-tools")
    page.goto(LEAD)
    box = page.locator("#c-text")
    name = page.locator("#comment-list .comment-by").first.inner_text()
    box.press_sequentially(f"Thank you @{name[:3].lower()}")
    release()
    options = page.get_by_role("listbox", name="People in this discussion").get_by_role("option")
    expect(options.filter(has_text=name)).to_have_count(1)


def test_a_comment_sent_before_the_script_has_come_is_posted_by_a_plain_form(page: Page, hold: Hold) -> None:
    hold("main")
    page.goto(QUIET, wait_until="commit")
    form = page.locator("#comment-form")
    type_words(page, "Without any of it")
    form.get_by_label("Name").fill("Tester")
    form.get_by_role("button", name="Post comment").click()
    expect(page.locator("article.comment").filter(has_text="Without any of it")).to_be_visible()
