"""Who changed something finds it, also when another process answers him."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from masthead.edge import pages
from masthead.edge.purging import purge
from tests.edge.asgi import Got, Hearing, Site, ask, front_of, run

PUBLIC = {"Content-Type": "text/html", "Cache-Control": "public, no-cache", "Surrogate-Key": "thread:k"}


@pytest.fixture(autouse=True)
def _kept_pages() -> Iterator[None]:
    before = pages.store.budget
    pages.store.budget = 1_000_000
    yield
    pages.store.clear()
    pages.store.budget = before


def test_a_form_that_changed_something_leaves_its_number_for_a_moment() -> None:
    site = Site(lambda _environ: (303, {"Location": "/", "Cache-Control": "private"}, [b""]))
    cookie = run(ask(front_of(site, ear=Hearing(own=41)), method="POST")).headers["set-cookie"]
    assert cookie == "masthead_after=41; Max-Age=10; Path=/; HttpOnly; SameSite=Lax"


@pytest.mark.parametrize(("status", "own", "method"), [(422, 41, "POST"), (303, 0, "POST"), (200, 41, "GET")])
def test_nobody_else_gets_a_cookie(status: int, own: int, method: str) -> None:
    site = Site(lambda _environ: (status, {"Cache-Control": "private"}, [b""]))
    assert "set-cookie" not in run(ask(front_of(site, ear=Hearing(own=own)), method=method)).headers


def test_a_process_that_lags_behind_catches_up_before_it_answers_the_writer() -> None:
    state = [b"old"]
    ear = Hearing(heard=40)

    async def hear() -> None:
        state[0] = b"new"
        purge(["thread:k"])
        ear.heard = 41

    async def scenario() -> tuple[Got, Got, Got]:
        front = front_of(Site(lambda _environ: (200, PUBLIC, [state[0]])), ear=ear)
        await ask(front)
        writer = asyncio.create_task(ask(front, headers={"cookie": "a=b; masthead_after=41"}))
        await asyncio.sleep(0)
        stranger = await ask(front)
        await hear()
        return stranger, await writer, await ask(front)

    stranger, writer, later = run(scenario())
    assert stranger.body == b"old"
    assert writer.body == later.body == b"new"


@pytest.mark.parametrize(
    "cookie", ["masthead_after=x", "masthead_after=", "not_masthead_after=99", "masthead_after=" + "9" * 40]
)
def test_a_number_that_is_none_is_ignored(cookie: str) -> None:
    site = Site(lambda _environ: (200, PUBLIC, [b"page"]))
    assert run(ask(front_of(site), headers={"cookie": cookie})).body == b"page"


def test_for_a_moment_strangers_still_get_the_page_before_while_the_next_is_made() -> None:
    state = [b"old"]

    async def scenario() -> tuple[Got, Got, Got]:
        front = front_of(Site(lambda _environ: (200, PUBLIC, [state[0]])), recent_seconds=60.0)
        await ask(front)
        state[0] = b"new"
        purge(["thread:k"])
        stranger = await ask(front)
        for _ in range(1000):
            if (later := await ask(front)).cache == "hit":
                break
            await asyncio.sleep(0.001)
        return stranger, later, await ask(front)

    stranger, later, last = run(scenario())
    assert (stranger.body, stranger.cache) == (b"old", "updating")
    assert (later.body, last.body) == (b"new", b"new")


def test_who_changed_something_never_gets_the_page_before() -> None:
    state = [b"old"]

    async def scenario() -> Got:
        front = front_of(Site(lambda _environ: (200, PUBLIC, [state[0]])), recent_seconds=60.0, ear=Hearing(heard=50))
        await ask(front)
        state[0] = b"new"
        purge(["thread:k"])
        return await ask(front, headers={"cookie": "masthead_after=41"})

    assert run(scenario()).body == b"new"


def test_what_must_be_forgotten_is_not_shown_for_a_moment_either() -> None:
    state = [b"old"]

    async def scenario() -> Got:
        front = front_of(Site(lambda _environ: (200, PUBLIC, [state[0]])), recent_seconds=60.0)
        await ask(front)
        state[0] = b"new"
        purge(["thread:k"], forget=True)
        return await ask(front)

    assert run(scenario()).body == b"new"
