"""``/-/live``: what is new, told to open pages as it happens (Server-Sent Events), or asked for now and then.

Plain ASGI: an idle stream costs no thread, no timer of its own and no query. A stream asks for topics
(``?topic=thread:article:1&topic=meter``) and says how much it knows already: by ``Last-Event-ID`` (or ``since=``) when
it comes back, by the age of its page in seconds (``age=``) when it comes first. What it missed is told first; when this
process does not remember that far back, the event ``reset`` tells the page to ask how things stand.
"""

from __future__ import annotations

import asyncio
import ipaddress
import json
import random
import re
import signal
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl

from django.conf import settings

from masthead.core.http import Network, ip_prefix, original_address
from masthead.edge.hub import LONGEST_QUEUE_BYTES, Full, Hub, Missed, Stream

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

MOST_TOPICS = 8
# A server that takes all that is written, whether or not the browser reads it, must not be given more than this for one
# stream: then the stream ends, and the browser comes back for what follows.
MOST_BYTES = 262_144
RETRY_MILLISECONDS = (2_000, 8_000)
_TOPIC = re.compile(r"[a-z][a-z0-9:._-]{0,199}", re.IGNORECASE)
_AGE_LIMIT_SECONDS = 86_400.0
_EVENT_STREAM = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
]
_JSON = [(b"content-type", b"application/json"), (b"cache-control", b"no-store")]
_TEXT = [(b"content-type", b"text/plain; charset=utf-8"), (b"cache-control", b"no-store")]

hub = Hub()


@dataclass(frozen=True)
class Limits:
    """How many streams one process holds, how many of one network (0: unlimited), which proxies it believes, and which
    other sites' pages may listen.
    """

    streams: int = 5_000
    per_address: int = 50
    trusted: tuple[Network, ...] = ()
    origins: frozenset[bytes] = frozenset()


class BadQuestion(ValueError):
    """The address of a stream asks for nothing that exists."""


class _Refusal(Exception):
    def __init__(self, text: str, status: int, *headers: tuple[bytes, bytes]) -> None:
        super().__init__(text)
        self.status = status
        self.headers = headers


@dataclass(frozen=True, slots=True)
class Question:
    """What a reader wants to hear, and how much is known there already."""

    topics: tuple[str, ...]
    last_id: int | None = None
    age_seconds: float = 0.0


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer ``/-/live`` with the limits of the site's settings; streams end when the process is told to stop."""
    _end_with_the_process(asyncio.get_running_loop())
    await answer(scope, receive, send, hub=hub, limits=_limits())


async def answer(scope: Scope, receive: Receive, send: Send, *, hub: Hub, limits: Limits) -> None:
    """Answer one request: a stream, or with ``Accept: application/json`` what was missed, at once.

    Refuses other methods (405), addresses without a valid topic (400), pages of sites that are not listed (403), and,
    with the time after which to try again, a stream for which there is no room (503).
    """
    headers = _headers(scope)
    try:
        question = _question(scope, headers, limits.origins)
        if scope["method"] == "HEAD":
            return await _reply(send, 200, _EVENT_STREAM, b"")
        if b"application/json" in headers.get(b"accept", b""):
            return await _reply(send, 200, _JSON, _told_once(hub, question))
        stream = Stream(ip_prefix(client_of(scope, headers, limits.trusted)), question.topics)
        hub.join(stream, limit=limits.streams, per_address=limits.per_address)
    except _Refusal as refusal:
        return await _reply(send, refusal.status, [*_TEXT, *refusal.headers], f"{refusal}\n".encode())
    except Full:
        return await _reply(send, 503, [*_TEXT, (b"retry-after", b"20")], b"Too many readers listen already.\n")
    stream.push(_opening(hub, _missed(hub, question)))
    # Nobody needs what the browser said of itself while the stream lasts.
    del headers
    scope["headers"] = []
    await _stream(stream, receive, send, hub)


def read_question(query: bytes, last_event_id: bytes = b"") -> Question:
    """Read an address' query string. Refuses with :class:`BadQuestion`."""
    pairs = parse_qsl(query[:4096].decode("latin-1"), keep_blank_values=True, max_num_fields=32)
    topics = tuple(dict.fromkeys(value for name, value in pairs if name == "topic"))
    values = dict(pairs)
    if not topics or len(topics) > MOST_TOPICS or not all(map(_TOPIC.fullmatch, topics)):
        raise BadQuestion(f"Name 1 to {MOST_TOPICS} topics: /-/live?topic=meter")
    last = last_event_id.decode("latin-1") or values.get("since", "")
    age = values.get("age", "")
    return Question(
        topics,
        last_id=int(last) if last.isascii() and last.isdigit() and len(last) < 19 else None,
        age_seconds=min(float(age), _AGE_LIMIT_SECONDS) if age.isascii() and age.isdigit() and len(age) < 9 else 0.0,
    )


def client_of(scope: Scope, headers: dict[bytes, bytes], trusted: Iterable[Network]) -> str:
    """Return the visitor's address by the rule of :func:`masthead.core.http.original_address`."""
    client = scope.get("client") or ("", 0)
    return original_address(str(client[0]), headers.get(b"x-forwarded-for", b"").decode("latin-1"), trusted)


def _question(scope: Scope, headers: dict[bytes, bytes], origins: frozenset[bytes]) -> Question:
    """Return what is asked. Refuses what cannot be answered."""
    if scope["method"] not in {"GET", "HEAD"}:
        raise _Refusal("Only GET is answered here.", 405, (b"allow", b"GET, HEAD"))
    is_own = headers.get(b"sec-fetch-site", b"none") in {b"same-origin", b"none"}
    if not is_own and headers.get(b"origin", b"") not in origins:
        raise _Refusal("This stream is for this site's own pages.", 403)
    try:
        return read_question(scope.get("query_string", b""), headers.get(b"last-event-id", b""))
    except BadQuestion as error:
        raise _Refusal(str(error), 400) from None


def _told_once(hub: Hub, question: Question) -> bytes:
    missed = _missed(hub, question)
    parts = ",".join(item.text for item in missed.messages)
    return f'{{"id":{hub.newest_id},"reset":{json.dumps(not missed.is_complete)},"messages":[{parts}]}}'.encode()


async def _stream(stream: Stream, receive: Receive, send: Send, hub: Hub) -> None:
    gone: asyncio.Future[Any] | None = None
    try:
        await send({"type": "http.response.start", "status": 200, "headers": _EVENT_STREAM})
        while (await receive()).get("more_body"):
            pass
        # The server's own future where it gives one (granian does): no task for an idle stream.
        gone = asyncio.ensure_future(receive())
        gone.add_done_callback(stream.end)
        task = asyncio.current_task()
        stream.on_drop = task.cancel if task is not None else None
        await _write(stream, send)
    except asyncio.CancelledError:
        if not stream.is_over:
            raise
    finally:
        hub.leave(stream)
        if gone is not None and not gone.done():
            gone.cancel()


async def _write(stream: Stream, send: Send) -> None:
    """Write what comes until the stream is over, then close it."""
    written = 0
    while written < MOST_BYTES and (data := await stream.next()):
        written += len(data)
        await send({"type": "http.response.body", "body": data, "more_body": True})
    await send({"type": "http.response.body", "body": b"", "more_body": False})


def _missed(hub: Hub, question: Question) -> Missed:
    return hub.missed(question.topics, last_id=question.last_id, age_seconds=question.age_seconds)


def _opening(hub: Hub, missed: Missed) -> bytes:
    """Return the first bytes of a stream: when to come back (spread, so that not all come at once), what was missed."""
    retry = b"retry: %d\n\n" % random.randint(*RETRY_MILLISECONDS)  # noqa: S311 - no secret
    told = b"".join(item.encoded for item in missed.messages)
    if missed.is_complete and len(told) < LONGEST_QUEUE_BYTES // 2:
        return retry + told
    return retry + b"id: %d\nevent: reset\ndata: {}\n\n" % hub.newest_id


def _headers(scope: Scope) -> dict[bytes, bytes]:
    return {bytes(name).lower(): bytes(value) for name, value in scope.get("headers", ())}


async def _reply(send: Send, status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})


@lru_cache(maxsize=1)
def _limits() -> Limits:
    config = settings.MASTHEAD
    trusted = tuple(ipaddress.ip_network(item) for item in config.server.trusted_proxies)
    origins = frozenset(origin.encode() for origin in config.embed.origins)
    return Limits(config.edge.live_streams, config.edge.live_streams_per_address, trusted, origins)


@lru_cache(maxsize=1)
def _end_with_the_process(loop: asyncio.AbstractEventLoop) -> None:
    """End the streams when the process is told to stop; the server would wait for them for ever.

    The server listens to two signals alike, and waits for its connections before it tells the application. So this one
    is taken over and passed on as the other.
    """

    def stop() -> None:
        hub.close()
        loop.remove_signal_handler(signal.SIGTERM)
        signal.raise_signal(signal.SIGINT)

    loop.add_signal_handler(signal.SIGTERM, stop)
