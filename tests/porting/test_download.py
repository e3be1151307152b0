"""Fetching pictures from the old site, and from nowhere else."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from typing import ClassVar

import pytest

from masthead.porting import download
from masthead.porting.download import Downloader, DownloadRefused, public_addresses

PICTURE = b"\x89PNG picture"


class _OldSite(http.server.BaseHTTPRequestHandler):
    replies: ClassVar[dict[str, tuple[int, dict[str, str], bytes]]] = {
        "/boat.png": (200, {"Content-Type": "image/png"}, PICTURE),
        "/h%C3%A4fen.png?a=1": (200, {"Content-Type": "image/png"}, PICTURE),
        "/moved.png": (301, {"Location": "/boat.png"}, b""),
        "/inside.png": (302, {"Location": "http://127.0.0.1/secret"}, b""),
        "/file.png": (302, {"Location": "file:///etc/passwd"}, b""),
        "/round.png": (302, {"Location": "/round.png"}, b""),
        "/page.png": (200, {"Content-Type": "text/html"}, b"<html>"),
        "/large.png": (200, {"Content-Type": "image/png"}, b"x" * 5000),
    }

    def do_GET(self) -> None:
        status, headers, body = self.replies.get(self.path, (404, {}, b""))
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def old_site() -> Iterator[str]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _OldSite)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://old.example:{server.server_port}"
    server.shutdown()
    server.server_close()


def find_addresses(host: str, port: int) -> list[str]:
    """Know one host; judge all others like the product does."""
    return ["127.0.0.1"] if host == "old.example" else public_addresses(host, port)


@pytest.fixture
def downloader() -> Downloader:
    return Downloader(find_addresses=find_addresses)


@pytest.mark.parametrize("path", ["/boat.png", "/moved.png", "/häfen.png?a=1"])
def test_pictures_are_fetched_also_where_they_moved(downloader: Downloader, old_site: str, path: str) -> None:
    assert downloader.fetch(old_site + path) == PICTURE


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/none.png", "404"),
        ("/inside.png", "public internet"),
        ("/file.png", "not one of the web"),
        ("/round.png", "too often"),
        ("/page.png", "not answer with a picture"),
    ],
)
def test_everything_else_is_refused_with_its_reason(
    downloader: Downloader, old_site: str, path: str, reason: str
) -> None:
    with pytest.raises(DownloadRefused, match=reason):
        downloader.fetch(old_site + path)


def test_what_is_too_large_is_not_read_to_the_end(
    downloader: Downloader, old_site: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(download, "MOST_BYTES", 4096)
    with pytest.raises(DownloadRefused, match="larger"):
        downloader.fetch(f"{old_site}/large.png")


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/a.png",
        "http://[::1]/a.png",
        "http://[::ffff:10.0.0.1]/a.png",
        "http://10.0.0.1/a.png",
        "http://192.168.1.1:8080/a.png",
        "http://169.254.169.254/latest/meta-data",
        "http://0.0.0.0/a.png",
        "http://2130706433/a.png",
        "http://localhost/a.png",
        "https://127.0.0.1/a.png",
        "ftp://old.example/a.png",
        "http://user:word@old.example/a.png",
        "http:///a.png",
        "http://old.example:99999/a.png",
        "//old.example/a.png",
    ],
)
def test_nothing_but_public_hosts_is_spoken_to(url: str) -> None:
    with pytest.raises(DownloadRefused):
        Downloader().fetch(url)


def test_a_host_that_does_not_answer_is_a_reason(downloader: Downloader) -> None:
    with pytest.raises(DownloadRefused, match="did not answer"):
        downloader.fetch("http://old.example:1/a.png")


def test_a_host_nobody_knows_is_a_reason() -> None:
    with pytest.raises(DownloadRefused, match="not known"):
        Downloader().fetch("http://host.invalid/a.png")
