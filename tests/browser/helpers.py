"""What browser tests look at."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, Route, expect

_STILL_HERE = "mastheadTestStillHere"


def assert_accessible(page: Page) -> None:
    """Fail with every violation that axe finds on the page as it stands.

    For windows with script on: with it off, axe waits for ever. A colour on its way to another is waited for.
    """
    settle(page)
    results: dict[str, Any] = Axe().run(page).response
    found = [
        f"{violation['id']}: {violation['help']}: {[node['target'] for node in violation['nodes']][:5]}"
        for violation in results["violations"]
    ]
    assert found == [], f"{page.url}: " + "\n".join(found)


def at_work(page: Page) -> Page:
    """Wait until the elements of the page are at work, the lazy ones near the view: before, forms and links are plain.

    For tests of what script does in place. What a reader does earlier must do no harm: ``test_early_readers.py``.
    """
    page.wait_for_function(
        """() => [...document.querySelectorAll(":not(:defined):not([data-on-selection])")].every((element) => {
          if (element.matches("draft-box, live-form, live-thread, own-marks")) return false;
          const { top, bottom } = element.getBoundingClientRect();
          return !element.checkVisibility() || top > 2 * innerHeight || bottom < -innerHeight;
        })"""
    )
    return page


def in_dark(page: Page) -> None:
    """Show the open page as somebody sees it who prefers the dark, its last transition ended."""
    page.emulate_media(color_scheme="dark")
    settle(page)


def settle(page: Page) -> None:
    """Wait until every transition that has an end is at it, those in shadow roots included."""
    page.evaluate(
        """async () => {
          await new Promise((resolve) => requestAnimationFrame(resolve));
          const ending = document.getAnimations().filter((each) => each.effect.getComputedTiming().endTime < Infinity);
          await Promise.all(ending.map((each) => each.finished.catch(() => {})));
        }"""
    )


def assert_no_sideways_scroll(page: Page) -> None:
    """Fail when the page is wider than its window, naming what sticks out."""
    sticking_out = page.evaluate(
        """() => {
          const width = document.documentElement.clientWidth;
          if (document.documentElement.scrollWidth <= width) return [];
          return [...document.body.querySelectorAll('*')]
            .map((item) => [item, item.getBoundingClientRect()])
            .filter(([item, box]) => box.right > width + 1 || box.left < -1)
            .slice(0, 8)
            .map(([item]) => `${item.tagName.toLowerCase()}.${item.getAttribute('class') ?? ''}`);
        }"""
    )
    assert sticking_out == [], f"{page.url} scrolls sideways: {sticking_out}"


@contextmanager
def no_jump(page: Page, anchor: Locator, presses: Locator | None = None) -> Iterator[None]:
    """Fail when the page reloads, or when what the reader looks at moves, while the block runs.

    ``anchor`` is something in view that stays on the page; it may move by at most one pixel. ``presses`` is what the
    block clicks: the driver itself scrolls to what it cannot hit at its first try, which is done before it counts.
    """
    if presses is not None:
        presses.click(trial=True)
    page.evaluate(f"() => {{ window.{_STILL_HERE} = true; }}")
    before, place = _top(anchor), _place(page)
    yield
    assert page.evaluate(f"() => window.{_STILL_HERE} === true"), "the page was loaded anew"
    moved = _top(anchor) - before
    assert abs(moved) <= 1, f"the page jumped by {moved:.0f} px: {place}, then {_place(page)}"


def _top(anchor: Locator) -> float:
    box = anchor.bounding_box()
    assert box is not None, "what the reader looks at is not in the page"
    return box["y"]


def _place(page: Page) -> str:
    """Say how far the page is scrolled, and how tall it and its parts are: which of them moved the reader."""
    said: str = page.evaluate(
        """() => {
          const parts = [...document.querySelectorAll("main > *, #comments > *, #comment-list > *")];
          const tall = parts.map((part) => `${part.tagName.toLowerCase()}#${part.id} ${part.offsetHeight}`);
          return `at ${scrollY} of ${document.documentElement.scrollHeight} (${tall.join(", ")})`;
        }"""
    )
    return said


def focused(page: Page) -> str:
    """Return what has the focus, as ``tag#id.class`` and its text."""
    text: str = page.evaluate(
        """() => {
          const item = document.activeElement;
          return `${item.tagName.toLowerCase()}#${item.id}.${item.className} ${item.textContent.trim().slice(0, 80)}`;
        }"""
    )
    return text


def expect_announced(page: Page, text: str | re.Pattern[str]) -> None:
    """Fail when the polite live region does not come to say this: it is filled a frame after what it tells of."""
    expect(page.locator("#live")).to_contain_text(text)


def wait_for_words(page: Page) -> None:
    """Wait until the first words were painted, whatever else is still on its way."""
    page.evaluate(
        """() => new Promise((resolve) => {
          new PerformanceObserver((list) => {
            if (list.getEntriesByName('first-contentful-paint').length) resolve();
          }).observe({type: 'paint', buffered: true});
        })"""
    )


def layout_shift(page: Page) -> float:
    """Return the layout shift since the page was opened, without what the reader caused."""
    shift: float = page.evaluate(
        """() => new Promise((resolve) => {
          let sum = 0;
          new PerformanceObserver((list) => {
            for (const entry of list.getEntries()) if (!entry.hadRecentInput) sum += entry.value;
          }).observe({type: 'layout-shift', buffered: true});
          requestAnimationFrame(() => requestAnimationFrame(() => resolve(sum)));
        })"""
    )
    return shift


def held_back(page: Page, addresses: str) -> list[Route]:
    """Hold back what is asked for at these addresses, and return what was: it grows."""
    held: list[Route] = []

    def keep(route: Route) -> None:
        held.append(route)

    page.route(addresses, keep)
    return held


def let_go(page: Page, held: list[Route]) -> None:
    """Let the first request go on that was held back, as soon as there is one."""
    for _attempt in range(200):
        if held:
            break
        page.wait_for_timeout(50)
    held[0].continue_()
