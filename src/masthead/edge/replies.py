"""A kept reply: the same bytes for everybody, ready to send in each encoding."""

from __future__ import annotations

import hashlib
import time
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import brotli

from masthead.edge.handover import Answer, Headers
from masthead.edge.origins import GUEST_HEADER

Message = dict[str, Any]

TEXTS = (
    b"text/",
    b"application/json",
    b"application/xml",
    b"application/atom+xml",
    b"application/javascript",
    b"application/manifest+json",
    b"application/ld+json",
    b"image/svg+xml",
)
IDENTITY = b"identity"
_STORABLE = frozenset({200, 301, 308, 404, 410})
# Not part of a kept reply: they belong to one exchange, are computed here, or are the house's own.
# What guests on the pages of other sites have in place of a cookie.
_GUEST = GUEST_HEADER.lower().encode()
_DROPPED = frozenset({b"content-length", b"content-encoding", b"etag", b"date", b"connection", b"surrogate-control"})
_SMALLEST = 512
# How long a CDN keeps a page without a purge: then it asks, and usually gets 304. What changes by the clock alone, such
# as the days left, and a purge that was lost, are put right by it.
CDN_SECONDS = 300
# Level 5 of both: half the time of their defaults for a twentieth more bytes, paid once per page and change.
_LEVEL = 5


def _gzip(data: bytes) -> bytes:
    packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, 31)
    return packer.compress(data) + packer.flush()


def _brotli(data: bytes) -> bytes:
    packed: bytes = brotli.compress(data, quality=_LEVEL)
    return packed


# In the order of our preference.
ENCODERS: dict[bytes, Callable[[bytes], bytes]] = {b"br": _brotli, b"gzip": _gzip}


@dataclass(frozen=True, slots=True)
class Variant:
    """One encoding of a reply, as the messages that ASGI wants."""

    etag: bytes
    start: Message
    body: Message
    head: Message
    not_modified: Message


class Reply:
    """What is kept of one address. Made from an answer for which :func:`why_not` found no objection."""

    __slots__ = ("_digest", "_headers", "body", "is_text", "status", "tags", "until", "variants")

    def __init__(self, answer: Answer, *, keep_tags: bool = False) -> None:
        dropped = _DROPPED if keep_tags else _DROPPED | {b"surrogate-key", b"cache-tag"}
        self.status = answer.status
        self.body = answer.body
        self.tags = answer.header(b"surrogate-key").decode("latin-1").split()
        self.until = _until(answer)
        self.is_text = answer.header(b"content-type").startswith(TEXTS) and len(answer.body) >= _SMALLEST
        self._headers: Headers = [(name, value) for name, value in answer.headers if name not in dropped]
        if self.is_text and not _varies_on_encoding(self._headers):
            self._headers.append((b"vary", b"Accept-Encoding"))
        if keep_tags:
            self._headers.append((b"surrogate-control", b"max-age=%d" % CDN_SECONDS))
        self._digest = hashlib.blake2b(answer.body, digest_size=16).hexdigest().encode()
        self.variants: dict[bytes, Variant] = {IDENTITY: self._variant(IDENTITY, answer.body)}

    @property
    def size(self) -> int:
        """What the reply takes in memory, in bytes, near enough for a budget."""
        return 1500 + sum(len(variant.body["body"]) + 1500 for variant in self.variants.values())

    def variant(self, accepted: bytes) -> Variant:
        """Return the encoding for what a browser accepts, encoding it now if need be (slow: not in the loop)."""
        encoding = self.encoding(accepted)
        if encoding not in self.variants:
            self.variants[encoding] = self._variant(encoding, ENCODERS[encoding](self.body))
        return self.variants[encoding]

    def ready(self, accepted: bytes) -> Variant | None:
        """Return the encoding for what a browser accepts if it has been made."""
        return self.variants.get(chosen_encoding(accepted) if self.is_text else IDENTITY)

    def encoding(self, accepted: bytes) -> bytes:
        """Return the name of the encoding for what a browser accepts."""
        return chosen_encoding(accepted) if self.is_text else IDENTITY

    def _variant(self, encoding: bytes, body: bytes) -> Variant:
        """Put the messages together. The tag is strong: it names these bytes (RFC 9110, 8.8.3)."""
        etag = b'"%s"' % (self._digest if encoding == IDENTITY else self._digest + b"-" + encoding)
        common = [*self._headers, (b"etag", etag)]
        if encoding != IDENTITY:
            common.append((b"content-encoding", encoding))
        headers = [*common, (b"content-length", b"%d" % len(body)), (b"x-masthead-cache", b"hit")]
        unchanged = [item for item in common if item[0] not in {b"content-type", b"content-encoding"}]
        return Variant(
            etag=etag,
            start={"type": "http.response.start", "status": self.status, "headers": headers},
            body={"type": "http.response.body", "body": body},
            head={"type": "http.response.body", "body": b""},
            not_modified={
                "type": "http.response.start",
                "status": 304,
                "headers": [*unchanged, (b"x-masthead-cache", b"hit")],
            },
        )


def marked(start: Message, outcome: bytes) -> Message:
    """Return a start message that says ``miss`` or ``stale`` where the kept one says ``hit``."""
    headers = [(name, outcome if name == b"x-masthead-cache" else value) for name, value in start["headers"]]
    return {**start, "headers": headers}


def why_not(answer: Answer) -> str:
    """Say in a word why an answer may not be kept; an empty text when it may."""
    if answer.status not in _STORABLE:
        return "status"
    if b"public" not in answer.header(b"cache-control"):
        return "private"
    if answer.header(b"set-cookie") or answer.header(_GUEST):
        return "cookie"
    if answer.rest is not None:
        return "large"
    if answer.header(b"content-encoding"):
        return "encoded"
    varies = {part.strip().lower() for name, value in answer.headers if name == b"vary" for part in value.split(b",")}
    return "varies" if varies - {b"accept-encoding"} else ""


def names_it(etag: bytes, candidates: bytes) -> bool:
    """Tell whether ``If-None-Match`` names this tag (weak comparison, RFC 9110, 13.1.2)."""
    return etag in candidates or candidates.strip() == b"*"


_choices: dict[bytes, bytes] = {b"": IDENTITY}
_REMEMBERED = 1000


def chosen_encoding(accepted: bytes) -> bytes:
    """Return the best encoding that ``Accept-Encoding`` allows (RFC 9110, 12.5.3), remembered per header."""
    found = _choices.get(accepted)
    if found is None:
        found = _choose(accepted)
        if len(_choices) >= _REMEMBERED:
            _choices.clear()
        _choices[accepted] = found
    return found


def _choose(accepted: bytes) -> bytes:
    weights: dict[bytes, float] = {}
    for part in accepted.lower().split(b","):
        name, _semicolon, parameter = part.partition(b";")
        try:
            weights[name.strip()] = float(parameter.split(b"=")[1]) if parameter.strip() else 1.0
        except (IndexError, ValueError):
            weights[name.strip()] = 0.0
    return next((name for name in ENCODERS if weights.get(name, weights.get(b"*", 0.0)) > 0), IDENTITY)


def _varies_on_encoding(headers: Iterable[tuple[bytes, bytes]]) -> bool:
    return any(name == b"vary" and b"accept-encoding" in value.lower() for name, value in headers)


def _until(answer: Answer) -> float | None:
    """Return the moment (monotonic seconds) after which the reply must be made anew, from ``Surrogate-Control``."""
    for part in answer.header(b"surrogate-control").split(b","):
        name, _equals, value = part.strip().partition(b"=")
        if name == b"max-age" and value.isdigit():
            return time.monotonic() + int(value)
    return None
