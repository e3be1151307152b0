"""Strings made to break in: through the form and through the importer, opened in a real browser; nothing runs."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
from playwright.sync_api import Browser, Page

from tests import sites
from tests.browser import paper
from tests.browser.guard import Guard
from tests.porting import wxr
from tests.porting.inputs import needs_inputs, payloads

COMMENTS_PER_STORY = 900
# A payload that got through would call one of these or throw; each leaves a mark that the test reads.
TRAP = """for (const name of ["alert", "confirm", "prompt", "print", "open"]) {
  window[name] = () => { window.somethingRan = name; };
}
document.addEventListener("securitypolicyviolation", (event) => { window.somethingRan = event.blockedURI; });"""
WHAT_IS_WRONG = """() => {
  const wrong = [];
  if (window.somethingRan) wrong.push(`ran: ${window.somethingRan}`);
  for (const element of document.querySelectorAll("main *")) {
    for (const { name, value } of element.attributes) {
      if (name.startsWith("on")) wrong.push(`${element.tagName} ${name}`);
      const leads = ["href", "src", "action", "formaction", "data", "xlink:href"].includes(name);
      if (leads && URL.canParse(value, document.baseURI)) {
        const { protocol } = new URL(value, document.baseURI);
        if (!["http:", "https:", "mailto:", "tel:"].includes(protocol)) wrong.push(`${name}=${value}`);
      }
    }
  }
  for (const name of ["script", "iframe", "object", "embed", "base", "style", "meta"]) {
    if (document.querySelector(`main ${name}`)) wrong.push(name);
  }
  for (const once of ["header.masthead", "main", "section#comments", "body > footer"]) {
    if (document.querySelectorAll(once).length !== 1) wrong.push(`${once} is not there exactly once`);
  }
  return wrong;
}"""


def hostile_export(folder: Path, strings: list[str]) -> Path:
    """Write an export with every string as a comment, and as author, title, tag and body of a story."""
    clean = [text for text in strings if text.strip() and not any(ord(letter) < 32 for letter in text)]
    stories = []
    for number, start in enumerate(range(0, len(clean), COMMENTS_PER_STORY), start=1):
        part = clean[start : start + COMMENTS_PER_STORY]
        comments = "".join(
            wxr.comment(start + place + 1, comment_content=text, comment_author=text[:50])
            for place, text in enumerate(part)
        )
        body = "\n\n".join(part)
        stories.append(wxr.item(number, body=body, title=part[0], extra=comments))
    return wxr.write(folder, *stories)


@pytest.fixture(scope="module")
def attacked(new_site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[paper.Paper]:
    """A served site that took in every hostile string, by both doors."""
    folder = tmp_path_factory.mktemp("attacked")
    site = sites.copy(new_site, folder / "site")
    paper.run("import", "wordpress", str(hostile_export(folder, payloads())), "--site", str(site), "--json")
    served = paper.serve(
        site,
        folder / "served",
        MASTHEAD_DISCUSSION_GUESTS="open",
        MASTHEAD_DISCUSSION_HOLD="none",
        MASTHEAD_DISCUSSION_POSTS_PER_MINUTE="0",
    )
    yield served
    served.stop()


def watched(browser: Browser, guard: Guard) -> Page:
    """Open a window in which nothing may run and nothing may leave."""
    context = browser.new_context(base_url=guard.origin)
    guard.watch(context)
    context.add_init_script(TRAP)
    page = context.new_page()
    page.on("dialog", lambda dialog: guard.errors.append(f"dialog: {dialog.message}"))
    return page


def story_paths(page: Page) -> list[str]:
    """Return the addresses of all stories on the site's map."""
    reply = page.request.get("/sitemap.xml").text()
    addresses = [part.split("</loc>")[0] for part in reply.split("<loc>")[1:]]
    paths = [urlsplit(address).path for address in addresses]
    return [path for path in paths if path.count("/") == 3 and not path.startswith(("/authors/", "/tags/"))]


def read_to_the_end(page: Page, path: str) -> int:
    """Open every page of a story's thread, without the script's help, and return how many comments stood there."""
    address: str | None = path
    seen = 0
    while address:
        page.goto(address)
        assert page.evaluate(WHAT_IS_WRONG) == [], address
        seen += page.locator("#comment-list article.comment").count()
        more = page.locator("load-more a[rel=next]")
        address = more.get_attribute("href") if more.count() else None
    return seen


@needs_inputs
def test_nothing_runs_of_what_an_export_brought(attacked: paper.Paper, browser: Browser) -> None:
    guard = Guard(attacked.address)
    page = watched(browser, guard)
    seen = sum(read_to_the_end(page, path) for path in story_paths(page))
    page.context.close()
    assert seen > 3_000
    guard.verify()


def post(address: str, **values: str) -> int:
    """Send the comment form as a browser without script does; returns the status."""
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=30)
    body = urlencode(values).encode()
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Origin": address}
    connection.request("POST", "/-/comments/post/", body, headers)
    status = connection.getresponse().status
    connection.close()
    return status


@needs_inputs
def test_nothing_runs_of_what_readers_send(attacked: paper.Paper, browser: Browser) -> None:
    guard = Guard(attacked.address)
    page = watched(browser, guard)
    path = story_paths(page)[0]
    page.goto(path)
    thread = str(page.locator("#comment-form input[name=thread]").get_attribute("value"))
    strings = payloads()
    statuses = [
        post(attacked.address, thread=thread, name=f"Reader {number}", text=text, website="")
        for number, text in enumerate(strings[: len(strings) // 4])
    ]
    assert set(statuses) <= {303, 400, 422}, sorted(set(statuses))
    assert statuses.count(303) > 500
    read_to_the_end(page, f"{path}?sort=newest")
    page.goto(f"/search/?{urlencode({'q': strings[0]})}")
    page.context.close()
    guard.verify()
