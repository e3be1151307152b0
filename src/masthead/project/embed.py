"""What stands on pages of other sites and belongs to no app: the script, its files, and the meter."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from masthead.core.clock import now
from masthead.core.http import absolute_url, public
from masthead.funding.selectors import meter_of_campaign, shown_campaigns
from masthead.funding.views.slots import MeterBar, campaign_bar
from masthead.project.embed_assets import embed_assets, script

_ONE_YEAR = 365 * 24 * 3600
_TYPES = {"js": "text/javascript; charset=utf-8", "css": "text/css; charset=utf-8"}


@require_safe
def embed_script(request: HttpRequest) -> HttpResponse:
    """Send the script that other sites name: under one address for good, so it is asked for each time."""
    address = absolute_url(reverse("embed-file", args=[embed_assets().digest, "x"])).removesuffix("x")
    return _anywhere(public(HttpResponse(script(address), content_type=_TYPES["js"])))


@require_safe
def embed_file(request: HttpRequest, digest: str, name: str) -> HttpResponse:
    """Send a module or the sheet: for ever under its own hash, briefly under an older one."""
    found = embed_assets()
    if name not in found.files:
        raise Http404
    response = HttpResponse(found.files[name], content_type=_TYPES[name.rpartition(".")[2]])
    is_current = digest == found.digest
    response["Cache-Control"] = f"public, max-age={_ONE_YEAR}, immutable" if is_current else "public, max-age=60"
    return _anywhere(response)


@require_safe
def embed_meter(request: HttpRequest, slug: str = "") -> HttpResponse:
    """Give the meter, or that of the campaign ``slug``; nothing is there while nobody collects for it."""
    meter = _of_campaign(request, slug) if slug else MeterBar().render(request, "", None)
    if not meter:
        raise Http404
    return public(render(request, "embed_meter.html", {"meter": meter}), ["meter"])


def _of_campaign(request: HttpRequest, slug: str) -> str:
    is_shown = any(each.slug == slug for each in shown_campaigns())
    current = meter_of_campaign(slug, now()) if is_shown else None
    return campaign_bar(request, current) if current else ""


def _anywhere(response: HttpResponse) -> HttpResponse:
    """Let every page load it, also those that are isolated from what others send (HTML standard, embedder policy).

    Not the listed sites alone: who may ask would then vary, and a cache that knows no ``Vary`` would keep one site's
    permission, or the lack of one, for a year. There is nothing of anybody in these files.
    """
    response["Access-Control-Allow-Origin"] = "*"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
