"""From the front to the application: what a request is turned into."""

from __future__ import annotations

import asyncio
import threading
import time
from typing import Any

from masthead.edge.handover import Lane, environ
from tests.edge.asgi import Site, ask, front_of, run


def test_the_body_of_a_form_reaches_the_application() -> None:
    seen: list[bytes] = []

    def say(given: dict[str, Any]) -> tuple[int, dict[str, str], list[bytes]]:
        seen.append(given["wsgi.input"].read(int(given["CONTENT_LENGTH"])))
        return 200, {"Cache-Control": "private"}, [b""]

    run(ask(front_of(Site(say)), method="POST", body=b"x" * 600_000))
    assert seen == [b"x" * 600_000]


def test_the_environment_is_that_of_the_request() -> None:
    scope = {
        "http_version": "1.1",
        "method": "GET",
        "path": "/straße/",
        "query_string": b"a=1",
        "headers": [
            (b"host", b"paper.example"),
            (b"cookie", b"a=1"),
            (b"cookie", b"b=2"),
            (b"x-forwarded-for", b"192.0.2.1"),
            (b"x-forwarded-for", b"192.0.2.2"),
            (b"x_forwarded_for", b"203.0.113.9"),
            (b"content-type", b"text/plain"),
        ],
        "client": None,
        "server": None,
    }
    made = environ(scope, None, 7)  # type: ignore[arg-type]
    assert made["PATH_INFO"] == "/straße/".encode().decode("latin-1")
    assert made["HTTP_COOKIE"] == "a=1; b=2"
    assert made["HTTP_X_FORWARDED_FOR"] == "192.0.2.1,192.0.2.2"
    assert made["CONTENT_TYPE"] == "text/plain"
    assert made["CONTENT_LENGTH"] == "7"
    assert "HTTP_CONTENT_TYPE" not in made


def test_writers_compute_one_at_a_time_until_one_takes_long() -> None:
    lane = Lane("writing", threads=2, waiting=2, alone_seconds=0.01)
    second_began = threading.Event()

    async def both() -> list[bool]:
        # The first ends only when the second has begun: it does, for the first takes longer than its time alone.
        first = asyncio.ensure_future(lane.run(second_began.wait, 30))
        await asyncio.sleep(0)
        second = asyncio.ensure_future(lane.run(second_began.set))
        await second
        return [await first]

    assert run(both()) == [True]
    lane.close()


def test_a_quick_writer_is_alone() -> None:
    lane = Lane("writing", threads=2, waiting=20, alone_seconds=30)
    busy, together = threading.Semaphore(1), []

    def work() -> None:
        together.append(busy.acquire(blocking=False))
        time.sleep(0)  # lets the other thread run, if it may
        busy.release()

    async def many() -> None:
        await asyncio.gather(*(lane.run(work) for _number in range(20)))

    run(many())
    assert together == [True] * 20
    lane.close()
