"""Where refusals become replies."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.conf import settings
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from masthead.core.errors import DomainError
from masthead.core.http import private, wants_fragment
from masthead.discussion.views.visitors import know
from masthead.edge import busy

logger = logging.getLogger(__name__)

Handler = Callable[[HttpRequest], HttpResponse]


class KnownVisitorMiddleware:
    """Let the page's script know that there is something personal to ask for, when a session begins.

    The flag holds nothing of the person. Who has none is never asked for: a first visit makes no personal request.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        session = response.cookies.get(settings.SESSION_COOKIE_NAME)
        if session is not None and session.value:
            know(response)
        return response


class RefusalMiddleware:
    """Turn a :class:`DomainError` that a view did not answer itself into a page or a fragment."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer refusals, and a database that does not answer; leave every other exception alone."""
        if isinstance(exception, DomainError):
            return private(_refusal(request, exception))
        if isinstance(exception, OperationalError):
            logger.error("%s %s: the database does not answer: %s", request.method, request.path, exception)
            return private(_unavailable())
        return None


def _unavailable() -> HttpResponse:
    """Say that it is for a moment only (RFC 9110, 15.6.4); the front adds what the form held."""
    return HttpResponse(busy.html(), status=503, headers={"Retry-After": str(busy.RETRY_SECONDS)})


def _refusal(request: HttpRequest, error: DomainError) -> HttpResponse:
    text = error.message()
    template = "elements/notice.html" if wants_fragment(request) else "refusal.html"
    response = render(request, template, {"kind": "bad", "text": text}, status=error.status)
    if "seconds" in error.params:
        response["Retry-After"] = str(error.params["seconds"])
    return response
