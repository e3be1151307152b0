"""Notes on a passage for machines."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse

from masthead.core.http import absolute_url, public
from masthead.discussion import presenters, selectors
from masthead.discussion.errors import UnknownThread


def annotation_list(request: HttpRequest, thread_key: str) -> HttpResponse:
    """Give the public notes on a text as W3C annotations: the collection with its first page, or a further page."""
    after = request.GET.get("after", "")[:16]
    page = selectors.annotations_of(thread_key, after=after)
    if page is None:
        raise UnknownThread()
    address = absolute_url(request.path)
    if after:
        found = presenters.collection_page(page, address=address, after=after)
    else:
        found = presenters.collection(page, address=address)
    response = JsonResponse(found, content_type=presenters.MEDIA_TYPE)
    return public(response, [f"thread:{thread_key}", thread_key])
