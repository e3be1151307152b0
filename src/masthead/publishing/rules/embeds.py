"""Embeds: which frames a reader may open, and from where they come."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

_ID = re.compile(r"^[A-Za-z0-9_-]{1,64}$")


@dataclass(frozen=True)
class Embed:
    """What a card says and what it may load. ``frame`` is empty when there is only a link."""

    url: str
    host: str
    frame: str


def embed(url: str) -> Embed | None:
    """Return the card for an address, or None when it is no http(s) address.

    Frames exist for a fixed list of providers, in the form that sets no cookies where there is one.
    """
    try:
        parts = urlsplit(url.strip())
        host = (parts.hostname or "").lower().removeprefix("www.").removeprefix("m.")
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not host:
        return None
    find = _PROVIDERS.get(host) or _peertube
    return Embed(url=url.strip(), host=host, frame=find(host, parts.path, parse_qs(parts.query)))


def _youtube(host: str, path: str, query: dict[str, list[str]]) -> str:
    first, _slash, rest = path.strip("/").partition("/")
    candidate = rest if first in {"embed", "shorts", "live"} else query.get("v", [""])[0]
    if host == "youtu.be":
        candidate = first
    return f"https://www.youtube-nocookie.com/embed/{candidate}" if _ID.match(candidate) else ""


def _vimeo(host: str, path: str, query: dict[str, list[str]]) -> str:
    candidate = path.strip("/").rpartition("/")[2]
    return f"https://player.vimeo.com/video/{candidate}?dnt=1" if candidate.isdigit() else ""


def _dailymotion(host: str, path: str, query: dict[str, list[str]]) -> str:
    candidate = path.strip("/").rpartition("/")[2]
    return f"https://geo.dailymotion.com/player.html?video={candidate}" if _ID.match(candidate) else ""


def _soundcloud(host: str, path: str, query: dict[str, list[str]]) -> str:
    if not re.fullmatch(r"/[\w-]+/[\w-]+(?:/[\w-]+)?/?", path, re.ASCII):
        return ""
    return f"https://w.soundcloud.com/player/?url=https%3A//soundcloud.com{path}"


def _archive(host: str, path: str, query: dict[str, list[str]]) -> str:
    match = re.fullmatch(r"/details/([\w.-]+)/?", path, re.ASCII)
    return f"https://archive.org/embed/{match.group(1)}" if match else ""


def _openstreetmap(host: str, path: str, query: dict[str, list[str]]) -> str:
    box = query.get("bbox", [""])[0]
    allowed = path == "/export/embed.html" and re.fullmatch(r"[-\d.,]{7,100}", box)
    return f"https://www.openstreetmap.org/export/embed.html?bbox={box}" if allowed else ""


def _peertube(host: str, path: str, query: dict[str, list[str]]) -> str:
    """PeerTube runs on many hosts and is known by the form of its addresses."""
    match = re.fullmatch(r"/(?:w|videos/watch|videos/embed)/([A-Za-z0-9-]{20,40})/?", path)
    return f"https://{host}/videos/embed/{match.group(1)}?peertubeLink=0" if match else ""


_PROVIDERS: dict[str, Callable[[str, str, dict[str, list[str]]], str]] = {
    "youtube.com": _youtube,
    "youtube-nocookie.com": _youtube,
    "youtu.be": _youtube,
    "vimeo.com": _vimeo,
    "player.vimeo.com": _vimeo,
    "dailymotion.com": _dailymotion,
    "soundcloud.com": _soundcloud,
    "archive.org": _archive,
    "openstreetmap.org": _openstreetmap,
}
