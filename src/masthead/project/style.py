"""The one stylesheet of a release, joined from the apps' files by :mod:`masthead.core.assets`."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

from masthead.core import assets

_ONE_YEAR = 365 * 24 * 3600


def stylesheet(request: HttpRequest, digest: str) -> HttpResponse:
    """Send the stylesheet: for ever under its own hash, briefly under an older one (a page from before an update)."""
    sheet = assets.stylesheet()
    compressed = "gzip" in request.headers.get("Accept-Encoding", "")
    response = HttpResponse(sheet.compressed if compressed else sheet.text, content_type="text/css; charset=utf-8")
    if compressed:
        response["Content-Encoding"] = "gzip"
    patch_vary_headers(response, ["Accept-Encoding"])
    current = digest == sheet.digest
    response["Cache-Control"] = f"public, max-age={_ONE_YEAR}, immutable" if current else "public, max-age=60"
    return response
