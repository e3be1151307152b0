"""What is said when a request cannot be served just now, without losing what was written in it."""

from __future__ import annotations

from http import HTTPStatus
from typing import IO, Any
from urllib.parse import parse_qsl

from django.conf import settings
from django.template.loader import render_to_string

from masthead.edge.handover import Answer

RETRY_SECONDS = 3
_FORM = b"application/x-www-form-urlencoded"
_MOST_FIELDS = 100
_MOST_BYTES = 1_000_000


def html(fields: list[tuple[str, str]] | None = None, action: str = "") -> str:
    """Return the page that asks to come back; with ``fields`` it holds them in a form that sends them again."""
    return render_to_string("busy.html", {"site": settings.MASTHEAD.site, "fields": fields or [], "action": action})


def refusal() -> Answer:
    """Return a 503 (RFC 9110, 15.6.4): too many wait already."""
    return _answer(HTTPStatus.SERVICE_UNAVAILABLE, html())


def failure() -> Answer:
    """Return a 500 for what failed before Django could answer itself."""
    return _answer(HTTPStatus.INTERNAL_SERVER_ERROR, render_to_string("500.html", {"site": settings.MASTHEAD.site}))


def with_text(answer: Answer, scope: dict[str, Any], body: IO[bytes]) -> Answer:
    """Return ``answer`` as a page that holds everything the form held, with a button that sends it again.

    Only for plain forms: a script still has the form, and what is not a form cannot be shown in one.
    """
    headers = dict(scope["headers"])
    if b"x-masthead-fragment" in headers or not headers.get(b"content-type", b"").startswith(_FORM):
        return answer
    body.seek(0)
    try:
        text = body.read(_MOST_BYTES + 1).decode("utf-8")
        fields = parse_qsl(text, keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except ValueError:
        return answer
    if len(text) > _MOST_BYTES:
        return answer
    query = scope["query_string"].decode("latin-1")
    action = f"{scope['path']}?{query}" if query else scope["path"]
    return _answer(HTTPStatus.SERVICE_UNAVAILABLE, html(fields, action))


def _answer(status: HTTPStatus, page: str) -> Answer:
    return Answer(
        int(status),
        [
            (b"content-type", b"text/html; charset=utf-8"),
            (b"cache-control", b"private, no-store"),
            (b"content-security-policy", settings.CONTENT_POLICY.encode()),
            (b"x-content-type-options", b"nosniff"),
            (b"retry-after", b"%d" % RETRY_SECONDS),
        ],
        page.encode(),
    )
