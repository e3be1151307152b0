"""The queue of held comments: one column, one decision at a time, no script needed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from masthead.discussion import presenters, selectors, services
from masthead.discussion.errors import DiscussionError
from masthead.discussion.rules.marks import MARKS
from masthead.discussion.staff.forms import RemovalForm
from masthead.discussion.views.visitors import person_of

_PERMISSION = "discussion.moderate_comment"


@permission_required(_PERMISSION)
@require_GET
def queue(request: HttpRequest) -> HttpResponse:
    """Show what waits, oldest first, each in its context."""
    waiting = selectors.moderation_queue()
    count = selectors.held_count()
    context = {
        "page_title": _("Held comments"),
        "header_icon": "comment",
        "page_subtitle": ngettext("%(count)s waits", "%(count)s wait", count) % {"count": count},
        "rows": [presenters.queue_row(item) for item in waiting],
        "count": count,
    }
    return render(request, "discussion/staff/queue.html", context)


@permission_required(_PERMISSION)
@require_POST
def decide(request: HttpRequest, comment_id: str) -> HttpResponse:
    """Approve a comment or mark it as spam."""
    moderator = person_of(request)
    try:
        if request.POST.get("action") == "spam":
            services.mark_spam(comment_id=comment_id, moderator=moderator)
            messages.success(request, _("Marked as spam."))
        else:
            services.approve_comment(comment_id=comment_id, moderator=moderator)
            messages.success(request, _("Published."))
    except DiscussionError as error:
        messages.error(request, error.message())
    return redirect("discussion_staff:queue")


@permission_required(_PERMISSION)
@require_http_methods(["GET", "POST"])
def comment(request: HttpRequest, comment_id: str) -> HttpResponse:
    """Show a comment with its marks, who voted and what was decided; set or clear a mark."""
    if request.method == "POST":
        return _mark(request, comment_id)
    waiting = selectors.any_comment(comment_id)
    context = {
        "page_title": _("A comment"),
        "header_icon": "comment",
        "row": presenters.queue_row(waiting),
        "marks": [presenters.mark_choice(waiting.comment, mark) for mark in MARKS],
        "voters": selectors.voters_of(waiting.comment),
        "actions": waiting.comment.actions.select_related("moderator").order_by("-taken_at", "-pk"),
    }
    return render(request, "discussion/staff/comment.html", context)


def _mark(request: HttpRequest, comment_id: str) -> HttpResponse:
    mark = next((item for item in MARKS if item == request.POST.get("mark")), MARKS[0])
    is_on = request.POST.get("on") == "1"
    try:
        services.mark_comment(comment_id=comment_id, person=person_of(request), mark=mark, on=is_on)
        messages.success(request, presenters.mark_text(mark, on=is_on))
    except DiscussionError as error:
        messages.error(request, error.message())
    return redirect("discussion_staff:comment", comment_id)


@permission_required(_PERMISSION)
@require_http_methods(["GET", "POST"])
def remove(request: HttpRequest, comment_id: str) -> HttpResponse:
    """Ask for the reason, then remove."""
    form = RemovalForm(request.POST or None)
    if not form.is_valid():
        status = 422 if form.is_bound else 200
        return render(request, "discussion/staff/remove.html", _removal(comment_id, form), status=status)
    try:
        services.remove_comment(comment_id=comment_id, moderator=person_of(request), **form.cleaned_data)
        messages.success(request, _("Removed. The reason is shown where replies remain."))
    except DiscussionError as error:
        messages.error(request, error.message())
    return redirect("discussion_staff:queue")


def _removal(comment_id: str, form: RemovalForm) -> dict[str, Any]:
    return {
        "page_title": _("Remove a comment"),
        "header_icon": "comment",
        "row": presenters.queue_row(selectors.any_comment(comment_id)),
        "form": form,
    }
