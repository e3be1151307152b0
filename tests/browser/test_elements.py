"""The custom elements in a real browser, on a page made for them: nothing typed is lost, focus and voice go along."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from masthead.core import assets
from tests.browser.conftest import PATIENCE_MS

STATIC = Path(assets.__file__).parents[1] / "project" / "static" / "project"
SITE = "https://elements.test"
Answer = tuple[int, str]
Show = Callable[..., Page]


class Server:
    """Answers the page under test: modules from the source, fragments from what the test says."""

    def __init__(self) -> None:
        self.body = ""
        self.answers: dict[str, Answer | None] = {}

    def handle(self, route: Route) -> None:
        """Answer one request; an answer of ``None`` is a broken connection."""
        path = route.request.url.removeprefix(SITE).split("?")[0]
        if path.startswith("/lib/"):
            route.fulfill(path=STATIC / path[1:], content_type="text/javascript")
        elif path == "/page":
            route.fulfill(body=self.page(), content_type="text/html; charset=utf-8")
        elif path not in self.answers:
            route.fulfill(body=f"<!doctype html><title>whole page {path}</title>", content_type="text/html")
        elif (answer := self.answers[path]) is None:
            route.abort()
        else:
            assert "x-masthead-fragment" in route.request.headers
            route.fulfill(status=answer[0], body=answer[1], content_type="text/html; charset=utf-8")

    def page(self) -> str:
        """Return the page: what base.html gives every page, and the body."""
        names = {f"masthead/{path.stem}": f"/lib/{path.name}" for path in (STATIC / "lib").glob("*.js")}
        return (
            f'<!doctype html><html lang="en"><title>Elements</title>'
            f"<script>{(STATIC / 'theme.js').read_text()}</script>"
            f'<script type="importmap">{json.dumps({"imports": names})}</script>'
            f'<script type="module" src="/lib/main.js"></script>'
            f'<body data-text-failed="It failed." data-text-offline="No network.">{self.body}<div id="live"></div>'
        )


def wait_for_elements(page: Page) -> None:
    """Wait until every custom element in view is at work and what it put off to the next moment was done."""
    page.wait_for_function(
        """() => [...document.querySelectorAll(":not(:defined)")].every(
          (element) => element.getBoundingClientRect().top > 2 * innerHeight
        )"""
    )
    page.evaluate("new Promise((resolve) => setTimeout(() => requestAnimationFrame(() => setTimeout(resolve))))")


@pytest.fixture
def server() -> Server:
    """The other end."""
    return Server()


@pytest.fixture
def show(browser: Browser, server: Server) -> Iterator[Show]:
    """Show a body: ``show(html, answers)``. Script errors fail the test."""
    context = browser.new_context(viewport={"width": 800, "height": 600})
    context.set_default_timeout(PATIENCE_MS)
    context.route("**/*", server.handle)
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))

    def open_page(body: str, answers: dict[str, Answer | None] | None = None) -> Page:
        server.body, server.answers = body, answers or {}
        page.goto(f"{SITE}/page")
        wait_for_elements(page)
        return page

    yield open_page
    context.close()
    assert errors == []


FORM = """<h2 id="count">1 comment</h2><live-form><draft-box data-key="k">
<form method="post" action="/post" data-target="#list" data-swap="prepend"><textarea name="text"></textarea>
<button>Post</button></form></draft-box><div id="list"></div></live-form>"""


def test_a_sent_form_shows_its_reply_and_is_emptied_with_its_draft(show: Show) -> None:
    posted = (
        '<p id="new" data-focus tabindex="-1" data-announce="Comment posted.">Hello</p>'
        '<h2 id="count" data-replaces="#count">2 comments</h2>'
    )
    page = show(FORM, {"/post": (200, posted)})
    page.get_by_role("textbox").fill("Hello")
    page.get_by_role("button", name="Post").click()
    expect(page.locator("#list > #new")).to_be_focused()
    expect(page.locator("#live")).to_have_text("Comment posted.")
    expect(page.get_by_role("heading")).to_have_text("2 comments")
    expect(page.get_by_role("textbox")).to_have_value("")
    page.reload()
    expect(page.get_by_role("textbox")).to_have_value("")


def test_a_refused_form_comes_back_with_its_error_and_focus(show: Show) -> None:
    refused = (
        '<form data-target="#list"><p class="error">Too short.</p><textarea aria-invalid="true">Hi</textarea></form>'
    )
    page = show(FORM, {"/post": (422, refused)})
    page.get_by_role("textbox").fill("Hi")
    page.get_by_role("button", name="Post").click()
    expect(page.get_by_text("Too short.")).to_be_visible()
    expect(page.get_by_role("textbox")).to_be_focused()
    expect(page.get_by_role("textbox")).to_have_value("Hi")


@pytest.mark.parametrize(("answer", "said"), [((500, "broken"), "It failed."), (None, "No network.")])
def test_a_failure_is_said_and_nothing_typed_is_lost(show: Show, answer: Answer | None, said: str) -> None:
    page = show(FORM, {"/post": answer})
    page.get_by_role("textbox").fill("A long answer")
    page.get_by_role("button", name="Post").click()
    expect(page.get_by_role("alert")).to_have_text(said)
    expect(page.get_by_role("textbox")).to_have_value("A long answer")
    page.reload()
    expect(page.get_by_role("textbox")).to_have_value("A long answer")


def test_a_vote_keeps_focus_on_its_button_and_the_page_where_it_is(show: Show) -> None:
    button = '<button name="value" value="up">Up {}</button>'
    form = f'<form id="v" method="post" action="/vote" data-target="#v">{button}</form>'
    page = show(
        f"<p style='height:2000px'></p><live-form>{form.format(1)}</live-form>", {"/vote": (200, form.format(2))}
    )
    page.get_by_role("button").scroll_into_view_if_needed()
    before = page.evaluate("scrollY")
    page.get_by_role("button", name="Up 1").click()
    expect(page.get_by_role("button", name="Up 2")).to_be_focused()
    assert page.evaluate("scrollY") == before


def test_a_form_without_a_target_is_left_to_the_browser(show: Show) -> None:
    page = show('<live-form><form action="/elsewhere"><button>Go</button></form></live-form>')
    page.get_by_role("button").click()
    expect(page).to_have_title("whole page /elsewhere")


def test_a_live_link_shows_its_reply_and_its_address(show: Show) -> None:
    link = '<a href="/sorted?sort=oldest" data-live data-target="#list" data-swap="fill" data-history>Oldest</a>'
    page = show(f'<live-form>{link}<div id="list">old</div></live-form>', {"/sorted": (200, "<p>sorted</p>")})
    page.get_by_role("link").click()
    expect(page.locator("#list")).to_have_text("sorted")
    expect(page).to_have_url(f"{SITE}/sorted?sort=oldest")


REPLY = """<live-form><reply-form data-target="#place"><a href="/reply">Reply</a></reply-form><div id="place"></div>
<div id="replies"></div></live-form>"""
REPLY_FORM = """<form method="post" action="/send" data-target="#replies" data-swap="append">
<textarea name="text"></textarea><button>Send</button><button type="button" data-close>Cancel</button></form>"""


def test_a_reply_opens_in_place_closes_with_its_text_and_empties_when_sent(show: Show) -> None:
    page = show(REPLY, {"/reply": (200, REPLY_FORM), "/send": (200, "<p>Sent</p>")})
    link = page.get_by_role("link", name="Reply")
    link.click()
    expect(page.get_by_role("textbox")).to_be_focused()
    expect(link).to_have_attribute("aria-expanded", "true")
    page.keyboard.type("My words")
    page.get_by_role("button", name="Cancel").click()
    expect(link).to_be_focused()
    expect(page.get_by_role("textbox")).to_be_hidden()
    link.click()
    expect(page.get_by_role("textbox")).to_have_value("My words")
    page.keyboard.press("Escape")
    expect(page.get_by_role("textbox")).to_be_hidden()
    link.click()
    page.get_by_role("button", name="Send").click()
    expect(page.locator("#replies")).to_have_text("Sent")
    expect(page.locator("#place")).to_be_empty()


def test_load_more_appends_moves_focus_and_ends(show: Show) -> None:
    body = '<div id="list"></div><load-more data-target="#list"><a rel="next" href="/two">More</a></load-more>'
    pages: dict[str, Answer | None] = {
        "/two": (200, '<p id="two">2</p><a rel="next" href="/three">Still more</a>'),
        "/three": (200, '<p id="three">3</p>'),
    }
    page = show(body, pages)
    page.get_by_role("link", name="More").click()
    expect(page.locator("#two")).to_be_focused()
    page.get_by_role("link", name="Still more").click()
    expect(page.locator("#three")).to_be_focused()
    expect(page.get_by_role("link")).to_have_count(0)


INVITE = """<form id="comment-form"><textarea></textarea></form><invite-card data-delay-seconds="0" data-key="t" hidden>
<a href="#comment-form">Would love your thoughts, please comment.</a>
<button type="button" data-dismiss>Dismiss</button></invite-card>"""


def test_a_dismissed_invitation_never_comes_back(show: Show) -> None:
    page = show(INVITE)
    page.get_by_role("button", name="Dismiss").click()
    expect(page.locator("invite-card")).to_be_hidden()
    assert page.evaluate("localStorage.getItem('invite:t')") == "gone"
    page.reload()
    wait_for_elements(page)
    expect(page.locator("invite-card")).to_be_hidden()


def test_an_invitation_comes_at_most_once_a_week(show: Show) -> None:
    page = show(INVITE)
    expect(page.locator("invite-card")).to_be_visible()
    page.reload()
    wait_for_elements(page)
    expect(page.locator("invite-card")).to_be_hidden()
    page.evaluate("localStorage.setItem('invite:t', String(Date.now() - 8 * 86400000))")
    page.reload()
    expect(page.locator("invite-card")).to_be_visible()
    page.get_by_role("link").click()
    expect(page.get_by_role("textbox")).to_be_focused()


def test_an_embed_loads_in_place_even_when_pressed_at_once(show: Show) -> None:
    card = (
        '<embed-card data-src="https://film.test/1" data-title="The storm"><a href="/film">The storm</a></embed-card>'
    )
    page = show(f"<p style='height:5000px'></p>{card}")
    assert page.locator("iframe").count() == 0
    page.get_by_role("link").click()
    expect(page.locator("iframe")).to_have_attribute("src", "https://film.test/1")
    expect(page.locator("iframe")).to_have_attribute("title", "The storm")
    expect(page).to_have_url(f"{SITE}/page")


def test_an_embed_with_another_scheme_stays_a_link(show: Show) -> None:
    page = show('<embed-card data-src="javascript:alert(1)"><a href="/film">The storm</a></embed-card>')
    page.get_by_role("link").click()
    expect(page).to_have_title("whole page /film")


def test_a_chosen_theme_is_there_before_the_first_paint_next_time(show: Show) -> None:
    choices = "".join(
        f'<label><input type="radio" name="t" value="{value}">{value or "system"}</label>' for value in ("", "dark")
    )
    page = show(f"<theme-switch>{choices}</theme-switch>")
    page.get_by_label("dark").check()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page.get_by_label("dark")).to_be_checked()
    page.get_by_label("system").check()
    expect(page.locator("html")).not_to_have_attribute("data-theme", re.compile(".*"))


def test_who_gives_is_not_asked_again_until_the_note_is_over(show: Show) -> None:
    style = (STATIC / "css" / "funding.css").read_text(encoding="utf-8")
    asked = '<p class="support-given">Thank you</p><section class="support"><h2>Support us</h2></section>'
    block = f"<style>{style}</style>{asked}"
    page = show(f'{block}<gave-note data-days="31"></gave-note>')
    expect(page.locator(".support")).to_be_visible()
    expect(page.locator(".support-given")).to_be_hidden()
    page.wait_for_function("Number(localStorage.gave) > Date.now() + 30 * 864e5")
    page.reload()
    expect(page.locator(".support")).to_be_hidden()
    expect(page.locator(".support-given")).to_be_visible()
    page.evaluate("localStorage.gave = Date.now() - 1; document.querySelector('gave-note').remove()")
    page = show(block)
    expect(page.locator(".support")).to_be_visible()


def test_a_gift_that_ended_takes_the_note_away_and_a_shorter_time_does_not(show: Show) -> None:
    page = show('<p>A story</p><gave-note data-days="31"></gave-note>')
    page.wait_for_function("Number(localStorage.gave) > Date.now() + 30 * 864e5")
    note = page.evaluate("localStorage.gave")
    show('<p>A story</p><gave-note data-days="3"></gave-note>').wait_for_function("!!customElements.get('gave-note')")
    assert page.evaluate("localStorage.gave") == note
    show('<p>A story</p><gave-note data-days="0"></gave-note>').wait_for_function("!('gave' in localStorage)")


def test_a_preview_is_rendered_by_the_server_and_read_out(show: Show) -> None:
    button = '<button formaction="/x">Preview</button>'
    element = f'<text-preview data-source="textarea" data-url="/preview">{button}</text-preview>'
    page = show(
        f'<form><textarea name="text">*a*</textarea>{element}</form>', {"/preview": (200, "<p><em>a</em> shown</p>")}
    )
    page.get_by_role("button", name="Preview").click()
    expect(page.locator(".preview em")).to_have_text("a")
    expect(page.locator("#live")).to_have_text("a shown")


def test_folded_replies_open_for_an_address_that_names_one(show: Show) -> None:
    page = show('<fold-thread data-close-text="Hide" data-open-text="Show"><p id="reply-1">Reply</p></fold-thread>')
    page.get_by_role("button", name="Hide").click()
    expect(page.locator("#reply-1")).to_be_hidden()
    expect(page.get_by_role("button", name="Show")).to_have_attribute("aria-expanded", "false")
    page.evaluate("location.hash = 'reply-1'")
    expect(page.locator("#reply-1")).to_be_visible()


def test_a_time_is_told_as_distance_with_the_exact_date_at_hand(show: Show) -> None:
    page = show(
        '<relative-time><time id="near">then</time></relative-time>'
        '<relative-time><time id="far" datetime="2020-01-01T00:00Z">1 January 2020</time></relative-time>'
    )
    page.evaluate(
        """() => {
          const element = document.querySelector("relative-time");
          element.firstElementChild.dateTime = new Date(Date.now() - 3 * 3600000 - 5000).toISOString();
          element.tell();
        }"""
    )
    expect(page.locator("#near")).to_have_text("3h ago")
    expect(page.locator("#near")).to_have_attribute("title", "then")
    expect(page.locator("#far")).to_have_text("1 January 2020")
