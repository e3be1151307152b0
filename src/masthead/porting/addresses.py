"""Old addresses, which must go on leading to what they led to."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from .records import StoryRecord

FEWEST_COMMENTS_ON_A_PAGE = 50
MOST_PAGES_OF_COMMENTS = 20


def _path(url: str, host: str) -> str:
    """Return path and query of an address on the old site; empty for any other."""
    try:
        parts = urlsplit(url if "://" in url or url.startswith("/") else f"/{url}")
    except ValueError:
        return ""
    if parts.netloc and (parts.hostname or "").removeprefix("www.") != host:
        return ""
    path = "/" + parts.path.lstrip("/")
    return f"{path}?{parts.query}" if parts.query else path


def old_addresses(story: StoryRecord, base_url: str) -> Iterator[str]:
    """Yield the paths under which readers knew a story: its link and the numbered one."""
    host = (urlsplit(base_url).hostname or "").removeprefix("www.")
    seen: set[str] = set()
    for url in (story.link, story.guid):
        path = _path(url, host) if url else ""
        if path.strip("/") and path not in seen:
            seen.add(path)
            yield path
            yield from _pages_of_comments(path, len(story.comments))


def _pages_of_comments(path: str, count: int) -> Iterator[str]:
    """Yield the addresses of further pages of a long discussion; 50 stood on one unless somebody chose otherwise."""
    if "?" not in path:
        pages = min(count // FEWEST_COMMENTS_ON_A_PAGE + 1, MOST_PAGES_OF_COMMENTS)
        for number in range(1, pages + 1 if count > FEWEST_COMMENTS_ON_A_PAGE else 1):
            yield f"{path.rstrip('/')}/comment-page-{number}/"
