"""What a comment said before each edit, with the difference."""

from __future__ import annotations

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from masthead.discussion import presenters, selectors


@permission_required("discussion.moderate_comment")
@require_GET
def history(request: HttpRequest, comment_id: str) -> HttpResponse:
    """Show a comment in its context and every edit of it, the latest first."""
    found = selectors.any_comment(comment_id)
    context = {
        "page_title": _("History of a comment"),
        "header_icon": "history",
        "row": presenters.queue_row(found),
        "edits": presenters.history_rows(found.comment),
    }
    return render(request, "discussion/staff/history.html", context)
