"""Drives an ASGI application as a server does, and a WSGI site of a few lines to put behind the front."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from masthead.edge import pages
from masthead.edge.front import Front
from masthead.edge.handover import Handover
from masthead.edge.purging import purge


@dataclass
class Got:
    """One reply as the server was told to send it."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def cache(self) -> str:
        """What the reply says of its origin: hit, miss, stale or nothing."""
        return self.headers.get("x-masthead-cache", "")


async def ask(
    application: Any,
    path: str = "/",
    *,
    method: str = "GET",
    headers: dict[str, str] | None = None,
    query: str = "",
    body: bytes = b"",
) -> Got:
    """Send one request and return the reply."""
    given = {"host": "paper.example", **(headers or {})}
    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "query_string": query.encode(),
        "headers": [(name.encode(), value.encode()) for name, value in given.items()],
        "client": ("192.0.2.7", 4711),
        "server": ("127.0.0.1", 8000),
    }
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    await application(scope, receive, send)
    start, *rest = sent
    return Got(
        start["status"],
        {name.decode(): value.decode() for name, value in start["headers"]},
        b"".join(message["body"] for message in rest),
    )


@dataclass
class Site:
    """A WSGI application that says what it was told to say and counts how often it was asked."""

    say: Callable[[dict[str, Any]], tuple[int, dict[str, str], Iterable[bytes]]]
    asked: list[dict[str, Any]] = field(default_factory=list)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        self.asked.append(environ)
        status, headers, body = self.say(environ)
        start_response(f"{status} Whatever", list(headers.items()))
        return body


@dataclass
class Hearing:
    """An ear as a test wants it."""

    sure: bool = True
    heard: int = 0
    own: int = 0

    def is_sure(self) -> bool:
        """As set."""
        return self.sure

    def has_heard(self, number: int) -> bool:
        """Everything up to ``heard``."""
        return number <= self.heard

    def latest_own(self) -> int:
        """As set."""
        return self.own


def front_of(site: Site, **options: Any) -> Front:
    """Return a front with an empty store before ``site``; by default it never shows what went stale just now."""
    pages.store.clear()
    options.setdefault("ear", Hearing())
    options.setdefault("recent_seconds", -1.0)
    handover = Handover(site, threads=options.pop("threads", 2), waiting=options.pop("waiting", 50))
    return Front(handover, **options)


def run(scenario: Any) -> Any:
    """Run a coroutine to its end, in a thread of its own: browser tests leave a loop running in the main one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, scenario).result()


__all__ = ["Got", "Hearing", "Site", "ask", "front_of", "purge", "run"]
