"""What every reply must carry, and what no reply may."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden, UnreadablePostError
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from masthead.core import assets
from masthead.core.http import keep_until, private, wants_fragment
from masthead.edge.origins import GUEST_HEADER, is_open, listed, listed_origin
from masthead.edge.replies import CDN_SECONDS
from masthead.edge.store import EVERYTHING

Handler = Callable[[HttpRequest], HttpResponse]
_FORM = "application/x-www-form-urlencoded"
_SECRET = ("/admin/", "/django-admin/", "/accounts/")
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


class PersonalReplyMarkedPublic(AssertionError):
    """A reply that anybody may be shown carries something of one person."""


class ForgeryMiddleware:
    """Refuse unsafe requests that another site's page made.

    Cached pages carry no token, so forms are protected by what browsers say of a request: ``Sec-Fetch-Site``
    (W3C Fetch Metadata) where sent, else ``Origin`` (RFC 6454), else ``Referer``. A request with none of the
    three is no browser's form and is let through: it cannot carry a visitor's cookies unknowingly. So are requests of
    listed sites for what is open to them, which have lost their cookies before.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in _SAFE_METHODS and not (_is_own(request) or listed_origin(request)):
            return private(HttpResponseForbidden(_foreign_form(request)))
        return self.get_response(request)


def _foreign_form(request: HttpRequest) -> str:
    """Write the refusal. A page holds what the form held, each value to be seen, with a button that sends it from here.

    The button is safe: its page is this site's own, no other site can frame it or press it.
    """
    text = _("This form was sent from another site, so nothing was done.")
    if wants_fragment(request):
        return render_to_string("elements/notice.html", {"kind": "bad", "text": text})
    context = {"site": settings.MASTHEAD.site, "text": text, "fields": _typed(request), "action": request.path}
    context["page_language"] = get_language()
    return render_to_string("foreign_form.html", context)


def _typed(request: HttpRequest) -> list[tuple[str, str]]:
    """Return the fields of a reader's form; nothing of uploads, of staff's forms and of sign-in."""
    if request.content_type != _FORM or request.path.startswith(_SECRET):
        return []
    try:
        return [(name, value) for name, values in request.POST.lists() for value in values]
    except (SuspiciousOperation, UnreadablePostError):  # too much, too many, or broken off
        return []


def _is_own(request: HttpRequest) -> bool:
    fetch_site = request.headers.get("Sec-Fetch-Site")
    if fetch_site is not None:
        return fetch_site in {"same-origin", "none"}
    stated = request.headers.get("Origin") or request.headers.get("Referer")
    if stated is None:
        return True
    return urlsplit(stated).netloc == request.get_host()


class ReplyHeadersMiddleware:
    """Give every reply an explicit ``Cache-Control`` and a content policy; guard what is public."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if "Cache-Control" not in response:
            response["Cache-Control"] = "private, no-store"
        if response["Cache-Control"].startswith("public"):
            _refuse_personal(response)
            _add_notes(response, request)
            # What pages of several sites may read varies on who asks, which not every CDN heeds.
            if not (is_open(request.path) and listed()):
                _dress_for_cdn(response)
        policy = settings.ADMIN_CONTENT_POLICY if _is_admin(request) else _public_policy()
        response.headers.setdefault("Content-Security-Policy", policy)
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), microphone=(), geolocation=(), browsing-topics=()"
        )
        return response


def _add_notes(response: HttpResponse, request: HttpRequest) -> None:
    """Put what the pieces of the page noted (:func:`~masthead.core.http.made_of`) beside what the view said."""
    noted: Iterable[str] = getattr(request, "edge_tags", ())
    tags = dict.fromkeys([*response.get("Surrogate-Key", "").split(), *noted])
    if tags:
        response["Surrogate-Key"] = " ".join(tags)
    until = getattr(request, "edge_until", None)
    if until is not None:
        keep_until(response, until)


def _dress_for_cdn(response: HttpResponse) -> None:
    """Let the CDN keep what browsers must ask for again, and name its tags there. A lost purge heals by itself."""
    kind = settings.MASTHEAD.edge.cdn
    if kind == "none" or response["Cache-Control"] != "public, no-cache":
        return
    response["CDN-Cache-Control"] = f"max-age={CDN_SECONDS}"
    if kind in {"fastly", "cloudflare"}:
        tags = list(dict.fromkeys([*response.get("Surrogate-Key", "").split(), EVERYTHING]))
        response["Surrogate-Key"] = " ".join(tags)
        if kind == "cloudflare":
            response["Cache-Tag"] = ",".join(tags)


def _refuse_personal(response: HttpResponse) -> None:
    """Stop a public reply that says who somebody is or varies on it: loudly in tests, safely in production.

    A cookie does, and so does the token that guests on other sites' pages have in place of one.
    """
    vary = {part.strip().lower() for part in response.get("Vary", "").split(",")}
    has_token = GUEST_HEADER in response
    if not (response.cookies or has_token or vary & {"cookie", "authorization", GUEST_HEADER.lower(), "*"}):
        return
    if settings.REFUSE_PERSONAL_REPLIES:
        said = f"cookies {sorted(response.cookies)}, {GUEST_HEADER}: {has_token}, Vary: {response.get('Vary', '')}"
        raise PersonalReplyMarkedPublic(said)
    response["Cache-Control"] = "private, no-store"


def _public_policy() -> str:
    """The public policy, with the one inline text that pages carry allowed by its hash: the import map."""
    policy: str = settings.CONTENT_POLICY
    return policy.replace("script-src 'self'", f"script-src 'self' {assets.importmap_source()}")


def _is_admin(request: HttpRequest) -> bool:
    return request.path.startswith(("/admin/", "/django-admin/"))
