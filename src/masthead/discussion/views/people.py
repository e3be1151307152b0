"""Who takes part in a thread."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_GET

from masthead.core import ratelimit
from masthead.core.http import client_ip, fragment, ip_prefix, private
from masthead.discussion import presenters, selectors
from masthead.discussion.errors import UnknownComment, UnknownThread
from masthead.discussion.selectors.people import names_like

_TYPED_MOST = 40
_ASKED_PER_MINUTE = 120


@require_GET
def names(request: HttpRequest) -> HttpResponse:
    """Give the page's script names of this thread that go on from what was typed behind an ``@``.

    Only names that stand in the thread for everybody to read; no list of all people of the site exists.
    """
    key, typed = request.GET.get("thread", ""), request.GET.get("q", "").strip()[:_TYPED_MOST]
    network = ip_prefix(client_ip(request))
    ratelimit.allow("discussion.names", f"{network}:{key}", limit=_ASKED_PER_MINUTE, per_seconds=60)
    subject = selectors.subject_of(key)
    if subject is None or not subject.is_public or subject.comments == "off":
        raise UnknownThread()
    found = names_like(key, typed) if typed else []
    return fragment(request, "discussion/_names.html", {"names": found})


@require_GET
def comment_go(request: HttpRequest, comment_id: str) -> HttpResponse:
    """Lead to a comment wherever its story stands by now: what links stored in texts point at."""
    comment = selectors.visible_comment(comment_id)
    subject = selectors.subject_of(comment.thread.key) if comment else None
    if comment is None or subject is None or not subject.is_public:
        raise UnknownComment()
    return private(HttpResponseRedirect(presenters.permalink(subject, comment_id)))
