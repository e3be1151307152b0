"""A browser, a paper to read in it, and a guard over both."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser import chromium, paper
from tests.browser.guard import Guard
from tests.browser.paper import Paper

PHONE = (390, 844)
DESK = (1440, 900)
PATIENCE_MS = 30_000  # a crowded machine is no fault of the page

expect.set_options(timeout=PATIENCE_MS)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything in this folder; what fails is tried once more, and named by ``R`` and at the end of the run.

    Two browsers and two papers on two processors: sometimes what is pressed moves between press and release. A fault
    of the page fails twice.
    """
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium per test process."""
    with sync_playwright() as playwright:
        browser = chromium.start(playwright)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def demo(demo_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Paper]:
    """The demo paper, served for this test process alone."""
    served = paper.serve(demo_folder, tmp_path_factory.mktemp("served") / "site")
    yield served
    served.stop()


Opener = Callable[..., Page]


@pytest.fixture
def guard(demo: Paper) -> Guard:
    """What the test may expect of the console."""
    return Guard(demo.address)


@pytest.fixture
def opened(browser: Browser, demo: Paper, guard: Guard) -> Iterator[Opener]:
    """Open windows: ``opened(js=False, size=PHONE)``. Verified and closed after the test."""
    contexts: list[BrowserContext] = []

    def open_window(*, js: bool = True, size: tuple[int, int] = DESK, scheme: str = "light") -> Page:
        context = browser.new_context(
            base_url=demo.address,
            java_script_enabled=js,
            viewport={"width": size[0], "height": size[1]},
            color_scheme="dark" if scheme == "dark" else "light",
            locale="en-GB",
        )
        context.set_default_timeout(PATIENCE_MS)
        guard.watch(context)
        contexts.append(context)
        return context.new_page()

    yield open_window
    for context in contexts:
        context.close()
    guard.verify()


@pytest.fixture
def page(opened: Opener) -> Page:
    """A window with JavaScript on."""
    return opened()


@pytest.fixture
def page_no_js(opened: Opener) -> Page:
    """A window with JavaScript off."""
    return opened(js=False)


@pytest.fixture(params=[True, False], ids=["js", "no-js"])
def any_page(opened: Opener, request: pytest.FixtureRequest) -> Page:
    """Two windows, one test each: JavaScript on and off."""
    return opened(js=request.param)
