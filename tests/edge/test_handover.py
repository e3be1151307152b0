"""From the front to the application: what a request is turned into."""

from __future__ import annotations

from typing import Any

from masthead.edge.handover import environ
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
