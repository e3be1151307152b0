"""What a reader has opened stays open, whatever comes meanwhile."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.helpers import held_back, let_go
from tests.browser.places import LEAD


def test_a_menu_that_is_open_stays_so_when_ones_own_marks_come(page: Page) -> None:
    page.goto(LEAD)
    form = page.locator("#comment-form")
    form.get_by_role("textbox").first.fill("Mine, to be found again.")
    form.get_by_label("Name").fill("Opener")
    form.get_by_role("button", name="Post comment").click()
    mine = page.locator("article.comment").filter(has_text="Mine, to be found again.").first
    expect(mine).to_be_visible()
    held = held_back(page, "**/-/comments/me/**")
    page.reload()
    more = mine.locator("details.more").first
    more.locator("summary").click()
    expect(more.get_by_role("link", name="Delete")).to_have_count(0)
    let_go(page, held)
    expect(more.get_by_role("link", name="Delete")).to_be_visible()
