"""A reader marks words of a story and says something about them: in place with script, on a page of its own without."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import paper
from tests.browser.conftest import PHONE, Opener
from tests.browser.guard import Guard
from tests.browser.helpers import assert_accessible, assert_no_sideways_scroll
from tests.browser.paper import Paper

QUIET = "/opinion/in-praise-of-the-waiting-list/"
FORM = "#note-form"


def mark(page: Page, paragraph: Locator, length: int = 24) -> str:
    """Mark the first words of a paragraph as a reader does; return them."""
    paragraph.scroll_into_view_if_needed()
    words: str = paragraph.evaluate(
        """(block, length) => {
          const text = document.createTreeWalker(block, NodeFilter.SHOW_TEXT).nextNode();
          document.getSelection().setBaseAndExtent(text, 0, text, Math.min(length, text.length));
          return document.getSelection().toString();
        }""",
        length,
    )
    return " ".join(words.split())


def tools(page: Page) -> Locator:
    return page.get_by_role("toolbar", name="The marked words")


def in_right_to_left(page: Page) -> None:
    page.evaluate("document.documentElement.dir = 'rtl'")


@pytest.mark.parametrize("size", [(1440, 900), PHONE], ids=["desk", "phone"])
def test_marked_words_are_commented_on_in_place_and_the_comment_leads_back(
    opened: Opener, size: tuple[int, int]
) -> None:
    page = opened(size=size)
    page.goto(QUIET)
    paragraph = page.locator(".story p").nth(1)
    words = mark(page, paragraph)
    expect(tools(page)).to_be_visible()
    assert_accessible(page)
    assert_no_sideways_scroll(page)
    tools(page).get_by_role("button", name="Comment").click()
    form = page.locator(FORM)
    expect(form.get_by_label("The words, as they stand in the story")).to_have_value(words)
    expect(form.get_by_role("radio", name=re.compile("^Comment"))).to_be_checked()
    expect(form.locator("textarea[name=text]")).to_be_focused()
    assert_accessible(page)
    in_right_to_left(page)
    assert_accessible(page)
    assert_no_sideways_scroll(page)
    text = f"A note at {size[0]}"
    form.locator("textarea[name=text]").fill(text)
    form.get_by_label("Name", exact=True).fill("Tester")
    form.get_by_role("button", name="Send").click()
    expect(page.locator(".note-bubble .notice")).to_contain_text("Comment posted.")
    comment = page.locator("article.comment").filter(has_text=text)
    expect(comment.locator("blockquote.quoted")).to_contain_text(words[:10])
    back = comment.get_by_role("link", name="Show in the story")
    fragment = (back.get_attribute("href") or "").partition("#")[2]
    assert fragment == paragraph.get_attribute("id")
    back.click()
    expect(page.locator(f"#{fragment}:target")).to_be_visible()


def test_the_keyboard_reaches_the_tools_closes_the_bubble_and_comes_back(page: Page) -> None:
    page.goto(QUIET)
    paragraph = page.locator(".story p").nth(1)
    paragraph.dblclick(position={"x": 30, "y": 12})  # marks a word, as a hand does: the keyboard goes on from there
    expect(tools(page)).to_be_visible()
    page.keyboard.press("Tab")
    expect(tools(page).get_by_role("button").first).to_be_focused()
    page.keyboard.press("Enter")
    box = page.locator(f"{FORM} textarea[name=text]")
    expect(box).to_be_focused()
    page.keyboard.press("Escape")
    expect(box).to_have_count(0)
    expect(paragraph).to_be_focused()


def test_without_script_the_form_has_a_page_and_says_what_is_wrong(page_no_js: Page, guard: Guard) -> None:
    guard.expect_status(422)
    page = page_no_js
    page.goto(QUIET)
    words = " ".join(page.locator(".story p").nth(1).inner_text().split()[:5])
    page.get_by_role("link", name=re.compile("About a passage")).click()
    form = page.locator(FORM)
    form.get_by_role("radio", name=re.compile("^Comment")).check()
    form.get_by_label("The words, as they stand in the story").fill("words that nobody wrote here")
    form.locator("textarea[name=text]").fill("Without script")
    form.get_by_label("Name", exact=True).fill("Tester")
    form.get_by_role("button", name="Send").click()
    expect(page.get_by_text("These words do not stand there.")).to_be_visible()
    form.get_by_label("The words, as they stand in the story").fill(words)
    form.get_by_role("button", name="Send").click()
    expect(page.locator("article.comment").filter(has_text="Without script")).to_contain_text(words[:12])


def test_a_correction_that_staff_accept_appears_under_the_story(page: Page, demo: Paper, opened: Opener) -> None:
    page.goto(QUIET)
    mark(page, page.locator(".story p").nth(2))
    tools(page).get_by_role("button", name="Suggest a correction").click()
    form = page.locator(FORM)
    form.locator("textarea[name=text]").fill("It was nine, not eight.")
    form.get_by_label("Name", exact=True).fill("Henrik")
    form.get_by_label(re.compile("Name me beside")).check()
    form.get_by_role("button", name="Send").click()
    expect(page.locator(".note-bubble .notice")).to_contain_text("The newsroom has your correction")
    expect(page.get_by_text("It was nine, not eight.")).to_have_count(0)

    desk = opened()
    link = paper.run("admin-link", "--site", str(demo.folder)).split()[-1]
    desk.goto(link.replace(link.split("/")[2], demo.address.partition("//")[2]))
    if desk.get_by_role("button", name=re.compile("Sign in|Continue")).count():
        desk.get_by_role("button", name=re.compile("Sign in|Continue")).first.click()
    desk.goto("/admin/discussion/hints/")
    desk.locator("article").filter(has_text="It was nine").get_by_role("link", name="Open").click()
    desk.get_by_label(re.compile("The correction, as readers")).fill("It was nine, not eight, as we first wrote.")
    desk.get_by_role("button", name="Accept and publish").click()
    expect(desk.get_by_text("Accepted.")).to_be_visible()

    page.evaluate(  # the worker takes it over a moment later
        """(words) => {
          const look = async () => {
            const text = await (await fetch(location.href)).text();
            if (text.includes(words)) location.reload();
            else setTimeout(look, 50);
          };
          look();
        }""",
        "Thanks to Henrik.",
    )
    corrections = page.get_by_role("region", name="Corrections")
    expect(corrections).to_contain_text("It was nine, not eight, as we first wrote. Thanks to Henrik.", timeout=60_000)
    assert_accessible(page)
