"""What a CDN is told, seen from the CDN: a real server in the test."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from django.test import override_settings

from masthead.edge import cdn
from masthead.edge.cdn.cloudflare import Cloudflare
from masthead.edge.cdn.fastly import Fastly
from masthead.edge.cdn.request import CdnFailed
from masthead.project.answers.cdn import addresses_of, purge_cdn
from masthead.publishing.events import ArticleWithdrawn
from masthead.publishing.testing import make_article
from tests.client import CheckingClient
from tests.settings import CONFIG


@dataclass
class Desk:
    """A CDN's interface: remembers what it was asked, answers as told."""

    address: str = ""
    status: int = 200
    asked: list[tuple[str, str, dict[str, str], Any]] = field(default_factory=list)


@pytest.fixture
def desk() -> Iterator[Desk]:
    """A CDN on this machine."""
    found = Desk()

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            found.asked.append((self.command, self.path, headers, json.loads(body) if body else None))
            self.send_response(found.status)
            self.send_header("Content-Length", "7")
            self.end_headers()
            self.wfile.write(b"because")

        do_POST = do_PURGE = _answer

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    found.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield found
    server.shutdown()
    thread.join()
    server.server_close()


def test_fastly_is_told_surrogate_keys(desk: Desk) -> None:
    Fastly("S1", "secret", desk.address).purge(tags={"front", "article:12"}, addresses=[])
    [(method, path, headers, _body)] = desk.asked
    assert (method, path) == ("POST", "/service/S1/purge")
    assert headers["surrogate-key"] == "article:12 front"
    assert headers["fastly-key"] == "secret"


def test_cloudflare_is_told_thirty_tags_at_a_time(desk: Desk) -> None:
    Cloudflare("Z1", "secret", desk.address).purge(tags={f"card:{n}" for n in range(31)}, addresses=[])
    assert [path for _method, path, _headers, _body in desk.asked] == ["/zones/Z1/purge_cache"] * 2
    assert [len(body["tags"]) for *_rest, body in desk.asked] == [30, 1]
    assert desk.asked[0][2]["authorization"] == "Bearer secret"


@pytest.mark.parametrize("kind", [Fastly, Cloudflare])
def test_a_refusal_says_what_the_cdn_answered(desk: Desk, kind: Any) -> None:
    desk.status = 403
    with pytest.raises(CdnFailed, match="403: because"):
        kind("X", "wrong", desk.address).purge(tags=["front"], addresses=[])


def test_a_cdn_that_is_not_there_is_a_failure_to_be_tried_again() -> None:
    with pytest.raises(CdnFailed, match="could not be reached"):
        Fastly("S1", "secret", "http://127.0.0.1:9").purge(tags=["front"], addresses=[])


def test_nothing_is_chosen_where_none_is_named() -> None:
    assert cdn.chosen("none", service="", token="") is None


@pytest.mark.django_db
def test_a_cache_that_knows_addresses_is_told_those_of_the_story_and_its_lists(desk: Desk) -> None:
    edge = replace(CONFIG.edge, cdn="wagtail", cdn_service=desk.address)
    with override_settings(MASTHEAD=replace(CONFIG, edge=edge)):
        purge_cdn([(ArticleWithdrawn(12, "article:12", "/harbour/the-pumps/", "The pumps"), "e1")])
    told = {path for method, path, _headers, _body in desk.asked if method == "PURGE"}
    assert told == {"/harbour/the-pumps/", "/harbour/", "/", "/feed/", "/sitemap.xml"}


@pytest.mark.django_db
def test_a_comment_is_about_the_address_of_its_story() -> None:
    article = make_article("The pumps")

    class Commented:
        thread_key = article.thread_key

    assert addresses_of([Commented()]) == {"http://testserver/harbour/the-pumps/"}


@pytest.mark.django_db
@pytest.mark.parametrize(("kind", "header"), [("fastly", "Surrogate-Key"), ("cloudflare", "Cache-Tag")])
def test_pages_name_their_tags_and_how_long_the_cdn_keeps_them(client: CheckingClient, kind: str, header: str) -> None:
    article = make_article("The pumps")
    edge = replace(CONFIG.edge, cdn=kind, cdn_service="S1", cdn_token="secret")  # type: ignore[arg-type]
    with override_settings(MASTHEAD=replace(CONFIG, edge=edge)):
        reply = client.get("/harbour/the-pumps/")
    assert {f"article:{article.pk}", "site"} <= set(reply[header].replace(",", " ").split())
    assert reply["CDN-Cache-Control"] == "max-age=300"
    assert reply["Cache-Control"] == "public, no-cache", "browsers ask again"


@pytest.mark.django_db
def test_without_a_cdn_nothing_is_said_to_one(client: CheckingClient) -> None:
    make_article("The pumps")
    reply = client.get("/harbour/the-pumps/")
    assert "CDN-Cache-Control" not in reply
    assert "Cache-Tag" not in reply
