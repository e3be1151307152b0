"""Addresses inside stories: those of the old site become paths, so that redirects carry them to the new one."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

from bs4 import Tag

_UPLOADS = "/wp-content/uploads/"
_PLAYERS = (
    (
        re.compile(r"^https?://(?:www\.)?youtube(?:-nocookie)?\.com/embed/([\w-]{6,20})"),
        "https://www.youtube.com/watch?v={}",
    ),
    (re.compile(r"^https?://player\.vimeo\.com/video/(\d+)"), "https://vimeo.com/{}"),
)
# Hosts whose bare address on a line of its own WordPress shows as a card.
_CARD_HOSTS = frozenset({
    "bsky.app", "dailymotion.com", "facebook.com", "flic.kr", "flickr.com", "imgur.com", "instagram.com",
    "issuu.com", "kickstarter.com", "mixcloud.com", "open.spotify.com", "pinterest.com", "reddit.com", "scribd.com",
    "slideshare.net", "soundcloud.com", "speakerdeck.com", "ted.com", "tiktok.com", "tumblr.com", "twitter.com",
    "videopress.com", "vimeo.com", "wordpress.tv", "x.com", "youtu.be", "youtube.com",
})  # fmt: skip


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")


def is_web_address(url: str) -> bool:
    """Say whether ``url`` is a complete http(s) address."""
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False


class Links:
    """Knows the address of the old site."""

    def __init__(self, *, base_url: str) -> None:
        self._base = base_url if is_web_address(base_url) else ""
        self._host = _host(self._base) if self._base else ""
        self._folder = urlsplit(self._base).path.rstrip("/") + "/"

    def absolute(self, url: str) -> str:
        """Return a complete http(s) address for a source attribute; empty if there is none."""
        url = url.strip()
        if not url:
            return ""
        if url.startswith("//"):
            url = f"https:{url}"
        elif self._base and "://" not in url:
            url = urljoin(self._base.rstrip("/") + "/", url)
        return url if is_web_address(url) else ""

    def at_home(self, url: str) -> str:
        """Return the path of a page on the old site; any other address stays as it is."""
        bare = f"http:{url}" if url.startswith("//") else url
        if not self._host or not is_web_address(bare) or _host(bare) != self._host:
            return url
        parts = urlsplit(bare)
        if _UPLOADS in parts.path or not f"{parts.path}/".startswith(self._folder):
            return url
        path = "/" + parts.path.lstrip("/")
        query = f"?{parts.query}" if parts.query else ""
        return path + query + (f"#{parts.fragment}" if parts.fragment else "")

    def point_home(self, root: Tag) -> None:
        """Turn links to the old site's own pages into paths."""
        for link in root.find_all("a", href=True):
            link["href"] = self.at_home(str(link["href"]))

    @staticmethod
    def card(url: str) -> str:
        """Return the page behind a player's address."""
        for pattern, page in _PLAYERS:
            match = pattern.match(url)
            if match:
                return page.format(match[1])
        return url

    @staticmethod
    def makes_card(url: str) -> bool:
        """Say whether WordPress shows a card for this address when it stands alone on a line."""
        if not is_web_address(url):
            return False
        host = _host(url)
        return host in _CARD_HOSTS or any(host.endswith(f".{known}") for known in _CARD_HOSTS)
