"""Two browsers side by side: what happens in one reaches the other at once and moves nothing there.

The wait is told (``pytest --log-cli-level=info``), from the press in one page to what the other shows.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, PHONE, Opener
from tests.browser.helpers import layout_shift, no_jump
from tests.browser.test_discussion import by_text, write
from tests.browser.test_live import OFFER, listening, post

logger = logging.getLogger(__name__)
WATCH = """(selector) => {
  window.seenAt = 0;
  const look = () => {
    const item = document.querySelector(selector);
    const text = item && !item.hidden ? item.textContent : "";
    window.firstText ??= text;
    if (!window.seenAt && text !== window.firstText) window.seenAt = Date.now();
  };
  delete window.firstText;
  look();
  new MutationObserver(look).observe(document, {subtree: true, childList: true, attributes: true, characterData: true});
}"""
NOTE_PRESS = """() => {
  window.pressedAt = 0;
  document.addEventListener("click", () => { window.pressedAt ||= Date.now(); }, {capture: true});
}"""


@contextmanager
def measured(actor: Page, other: Page, selector: str, what: str) -> Iterator[None]:
    """Tell how long ``selector`` took to change in the other window after the press in this one."""
    actor.evaluate(NOTE_PRESS)
    other.evaluate(WATCH, selector)
    yield
    took = other.evaluate("window.seenAt") - actor.evaluate("window.pressedAt")
    logger.info("%s: %s ms from the press to the other window", what, took)


@contextmanager
def unmoved(page: Page) -> Iterator[None]:
    """Fail when the page scrolls, when anything on it shifts, or when it is loaded anew."""
    scrolled, shifted = page.evaluate("scrollY"), layout_shift(page)
    with no_jump(page, page.locator(".sort-row")), no_jump(page, page.locator("#comments-count")):
        yield
    assert page.evaluate("scrollY") == scrolled
    assert layout_shift(page) == shifted


@pytest.mark.parametrize("sizes", [(DESK, PHONE), (PHONE, DESK)], ids=["desk-to-phone", "phone-to-desk"])
def test_a_comment_in_one_is_offered_in_the_other_and_a_vote_moves_both(
    opened: Opener, sizes: tuple[tuple[int, int], tuple[int, int]]
) -> None:
    here, there = (listening(opened(size=size)) for size in sizes)
    there.locator("#comment-thread").scroll_into_view_if_needed()
    text = f"Side by side, written at {sizes[0][0]} px"
    form = here.locator("#comment-form")
    write(here, form, text)
    offer = there.get_by_role("button", name=OFFER)
    with unmoved(there), measured(here, there, "live-thread button", "a comment"):
        form.get_by_role("button", name="Post comment").click()
        expect(offer).to_be_visible()
    expect(by_text(here, text)).to_be_visible()
    offer.click()
    expect(by_text(there, text)).to_be_visible()

    # The writer may not vote on the own comment: the other does, and then a third who meets both.
    theirs, ours = by_text(there, text), by_text(here, text)
    score = f"#{ours.get_attribute('id')} .score"
    with unmoved(here), measured(there, here, score, "a vote"):
        theirs.get_by_role("button", name="Vote up").click()
        expect(ours.locator(".score")).to_have_text("1")
    expect(theirs.locator(".score")).to_have_text("1")
    third = listening(opened())
    with unmoved(here), unmoved(there):
        by_text(third, text).get_by_role("button", name="Vote down").click()
        for score_here in (ours, theirs):
            expect(score_here.locator(".score")).to_have_text("0")


def test_both_write_and_each_is_offered_what_the_other_wrote(opened: Opener) -> None:
    one, two = listening(opened()), listening(opened())
    post(one, "Written in the first window")
    post(two, "Written in the second window")
    for page, foreign in ((one, "second"), (two, "first")):
        page.get_by_role("button", name=OFFER).click()
        for text in ("first", "second"):
            expect(page.locator("article.comment").filter(has_text=f"Written in the {text} window")).to_have_count(1)
        expect(by_text(page, f"Written in the {foreign} window")).to_be_visible()
