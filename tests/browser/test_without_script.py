"""Every action of a reader without JavaScript, by plain links and forms; what is missing here is in test_discussion.py.

Live news, the preview that follows and what begins with a selection need script, and what a browser keeps for itself
(drafts, muted names, what is new): docs/explanation/discussion.md says so.
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.places import LEAD, QUIET
from tests.browser.test_discussion import by_text, post, write
from tests.browser.test_passage_notes import FORM as NOTE_FORM

MINE = "/-/comments/mine/"


@pytest.fixture
def page(page_no_js: Page) -> Page:
    """A window without script."""
    return page_no_js


def test_posting_is_undone_and_the_words_come_back(page: Page) -> None:
    comment = post(page, "Too hasty")
    comment.get_by_role("button", name="Undo").click()
    expect(page.get_by_label("Comment", exact=True)).to_have_value("Too hasty")
    page.goto(QUIET)
    expect(page.locator("article.comment").filter(has_text="Too hasty")).to_have_count(0)


def test_deleting_is_undone(page: Page) -> None:
    comment = post(page, "Deleted and back")
    comment.locator("details.more > summary").click()
    comment.get_by_role("link", name="Delete").click()
    page.get_by_role("button", name="Delete comment").click()
    page.get_by_role("button", name="Undo").click()
    expect(by_text(page, "Deleted and back")).to_be_visible()


def test_a_vote_is_changed_and_withdrawn(page: Page) -> None:
    page.goto(LEAD)
    name = page.locator("#comment-list > article.comment").nth(1).get_attribute("id")
    before = int(page.locator(f"#{name} .score").first.inner_text())
    for button, pressed, score in (
        ("Vote up", "true", before + 1),
        ("Vote down", "true", before - 1),
        ("Vote down", "false", before),
    ):
        page.locator(f"#{name}").get_by_role("button", name=button).first.click()
        expect(page.locator(f"#{name} .score").first).to_have_text(str(score))
        now = page.locator(f"#{name}").get_by_role("button", name=button).first
        expect(now).to_have_attribute("aria-pressed", pressed)


def test_all_comments_are_loaded(page: Page) -> None:
    page.goto(LEAD)
    page.get_by_role("link", name="Load all comments").click()
    expect(page.get_by_role("link", name="Load more comments")).to_have_count(0)
    assert page.locator("#comment-list article.comment").count() > 50


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("correction", "The newsroom has your correction"),
        ("confidence", "The newsroom has it, and nobody else"),
    ],
)
def test_the_newsroom_is_told(page: Page, kind: str, said: str) -> None:
    page.goto(QUIET)
    words = " ".join(page.locator(".story p").nth(2).inner_text().split()[:5])
    page.get_by_role("link", name=re.compile("About a passage")).click()
    form = page.locator(NOTE_FORM)
    form.locator(f"input[name=kind][value={kind}]").check()
    form.get_by_label("The words, as they stand in the story").fill(words)
    form.locator("textarea[name=text]").fill(f"{kind}: the ferry left at six.")
    if kind == "correction":
        form.get_by_label("Name", exact=True).fill("Tester")
    else:
        expect(form.get_by_label("Name", exact=True)).to_be_hidden()
    form.get_by_role("button", name="Send").click()
    expect(page.get_by_role("main")).to_contain_text(said)
    page.goto(QUIET)
    expect(page.get_by_text(f"{kind}: the ferry left at six.")).to_have_count(0)


def test_a_thread_is_followed_by_mail(page: Page) -> None:
    page.goto(LEAD)
    form = page.locator("#notify-form")
    form.get_by_role("combobox", name="Notify of").select_option(label="new replies to my comments")
    form.locator("input[type=email]").fill("plain@example.org")
    form.get_by_role("button", name="Subscribe").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Look into your mail")


def test_a_spoiler_is_opened(page: Page) -> None:
    page.goto(QUIET)
    write(page, page.locator("#comment-form"), "Do not look: ||the harbour||")
    page.locator("#comment-form").get_by_role("button", name="Post comment").click()
    comment = by_text(page, "Do not look")
    hidden = comment.get_by_text("the harbour")
    expect(hidden).to_be_hidden()
    comment.locator(".comment-text summary").click()
    expect(hidden).to_be_visible()


def test_a_copy_is_taken_and_everything_is_erased(page: Page) -> None:
    post(page, "Mine, and soon gone")
    page.goto(MINE)
    expect(page.get_by_role("main")).to_contain_text("Mine, and soon gone")
    with page.expect_download() as copy:
        page.get_by_role("link", name="Take a copy of everything").click()
    assert copy.value.suggested_filename.endswith(".zip")
    page.get_by_role("link", name="Delete everything of mine").click()
    page.get_by_role("button", name="Delete everything of mine").click()
    expect(page.get_by_text("Mine, and soon gone")).to_have_count(0)
    page.goto(QUIET)
    expect(page.get_by_text("Mine, and soon gone")).to_have_count(0)
