"""What every page of the theme may use."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language, get_language_bidi


def site(request: HttpRequest) -> dict[str, Any]:
    """The site's own facts: the same for every visitor."""
    return {
        "site": settings.MASTHEAD.site,
        "site_url": settings.MASTHEAD.site.url.rstrip("/"),
        "page_language": get_language(),
        "page_direction": "rtl" if get_language_bidi() else "ltr",
    }
