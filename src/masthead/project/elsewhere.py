"""Guests on the pages of other sites: known by a token that the page's own script holds, never by a cookie."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.core.signing import BadSignature, TimestampSigner
from django.http import HttpRequest, HttpResponse

from masthead.core.http import ask_for_fragment, private
from masthead.discussion.views.visitors import GUEST_COOKIE, browser_id_in, cookie_with
from masthead.edge.origins import GUEST_HEADER, PIECES, SCRIPT, listed, listed_origin

Handler = Callable[[HttpRequest], HttpResponse]

# Every script of the page can read it, and a copy speaks for the guest there until then. So no longer than a reader who
# comes once in a month needs; after that the next comment asks who writes, and where addresses are proven, for a mail.
TOKEN_VALID = timedelta(days=60)


class GuestTokenMiddleware:
    """Take in a guest's token where a cookie would come, and give one out where a cookie would be set.

    A token is bound to the origin whose page got it: sent from anywhere else it says nothing, no cookie can be made
    of it, and it ends by itself (``TOKEN_VALID``), however often it is used. What it reaches is less than a cookie
    does: see :func:`masthead.discussion.selectors.reach`. What is made for other sites is always a piece of a page, and
    is not there on a site that lists none.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        origin, is_piece = listed_origin(request), request.path.startswith(PIECES)
        if (is_piece or request.path == SCRIPT) and not listed():
            return private(HttpResponse(status=404))
        if not origin and not is_piece:
            return self.get_response(request)
        request.COOKIES = _cookies(request, origin)
        if is_piece:
            ask_for_fragment(request)
        response = self.get_response(request)
        cookie = response.cookies.get(GUEST_COOKIE)
        browser_id = browser_id_in(cookie.value) if cookie is not None else ""
        response.cookies.clear()
        if browser_id:
            response[GUEST_HEADER] = _signer(origin).sign(browser_id)
        return response


def _cookies(request: HttpRequest, origin: str) -> dict[str, str]:
    """Return the one cookie that the token stands for. Beside a token of the API it stands for nothing."""
    if "Authorization" in request.headers:
        return {}
    try:
        browser_id = _signer(origin).unsign(request.headers.get(GUEST_HEADER, ""), max_age=TOKEN_VALID)
    except BadSignature:
        return {}
    return {GUEST_COOKIE: cookie_with(browser_id)}


def _signer(origin: str) -> TimestampSigner:
    return TimestampSigner(salt=f"masthead.elsewhere.timed-guest {origin}")
