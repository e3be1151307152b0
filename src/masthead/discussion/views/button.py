"""The page behind a mail's button. Opening it changes nothing: scanners of mails open links, people press buttons."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from masthead.core.http import private
from masthead.discussion import presenters, selectors, services
from masthead.discussion.models import Comment, MailLoop
from masthead.discussion.rules.people import Person
from masthead.discussion.views.mine import back_to_mine
from masthead.discussion.views.replies import SeeOther
from masthead.discussion.views.visitors import introduce, person_of, remember


@require_http_methods(["GET", "POST"])
def button(request: HttpRequest, token: str) -> HttpResponse:
    """Show what the button is about, or take it."""
    person, browser_id = introduce(request, person_of(request))
    loop = selectors.loop_of(token)
    is_claim = loop.purpose == MailLoop.Purpose.CLAIM
    if request.method == "GET":
        template = "discussion/claim_page.html" if is_claim else "discussion/button_page.html"
        return private(render(request, template, _shown(request, loop, person)))
    if is_claim:
        services.claim_comments(token=token, chosen=request.POST.getlist("comment"))
        return back_to_mine("claimed")
    trusts = "trusts_writer" in request.POST
    pressed = services.prove_address(token=token, person=person, trusts_writer=trusts)
    return remember(private(SeeOther(_where(pressed.comments))), browser_id)


def _shown(request: HttpRequest, loop: MailLoop, person: Person) -> dict[str, Any]:
    comments = selectors.at_stake(loop)
    subjects = selectors.subjects_of({comment.thread.key for comment in comments})
    return {
        "action": request.path,
        "address": loop.address,
        "is_same_browser": loop.browser in person.marks,
        "rows": presenters.own_rows(comments, subjects, person),
    }


def _where(comments: list[Comment]) -> str:
    """Return where the reader finds again what just appeared: in its discussion, else among all that is his."""
    subject = selectors.subject_of(comments[-1].thread.key) if comments else None
    if subject is None:
        return reverse("discussion:mine")
    return presenters.own_address(subject, comments[-1].public_id)
