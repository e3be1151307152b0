"""Every action of a reader by the keyboard alone: reached by Tab, seen to have the focus, done by Enter or typing."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.helpers import at_work
from tests.browser.places import LEAD, QUIET
from tests.browser.test_discussion import by_text

ROOT = "#comment-list > article.comment"
NEXT = """() => {
  const item = document.activeElement;
  const style = getComputedStyle(item);
  const name = item.getAttribute("aria-label") ?? item.labels?.[0]?.textContent ?? item.textContent;
  return {
    shown: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    name: (name ?? "").trim() || item.getAttribute("title") || "",
    what: `${item.localName}#${item.id}.${item.className}`,
  };
}"""


@pytest.fixture
def story(page: Page) -> Page:
    """The lead story with its thread, nothing pressed yet."""
    page.goto(LEAD)
    return at_work(page)


def tab_to(page: Page, wanted: Locator, *, after: Locator) -> None:
    """Go from ``after`` to ``wanted`` by Tab alone. Each stop on the way shows its focus and has a name."""
    after.evaluate("(item) => { if (item.tabIndex < 0) item.tabIndex = -1; item.focus(); }")
    for _stop in range(60):
        page.keyboard.press("Tab")
        stop = page.evaluate(NEXT)
        assert stop["shown"], f"{stop['what']} does not show its focus"
        assert stop["name"], f"{stop['what']} has no name"
        if wanted.evaluate("(item) => item === document.activeElement"):
            return
    raise AssertionError(f"{wanted} is not reached by Tab")


def press(page: Page, wanted: Locator, *, after: Locator, key: str = "Enter") -> None:
    """Reach something by Tab and press it."""
    tab_to(page, wanted, after=after)
    page.keyboard.press(key)


def test_a_vote_is_cast_changed_and_withdrawn(story: Page) -> None:
    comment = story.locator(ROOT).first
    up, down = (comment.get_by_role("button", name=name).first for name in ("Vote up", "Vote down"))
    press(story, up, after=comment.locator(".comment-time").first, key="Space")
    expect(up).to_have_attribute("aria-pressed", "true")
    expect(up).to_be_focused()
    press(story, down, after=up)
    expect(down).to_have_attribute("aria-pressed", "true")
    expect(down).to_be_focused()
    story.keyboard.press("Enter")
    expect(down).to_have_attribute("aria-pressed", "false")


@pytest.mark.parametrize("name", ["Newest", "Oldest", "Most Voted", "Best", "Inline Feedbacks", "View all comments"])
def test_orders_and_filters_are_chosen(story: Page, name: str) -> None:
    press(story, story.get_by_role("link", name=name, exact=True), after=story.locator("#comments-count"))
    expect(story.get_by_role("link", name=name, exact=True)).to_have_attribute("aria-current", "true")
    expect(story.locator(".sort-row a:focus")).to_have_count(1)


def test_the_thread_is_searched_and_its_shortcuts_are_followed(story: Page) -> None:
    tools = story.locator(".thread-tools")
    press(story, tools.locator("summary"), after=story.locator(".sort-links a").first)
    tab_to(story, story.get_by_role("link", name="Hottest thread"), after=tools.locator("summary"))
    tab_to(story, story.locator("#thread-q"), after=tools.locator("summary"))
    story.keyboard.type("pump")
    story.keyboard.press("Enter")
    expect(story.locator("#comment-list mark").first).to_be_visible()


def test_more_comments_are_loaded(story: Page) -> None:
    press(story, story.locator("load-more a"), after=story.locator("#comment-list summary").last)
    expect(story.locator("article.comment:focus")).to_have_count(1)


def test_folded_replies_are_opened(story: Page) -> None:
    fold = story.locator(".folded a[data-live]").first
    around = story.locator(ROOT).filter(has=fold)
    count = around.locator("article.comment").count()
    press(story, fold, after=around.locator(".comment-time").last)
    expect(around.locator("article.comment")).not_to_have_count(count)
    expect(story.locator("article.comment:focus")).to_have_count(1)


def test_a_comment_is_linked_to(story: Page) -> None:
    comment = story.locator(ROOT).first
    press(story, comment.locator(".comment-time").first, after=story.locator(".thread-tools summary"))
    expect(story).to_have_url(re.compile("#comment-"))


def test_a_name_is_muted_and_shown_again(story: Page) -> None:
    comment = story.locator(ROOT).first
    summary = comment.locator("details.more > summary").first
    press(story, summary, after=comment.locator(".vote").first)
    press(story, comment.locator(".mute button").first, after=summary)
    expect(comment.locator(".comment-text").first).to_be_hidden()
    expect(comment.locator("> .muted-note button")).to_be_focused()
    story.keyboard.press("Enter")
    expect(comment.locator(".comment-text").first).to_be_visible()


def test_a_question_of_the_author_is_answered(story: Page) -> None:
    note = story.locator(".side-note details").first
    note.locator("summary").evaluate("(item) => item.focus()")
    story.keyboard.press("Enter")
    tab_to(story, note.locator("textarea"), after=note.locator("summary"))
    story.keyboard.type("Answered by keys")
    tab_to(story, note.get_by_label("Name"), after=note.locator("textarea"))
    story.keyboard.type("Tester")
    press(story, note.get_by_role("button", name="Post answer"), after=note.get_by_label("Name"))
    expect(note.locator(".answers").get_by_text("Answered by keys")).to_be_visible()


def test_a_thread_is_followed_by_mail(story: Page) -> None:
    form = story.locator("#notify-form")
    tab_to(story, form.get_by_role("combobox"), after=story.locator("#c-text"))
    story.keyboard.press("ArrowDown")
    tab_to(story, form.locator("input[type=email]"), after=form.get_by_role("combobox"))
    story.keyboard.type("keys@example.org")
    press(story, form.get_by_role("button", name="Subscribe"), after=form.locator("input[type=email]"))
    expect(story.locator("#notify-form [role=status], #notify-form .notice, .notice#notify-form")).to_have_count(1)


def test_a_comment_is_answered_changed_and_both_are_found_among_ones_own(page: Page) -> None:
    page.goto(QUIET)
    at_work(page)
    box = page.locator("#c-text")
    box.evaluate("(item) => item.focus()")
    page.keyboard.type("A question from the keyboard")
    tab_to(page, page.locator("#comment-form").get_by_label("Name"), after=box)
    page.keyboard.type("Tester")
    page.keyboard.press("Enter")
    comment = by_text(page, "A question from the keyboard")
    expect(comment).to_be_focused()
    press(page, comment.get_by_role("link", name="Reply", exact=True), after=comment)
    reply = page.locator("#reply-form textarea")
    expect(reply).to_be_focused()
    page.keyboard.type("Typed in answer")
    tab_to(page, page.locator("#reply-form").get_by_label("Name"), after=reply)
    page.keyboard.type("Tester")
    page.keyboard.press("Control+Enter")
    answer = by_text(page, "Typed in answer")
    expect(answer).to_be_focused()
    more = answer.locator("details.more > summary")
    press(page, more, after=answer)
    press(page, answer.get_by_role("link", name="Edit"), after=more)
    expect(page.get_by_label("Your comment")).to_be_focused()
    page.keyboard.press("End")
    page.keyboard.type(", changed")
    page.keyboard.press("Control+Enter")
    expect(by_text(page, "Typed in answer, changed")).to_be_visible()
    page.goto("/-/comments/mine/")
    edit = page.get_by_role("link", name="Edit")
    expect(edit).to_have_count(2)
    tab_to(page, edit.last, after=page.locator("h1"))


def test_a_spoiler_is_opened(page: Page) -> None:
    page.goto(QUIET)
    at_work(page)
    page.locator("#c-text").fill("Do not look: ||the ferry||")
    page.locator("#comment-form").get_by_label("Name").fill("Tester")
    page.locator("#comment-form").get_by_role("button", name="Post comment").click()
    comment = by_text(page, "Do not look")
    expect(comment).to_be_visible()
    press(page, comment.locator(".comment-text summary"), after=comment.locator(".comment-time"))
    expect(comment.get_by_text("the ferry")).to_be_visible()


def test_all_that_can_be_pressed_in_a_discussion_is_a_stop_of_tab(story: Page) -> None:
    """Nothing is for the mouse alone: toolbars have one stop and arrows, as toolbars do."""
    wanted = story.evaluate(
        """() => {
          const all = "a[href], button, input, select, textarea, summary";
          const items = [...document.querySelectorAll(`section.comments :is(${all})`)]
            .filter((item) => item.checkVisibility({visibilityProperty: true}) && item.type !== "hidden");
          const stops = items.filter((item) => item.tabIndex >= 0 || !item.closest("[role=toolbar]"));
          stops.forEach((item) => { item.dataset.isWanted = ""; });
          return stops.length;
        }"""
    )
    story.locator("#comments-count").evaluate("(item) => { item.tabIndex = -1; item.focus(); }")
    for _stop in range(wanted + 30):
        story.keyboard.press("Tab")
        story.evaluate("delete document.activeElement.dataset.isWanted")
        if not story.locator("[data-is-wanted]").count():
            return
    left = story.locator("[data-is-wanted]").evaluate_all("(items) => items.map((item) => item.outerHTML.slice(0, 90))")
    raise AssertionError(f"not reached by Tab: {left}")
