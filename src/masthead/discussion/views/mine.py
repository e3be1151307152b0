"""*My discussions*: what is one's own, to see, to take away, to claim and to erase. Never stored."""

from __future__ import annotations

import io
import json
import zipfile

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from masthead.core.clock import now
from masthead.core.http import private
from masthead.discussion import presenters, selectors, services
from masthead.discussion.views.replies import SeeOther
from masthead.discussion.views.visitors import forget, person_of

_PAGE = 50


@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """List what this browser, guest or account wrote and voted."""
    person = person_of(request)
    comments = selectors.own_comments(person, limit=_PAGE + 1, before=request.GET.get("before", "")[:16])
    votes = selectors.own_votes(person)
    keys = {comment.thread.key for comment in comments} | {vote.comment.thread.key for vote in votes}
    subjects = selectors.subjects_of(keys)
    context = {
        "person": person,
        "proven": person.proven_address,
        "rows": presenters.own_rows(comments[:_PAGE], subjects, person),
        "older": comments[_PAGE - 1].public_id if len(comments) > _PAGE else "",
        "votes": presenters.vote_rows(votes, subjects),
        "waiting": selectors.waiting_addresses(person),
        "claimable": selectors.claimable_count(person),
        "said": _said(request.GET.get("said", "")),
    }
    return private(render(request, "discussion/mine.html", context))


def _said(code: str) -> str:
    texts = {
        "sent": _("The mail is on its way."),
        "left": _("Every browser has forgotten you, also on the pages of other sites."),
        "claimed": _("They are yours now."),
        "erased": _("Everything of yours is deleted."),
    }
    return texts.get(code, "")


def back_to_mine(said: str) -> HttpResponse:
    """Lead back to the page, which then says what was done."""
    return private(SeeOther(f"{reverse('discussion:mine')}?said={said}"))


@require_POST
def ask_again(request: HttpRequest) -> HttpResponse:
    """Send the mail again for what waits in this browser."""
    services.ask_again(person=person_of(request))
    return back_to_mine("sent")


@require_POST
def ask_claim(request: HttpRequest) -> HttpResponse:
    """Send a mail by which earlier comments can be claimed."""
    services.ask_to_claim(person=person_of(request))
    return back_to_mine("sent")


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Let every browser of a guest be nobody's again."""
    services.forget_browsers(person=person_of(request))
    return back_to_mine("left")


@require_GET
def export(request: HttpRequest) -> HttpResponse:
    """Give a zip with one NDJSON file for each kind of thing that is this person's."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, rows in selectors.belongings(person_of(request)).items():
            lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
            archive.writestr(f"{name}.ndjson", lines)
    response = HttpResponse(packed.getvalue(), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="my-discussions-{now():%Y-%m-%d}.zip"'
    return private(response)


@require_http_methods(["GET", "POST"])
def erase(request: HttpRequest) -> HttpResponse:
    """Say what would be erased for good; the button does it."""
    person = person_of(request)
    if request.method == "GET":
        context = {"person": person, "count": selectors.own_count(person)}
        return private(render(request, "discussion/erase_page.html", context))
    services.erase_person(person=person)
    if person.is_member and not person.is_staff:
        logout(request)
    return forget(back_to_mine("erased"))
