"""From readers: suggested corrections, and what was told in confidence. Each list is for those who may read it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from masthead.core.http import private
from masthead.discussion import presenters, selectors, services
from masthead.discussion.errors import DiscussionError
from masthead.discussion.models import Hint
from masthead.discussion.rules.marked import HINT_KINDS, HintKind
from masthead.discussion.staff.forms import AnswerForm, CorrectionForm

PERMISSIONS: dict[HintKind, str] = {
    "correction": "discussion.handle_corrections",
    "confidence": "discussion.read_confidences",
}


def kinds_for(user: Any) -> list[HintKind]:
    """Return what this person may read."""
    return [kind for kind in HINT_KINDS if user.has_perm(PERMISSIONS[kind])]


@require_GET
def hint_list(request: HttpRequest) -> HttpResponse:
    """Show one kind in one state, newest first."""
    kinds = kinds_for(request.user)
    kind = next((item for item in kinds if item == request.GET.get("kind")), kinds[0] if kinds else None)
    if kind is None:
        raise PermissionDenied
    status = next((item for item in Hint.Status.values if item == request.GET.get("status")), Hint.Status.NEW)
    context = {
        "page_title": _("From readers"),
        "header_icon": "mail",
        "tabs": presenters.hint_tabs(kinds, kind, status),
        "rows": [presenters.hint_row(row) for row in selectors.hints(kind, status=status)],
    }
    return private(render(request, "discussion/staff/hints.html", context))


@require_http_methods(["GET", "POST"])
def hint_page(request: HttpRequest, kind: HintKind, hint_id: str) -> HttpResponse:
    """Show one hint with what was done about it; or do what the pressed button says."""
    if kind not in kinds_for(request.user):
        raise PermissionDenied
    found = selectors.hint(hint_id, kind)
    if request.method == "POST":
        form = _form(request, found.hint)
        if form is None or form.is_valid():
            return _act(request, found.hint, form)
    context = {
        "page_title": found.hint.get_kind_display(),
        "header_icon": "mail",
        "row": presenters.hint_row(found),
        "replies": [(reply.text, reply.written_by, reply.sent_at) for reply in found.hint.replies.all()],
        "correction_form": CorrectionForm(request.POST if request.POST.get("action") == "accept" else None),
        "answer_form": AnswerForm(request.POST if request.POST.get("action") == "answer" else None),
    }
    return private(render(request, "discussion/staff/hint.html", context, status=422 if request.POST else 200))


def _form(request: HttpRequest, hint: Hint) -> CorrectionForm | AnswerForm | None:
    action = request.POST.get("action")
    if action == "answer":
        return AnswerForm(request.POST)
    return CorrectionForm(request.POST) if action == "accept" and hint.kind == Hint.Kind.CORRECTION else None


def _act(request: HttpRequest, hint: Hint, form: CorrectionForm | AnswerForm | None) -> HttpResponse:
    action, by = request.POST.get("action"), request.user
    try:
        if isinstance(form, AnswerForm):
            services.answer_hint(hint_id=hint.public_id, text=form.cleaned_data["answer"], by=by)
            messages.success(request, _("Your answer is on its way."))
        elif isinstance(form, CorrectionForm):
            services.accept_correction(hint_id=hint.public_id, text=form.cleaned_data["published_text"], by=by)
            messages.success(request, _("Accepted. The story says so now; put its text right, too."))
        else:
            services.settle_hint(hint_id=hint.public_id, accepted=action == "accept", by=by)
            messages.success(request, _("Noted."))
    except DiscussionError as error:
        messages.error(request, error.message())
    return redirect(f"{reverse('discussion_staff:hints')}?kind={hint.kind}")
