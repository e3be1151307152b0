"""The front: what is answered without Django, and what never is."""

from __future__ import annotations

import asyncio
import gzip
import threading
from collections.abc import Iterator
from typing import Any

import brotli
import pytest

from masthead.edge import pages
from masthead.edge.purging import purge
from tests.edge.asgi import Got, Hearing, Site, ask, front_of, run

PUBLIC = {"Content-Type": "text/html; charset=utf-8", "Cache-Control": "public, no-cache", "Surrogate-Key": "article:1"}
TEXT = b"<p>The pumps were bought two weeks after the warning.</p>" * 40


@pytest.fixture(autouse=True)
def _kept_pages() -> Iterator[None]:
    before = pages.store.budget
    pages.store.budget = 1_000_000
    yield
    pages.store.clear()
    pages.store.budget = before


def paper(text: bytes = TEXT, status: int = 200, **headers: str) -> Site:
    """Return a site whose every page is this one."""
    given = {**PUBLIC, **{name.replace("_", "-"): value for name, value in headers.items()}}
    return Site(lambda _environ: (status, given, [text]))


def twice(site: Site, **request: Any) -> tuple[Got, Got]:
    """Ask for the same page twice."""

    async def scenario() -> tuple[Got, Got]:
        front = front_of(site)
        return await ask(front, **request), await ask(front, **request)

    first, second = run(scenario())
    return first, second


def test_a_public_page_is_made_once_and_then_answered_without_django() -> None:
    site = paper()
    first, second = twice(site)
    assert (first.cache, second.cache) == ("miss", "hit")
    assert first.body == second.body == TEXT
    assert first.headers["etag"] == second.headers["etag"]
    assert second.headers["cache-control"] == "public, no-cache"
    assert len(site.asked) == 1


@pytest.mark.parametrize(("accepted", "unpack"), [("gzip, br", brotli.decompress), ("gzip", gzip.decompress)])
def test_each_encoding_is_made_once_with_a_tag_of_its_own(accepted: str, unpack: Any) -> None:
    site = paper()

    async def scenario() -> tuple[Got, Got, Got]:
        front = front_of(site)
        plain = await ask(front)
        return plain, await ask(front, headers={"accept-encoding": accepted}), await ask(front)

    plain, packed, again = run(scenario())
    assert unpack(packed.body) == TEXT
    assert packed.headers["content-encoding"] in {"br", "gzip"}
    assert int(packed.headers["content-length"]) == len(packed.body)
    assert packed.headers["etag"] != plain.headers["etag"] == again.headers["etag"]
    assert "accept-encoding" in packed.headers["vary"].lower()
    assert len(site.asked) == 1


@pytest.mark.parametrize("refused", ["gzip;q=0", "identity", "", "br;q=0, gzip;q=0", "nonsense;q"])
def test_who_accepts_no_encoding_gets_none(refused: str) -> None:
    got, _again = twice(paper(), headers={"accept-encoding": refused})
    assert got.body == TEXT
    assert "content-encoding" not in got.headers


def test_who_has_the_page_is_told_so_and_nothing_more() -> None:
    async def scenario() -> tuple[Got, Got]:
        front = front_of(paper())
        tag = (await ask(front)).headers["etag"]
        return (
            await ask(front, headers={"if-none-match": f'"other", W/{tag}'}),
            await ask(front, headers={"if-none-match": '"other"'}),
        )

    same, other = run(scenario())
    assert (same.status, same.body) == (304, b"")
    assert same.headers["cache-control"] == "public, no-cache"
    assert "content-length" not in same.headers
    assert (other.status, other.body) == (200, TEXT)


def test_a_request_for_the_head_alone_gets_the_length_and_no_body() -> None:
    first, second = twice(paper(), method="HEAD")
    for got in (first, second):
        assert got.body == b""
        assert got.headers["content-length"] == str(len(TEXT))
    assert second.cache == "hit"


@pytest.mark.parametrize(
    "headers",
    [
        {"Cache-Control": "private, no-store"},
        {"Set-Cookie": "who=me"},
        {"Masthead-Guest": "me:signature"},
        {"Vary": "Cookie"},
        {"Content-Encoding": "zstd"},
    ],
    ids=["private", "cookie", "token", "varies", "encoded"],
)
def test_what_may_be_personal_is_asked_for_each_time(headers: dict[str, str]) -> None:
    site = Site(lambda _environ: (200, {**PUBLIC, **headers}, [TEXT]))
    first, second = twice(site)
    assert first.cache == second.cache == ""
    assert len(site.asked) == 2
    assert len(pages.store) == 0


@pytest.mark.parametrize("header", ["x-masthead-fragment", "authorization", "range"])
def test_a_request_for_something_else_at_the_address_is_not_mixed_up_with_the_page(header: str) -> None:
    site = paper()

    async def scenario() -> Got:
        front = front_of(site)
        await ask(front)
        return await ask(front, headers={header: "1"})

    assert run(scenario()).cache == ""
    assert len(site.asked) == 2


def test_hosts_paths_and_queries_are_kept_apart_and_trackers_are_not() -> None:
    site = Site(lambda env: (200, PUBLIC, [f"{env['HTTP_HOST']} {env['PATH_INFO']} {env['QUERY_STRING']}".encode()]))

    async def scenario() -> list[bytes]:
        front = front_of(site)
        return [
            (await ask(front, "/a", query="b=2&a=1&utm_source=x")).body,
            (await ask(front, "/a", query="a=1&fbclid=z&b=2")).body,
            (await ask(front, "/a", query="a=1&b=3")).body,
            (await ask(front, "/b", query="a=1&b=2")).body,
            (await ask(front, "/a", query="a=1&b=2", headers={"host": "other.example"})).body,
        ]

    assert run(scenario()) == [
        b"paper.example /a a=1&b=2",
        b"paper.example /a a=1&b=2",
        b"paper.example /a a=1&b=3",
        b"paper.example /b a=1&b=2",
        b"other.example /a a=1&b=2",
    ]
    assert len(site.asked) == 4


def test_a_purge_has_the_page_made_anew() -> None:
    versions = iter([b"old", b"new"])
    site = Site(lambda _environ: (200, PUBLIC, [next(versions)]))

    async def scenario() -> list[bytes]:
        front = front_of(site)
        seen = [(await ask(front)).body]
        purge(["article:2"])
        seen.append((await ask(front)).body)
        purge(["article:1"])
        seen.append((await ask(front)).body)
        return seen

    assert run(scenario()) == [b"old", b"old", b"new"]


class Gate:
    """Holds a render in its thread until the test lets it go on."""

    def __init__(self) -> None:
        self.entered = threading.Semaphore(0)
        self.open = threading.Semaphore(0)

    def pass_through(self) -> None:
        """Say that the render is here, and wait."""
        self.entered.release()
        assert self.open.acquire(timeout=10)

    async def wait_for_entry(self) -> None:
        """Wait until a render is here, without holding up the loop."""
        assert await asyncio.to_thread(self.entered.acquire, timeout=10)


def test_one_request_makes_the_page_while_the_others_wait() -> None:
    gate = Gate()

    def say(_environ: dict[str, Any]) -> tuple[int, dict[str, str], list[bytes]]:
        gate.pass_through()
        return 200, PUBLIC, [TEXT]

    site = Site(say)

    async def scenario() -> list[Got]:
        front = front_of(site)
        asking = [asyncio.create_task(ask(front)) for _ in range(20)]
        await gate.wait_for_entry()
        gate.open.release()
        return list(await asyncio.gather(*asking))

    replies = run(scenario())
    assert len(site.asked) == 1
    assert {got.body for got in replies} == {TEXT}
    assert sorted(got.cache for got in replies) == ["hit"] * 19 + ["miss"]


def test_who_comes_after_a_change_never_gets_the_page_that_was_begun_before_it() -> None:
    gate = Gate()
    state = [b"old"]

    def say(_environ: dict[str, Any]) -> tuple[int, dict[str, str], list[bytes]]:
        seen = state[0]
        gate.pass_through()
        return 200, PUBLIC, [seen]

    async def scenario() -> tuple[Got, Got, Got]:
        front = front_of(Site(say))
        early = asyncio.create_task(ask(front))
        await gate.wait_for_entry()
        state[0] = b"new"
        purge(["article:1"])
        late = asyncio.create_task(ask(front))
        gate.open.release(3)
        return await early, await late, await ask(front)

    early, late, last = run(scenario())
    assert early.body == b"old"
    assert late.body == last.body == b"new"


def test_those_who_ask_for_private_pages_do_not_wait_for_each_other() -> None:
    gate = Gate()
    asked: list[int] = []

    def say(_environ: dict[str, Any]) -> tuple[int, dict[str, str], list[bytes]]:
        asked.append(1)
        if len(asked) > 1:
            gate.pass_through()
        return 200, {"Cache-Control": "private, no-store"}, [TEXT]

    async def scenario() -> None:
        front = front_of(Site(say))
        await ask(front)
        both = [asyncio.create_task(ask(front)) for _ in range(2)]
        await gate.wait_for_entry()
        await gate.wait_for_entry()
        gate.open.release(2)
        await asyncio.gather(*both)

    run(scenario())
    assert len(asked) == 3


def test_a_failure_shows_the_page_that_was_kept_last_unless_it_had_to_be_forgotten() -> None:
    answers = iter([(200, [TEXT]), (500, [b"broken"]), (503, [b"away"]), (500, [b"broken"])])

    def say(_environ: dict[str, Any]) -> tuple[int, dict[str, str], list[bytes]]:
        status, body = next(answers)
        return status, PUBLIC, body

    async def scenario() -> list[Got]:
        front = front_of(Site(say))
        got = [await ask(front)]
        purge(["article:1"])
        got.extend([await ask(front), await ask(front)])
        purge(["article:1"], forget=True)
        got.append(await ask(front))
        return got

    first, second, third, last = run(scenario())
    assert first.body == second.body == third.body == TEXT
    assert (second.status, second.cache, third.cache) == (200, "stale", "stale")
    assert (last.status, last.body) == (500, b"broken")


def test_a_process_that_cannot_hear_of_changes_asks_django_again() -> None:
    site = paper()
    ear = Hearing()

    async def scenario() -> list[str]:
        front = front_of(site, ear=ear)
        seen = [(await ask(front)).cache]
        ear.sure = False
        seen.append((await ask(front)).cache)
        ear.sure = True
        return [*seen, (await ask(front)).cache]

    assert run(scenario()) == ["miss", "miss", "hit"]


def test_a_reply_with_an_end_is_made_anew_after_it() -> None:
    site = paper(Surrogate_Control="max-age=0")
    first, second = twice(site)
    assert (first.cache, second.cache) == ("miss", "miss")
    assert "surrogate-control" not in first.headers


def test_tags_are_the_houses_own_unless_a_shared_cache_wants_them() -> None:
    hidden, _again = twice(paper())
    assert "surrogate-key" not in hidden.headers
    shown = run(ask(front_of(paper(), keep_tags=True)))
    assert shown.headers["surrogate-key"] == "article:1"


def test_when_too_many_wait_the_next_is_asked_to_come_back() -> None:
    gate = Gate()

    def say(_environ: dict[str, Any]) -> tuple[int, dict[str, str], list[bytes]]:
        gate.pass_through()
        return 200, {"Cache-Control": "private, no-store"}, [b"done"]

    async def scenario() -> tuple[Got, list[Got]]:
        front = front_of(Site(say), threads=1, waiting=1)
        served = [asyncio.create_task(ask(front, f"/{number}", method="POST")) for number in range(2)]
        await gate.wait_for_entry()
        refused = await ask(
            front,
            "/story/",
            method="POST",
            headers={"content-type": "application/x-www-form-urlencoded"},
            body=b"text=What+I+%3Cb%3Eknow&name=Ada",
        )
        gate.open.release(2)
        return refused, list(await asyncio.gather(*served))

    refused, served = run(scenario())
    assert [got.body for got in served] == [b"done", b"done"]
    assert refused.status == 503
    assert int(refused.headers["retry-after"]) > 0
    assert b"What I &lt;b&gt;know" in refused.body
    assert b'name="name" value="Ada"' in refused.body
    assert b'action="/story/"' in refused.body


def test_a_script_that_is_refused_keeps_its_own_form() -> None:
    site = Site(lambda _environ: (503, {"Cache-Control": "no-store"}, [b"away"]))
    headers = {"content-type": "application/x-www-form-urlencoded", "x-masthead-fragment": "1"}
    got = run(ask(front_of(site), method="POST", headers=headers, body=b"text=x"))
    assert got.body == b"away"


def test_what_fails_before_django_is_a_page_too() -> None:
    def say(_environ: dict[str, Any]) -> tuple[int, dict[str, str], list[bytes]]:
        raise RuntimeError("no application")

    got = run(ask(front_of(Site(say))))
    assert got.status == 500
    assert b"<h1>" in got.body


def test_a_long_reply_arrives_whole_and_is_not_kept() -> None:
    closed: list[int] = []

    class Chunks:
        def __iter__(self) -> Iterator[bytes]:
            return (bytes([number]) * 300_000 for number in range(10))

        def close(self) -> None:
            closed.append(1)

    got, _again = twice(Site(lambda _environ: (200, PUBLIC, Chunks())))
    assert len(got.body) == 3_000_000
    assert got.body[-1] == 9
    assert len(closed) == 2
    assert len(pages.store) == 0
