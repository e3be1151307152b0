"""From the async front to synchronous Django: a bounded pool of long-lived threads, handed over to directly.

Django's own ASGI handler crosses between loop and threads several times a request; here a request crosses once each
way. The threads live as long as the process, so each keeps its database connection. Measured in
``docs/adr/0012-the-front.md``.
"""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import IO, Any, TypeVar
from wsgiref.types import StartResponse, WSGIApplication

Headers = list[tuple[bytes, bytes]]
Scope = dict[str, Any]
Result = TypeVar("Result")

_WHOLE_UP_TO = 1024 * 1024
# A thread that computes gives up the interpreter lock only when this interval has passed. At Python's 5 ms each
# return to the loop would wait that long (the figures stand in the ADR named above).
_SWITCH_SECONDS = 0.0005
# Two threads that compute at once hand the interpreter to and fro at each call of the database; so long the next waits.
_ALONE_SECONDS = 0.02


class Busy(Exception):
    """So many requests wait already that this one would wait too long."""


@dataclass(frozen=True)
class Answer:
    """What Django replied. ``rest`` yields what does not fit into ``body``, for large and streamed replies."""

    status: int
    headers: Headers
    body: bytes
    rest: Iterator[bytes] | None = None
    close: Callable[[], None] | None = None

    def header(self, name: bytes) -> bytes:
        """Return the value of a header by its lower-case name, or nothing."""
        return next((value for key, value in self.headers if key == name), b"")


class Lane:
    """Threads for one kind of work, and how much of it may wait.

    With ``alone_seconds`` one works at a time; who takes longer than that (a picture, a scorer elsewhere) keeps the
    next from beginning no further.
    """

    def __init__(self, name: str, *, threads: int, waiting: int, alone_seconds: float = 0.0) -> None:
        self._turn = threading.Lock()
        self._alone_seconds = alone_seconds
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix=name)
        self._room = threads + waiting
        self._taken = 0

    async def run(self, work: Callable[..., Result], *arguments: Any) -> Result:
        """Run ``work`` in a thread. Raises :class:`Busy` at once when too much waits.

        Called in the loop's thread only. Work that was begun is finished, also when the caller is cancelled.
        """
        if self._taken >= self._room:
            raise Busy
        self._taken += 1
        call = (self._in_turn, work, *arguments) if self._alone_seconds else (work, *arguments)
        future = asyncio.get_running_loop().run_in_executor(self._pool, *call)
        future.add_done_callback(self._done)
        return await asyncio.shield(future)

    def _in_turn(self, work: Callable[..., Result], *arguments: Any) -> Result:
        is_alone = self._turn.acquire(timeout=self._alone_seconds)
        try:
            return work(*arguments)
        finally:
            if is_alone:
                self._turn.release()

    def _done(self, _future: asyncio.Future[Any]) -> None:
        self._taken -= 1

    def close(self) -> None:
        """Begin no more work; threads end with what is in hand."""
        self._pool.shutdown(wait=False, cancel_futures=True)


class Handover:
    """Gives requests to a WSGI application.

    Requests that may write have threads of their own: a writer who waits for the database's lock never keeps a reader
    from a page.
    """

    def __init__(self, application: WSGIApplication, *, threads: int, waiting: int) -> None:
        self._application = application
        self.reading = Lane("reading", threads=threads, waiting=waiting)
        self.writing = Lane("writing", threads=threads, waiting=waiting, alone_seconds=_ALONE_SECONDS)
        sys.setswitchinterval(_SWITCH_SECONDS)

    async def reply(self, scope: Scope, body: IO[bytes], length: int) -> Answer:
        """Return Django's answer. Raises :class:`Busy`."""
        lane = self.reading if scope["method"] in {"GET", "HEAD", "OPTIONS"} else self.writing
        return await lane.run(self._reply, scope, body, length)

    def _reply(self, scope: Scope, body: IO[bytes], length: int) -> Answer:
        started: list[tuple[str, list[tuple[str, str]]]] = []

        def start_response(
            status: str, headers: list[tuple[str, str]], exc_info: Any = None
        ) -> Callable[[bytes], object]:
            started.append((status, headers))
            return lambda _data: None

        chunks = self._application(environ(scope, body, length), _as_start_response(start_response))
        status, headers = started[-1]
        encoded = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
        return _answer(int(status.split(" ", 1)[0]), encoded, chunks)

    def close(self) -> None:
        """Begin no more work."""
        self.reading.close()
        self.writing.close()


def _as_start_response(function: Any) -> StartResponse:
    typed: StartResponse = function
    return typed


def _answer(status: int, headers: Headers, chunks: Iterable[bytes]) -> Answer:
    """Take in what is small; leave the rest to be fetched piece by piece."""
    close: Callable[[], None] = getattr(chunks, "close", lambda: None)
    taken = bytearray()
    pieces = iter(chunks)
    try:
        for piece in pieces:
            taken += piece
            if len(taken) > _WHOLE_UP_TO:
                return Answer(status, headers, bytes(taken), pieces, close)
    except BaseException:
        close()
        raise
    close()
    return Answer(status, headers, bytes(taken))


def environ(scope: Scope, body: IO[bytes], length: int) -> dict[str, Any]:
    """Return the WSGI environment of an ASGI request (PEP 3333).

    Headers whose names hold an underscore are dropped: they could pass for others.
    """
    client, server = scope.get("client"), scope.get("server")
    result: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": scope["path"].encode("utf-8", "surrogateescape").decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": server[0] if server else "localhost",
        "SERVER_PORT": str(server[1]) if server and server[1] else "80",
        "REMOTE_ADDR": client[0] if client else "",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for raw_name, raw_value in scope["headers"]:
        if b"_" in raw_name:
            continue
        name = raw_name.decode("latin-1").upper().replace("-", "_")
        value = raw_value.decode("latin-1")
        key = name if name == "CONTENT_TYPE" else f"HTTP_{name}"
        if name == "CONTENT_LENGTH":
            continue
        if key in result:
            value = f"{result[key]}{'; ' if name == 'COOKIE' else ','}{value}"
        result[key] = value
    result["CONTENT_LENGTH"] = str(length)
    return result
