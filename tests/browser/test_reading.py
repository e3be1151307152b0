"""Finding one's way through a thread in a real browser, and what a reader keeps in it."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import Opener
from tests.browser.helpers import assert_accessible, expect_announced, focused
from tests.browser.places import LEAD, QUIET
from tests.browser.test_discussion import by_text, post


def test_the_tools_of_a_thread_work_by_links_and_a_form(any_page: Page) -> None:
    """Rows 26 to 28, with script and without."""
    any_page.goto(LEAD)
    any_page.locator(".thread-tools > summary").click()
    any_page.get_by_role("link", name="Hottest thread").click()
    expect(any_page).to_have_url(re.compile("show=hottest"))
    expect(any_page.locator("#comment-list > article.comment")).to_have_count(1)
    any_page.get_by_role("link", name="By the author or staff").click()
    expect(any_page.get_by_role("link", name="By the author or staff")).to_have_attribute("aria-current", "true")
    any_page.get_by_role("searchbox", name="Words in this discussion").fill("pump")
    any_page.locator(".thread-search button").click()
    any_page.wait_for_load_state()  # a page of its own: what still arrives may move what is pressed
    expect(any_page.locator("#comment-list mark").first).to_have_text(re.compile("pump", re.IGNORECASE))
    any_page.get_by_role("link", name="View all comments").click()
    expect(any_page.locator("#comment-list mark")).to_have_count(0)
    any_page.get_by_role("link", name=re.compile("In the order of time")).click()
    expect(any_page).to_have_url(re.compile(r"page=1"))
    expect(any_page.locator(".page-numbers [aria-current=page]")).to_have_text("1")


def test_the_states_of_a_thread_are_accessible(page: Page) -> None:
    for query in ("?q=pump", "?page=2", "?show=hottest", "?filter=newsroom&sort=best"):
        page.goto(f"{LEAD}{query}")
        assert_accessible(page)
    permalink = page.locator("article.comment").first.get_attribute("id")
    page.goto(f"/-/comments/{(permalink or '').removeprefix('comment-')}/")
    assert_accessible(page)
    page.get_by_role("link", name="In the whole discussion").click()
    expect(page.locator(f"#{permalink}")).to_be_visible()


def test_a_name_is_muted_and_shown_again_in_this_browser_alone(opened: Opener) -> None:
    """Row 38."""
    page, other = opened(), opened()
    page.goto(LEAD)
    page.locator("#comment-list").scroll_into_view_if_needed()
    comment = page.locator("#comment-list > article.comment").first
    name = comment.locator(".comment-by").first.inner_text()
    comment.locator("details.more > summary").first.click()
    comment.get_by_role("button", name="Mute this name in this browser").first.click()
    expect(comment.locator(".comment-text").first).to_be_hidden()
    expect_announced(page, f"You have muted \u2068{name}\u2069.")
    assert focused(page).startswith("button")
    assert_accessible(page)
    page.reload()
    page.locator("#comment-list").scroll_into_view_if_needed()
    expect(comment.locator(".muted-note").first).to_be_visible()
    other.goto(LEAD)
    expect(other.locator("#comment-list > article.comment .comment-text").first).to_be_visible()
    page.goto("/-/comments/mine/")
    page.get_by_role("button", name=f"Show again: {name}").click()
    expect(page.get_by_role("heading", name="Names muted in this browser")).to_be_hidden()


def test_what_is_new_since_the_last_visit_is_counted_and_can_be_read_alone(opened: Opener) -> None:
    """Row 31."""
    page, other = opened(), opened()
    post(other, "Written before", path=QUIET)
    page.goto(QUIET)
    page.locator("#comment-list").scroll_into_view_if_needed()
    expect(page.locator("reader-marks:defined")).to_have_count(1)
    page.goto("/")
    post(other, "Written meanwhile", path=QUIET)
    page.goto(QUIET)
    page.locator("#comment-list").scroll_into_view_if_needed()
    button = page.get_by_role("button", name="New since my last visit (1)")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#comment-list > article.comment:visible")).to_have_count(1)
    expect(by_text(page, "Written meanwhile")).to_be_visible()
    page.get_by_role("link", name="View all comments").click()
    expect(page.locator("#comment-list > article.comment:visible")).not_to_have_count(1)
    expect(page.locator("reader-marks button")).to_have_attribute("aria-pressed", "false")
