"""A discussion and the meter on the page of another site with a strict policy."""

from __future__ import annotations

import json
import threading
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Route, expect

from tests.browser import paper
from tests.browser.helpers import assert_accessible, assert_no_sideways_scroll, held_back, in_dark, let_go
from tests.browser.paper import Paper

_PAGE = """<!doctype html><html lang="{lang}" dir="{dir}"><head><meta charset="utf-8"><title>The club</title>
<meta name="viewport" content="width=device-width"><link rel="stylesheet" href="/club.css"></head>
<body><main><h1>The spring fair</h1><p>It begins on Sunday.</p>
<div id="bar"><p><a href="{paper}/support/">Support the paper</a></p>
<script async src="{paper}/embed.js" data-meter></script></div>
<div id="talk"><p><a href="{paper}{path}">Discussion at the paper</a></p>
<script async src="{paper}/embed.js" data-thread="{key}"></script></div></main></body></html>"""
_STYLE = """:root { color-scheme: light dark } html { font-size: 18px } a { color: LinkText }
body { max-width: 44em; margin: auto; padding: 1em; font-family: monospace; background: Canvas; color: CanvasText }
button { all: unset; color: red }"""
_POLICY = (
    "default-src 'none'; script-src {paper}; connect-src {paper}; img-src {paper}; style-src 'self'; base-uri 'none'; "
    "form-action 'none'; require-trusted-types-for 'script'; trusted-types masthead-embed"
)


@dataclass
class Club:
    """Another site with one page, on a host and a port of its own."""

    paper: str
    key: str = ""
    path: str = ""
    direction: str = "ltr"
    seen: list[str] = field(default_factory=list)
    address: str = ""

    def page(self) -> bytes:
        """Write the page."""
        lang = "ar" if self.direction == "rtl" else "en"
        values = {"lang": lang, "dir": self.direction, "paper": self.paper, "key": self.key, "path": self.path}
        return _PAGE.format(**values).encode()


@pytest.fixture(scope="module")
def club() -> Iterator[Club]:
    """The club's server; which paper it names is set when that is served."""
    club = Club("")

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            is_style = self.path == "/club.css"
            body = _STYLE.encode() if is_style else club.page()
            self.send_response(200)
            self.send_header("Content-Type", "text/css" if is_style else "text/html; charset=utf-8")
            self.send_header("Content-Security-Policy", _POLICY.format(paper=club.paper))
            self.send_header("Cross-Origin-Embedder-Policy", "credentialless")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            club.seen.append(self.path)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    club.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield club
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def listing(demo_folder: Path, tmp_path_factory: pytest.TempPathFactory, club: Club) -> Iterator[Paper]:
    """The demo paper under another host name, which lists the club's origin."""
    folder = tmp_path_factory.mktemp("listing") / "site"
    served = paper.serve(demo_folder, folder, host="localhost", MASTHEAD_EMBED_ORIGINS=club.address)
    club.paper = served.address
    story = _longest_thread(served)
    club.key, club.path = story["thread"], story["path"]
    yield served
    served.stop()


def _longest_thread(served: Paper) -> dict[str, str]:
    with urllib.request.urlopen(f"{served.address}/api/v1/stories?limit=50") as reply:  # noqa: S310 - our own server
        stories = json.load(reply)["items"]
    story = max(stories, key=lambda item: item["comments"])
    return {"thread": story["thread"], "path": story["url"].removeprefix(served.address)}


@dataclass
class Visit:
    """A window on the club's page, and what went on in it."""

    page: Page
    requests: list[str] = field(default_factory=list)
    cookies: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    @property
    def talk(self) -> Locator:
        """The discussion."""
        return self.page.get_by_role("region", name="Comments")


@pytest.fixture
def visits(browser: Browser, listing: Paper, club: Club) -> Iterator[list[BrowserContext]]:
    """Windows that are closed after the test."""
    contexts: list[BrowserContext] = []
    yield contexts
    for context in contexts:
        context.close()
    club.direction = "ltr"


def visit(
    browser: Browser,
    club: Club,
    contexts: list[BrowserContext],
    *,
    js: bool = True,
    width: int = 1440,
    prepare: Callable[[Page], object] = lambda page: None,
) -> Visit:
    """Open the club's page; ``prepare`` says beforehand what is to be slow there."""
    context = browser.new_context(java_script_enabled=js, viewport={"width": width, "height": 900}, locale="en-GB")
    context.set_default_timeout(30_000)
    contexts.append(context)
    page = context.new_page()
    found = Visit(page)
    page.on("request", lambda request: found.requests.append(request.url))
    page.on("request", lambda request: found.cookies.extend([request.url] if "cookie" in request.headers else []))
    page.on("console", lambda said: found.errors.append(said.text) if said.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: found.errors.append(str(error)))
    prepare(page)
    page.goto(club.address)
    return found


def test_without_script_the_links_stand_and_lead_to_the_paper(
    browser: Browser, club: Club, visits: list[BrowserContext]
) -> None:
    page = visit(browser, club, visits, js=False).page
    expect(page.get_by_role("link", name="Support the paper")).to_be_visible()
    page.get_by_role("link", name="Discussion at the paper").click()
    expect(page.get_by_role("region", name="Comments")).to_be_visible()
    assert page.url.startswith(club.paper)


def test_with_script_the_discussion_and_the_meter_take_the_links_place(
    browser: Browser, club: Club, visits: list[BrowserContext]
) -> None:
    seen = visit(browser, club, visits)
    expect(seen.talk.get_by_role("article").first).to_be_visible()
    expect(seen.page.get_by_role("meter")).to_be_visible()
    expect(seen.page.get_by_role("link", name="Discussion at the paper")).to_have_count(0)
    expect(seen.page.get_by_role("link", name="Support the paper")).to_have_count(0)
    assert seen.page.locator("#bar masthead-embed .masthead").evaluate(_BOX) == ["1px", "1px", "0px", "none", True]
    assert seen.errors == []
    assert all(url.startswith((club.address, club.paper)) for url in seen.requests)
    assert seen.cookies == []
    assert seen.talk.locator("a[href^='/']").count() == 0, "every address is the paper's own"


# The piece has the one border, the ground and the space; the bar inside has none of its own.
_BOX = """(piece) => {
  const outer = getComputedStyle(piece), inner = getComputedStyle(piece.querySelector(".meter"));
  const isClear = inner.backgroundColor === "rgba(0, 0, 0, 0)" && outer.backgroundColor !== "rgba(0, 0, 0, 0)";
  return [outer.borderTopWidth, outer.borderBottomWidth, inner.borderBottomWidth, inner.borderTopStyle,
    isClear && parseFloat(outer.paddingTop) > 0 && parseFloat(outer.paddingInlineStart) > 0];
}"""


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
@pytest.mark.parametrize("width", [390, 1440])
def test_it_is_accessible_by_day_and_by_night_and_fits(
    browser: Browser, club: Club, visits: list[BrowserContext], *, direction: str, width: int
) -> None:
    club.direction = direction
    seen = visit(browser, club, visits, width=width)
    seen.talk.get_by_role("link", name="Reply", exact=True).first.click()
    expect(seen.talk.get_by_role("button", name="Post reply")).to_be_visible()
    expect(seen.page.get_by_role("meter")).to_be_visible()
    assert_no_sideways_scroll(seen.page)
    assert_accessible(seen.page)
    in_dark(seen.page)
    assert_accessible(seen.page)


def test_a_reader_sorts_and_loads_more(browser: Browser, club: Club, visits: list[BrowserContext]) -> None:
    seen = visit(browser, club, visits)
    articles = seen.talk.locator("#comment-list > article")
    expect(articles.first).to_be_visible()
    first = articles.first.get_attribute("id")
    seen.talk.get_by_role("link", name="Oldest").click()
    expect(seen.talk.get_by_role("link", name="Oldest")).to_have_attribute("aria-current", "true")
    assert articles.first.get_attribute("id") != first
    shown = articles.count()
    seen.talk.locator("load-more a").click()
    expect(articles.nth(shown)).to_be_visible()
    expect(articles.nth(shown)).to_be_focused()
    assert seen.page.url == f"{club.address}/"
    assert seen.errors == []


def test_a_guest_posts_replies_votes_and_is_known_after_a_reload(
    browser: Browser, club: Club, visits: list[BrowserContext]
) -> None:
    seen = visit(browser, club, visits)
    form = seen.talk.locator("#comment-form")
    form.get_by_label("Comment").fill("I was at the fair.")
    form.get_by_label("Name").fill("Ada of the club")
    form.get_by_role("button", name="Post comment").click()
    mine = seen.talk.get_by_role("article", name="Ada of the club").first
    expect(mine).to_be_visible()
    expect(mine).to_be_focused()
    expect(form.get_by_label("Comment")).to_have_value("")
    other = seen.talk.locator("article", has=seen.page.get_by_role("link", name="Reply", exact=True)).nth(1)
    other.get_by_role("link", name="Reply", exact=True).first.click()
    reply = other.locator(".reply-place form").first
    reply.get_by_label("Reply", exact=True).fill("And who else?")
    reply.get_by_label("Name").fill("Ada of the club")
    reply.get_by_role("button", name="Post reply").click()
    expect(other.get_by_role("article", name="Ada of the club").first).to_be_visible()
    other.get_by_role("button", name="Vote up").first.click()
    expect(other.get_by_role("button", name="Vote up").first).to_have_attribute("aria-pressed", "true")
    expect(other.get_by_role("button", name="Vote up").first).to_be_focused()
    seen.page.reload()
    again = seen.talk.get_by_role("article", name="Ada of the club").first
    again.get_by_text("More").first.click()
    expect(again.get_by_role("link", name="Delete").first).to_be_visible()
    again.get_by_role("link", name="Delete").first.click()
    again.get_by_role("button", name="Delete comment").click()
    expect(seen.talk.get_by_text("This comment was deleted by its writer.").first).to_be_visible()
    assert seen.errors == []
    assert seen.cookies == []
    assert seen.page.context.cookies() == [], "the paper's cookies do not come to stay either"


def test_an_open_form_keeps_its_words_whatever_the_list_does(
    browser: Browser, club: Club, visits: list[BrowserContext]
) -> None:
    seen = visit(browser, club, visits)
    first = seen.talk.locator("#comment-list > article").first
    name = first.get_attribute("id")
    first.get_by_role("link", name="Reply", exact=True).first.click()
    field = seen.talk.locator(f"#{name} .reply-place textarea")
    field.fill("Half a tho")
    everything = seen.talk.get_by_role("link", name="View all comments")
    for sort in ("Oldest", "Newest"):
        seen.talk.get_by_role("link", name=sort, exact=True).click()
        expect(seen.talk.get_by_role("link", name=sort, exact=True)).to_have_attribute("aria-current", "true")
    everything.click()
    expect(seen.talk.get_by_role("link", name="Newest", exact=True)).to_be_focused()
    expect(field).to_have_value("Half a tho")
    expect(field).to_be_visible()
    link = seen.talk.locator(f"#{name} > .comment-row reply-form > a").first
    expect(link).to_have_attribute("aria-expanded", "true")
    form = seen.talk.locator("#comment-form")
    form.get_by_label("Comment").fill("Sent beside it.")
    form.get_by_label("Name").fill("Ada of the club")
    form.get_by_role("button", name="Post comment").click()
    expect(seen.talk.get_by_text("Sent beside it.")).to_be_visible()
    expect(field).to_have_value("Half a tho")
    assert seen.errors == []


def test_a_form_that_comes_late_opens_in_the_list_that_was_drawn_meanwhile(
    browser: Browser, club: Club, visits: list[BrowserContext]
) -> None:
    seen = visit(browser, club, visits)
    held = held_back(seen.page, "**/reply/")
    first = seen.talk.locator("#comment-list > article").first
    first.get_by_role("link", name="Reply", exact=True).first.click()
    everything = seen.talk.get_by_role("link", name="View all comments")
    first.evaluate("(article) => article.classList.add('before')")
    everything.click()
    expect(seen.talk.locator(".before")).to_have_count(0)
    let_go(seen.page, held)
    expect(seen.talk.get_by_role("button", name="Post reply")).to_be_visible()
    expect(seen.talk.locator(".reply-place textarea")).to_be_focused()


def test_a_piece_waits_for_the_one_above_so_that_nothing_moves_under_a_finger(
    browser: Browser, club: Club, visits: list[BrowserContext]
) -> None:
    held: list[list[Route]] = []

    def prepare(page: Page) -> None:
        held.extend([held_back(page, "**/-/embed/meter/")])
        page.add_init_script(_ORDER)

    seen = visit(browser, club, visits, prepare=prepare)
    seen.page.get_by_role("link", name="Discussion at the paper").focus()
    seen.page.wait_for_timeout(1000)
    expect(seen.talk).to_have_count(0)
    let_go(seen.page, held[0])
    expect(seen.talk.get_by_role("article").first).to_be_visible()
    assert seen.page.evaluate("window.placed") == ["bar", "talk"]
    focused = seen.page.evaluate("document.activeElement.localName")
    assert focused == "masthead-embed", "focus was on the link whose place it took"


_ORDER = """window.placed = []; new MutationObserver((seen) => {
  for (const { target, addedNodes } of seen)
    if ([...addedNodes].some((node) => node.localName === "masthead-embed")) window.placed.push(target.id);
}).observe(document, { childList: true, subtree: true })"""


def test_a_mistake_is_said_beside_the_field_and_nothing_is_lost(
    browser: Browser, club: Club, visits: list[BrowserContext]
) -> None:
    seen = visit(browser, club, visits)
    form = seen.talk.locator("#comment-form")
    form.get_by_label("Comment").fill("I was there.")
    form.get_by_label("Name").fill("A")
    form.get_by_role("button", name="Post comment").click()
    expect(form.get_by_label("Name")).to_be_focused()
    expect(form.get_by_label("Name")).to_have_attribute("aria-invalid", "true")
    expect(form.get_by_label("Comment")).to_have_value("I was there.")


def test_what_others_write_is_offered_and_moves_nothing(
    browser: Browser, club: Club, visits: list[BrowserContext]
) -> None:
    here, there = visit(browser, club, visits), visit(browser, club, visits)
    expect(here.talk.get_by_role("article").first).to_be_visible()
    form = there.talk.locator("#comment-form")
    form.get_by_label("Comment").fill("Written in another window.")
    form.get_by_label("Name").fill("Ben of the club")
    form.get_by_role("button", name="Post comment").click()
    offer = here.talk.get_by_role("button", name="1 new comment - show")
    expect(offer).to_be_visible()
    expect(here.talk.get_by_text("Written in another window.")).to_have_count(0)
    offer.click()
    expect(here.talk.get_by_text("Written in another window.")).to_be_visible()
    expect(there.talk.locator(".new-offer")).to_be_hidden()


def test_on_the_page_of_a_site_that_is_not_listed_the_link_stays(
    browser: Browser, club: Club, visits: list[BrowserContext]
) -> None:
    own, club.address = club.address, club.address.replace("127.0.0.1", "localhost")
    try:
        seen = visit(browser, club, visits)
        seen.page.wait_for_load_state("networkidle")
        expect(seen.page.get_by_role("link", name="Discussion at the paper")).to_be_visible()
        assert seen.page.locator("masthead-embed").count() == 0
        refused = seen.page.evaluate(
            """(address) => fetch(address).then(() => "read", () => "refused")""", f"{club.paper}/api/v1/stories"
        )
        assert refused == "refused"
    finally:
        club.address = own
