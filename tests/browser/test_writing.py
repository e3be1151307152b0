"""Writing a comment in a real browser: tools, quotes, preview, keys."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Request, expect

from tests.browser.conftest import Opener
from tests.browser.guard import Guard
from tests.browser.helpers import assert_accessible, at_work, focused
from tests.browser.places import LEAD
from tests.browser.test_discussion import QUIET, by_text, post

# Stories that nobody has commented on.
EMPTY = {
    "ltr": "/harbour/the-light-at-carrick-point-goes-on-without-her/",
    "rtl": "/schools/the-pupils-measured-the-rain-and-sent-a-bill/",
}
SELECT = """(element) => {
  const range = document.createRange();
  range.selectNodeContents(element);
  getSelection().removeAllRanges();
  getSelection().addRange(range);
}"""


def test_the_tools_mark_the_selected_words_by_mouse_and_by_keys(page: Page) -> None:
    page.goto(QUIET)
    box = page.locator("#c-text")
    box.fill("so loud")
    bar = page.locator("#comment-form").get_by_role("toolbar", name="Formatting")
    box.evaluate("(field) => field.setSelectionRange(3, 7)")
    bar.get_by_role("button", name="Bold").click()
    expect(box).to_have_value("so **loud**")
    bar.get_by_role("button", name="Bold").click()
    expect(box).to_have_value("so loud")
    box.press("Control+z")
    expect(box).to_have_value("so **loud**")
    box.press("Tab")
    assert "Bold" in page.evaluate("document.activeElement.getAttribute('aria-label')")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    expect(box).to_have_value("so ||**loud**||")
    assert focused(page).startswith("textarea#c-text")
    box.fill("one\ntwo")
    box.press("Control+a")
    bar.get_by_role("button", name="Quote").click()
    expect(box).to_have_value("> one\n> two")
    box.fill("")
    bar.get_by_role("button", name="Link").click()
    expect(box).to_have_value("[](https://)")
    assert_accessible(page)


def test_the_preview_follows_what_is_typed_and_the_counter_what_is_left(page: Page) -> None:
    page.goto(QUIET)
    box = page.locator("#c-text")
    box.fill("so **loud**")
    preview = page.locator("#comment-form").get_by_role("button", name="Preview")
    preview.click()
    expect(page.locator(".preview strong")).to_have_text("loud")
    box.press_sequentially(" and ||secret||")
    expect(page.locator(".preview details summary")).to_have_text("Spoiler")
    assert focused(page).startswith("textarea#c-text")
    preview.click()
    expect(page.locator(".preview")).to_have_count(0)
    box.fill("x" * 4950)
    expect(page.locator("#comment-form .comment-tools-left")).to_have_text("Characters left: 50")
    box.fill("")
    expect(page.locator("#comment-form .comment-tools-left")).to_be_empty()


def test_selected_words_are_quoted_into_the_reply_and_ctrl_enter_sends(page: Page) -> None:
    comment = post(page, "Words worth keeping")
    comment.locator(".comment-text").first.evaluate(SELECT)
    quote = page.get_by_role("button", name="Quote", exact=True).and_(page.locator("quote-reply button"))
    expect(quote).to_be_visible()
    assert_accessible(page)
    quote.click()
    box = comment.locator("textarea")
    expect(box).to_have_value("> Words worth keeping\n\n")
    expect(box).to_be_focused()
    box.press_sequentially("I agree.")
    comment.get_by_label("Name").fill("Tester")
    comment.get_by_label("Name").press("Control+Enter")
    reply = by_text(page, "I agree.")
    expect(reply.locator("blockquote")).to_have_text("Words worth keeping")
    expect(comment.locator("textarea")).to_have_count(0)


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
def test_every_state_of_writing_is_accessible_and_reached_by_keys_alone(
    opened: Opener, guard: Guard, direction: str
) -> None:
    """Empty, form open, tools used, error, posted, taken back, reply open, deleted, undone."""
    guard.expect_status(422)
    page = opened()
    page.goto(EMPTY[direction])
    at_work(page)
    page.evaluate("(dir) => { document.documentElement.dir = dir }", direction)
    expect(page.locator("#comments-empty")).to_be_visible()
    assert_accessible(page)
    _write_by_keys(page)
    _post_after_an_error(page)
    _tab_to(page, "Undo")
    page.keyboard.press("Enter")
    expect(page.locator("#c-text")).to_have_value("**Seen**")
    expect(page.locator("#c-text")).to_be_focused()
    expect(page.locator("article.comment")).to_have_count(0)
    assert_accessible(page)
    page.keyboard.press("Control+Enter")
    expect(by_text(page, "Seen")).to_be_visible()
    _open_reply_and_close_it(page)
    _tab_to(page, "More")
    page.keyboard.press("Enter")
    _delete_by_keys(page)
    assert_accessible(page)
    _tab_to(page, "Undo")
    page.keyboard.press("Enter")
    expect(page.locator(".comment-text[id]")).to_have_text("Seen")
    _delete_by_keys(page)


def _write_by_keys(page: Page) -> None:
    page.locator("#c-text").focus()
    expect(page.locator("comment-tools [role=toolbar]").first).to_be_visible()
    assert_accessible(page)
    page.keyboard.type("Seen")
    page.keyboard.press("Shift+Home")
    _tab_to(page, "Bold")
    page.keyboard.press("Enter")
    expect(page.locator("#c-text")).to_have_value("**Seen**")
    assert_accessible(page)


def _post_after_an_error(page: Page) -> None:
    """The browser stops at the missing name, the server at the short one."""
    page.keyboard.press("Control+Enter")
    page.get_by_label("Name").focus()
    page.keyboard.type("A")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_label("Name")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("Name")).to_be_focused()
    assert_accessible(page)
    page.keyboard.type("nna")
    page.keyboard.press("Control+Enter")
    expect(by_text(page, "Seen")).to_be_visible()
    expect(page.locator("#c-text")).to_be_empty()
    assert_accessible(page)


def _open_reply_and_close_it(page: Page) -> None:
    _tab_to(page, "Reply")
    page.keyboard.press("Enter")
    expect(page.locator("form#reply-form textarea")).to_be_focused()
    assert_accessible(page)
    page.keyboard.press("Escape")
    assert "Reply" in focused(page)


def _delete_by_keys(page: Page) -> None:
    _tab_to(page, "Delete")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Delete comment")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".tombstone")).to_be_focused()


def _tab_to(page: Page, name: str) -> None:
    """Press Tab until the focus is on what bears this name; a reader would not press it forever."""
    for _ in range(25):
        page.keyboard.press("Tab")
        found = page.evaluate(
            """() => {
              const item = document.activeElement;
              return (item.getAttribute('aria-label') ?? item.labels?.[0]?.textContent ?? item.textContent).trim();
            }"""
        )
        if found == name:
            return
    raise AssertionError(f"{name} is not reached by Tab")


def test_names_of_the_discussion_are_offered_and_taken_by_keys(page: Page) -> None:
    page.goto(f"{LEAD}?sort=oldest")  # whoever comes first there was there before any test wrote
    box = page.locator("#c-text")
    name = page.locator("#comment-list .comment-by").first.inner_text()
    box.press_sequentially(f"Thank you @{name[:3].lower()}")
    options = page.get_by_role("listbox", name="People in this discussion").get_by_role("option")
    expect(options.filter(has_text=name)).to_have_count(1)
    expect(box).to_have_attribute("aria-activedescendant", "mention-1")
    assert_accessible(page)
    while options.filter(has_text=name).get_attribute("aria-selected") != "true":
        box.press("ArrowDown")
    box.press("Enter")
    expect(box).to_have_value(f"Thank you @{name} ")
    expect(options).to_have_count(0)


def test_what_an_article_loads_before_anybody_touches_it_is_within_its_budget(opened: Opener) -> None:
    """At most 12 kB of JavaScript as it is sent, measured on the line."""
    page = opened()
    sizes: dict[str, int] = {}

    def weigh(request: Request) -> None:
        if request.resource_type == "script":
            sizes[request.url] = request.sizes()["responseBodySize"]

    page.on("requestfinished", weigh)
    page.goto(LEAD, wait_until="networkidle")
    assert len(sizes) > 5
    assert sum(sizes.values()) <= 12_000, sizes
