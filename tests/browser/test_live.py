"""What is new while one reads: offered, never in the way."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, Request, Route, expect

from tests.browser.conftest import DESK, PHONE, Opener
from tests.browser.guard import Guard
from tests.browser.helpers import (
    assert_accessible,
    assert_no_sideways_scroll,
    at_work,
    expect_announced,
    focused,
    no_jump,
)
from tests.browser.paper import Paper, run
from tests.browser.test_discussion import by_text, write

STORY = "/opinion/in-praise-of-the-waiting-list/"
OFFER = re.compile(r"^\d+ new comments? - show$")


def listening(page: Page, path: str = STORY) -> Page:
    """Open a story and wait until the page hears of news."""
    with page.expect_response(lambda reply: "/-/live" in reply.url):
        page.goto(path)
    return at_work(page)


def post(page: Page, text: str) -> None:
    """Write a comment below the story that is open."""
    form = page.locator("#comment-form")
    write(page, form, text)
    form.get_by_role("button", name="Post comment").click()
    expect(by_text(page, text)).to_be_visible()


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_a_comment_written_elsewhere_is_offered_and_moves_nothing(opened: Opener, size: tuple[int, int]) -> None:
    writer, reader = listening(opened(size=size)), listening(opened(size=size))
    reader.locator("#comment-thread").scroll_into_view_if_needed()
    offer = reader.get_by_role("button", name=OFFER)
    scrolled = reader.evaluate("scrollY")
    with no_jump(reader, reader.locator(".sort-row")), no_jump(reader, reader.locator("#comments-count")):
        post(writer, f"From elsewhere {size[0]}")
        expect(offer).to_be_visible(timeout=5_000)
        expect(reader.locator("#live")).to_have_text(OFFER)
    assert reader.evaluate("scrollY") == scrolled
    expect(writer.get_by_role("button", name=OFFER)).to_have_count(0)
    assert_accessible(reader)
    assert_no_sideways_scroll(reader)
    offer.click()
    expect(by_text(reader, f"From elsewhere {size[0]}")).to_be_visible()
    expect(offer).to_have_count(0)
    assert focused(reader).startswith("article#comment-")
    expect(reader.locator("#comments-count")).to_have_text(writer.locator("#comments-count").inner_text())


def test_votes_move_on_both_pages(opened: Opener) -> None:
    voter, reader = listening(opened()), listening(opened())
    post(voter, "To be voted on")
    reader.get_by_role("button", name=OFFER).click()
    other = by_text(reader, "To be voted on")
    with no_jump(voter, voter.locator("#comments-count")):
        other.get_by_role("button", name="Vote up").click()
        expect(by_text(voter, "To be voted on").locator(".score")).to_have_text("1", timeout=5_000)
    expect(other.locator(".score")).to_have_text("1")


def test_a_changed_comment_is_brought_in_when_asked_for(opened: Opener) -> None:
    writer, reader = listening(opened()), listening(opened())
    post(writer, "With a slip in it")
    reader.get_by_role("button", name=OFFER).click()
    expect(by_text(reader, "With a slip in it")).to_be_visible()
    comment = by_text(writer, "With a slip in it")
    comment.locator("summary").click()
    comment.get_by_role("link", name="Delete").click()
    writer.get_by_role("button", name="Delete comment").click()
    reader.get_by_role("button", name="Comments have changed - show").click()
    expect(reader.get_by_text("With a slip in it")).to_have_count(0)
    expect(writer.get_by_role("button", name="Comments have changed - show")).to_have_count(0)


def test_the_stream_is_closed_while_the_page_is_hidden_and_nothing_is_lost(opened: Opener) -> None:
    writer, reader = listening(opened()), opened()
    ended: list[str] = []
    reader.on("requestfailed", lambda request: ended.append(request.url))
    listening(reader)
    hide(reader, "hidden")
    post(writer, "While nobody looked")
    with reader.expect_response(lambda reply: "/-/live" in reply.url):
        hide(reader, "visible")
    assert [address for address in ended if "/-/live" in address]
    expect(reader.get_by_role("button", name=OFFER)).to_be_visible(timeout=5_000)


def hide(page: Page, state: str) -> None:
    """Let the page believe that its tab was hidden or shown again."""
    page.evaluate(
        """(state) => {
          Object.defineProperty(document, 'visibilityState', {value: state, configurable: true});
          document.dispatchEvent(new Event('visibilitychange'));
        }""",
        state,
    )


def test_where_there_is_no_stream_the_page_asks(opened: Opener, guard: Guard) -> None:
    guard.expect_status(503)
    writer, reader = listening(opened()), opened()
    reader.clock.install()
    reader.route("**/-/live*", refuse_streams)
    reader.goto(STORY)
    with reader.expect_response(lambda reply: "/-/live" in reply.url and reply.ok):
        reader.clock.run_for(7_000)
    post(writer, "Asked for")
    with reader.expect_response(lambda reply: "/-/live" in reply.url and reply.ok):
        reader.clock.run_for(25_000)
    expect(reader.get_by_role("button", name=OFFER)).to_be_visible(timeout=5_000)


def refuse_streams(route: Route, request: Request) -> None:
    """Answer as a server that is full: streams are refused, questions answered."""
    if "application/json" in request.headers.get("accept", ""):
        route.continue_()
    else:
        route.fulfill(status=503, headers={"Retry-After": "20"})


def asked_for_oneself(page: Page) -> list[str]:
    """Return, as it grows, what the page asks by script besides the stream and its modules."""
    seen: list[str] = []

    def note(request: Request) -> None:
        if request.resource_type in {"fetch", "xhr"} and "/-/live" not in request.url:
            seen.append(request.url)

    page.on("request", note)
    return seen


def test_a_first_visit_asks_for_nothing_personal(page: Page) -> None:
    seen = asked_for_oneself(page)
    listening(page)
    page.wait_for_function("customElements.get('own-marks') !== undefined")
    assert seen == []


def test_who_took_part_before_asks_once(opened: Opener) -> None:
    page = listening(opened())
    post(page, "I was here before")
    seen = asked_for_oneself(page)
    page.goto(STORY)
    expect(by_text(page, "I was here before").locator(".more-list a")).to_have_count(3)
    assert len(seen) == 1


def test_who_is_signed_in_reads_the_own_name_in_the_bar(opened: Opener, demo: Paper) -> None:
    page = opened()
    page.goto(run("admin-link", "--site", str(demo.folder), MASTHEAD_SITE_URL=demo.address).split()[-1])
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/admin/**")
    seen = asked_for_oneself(page)
    listening(page)
    expect(page.locator("#account-link")).to_have_attribute("href", "/accounts/profile/")
    expect(page.locator("#account-link")).not_to_have_text("Sign in")
    assert len(seen) == 1
    assert_accessible(page)


def test_the_offer_is_announced(opened: Opener) -> None:
    writer, reader = listening(opened()), listening(opened())
    post(writer, "Said aloud")
    expect(reader.get_by_role("button", name=OFFER)).to_be_visible(timeout=5_000)
    expect_announced(reader, OFFER)


def test_without_script_nothing_is_missing(page_no_js: Page) -> None:
    page_no_js.goto(STORY)
    expect(page_no_js.locator("#comment-thread")).to_be_visible()
    expect(page_no_js.locator("live-thread button")).to_be_hidden()
