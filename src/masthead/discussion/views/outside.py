"""The discussion about a page of another site, on a page of ours: for readers without script, and for permalinks."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from masthead.core.http import private, public
from masthead.discussion import selectors
from masthead.discussion.rules.query import parse


@require_safe
def page(request: HttpRequest, page_id: str) -> HttpResponse:
    """Show the discussion; for one person alone where the own comment is asked for."""
    found = selectors.shown_outside_page(page_id)
    response = render(request, "discussion/outside_page.html", {"outside": found})
    if parse(request.GET).mine:
        return private(response)
    return public(response, [f"thread:{found.key}", found.key])
