"""What holds on every kind of page: at a phone's and a desk's width, light and dark, with script and without."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import DESK, PHONE, Opener
from tests.browser.guard import Guard
from tests.browser.helpers import assert_accessible, assert_no_sideways_scroll, in_dark, layout_shift, wait_for_words
from tests.browser.places import LEAD, PAGES

SIZES = {"phone": PHONE, "desk": DESK}
MAY_SET_COOKIES = {"sign in"}  # its form carries a token
each_page = pytest.mark.parametrize("name", PAGES)
each_size = pytest.mark.parametrize("size", SIZES)


def visit(page: Page, name: str, guard: Guard) -> None:
    """Open a page of the list and see that it answers as it should."""
    path, status = PAGES[name]
    guard.expect_status(*{status} - {200})
    reply = page.goto(path)
    assert reply is not None
    assert reply.status == status, f"{path} answered {reply.status}"


@each_page
@each_size
def test_page_is_accessible_and_fits_in_both_schemes(opened: Opener, guard: Guard, name: str, size: str) -> None:
    page = opened(size=SIZES[size])
    visit(page, name, guard)
    if name not in MAY_SET_COOKIES:
        assert page.context.cookies() == [], "a public page left something in the browser"
    assert_no_sideways_scroll(page)
    assert_accessible(page)
    in_dark(page)
    assert_no_sideways_scroll(page)
    assert_accessible(page)


@each_page
def test_page_fits_a_phone_from_right_to_left(opened: Opener, guard: Guard, name: str) -> None:
    page = opened(size=PHONE)
    visit(page, name, guard)
    page.evaluate("document.documentElement.dir = 'rtl'")
    assert_no_sideways_scroll(page)
    assert_accessible(page)


@each_page
def test_page_reads_without_script(opened: Opener, guard: Guard, name: str) -> None:
    page = opened(js=False)
    visit(page, name, guard)
    for size in SIZES.values():
        page.set_viewport_size({"width": size[0], "height": size[1]})
        expect(page.get_by_role("heading", level=1)).to_have_count(1)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        expect(page.get_by_role("main")).to_be_visible()
        assert_no_sideways_scroll(page)


@pytest.mark.parametrize("path", ["/", LEAD])
@each_size
def test_nothing_moves_while_a_page_arrives(opened: Opener, path: str, size: str) -> None:
    page = opened(size=SIZES[size])
    page.goto(path, wait_until="networkidle")
    assert layout_shift(page) == 0


@pytest.mark.parametrize("path", ["/", LEAD])
@each_size
def test_nothing_moves_when_the_fonts_come_after_the_words(opened: Opener, path: str, size: str) -> None:
    page = opened(size=SIZES[size])
    held: list[Route] = []
    words_are_there = False

    def hold(route: Route) -> None:
        if words_are_there:
            route.continue_()
        else:
            held.append(route)

    page.route("**/*.woff2", hold)
    page.goto(path, wait_until="commit")
    wait_for_words(page)
    words_are_there = True
    assert len(held) >= 2, "the fonts were not asked for"
    for route in held:
        route.continue_()
    page.wait_for_load_state("networkidle")
    page.evaluate("document.fonts.ready.then(() => undefined)")
    assert layout_shift(page) == 0


def test_every_page_can_be_walked_by_keyboard(page: Page) -> None:
    page.goto(LEAD)
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


def test_a_page_larger_than_life_still_fits(opened: Opener) -> None:
    """WCAG 2.2, 1.4.10: at 400 % zoom of a 1280 px window, 320 px remain."""
    page = opened(size=(320, 640))
    page.goto(LEAD)
    assert_no_sideways_scroll(page)


def test_a_phone_holds_a_deep_thread_with_an_open_form(opened: Opener) -> None:
    page = opened(size=PHONE)
    page.goto(f"{LEAD}?sort=most-voted")
    nested = page.locator("article[id^='comment-'] article[id^='comment-']").first
    nested.get_by_role("link", name="Reply", exact=True).first.click()
    expect(page.locator(".reply-place textarea").first).to_be_focused()
    assert_no_sideways_scroll(page)
    assert_accessible(page)
