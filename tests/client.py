"""The checking client: Django's test client that looks at every reply it gets."""

from __future__ import annotations

import sys
from typing import Any
from urllib.parse import urlsplit

import html5lib
from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from html5lib.html5parser import ParseError

from masthead.accounts.models import User
from masthead.core.http import FRAGMENT_HEADER

_PERSONAL = {"cookie", "authorization", "*"}


class CheckingClient(Client):
    """Refuses replies that no reader should ever get.

    Each reply says how it may be stored; one that anybody may be shown sets no cookie, varies on nothing
    personal and holds no address of whoever asked; each carries a content policy without inline code; HTML is
    parsed strictly. The admin's pages are Wagtail's own and are not parsed.
    """

    def request(self, **request: Any) -> HttpResponse:  # type: ignore[override]
        """Send a request and check its reply."""
        response: HttpResponse = super().request(**request)  # type: ignore[assignment]
        path = urlsplit(str(request.get("PATH_INFO", "/"))).path
        check_headers(response, path)
        if response.headers["Cache-Control"].startswith("public"):
            self._check_public(response, path)
        if _is_html(response) and not path.startswith("/admin/"):
            is_piece = path.startswith("/-/embed/") and response.status_code != 404
            is_fragment = is_piece or "HTTP_" + FRAGMENT_HEADER.upper().replace("-", "_") in request
            check_html(response.content, path, is_fragment=is_fragment)
        return response

    def _check_public(self, response: HttpResponse, path: str) -> None:
        assert not response.cookies, f"{path} is public and sets {sorted(response.cookies)}"
        vary = {part.strip().lower() for part in response.get("Vary", "").split(",")}
        assert not vary & _PERSONAL, f"{path} is public and varies on {vary & _PERSONAL}"
        if settings.SESSION_COOKIE_NAME in self.cookies and not response.streaming:
            user = User.objects.filter(pk=self.session.get("_auth_user_id", 0)).first()
            assert user is None or user.email.encode() not in response.content, f"{path} is public, yet holds {user}"


def check_headers(response: HttpResponse, path: str) -> None:
    """Refuse a reply without an explicit ``Cache-Control`` or without a strict content policy."""
    assert response.get("Cache-Control"), f"{path} does not say how it may be stored"
    policy = response.get("Content-Security-Policy", "")
    assert "default-src" in policy, f"{path} has no content policy"
    if not path.startswith("/admin/"):
        assert "unsafe" not in policy, f"{path} allows inline code: {policy}"


def check_html(content: bytes, path: str, *, is_fragment: bool) -> None:
    """Refuse HTML that a strict parser stumbles over."""
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    measuring = sys.gettrace()
    sys.settrace(None)  # coverage does not look at the parser, yet would make it take almost three times as long
    try:
        if is_fragment:
            parser.parseFragment(content.decode())
        else:
            parser.parse(content.decode())
    except ParseError as error:
        line, column = parser.errors[-1][0] if parser.errors else (0, 0)
        source = content.decode().splitlines()
        shown = source[line - 1].strip()[:200] if 0 < line <= len(source) else ""
        raise AssertionError(f"{path} is not well-formed HTML: {error} at {line}:{column}: {shown}") from None
    finally:
        sys.settrace(measuring)


def _is_html(response: HttpResponse) -> bool:
    return (
        not response.streaming and response.get("Content-Type", "").startswith("text/html") and bool(response.content)
    )
