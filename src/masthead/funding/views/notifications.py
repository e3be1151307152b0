"""Where processors tell what happened."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from masthead.core.clock import now
from masthead.core.http import private
from masthead.funding.errors import UnknownMethod
from masthead.funding.ports import NotForUs
from masthead.funding.providers import provider_named
from masthead.funding.services import take_notification

_LONGEST = 1024 * 1024


@csrf_exempt  # signed by the processor over its raw bytes, which says more than a token
@require_POST
def notification(request: HttpRequest, provider: str) -> HttpResponse:
    """Keep a notification whose signature holds, and answer 204 once it is kept.

    400 for a signature that does not hold (rules W1 to W3), 503 while no secret is set and 403 for the other mode (rule
    W4), 413 for more than a megabyte. What comes of it is the worker's business, so a bad day here makes nobody send
    anything twice (rule W5).
    """
    try:
        asked = provider_named(provider)
    except UnknownMethod as refusal:
        return _answer(404, refusal.message())
    body = request.read(_LONGEST + 1)
    if len(body) > _LONGEST:
        return _answer(413, "too long")
    try:
        told = asked.read_notification(body, dict(request.headers), now())
    except NotForUs as refusal:
        return _answer(refusal.status, str(refusal))
    take_notification(provider=provider, notification=told, body=body)
    return _answer(204, "")


def _answer(status: int, text: str) -> HttpResponse:
    return private(HttpResponse(text, status=status, content_type="text/plain; charset=utf-8"))
