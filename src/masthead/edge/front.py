"""The ASGI front: answers what it keeps before Django is entered, and hands over the rest.

A public page is kept as a whole reply with the tags it was made of. One request makes a missing page while others wait
for it. When Django fails, the page that was kept last is shown, unless it had to be forgotten. What is private,
unsafe or streamed passes through untouched.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import IO, Any, Protocol

from masthead.edge import busy, pages
from masthead.edge.bodies import BodyTooLarge, ClientGone, empty_body, read_body
from masthead.edge.handover import Answer, Busy, Handover, Scope
from masthead.edge.queries import normalised
from masthead.edge.replies import Message, Reply, Variant, marked, names_it, why_not

logger = logging.getLogger(__name__)

Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]
Key = tuple[bytes, str, bytes]
_Landed = tuple[Reply, bytes]
_Flight = asyncio.Future["_Landed | None"]

# Tells the process that answers next how much its visitor must find there; gone before it could tell anything else.
AFTER = b"masthead_after"
_AFTER_SECONDS = 10
_CATCH_UP_SECONDS = 1.0
_LOOK_AGAIN_SECONDS = 0.002
_LONGEST_NUMBER = 19

# A change may reach this process 20 ms late; readers see it within 100 ms.
RECENT_SECONDS = 0.04
STALE_SECONDS = 24 * 60 * 60.0
_SAFE = frozenset({"GET", "HEAD"})
_PASSED_SECONDS = 60.0
_PASSED_REMEMBERED = 10_000
_TRIES = 3


@dataclass(slots=True)
class Asked:
    """What matters of a request's headers."""

    host: bytes = b""
    accepted: bytes = b""
    known: bytes = b""
    after: int = 0
    is_plain: bool = True

    @classmethod
    def of(cls, headers: list[tuple[bytes, bytes]]) -> Asked:
        """Read them. A request for a fragment, a range or with credentials is not plain: it is never kept."""
        asked = cls()
        for name, value in headers:
            if name == b"host":
                asked.host = value
            elif name == b"accept-encoding":
                asked.accepted = value
            elif name == b"if-none-match":
                asked.known = value
            elif name == b"cookie":
                if AFTER in value:
                    asked.after = _after(value)
            elif name in {b"x-masthead-fragment", b"range", b"authorization"}:
                asked.is_plain = False
        return asked


class Ear(Protocol):
    """How this process hears of changes."""

    def is_sure(self) -> bool:
        """Tell whether everything up to a few seconds ago has been heard."""
        ...

    def has_heard(self, number: int) -> bool:
        """Tell whether the change of this number has been heard, and acted on."""
        ...

    def latest_own(self) -> int:
        """Return the number of the last change that this process made, 0 for none."""
        ...


@dataclass(frozen=True, slots=True)
class _Made:
    """What came of asking Django: ``landed`` is for those who waited, ``variant`` for who asked."""

    answer: Answer
    landed: _Landed | None = None
    variant: Variant | None = None
    outcome: bytes = b""


@dataclass
class Counts:
    """How requests were answered; for the doctor, benchmarks and tests."""

    hits: int = 0
    misses: int = 0
    waited: int = 0
    stale: int = 0
    passed: int = 0
    refused: int = 0


class Front:
    """One per process.

    ``routes`` are answered here, without Django. Who changed something by a form carries the number of his change for
    ten seconds, so that also another process shows it to him: it catches up first.
    """

    def __init__(
        self,
        handover: Handover,
        *,
        ear: Ear,
        routes: dict[str, Application] | None = None,
        keep_tags: bool = False,
        recent_seconds: float = RECENT_SECONDS,
    ) -> None:
        self.counts = Counts()
        self._handover = handover
        self._ear = ear
        self._routes = routes or {}
        self._keep_tags = keep_tags
        self._recent_seconds = recent_seconds
        self._flights: dict[Key, _Flight] = {}
        self._renewals: set[asyncio.Task[_Made]] = set()
        self._passed: dict[Key, float] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request."""
        path = scope["path"]
        if path in self._routes:
            await self._routes[path](scope, receive, send)
            return
        asked = Asked.of(scope["headers"])
        if asked.after and not self._ear.has_heard(asked.after):
            await self._catch_up(asked.after)
        if scope["method"] not in _SAFE or not asked.is_plain:
            await self._pass(scope, receive, send)
            return
        query = scope["query_string"]
        key = (asked.host, path, normalised(query) if query else b"")
        reply = pages.store.get(key)
        if reply is not None and self._ear.is_sure() and (reply.until is None or time.monotonic() < reply.until):
            self.counts.hits += 1
            variant = reply.ready(asked.accepted) or await self._encoded(key, reply, asked)
            await _send_kept(send, scope, asked, variant, b"hit")
            return
        recent = None if asked.after else self._recent(key)
        if recent is not None:
            self._renew(key, asked, scope)
            await _send_kept(send, scope, asked, await self._encoded(key, recent, asked), b"updating")
            return
        await self._miss(key, asked, scope, receive, send)

    def _recent(self, key: Key) -> Reply | None:
        """Return a page that went stale just now: it may stand for a moment while the next one is made.

        Nobody who changed something gets it, and nobody else within a tenth of a second of the change misses anything.
        """
        reply = pages.store.get_stale(key, at_most_seconds=self._recent_seconds) if self._ear.is_sure() else None
        return reply if reply is not None and (reply.until is None or time.monotonic() < reply.until) else None

    def _renew(self, key: Key, asked: Asked, scope: Scope) -> None:
        """Begin to make a page that nobody waits for yet."""
        if key in self._flights:
            return
        task = asyncio.get_running_loop().create_task(self._land(key, self._begin(key), asked, scope))
        self._renewals.add(task)
        task.add_done_callback(self._renewed)

    def _renewed(self, task: asyncio.Task[_Made]) -> None:
        self._renewals.discard(task)
        if not task.cancelled() and task.exception() is None:
            _close(task.result().answer)

    async def _catch_up(self, number: int) -> None:
        """Wait until this process has heard what its visitor did elsewhere: some milliseconds, never long."""
        ends = time.monotonic() + _CATCH_UP_SECONDS
        while not self._ear.has_heard(number) and time.monotonic() < ends:
            await asyncio.sleep(_LOOK_AGAIN_SECONDS)

    async def _miss(self, key: Key, asked: Asked, scope: Scope, receive: Receive, send: Send) -> None:
        """Make the page, or wait for who is making it; what proves private is passed on."""
        for _ in range(_TRIES):
            if self._is_known_private(key):
                break
            flight = self._flights.get(key)
            if flight is None:
                await self._fly(key, asked, scope, send)
                return
            # Who comes while a page is made must not get one that a change has overtaken: such a page is not kept, so
            # he asks again. The flight's own request began before that change.
            self.counts.waited += 1
            landed = await asyncio.shield(flight)
            if landed is not None:
                reply, outcome = landed
                await _send_kept(send, scope, asked, await self._encoded(key, reply, asked), outcome)
                return
            recent = None if asked.after else self._recent(key)
            if recent is not None:
                await _send_kept(send, scope, asked, await self._encoded(key, recent, asked), b"updating")
                return
        await self._pass(scope, receive, send, key)

    async def _fly(self, key: Key, asked: Asked, scope: Scope, send: Send) -> None:
        made = await self._land(key, self._begin(key), asked, scope)
        if made.variant is None:
            self.counts.passed += 1
            await self._send_answer(send, scope, made.answer)
            return
        await _send_kept(send, scope, asked, made.variant, made.outcome)

    def _begin(self, key: Key) -> _Flight:
        """Announce that a page is being made, at once: nobody may begin a second time."""
        flight: _Flight = asyncio.get_running_loop().create_future()
        self._flights[key] = flight
        return flight

    async def _land(self, key: Key, flight: _Flight, asked: Asked, scope: Scope) -> _Made:
        """Make a page and tell those who wait for it."""
        made: _Made | None = None
        try:
            made = await self._make(key, asked, scope)
        finally:
            del self._flights[key]
            flight.set_result(made.landed if made is not None else None)
        return made

    async def _make(self, key: Key, asked: Asked, scope: Scope) -> _Made:
        """Ask Django for a page and keep it; when it fails, take what was kept before."""
        mark = pages.store.mark()
        answer = await self._ask(_plain(scope, key), empty_body(), 0)
        objection = why_not(answer)
        if not objection:
            self.counts.misses += 1
            reply = Reply(answer, keep_tags=self._keep_tags)
            variant = await self._encoded(key, reply, asked)
            is_kept = pages.store.put(key, reply, tags=reply.tags, size=reply.size, mark=mark, stale_too=True)
            return _Made(answer, (reply, b"hit") if is_kept else None, variant, b"miss")
        if answer.status < HTTPStatus.INTERNAL_SERVER_ERROR:
            self._remember_private(key)
            return _Made(answer)
        stale = pages.store.get_stale(key, at_most_seconds=STALE_SECONDS)
        if stale is None:
            return _Made(answer)
        self.counts.stale += 1
        _close(answer)
        return _Made(answer, (stale, b"stale"), await self._encoded(key, stale, asked), b"stale")

    async def _pass(self, scope: Scope, receive: Receive, send: Send, key: Key | None = None) -> None:
        """Hand over as it is."""
        self.counts.passed += 1
        try:
            body, length = await read_body(scope, receive)
        except BodyTooLarge as error:
            await _send_text(send, 413, f"At most {error.limit // 1_000_000} MB can be sent at once.\n")
            return
        except ClientGone:
            return
        try:
            answer = await self._ask(scope, body, length)
            if answer.status == 503 and scope["method"] == "POST":
                answer = busy.with_text(answer, scope, body)
            if key is not None and not why_not(answer):
                self._passed.pop(key, None)
            number = self._ear.latest_own() if scope["method"] not in _SAFE else 0
            if number and answer.status < HTTPStatus.BAD_REQUEST:
                answer = replace(answer, headers=[*answer.headers, (b"set-cookie", _cookie(number))])
            await self._send_answer(send, scope, answer)
        finally:
            body.close()

    async def _ask(self, scope: Scope, body: IO[bytes], length: int) -> Answer:
        """Ask Django. Whatever goes wrong in between is an answer too."""
        try:
            return await self._handover.reply(scope, body, length)
        except Busy:
            self.counts.refused += 1
            return busy.refusal()
        except Exception:
            logger.exception("%s %s failed outside Django", scope["method"], scope["path"])
            return busy.failure()

    async def _encoded(self, key: Key, reply: Reply, asked: Asked) -> Variant:
        """Return the variant that was asked for, made in a thread if it is the first of its kind."""
        variant = reply.ready(asked.accepted)
        if variant is None:
            try:
                variant = await self._handover.reading.run(reply.variant, asked.accepted)
            except Busy:
                return reply.variant(b"")
            pages.store.grow(key, reply, len(variant.body["body"]))
        return variant

    async def _send_answer(self, send: Send, scope: Scope, answer: Answer) -> None:
        """Send an answer of Django, fetching the rest of a long one piece by piece, so that no thread waits."""
        is_head = scope["method"] == "HEAD"
        headers = [
            item for item in answer.headers if self._keep_tags or item[0] not in {b"surrogate-key", b"cache-tag"}
        ]
        is_known = any(name == b"content-length" for name, _value in headers)
        if not is_known and answer.rest is None and not is_head and answer.status not in {204, 304}:
            headers.append((b"content-length", b"%d" % len(answer.body)))
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})
        try:
            if answer.rest is None or is_head:
                await send({"type": "http.response.body", "body": b"" if is_head else answer.body})
                return
            piece: bytes | None = answer.body
            while piece is not None:
                await send({"type": "http.response.body", "body": piece, "more_body": True})
                piece = await self._handover.reading.run(next, answer.rest, None)
            await send({"type": "http.response.body", "body": b""})
        finally:
            _close(answer)

    def _is_known_private(self, key: Key) -> bool:
        until = self._passed.get(key)
        if until is None:
            return False
        if time.monotonic() < until:
            return True
        del self._passed[key]
        return False

    def _remember_private(self, key: Key) -> None:
        """Let nobody wait for anybody at this address for a while: there is nothing to share."""
        if len(self._passed) >= _PASSED_REMEMBERED:
            self._passed.clear()
        self._passed[key] = time.monotonic() + _PASSED_SECONDS


def _cookie(number: int) -> bytes:
    return b"%s=%d; Max-Age=%d; Path=/; HttpOnly; SameSite=Lax" % (AFTER, number, _AFTER_SECONDS)


def _after(cookies: bytes) -> int:
    for cookie in cookies.split(b";"):
        name, _equals, value = cookie.strip().partition(b"=")
        if name == AFTER and value.isdigit() and len(value) < _LONGEST_NUMBER:
            return int(value)
    return 0


def _plain(scope: Scope, key: Key) -> Scope:
    """Return the request in the form in which its reply is kept: GET, whole, not encoded, the query normalised."""
    left_out = {b"accept-encoding", b"if-none-match", b"if-modified-since"}
    headers = [item for item in scope["headers"] if item[0] not in left_out]
    return {**scope, "method": "GET", "query_string": key[2], "headers": headers}


async def _send_kept(send: Send, scope: Scope, asked: Asked, variant: Variant, outcome: bytes) -> None:
    is_known = asked.known and names_it(variant.etag, asked.known) and variant.start["status"] == 200
    start = variant.not_modified if is_known else variant.start
    await send(start if outcome == b"hit" else marked(start, outcome))
    await send(variant.head if is_known or scope["method"] == "HEAD" else variant.body)


async def _send_text(send: Send, status: int, text: str) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": text.encode()})


def _close(answer: Answer) -> None:
    if answer.close is not None:
        answer.close()


def lifespan(start: Callable[[], Any], stop: Callable[[], Any]) -> Application:
    """Return the application for ASGI's lifespan: ``start`` before the first request, ``stop`` after the last."""

    async def application(_scope: Scope, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                start()
                await send({"type": "lifespan.startup.complete"})
            elif message["type"] == "lifespan.shutdown":
                stop()
                await send({"type": "lifespan.shutdown.complete"})
                return

    return application
