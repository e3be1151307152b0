"""Taking part in a real browser: in place with script, by plain pages without it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.guard import Guard
from tests.browser.helpers import assert_accessible, at_work, expect_announced, focused, no_jump

LEAD = "/town-hall/the-pumps-were-bought-two-weeks-after-the-warning/"
QUIET = "/opinion/in-praise-of-the-waiting-list/"


def write(page: Page, form: Locator, text: str, *, name: str = "Tester") -> None:
    """Fill a comment form."""
    form.get_by_role("textbox").first.fill(text)
    form.get_by_label("Name").fill(name)


def by_text(page: Page, text: str) -> Locator:
    """Return the innermost comment that says this."""
    return page.locator("article.comment").filter(has_text=text).last


def post(page: Page, text: str, *, path: str = QUIET) -> Locator:
    """Open a story and post a comment; return it."""
    page.goto(path)
    form = page.locator("#comment-form")
    write(page, form, text)
    form.get_by_role("button", name="Post comment").click()
    comment = by_text(page, text)
    expect(comment).to_be_visible()
    return comment


def test_a_comment_is_posted(any_page: Page) -> None:
    comment = post(any_page, f"Posted {id(any_page)}")
    expect(comment.get_by_role("button", name="Vote up")).to_be_visible()
    expect(comment.locator(".comment-by")).to_have_text("Tester")


def test_with_script_nothing_reloads_or_jumps_and_the_comment_has_focus(page: Page) -> None:
    page.goto(QUIET)
    at_work(page)
    form = page.locator("#comment-form")
    form.get_by_role("textbox").first.click()
    write(page, form, "In place, please")
    button = form.get_by_role("button", name="Post comment")
    with no_jump(page, page.locator("#comments-count"), presses=button):
        button.click()
        expect(by_text(page, "In place, please")).to_be_visible()
    assert focused(page).startswith("article#comment-")
    expect_announced(page, "Comment posted.")
    assert form.get_by_role("textbox").first.input_value() == ""
    assert_accessible(page)


def test_a_reply_stands_below_what_it_answers(any_page: Page) -> None:
    parent = post(any_page, f"Question {id(any_page)}")
    parent.get_by_role("link", name="Reply", exact=True).click()
    form = any_page.locator("form#reply-form")
    write(any_page, form, "Reply with care")
    form.get_by_role("button", name="Post reply").click()
    reply = any_page.locator("article.comment article.comment").filter(has_text="Reply with care").first
    expect(reply).to_be_visible()
    expect(any_page.locator("article.comment").filter(has_text=f"Question {id(any_page)}").first).to_contain_text(
        "Reply with care"
    )


def test_what_is_pressed_below_an_open_form_is_not_missed(page: Page) -> None:
    """A form that closes when the press takes the focus away would move the link from under the pointer."""
    page.goto(LEAD)
    page.locator("#c-text").click()
    at_work(page)
    page.locator("#comment-list .comment-row > reply-form a").first.click()
    expect(page.locator("#reply-form textarea")).to_be_focused()


def test_the_own_comment_is_changed(any_page: Page) -> None:
    comment = post(any_page, f"With a slip {id(any_page)}")
    comment.locator("summary").click()
    comment.get_by_role("link", name="Edit").click()
    box = any_page.get_by_label("Your comment")
    expect(box).to_have_value(f"With a slip {id(any_page)}")
    box.fill(f"Without one {id(any_page)}")
    any_page.get_by_role("button", name="Save").click()
    expect(by_text(any_page, f"Without one {id(any_page)}")).to_be_visible()


def test_the_own_comment_is_deleted(any_page: Page) -> None:
    comment = post(any_page, f"Regretted {id(any_page)}")
    comment.locator("summary").click()
    comment.get_by_role("link", name="Delete").click()
    any_page.get_by_role("button", name="Delete comment").click()
    expect(any_page.get_by_text(f"Regretted {id(any_page)}")).to_have_count(0)
    expect(any_page.get_by_role("button", name="Delete comment")).to_have_count(0)


def test_a_vote_is_cast_and_withdrawn_in_place(page: Page) -> None:
    page.goto(LEAD)
    at_work(page)
    comment = page.locator("article.comment").first
    score = comment.locator(".score").first
    before = int(score.inner_text())
    up = comment.get_by_role("button", name="Vote up").first
    with no_jump(page, score, presses=up):
        up.click()
        expect(score).to_have_text(str(before + 1))
        expect(up).to_have_attribute("aria-pressed", "true")
    assert focused(page).startswith("button")
    up.click()
    expect(score).to_have_text(str(before))
    expect_announced(page, "withdrawn")


def test_a_vote_without_script_lands_at_the_comment(page_no_js: Page) -> None:
    page_no_js.goto(LEAD)
    comment = page_no_js.locator("article.comment").first
    before = int(comment.locator(".score").first.inner_text())
    comment.get_by_role("button", name="Vote down").first.click()
    expect(page_no_js).to_have_url(re.compile(r"\?mine=[0-9a-z]{16}#comment-"))
    expect(page_no_js.locator("article.comment .score").first).to_have_text(str(before - 1))


def test_what_is_ones_own_is_marked_on_the_page_for_everybody(page: Page) -> None:
    post(page, "Mine, later")
    page.goto(QUIET)
    comment = by_text(page, "Mine, later")
    expect(comment.locator(".more-list a")).to_have_text(["Link to this comment", "Edit", "Delete"])


@pytest.mark.parametrize("name", ["Oldest", "Most Voted"])
def test_another_order(any_page: Page, name: str) -> None:
    any_page.goto(LEAD)
    first = any_page.locator("article.comment").first.get_attribute("id")
    any_page.get_by_role("link", name=name).click()
    expect(any_page.get_by_role("link", name=name)).to_have_attribute("aria-current", "true")
    expect(any_page.locator("article.comment").first).not_to_have_id(first or "")
    expect(any_page).to_have_url(re.compile(r"\?sort=(oldest|most-voted)#comments"))


def test_load_more_appends_in_place(page: Page) -> None:
    page.goto(LEAD)
    link = page.get_by_role("link", name="Load more comments")
    last = page.locator("#comment-list > article.comment").last.get_attribute("id")
    with no_jump(page, page.locator(f"#{last} > .comment-head"), presses=link):
        link.click()
        expect(page.locator("#comment-list article.comment")).not_to_have_count(10)
    assert page.locator("#comment-list article.comment").count() > 40
    assert focused(page).startswith("article#comment-")


def test_folded_replies_open_in_place(page: Page) -> None:
    page.goto(LEAD)
    at_work(page)
    fold = page.locator(".folded a[data-live]").first
    name = page.locator("#comment-list > article.comment").filter(has=fold).get_attribute("id")
    root = page.locator(f"#{name}")
    count = root.locator("article.comment").count()
    with no_jump(page, page.locator(f"#{name} > .comment-head"), presses=fold):
        fold.click()
        expect(root.locator("article.comment")).not_to_have_count(count)
    assert focused(page).startswith("article#comment-")


def test_pages_and_conversations_are_reached_without_script(page_no_js: Page) -> None:
    page_no_js.goto(LEAD)
    page_no_js.locator(".folded a").first.click()
    expect(page_no_js).to_have_url(re.compile(r"\?comment="))
    page_no_js.get_by_role("link", name="View all comments").click()
    page_no_js.get_by_role("link", name="Load more comments").click()
    assert page_no_js.locator("#comment-list article.comment").count() > 10


def test_inline_feedbacks_are_filtered_and_shown_again(any_page: Page) -> None:
    any_page.goto(LEAD)
    any_page.get_by_role("link", name="Inline Feedbacks").click()
    expect(any_page.get_by_role("link", name="Inline Feedbacks")).to_have_attribute("aria-current", "true")
    roots = any_page.locator("#comment-list > article.comment")
    assert roots.count() == any_page.locator("#comment-list > article.comment > .quoted").count() > 2
    any_page.get_by_role("link", name="View all comments").click()
    expect(any_page.locator("#comment-list article.comment")).to_have_count(10)


def test_a_refused_form_keeps_what_was_typed(any_page: Page, guard: Guard) -> None:
    guard.expect_status(422)
    any_page.goto(QUIET)
    form = any_page.locator("#comment-form")
    write(any_page, form, "Careful words", name="A")
    form.get_by_role("button", name="Post comment").click()
    box = any_page.get_by_label("Name")
    expect(box).to_have_attribute("aria-invalid", "true")
    expect(any_page.locator("#comment-form").get_by_role("textbox").first).to_have_value("Careful words")


def test_preview_shows_emphasis(any_page: Page) -> None:
    any_page.goto(QUIET)
    form = any_page.locator("#comment-form")
    form.get_by_role("textbox").first.fill("so **loud**")
    form.get_by_role("button", name="Preview").click()
    expect(any_page.locator(".preview strong")).to_have_text("loud")


def test_an_answer_to_marked_words_is_posted(any_page: Page) -> None:
    any_page.goto(LEAD)
    note = any_page.locator(".side-note details").first
    note.locator("summary").click()
    form = note.locator("form")
    write(any_page, form, f"On the pumps {id(any_page)}")
    form.get_by_role("button", name="Post answer").click()
    answer = any_page.get_by_text(f"On the pumps {id(any_page)}").filter(visible=True)
    expect(answer.first).to_be_visible()
