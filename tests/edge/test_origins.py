"""Pages of other sites: a listed one may read what is open to it, and nothing of the browser's comes along."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from masthead.edge import pages
from masthead.edge.hub import Hub
from masthead.edge.live import Limits
from masthead.edge.origins import Gate
from tests.edge.asgi import Got, Site, ask, front_of, run
from tests.edge.reader import Reader

CLUB, STRANGER = "https://club.example", "https://stranger.example"
ALLOW = "access-control-allow-origin"
PUBLIC = {"Content-Type": "application/json", "Cache-Control": "public, no-cache"}


@pytest.fixture(autouse=True)
def _kept_pages() -> Iterator[None]:
    before = pages.store.budget
    pages.store.budget = 1_000_000
    yield
    pages.store.clear()
    pages.store.budget = before


def asked(path: str, origin: str = "", *, times: int = 1, **options: Any) -> Got:
    """Ask a site that lists the club, through its front."""
    gate = Gate(front_of(Site(lambda environ: (200, PUBLIC, [b'{"is": "the same"}']))), [CLUB])
    headers = {**({"origin": origin} if origin else {}), **options.pop("headers", {})}

    async def scenario() -> Got:
        for _ in range(times):
            got = await ask(gate, path, headers=headers, **options)
        return got

    got: Got = run(scenario())
    return got


def varies(got: Got) -> bool:
    """Tell whether a reply says that it depends on who asks."""
    return "Origin" in got.headers.get("vary", "")


@pytest.mark.parametrize("path", ["/api/v1/stories", "/-/embed/comments/", "/-/embed/meter/"])
@pytest.mark.parametrize("times", [1, 2], ids=["made", "kept"])
def test_a_listed_site_may_read_what_is_open(path: str, *, times: int) -> None:
    got = asked(path, CLUB, times=times)
    assert got.cache == ("hit" if times == 2 else "miss")
    assert got.headers[ALLOW] == CLUB
    assert "ETag" in got.headers["access-control-expose-headers"]
    assert "access-control-allow-credentials" not in got.headers
    assert varies(got)


@pytest.mark.parametrize("path", ["/embed.js", "/-/embed/0123456789ab/frame.js"])
@pytest.mark.parametrize("origin", [CLUB, STRANGER, ""])
def test_what_is_said_of_the_script_and_its_files_varies_on_nobody(path: str, origin: str) -> None:
    got = asked(path, origin)
    assert not varies(got)
    assert ALLOW not in got.headers, "the file itself says that everybody may"


def test_no_cdn_is_told_to_keep_what_differs_from_site_to_site() -> None:
    said = {"Surrogate-Control": "max-age=3600", "Surrogate-Key": "thread:k", "Cache-Tag": "thread:k"}
    gate = Gate(front_of(Site(lambda environ: (200, {**PUBLIC, **said}, [b"{}"])), keep_tags=True), [CLUB])

    async def scenario() -> list[Got]:
        return [await ask(gate, path) for path in ("/-/embed/comments/", "/-/embed/comments/", "/story/")]

    made, kept, page = run(scenario())
    for got in (made, kept):
        assert not {name.lower() for name in said} & set(got.headers)
        assert got.headers["cdn-cache-control"] == "no-store"
    assert kept.cache == "hit", "our own memory knows until when"
    assert {"surrogate-key", "surrogate-control"} <= set(page.headers)


@pytest.mark.parametrize(
    "origin", [STRANGER, "null", "https://club.example.evil.example", "http://club.example", f"{CLUB}:8443", f"{CLUB}/"]
)
def test_nobody_else_may(origin: str) -> None:
    got = asked("/api/v1/stories", origin)
    assert ALLOW not in got.headers
    assert varies(got), "no cache may give the club's permission to it, or its refusal to the club"


@pytest.mark.parametrize("path", ["/", "/-/comments/me/", "/accounts/profile/", "/-/embeds", "/embed.js/x", "/healthz"])
def test_pages_are_open_to_nobody_and_vary_on_nothing(path: str) -> None:
    got = asked(path, CLUB)
    assert not [name for name in got.headers if name.startswith("access-control")]
    assert not varies(got)


def test_the_bytes_and_their_name_are_the_same_for_everybody() -> None:
    gate = Gate(front_of(Site(lambda environ: (200, PUBLIC, [b"x" * 600]))), [CLUB])

    async def scenario() -> list[Got]:
        return [
            await ask(gate, "/api/v1/stories", headers={"origin": origin} if origin else {})
            for origin in (CLUB, STRANGER, "")
        ]

    replies = run(scenario())
    assert len({(got.body, got.headers["etag"]) for got in replies}) == 1
    assert [got.cache for got in replies] == ["miss", "hit", "hit"]


def test_an_unchanged_reply_is_readable_too() -> None:
    gate = Gate(front_of(Site(lambda environ: (200, PUBLIC, [b"{}"]))), [CLUB])

    async def scenario() -> Got:
        first = await ask(gate, "/api/v1/stories", headers={"origin": CLUB})
        again = {"origin": CLUB, "if-none-match": first.headers["etag"]}
        return await ask(gate, "/api/v1/stories", headers=again)

    got = run(scenario())
    assert (got.status, got.headers[ALLOW]) == (304, CLUB)


def preflight(path: str, origin: str) -> Got:
    """Ask as a browser does before it sends a comment."""
    headers = {
        "access-control-request-method": "POST",
        "access-control-request-headers": "content-type,idempotency-key,masthead-guest",
    }
    return asked(path, origin, method="OPTIONS", headers=headers)


def test_a_preflight_is_answered_without_asking_anybody() -> None:
    got = preflight("/api/v1/threads/article:1/comments", CLUB)
    assert (got.status, got.body, got.headers[ALLOW]) == (204, b"", CLUB)
    allowed = got.headers["access-control-allow-headers"].lower().split(", ")
    assert {"authorization", "content-type", "idempotency-key", "masthead-guest"} <= set(allowed)
    assert "POST" in got.headers["access-control-allow-methods"]
    assert int(got.headers["access-control-max-age"]) > 0
    assert varies(got)


def test_a_preflight_of_a_stranger_is_refused() -> None:
    got = preflight("/api/v1/threads/article:1/comments", STRANGER)
    assert got.status == 403
    assert not [name for name in got.headers if name.startswith("access-control")]


def test_a_preflight_for_a_page_gets_no_permission() -> None:
    assert not [name for name in preflight("/-/comments/post/", CLUB).headers if name.startswith("access-control")]


@pytest.mark.parametrize(("origin", "status"), [(CLUB, 200), (STRANGER, 403), ("", 403)])
def test_a_listed_sites_pages_hear_the_live_stream(origin: str, status: int) -> None:
    async def story() -> None:
        headers = {"sec_fetch_site": "cross-site", **({"origin": origin} if origin else {})}
        reader = Reader(accept="application/json", **headers).ask(Hub(), Limits(origins=frozenset({CLUB.encode()})))
        await reader.ends()
        assert reader.status == status

    async def all_of_it() -> None:
        await asyncio.wait_for(story(), 5)

    run(all_of_it())
