"""The paper's own faces: which are shown, and which may hold up the first screen."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Opener
from tests.browser.places import LEAD

WORDS = ".story .quote blockquote p"
ITALIC = "source-serif-latin-italic"


def faces_of(page: Page, selector: str) -> set[tuple[str, bool]]:
    """The fonts that the text of an element is drawn with: family, and whether it came with the page."""
    session = page.context.new_cdp_session(page)
    session.send("DOM.enable")
    session.send("CSS.enable")
    root = session.send("DOM.getDocument")["root"]["nodeId"]
    node = session.send("DOM.querySelector", {"nodeId": root, "selector": selector})["nodeId"]
    fonts: list[dict[str, Any]] = session.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
    return {(font["postScriptName"], font["isCustomFont"]) for font in fonts}


@pytest.mark.parametrize("js", [True, False], ids=["js", "no-js"])
def test_words_in_italics_are_drawn_with_the_italic_of_the_paper(opened: Opener, js: bool) -> None:
    page = opened(js=js)
    with page.expect_response(lambda response: ITALIC in response.url):
        page.goto(LEAD)
        page.locator(WORDS).first.scroll_into_view_if_needed()
    expect(page.locator(WORDS).first).to_be_visible()
    if js:
        page.evaluate("document.fonts.ready.then(() => undefined)")
    else:
        page.screenshot()
    assert faces_of(page, WORDS) == {("Masthead-SerifItalic", True)}
    assert page.locator(WORDS).first.evaluate("node => getComputedStyle(node).fontStyle") == "italic"


def test_the_italic_is_fetched_when_its_first_words_come_near(opened: Opener) -> None:
    page = opened()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(LEAD, wait_until="networkidle")
    assert not [url for url in asked if ITALIC in url]
    with page.expect_response(lambda response: ITALIC in response.url):
        page.locator(WORDS).first.scroll_into_view_if_needed()
