"""Writing a comment in a real browser: tools, quotes, preview, keys."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.helpers import assert_accessible, focused
from tests.browser.test_discussion import QUIET, by_text, post

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
