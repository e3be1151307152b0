"""What the newsroom may do beside a comment: asked for apart, so that no public page holds it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from masthead.core.http import fragment, private, wants_fragment
from masthead.discussion import policies, presenters, selectors, services
from masthead.discussion.errors import NotAModerator, UnknownComment
from masthead.discussion.models import Comment
from masthead.discussion.policies import Allowed
from masthead.discussion.ports import Subject
from masthead.discussion.rules.marks import MARKS
from masthead.discussion.rules.people import Person
from masthead.discussion.views.replies import SeeOther
from masthead.discussion.views.visitors import person_of


@require_GET
def tools(request: HttpRequest, comment_id: str) -> HttpResponse:
    """Show what this person may set on a comment: a piece for the page's script, else a page of its own."""
    comment, subject = _found(comment_id)
    return _shown(request, comment, subject, person_of(request))


@require_POST
def comment_mark(request: HttpRequest, comment_id: str) -> HttpResponse:
    """Set or clear a mark."""
    person = person_of(request)
    mark = next((item for item in MARKS if item == request.POST.get("mark")), None)
    if mark is None:
        raise UnknownComment()
    is_on = request.POST.get("on") == "1"
    comment = services.mark_comment(comment_id=comment_id, person=person, mark=mark, on=is_on)
    subject = selectors.subject_of(comment.thread.key)
    if subject is None or not wants_fragment(request):
        return private(SeeOther(f"{subject.path}?comment={comment_id}#comment-{comment_id}" if subject else "/"))
    return _shown(request, comment, subject, person, announce=presenters.mark_text(mark, on=is_on))


def _found(comment_id: str) -> tuple[Comment, Subject]:
    comment = selectors.any_comment(comment_id).comment
    subject = selectors.subject_of(comment.thread.key)
    if subject is None:
        raise UnknownComment()
    return comment, subject


def _shown(
    request: HttpRequest, comment: Comment, subject: Subject, person: Person, *, announce: str = ""
) -> HttpResponse:
    allowed = [mark for mark in MARKS if isinstance(policies.may_mark(person, comment, subject, mark), Allowed)]
    if not allowed:
        raise NotAModerator()
    context: dict[str, Any] = {
        "id": comment.public_id,
        "marks": [presenters.mark_choice(comment, mark) for mark in allowed],
        "may_moderate": person.may_moderate,
        "announce": announce,
        "subject": subject,
        "html": presenters.comment_html(comment, subject, {}, presenters.NO_VIEWER, is_new=False),
    }
    if wants_fragment(request):
        return fragment(request, "discussion/_tools.html", context)
    return private(render(request, "discussion/tools_page.html", context))
