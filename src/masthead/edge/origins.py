"""Pages of other sites: which may ask here, for what, and that nothing of the browser's comes along.

A site is let in by its exact origin, from the site's settings. What is open to it are the API, the pieces that are
made to stand on other sites, and the live stream; never with cookies. Kept replies stay the same bytes for everybody:
who may read them is said around them, on their way out.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Collection
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

Message = dict[str, Any]
Scope = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]
Handler = Callable[[HttpRequest], HttpResponse]

PIECES = "/-/embed/"
SCRIPT = "/embed.js"
GUEST_HEADER = "Masthead-Guest"
_OPEN = ("/api/", PIECES)
_OPEN_EXACTLY = frozenset({"/-/live", SCRIPT})
_METHODS = b"GET, HEAD, POST, PUT, PATCH, DELETE"
_SENT = b"Authorization, Content-Type, Idempotency-Key, If-None-Match, Masthead-Guest"
_SHOWN = b"ETag, Idempotency-Replayed, Location, Masthead-Guest, RateLimit, RateLimit-Policy, Retry-After"
# As long as browsers remember it at most (Chromium: two hours).
_REMEMBERED_SECONDS = b"7200"
_VARY = (b"vary", b"Origin")
# Not every CDN heeds ``Vary``: none is to keep what differs from site to site (RFC 9213 for those that read it).
_FOR_CDNS = frozenset({b"surrogate-control", b"surrogate-key", b"cache-tag", b"cdn-cache-control"})
_KEPT_BY_NO_CDN = (b"cdn-cache-control", b"no-store")
_FILE = re.compile(re.escape(PIECES) + r"[0-9a-f]{12}/")


def is_open(path: str) -> bool:
    """Tell whether pages of listed sites may ask for this path."""
    return path.startswith(_OPEN) or path in _OPEN_EXACTLY


def is_for_anybody(path: str) -> bool:
    """Tell whether this is the script or one of its files: whoever asks may read them, so they vary on nobody."""
    return path == SCRIPT or _FILE.match(path) is not None


def listed() -> Collection[str]:
    """Return the origins of the site's settings."""
    origins: list[str] = settings.MASTHEAD.embed.origins
    return origins


class OriginsMiddleware:
    """Note in ``request.listed_origin`` which listed site's page asks for what is open; an empty text for all else.

    Such a request is nobody's: whatever cookies came along are left out, also those that a page of a
    neighbouring host would send.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        origin = request.headers.get("Origin", "")
        is_listed = bool(origin) and is_open(request.path) and origin in listed()
        request.listed_origin = origin if is_listed else ""  # type: ignore[attr-defined]
        if is_listed:
            request.COOKIES = {}
        return self.get_response(request)


def listed_origin(request: HttpRequest) -> str:
    """Return what :class:`OriginsMiddleware` noted."""
    noted: str = getattr(request, "listed_origin", "")
    return noted


class Gate:
    """Stands before the front of a site with listed origins: answers preflights, says who may read a reply.

    Only a listed origin is ever named, and never with credentials (Fetch standard, 3.2). Every reply to what is open
    varies on ``Origin``, so that no cache gives one site's permission to another, and no CDN is told to keep it.
    Nothing else varies, nor do the script and its files: they say themselves that anybody may read them, for a cache
    that knows no ``Vary`` may keep them for a year.
    """

    def __init__(self, application: Application, origins: Collection[str]) -> None:
        self._application = application
        self._origins = frozenset(origin.encode() for origin in origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request."""
        if not is_open(scope["path"]) or is_for_anybody(scope["path"]):
            await self._application(scope, receive, send)
            return
        asked = {name: value for name, value in scope["headers"] if name.startswith((b"origin", b"access-control-"))}
        allowed = self._allowed(asked.get(b"origin", b""))
        if scope["method"] == "OPTIONS" and b"access-control-request-method" in asked:
            await _answer_preflight(send, allowed)
            return

        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = [pair for pair in message["headers"] if pair[0].lower() not in _FOR_CDNS]
                message = {**message, "headers": [*headers, _KEPT_BY_NO_CDN, _VARY, *allowed]}
            await send(message)

        await self._application(scope, receive, dressed)

    def _allowed(self, origin: bytes) -> list[tuple[bytes, bytes]]:
        if origin not in self._origins:
            return []
        return [(b"access-control-allow-origin", origin), (b"access-control-expose-headers", _SHOWN)]


async def _answer_preflight(send: Send, allowed: list[tuple[bytes, bytes]]) -> None:
    """Say what a page may send (Fetch standard, 4.8); nothing to a page of a site that is not listed."""
    headers = [(b"cache-control", b"no-store"), (b"content-length", b"0"), _VARY]
    if allowed:
        headers += [
            *allowed,
            (b"access-control-allow-methods", _METHODS),
            (b"access-control-allow-headers", _SENT),
            (b"access-control-max-age", _REMEMBERED_SECONDS),
        ]
    await send({"type": "http.response.start", "status": 204 if allowed else 403, "headers": headers})
    await send({"type": "http.response.body", "body": b""})
