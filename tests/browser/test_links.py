"""Every link of the paper leads somewhere, and every page on the way says how it may be stored."""

from __future__ import annotations

import urllib.error
import urllib.request
from collections import deque
from collections.abc import Iterator
from email.message import Message
from urllib.parse import urldefrag, urljoin, urlsplit

import html5lib

from tests.browser.paper import Paper

MOST_PAGES = 200


class _Stay(urllib.request.HTTPRedirectHandler):
    """Follows no redirect: where one leads is looked at as a link of its own."""

    def redirect_request(self, *arguments: object) -> None:
        """Refuse to follow."""


_OPENER = urllib.request.build_opener(_Stay)


def fetch(address: str) -> tuple[int, Message, bytes]:
    """Return status, headers and body of an address, without following redirects."""
    try:
        with _OPENER.open(address, timeout=20) as reply:
            return reply.status, reply.headers, reply.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()


def links(body: bytes) -> Iterator[str]:
    """Yield what a page links to or loads."""
    document = html5lib.parse(body.decode(), namespaceHTMLElements=False)
    for element in document.iter():
        for name in ("href", "src"):
            if isinstance(element.tag, str) and (value := element.get(name)):
                yield value


def crawl(paper: Paper) -> Iterator[tuple[str, str, int, Message, bytes]]:
    """Yield each address of the paper with the page that names it, its status, headers and body."""
    waiting = deque([(f"{paper.address}/", "the start")])
    seen = {f"{paper.address}/"}
    for _page in range(MOST_PAGES):
        if not waiting:
            return
        address, source = waiting.popleft()
        status, headers, body = fetch(address)
        yield address, source, status, headers, body
        found = [headers["Location"]] if 300 <= status < 400 else []
        if status == 200 and headers.get_content_type() == "text/html":
            found += links(body)
        for link in found:
            target = urldefrag(urljoin(address, link)).url
            if target.startswith(f"{paper.address}/") and target not in seen and not _is_private(target):
                seen.add(target)
                waiting.append((target, address))


def _is_private(address: str) -> bool:
    return urlsplit(address).path.startswith(("/admin/", "/accounts/"))


def test_every_link_leads_somewhere(demo: Paper) -> None:
    problems = []
    pages = 0
    for address, source, status, headers, body in crawl(demo):
        pages += 1
        if status >= 400:
            problems.append(f"{address} answers {status}, linked from {source}")
        if not headers["Cache-Control"]:
            problems.append(f"{address} does not say how it may be stored")
        if headers["Set-Cookie"]:
            problems.append(f"{address} sets a cookie")
        if b"Traceback (most recent call last)" in body:
            problems.append(f"{address} shows a traceback")
    assert problems == []
    assert pages > 50
