"""Pieces of a thread, and what is one's own."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.views.decorators.http import require_GET, require_POST

from masthead.core.http import fragment, private, wants_fragment
from masthead.discussion import conf, policies, presenters, selectors, services
from masthead.discussion.errors import ParentGone, UnknownComment, UnknownThread
from masthead.discussion.forms import TextForm
from masthead.discussion.presenters import Viewer
from masthead.discussion.rules.query import parse
from masthead.discussion.views import replies, thread
from masthead.discussion.views.visitors import person_of


@require_GET
def comment_reply(request: HttpRequest, comment_id: str) -> HttpResponse:
    """Show the form for a reply: a page of its own, or a piece for the page's script."""
    comment = selectors.visible_comment(comment_id)
    if comment is None:
        raise ParentGone()
    person = person_of(request)
    subject = selectors.subject_of(comment.thread.key)
    policies.enforce(policies.may_comment(person, subject))
    policies.enforce(policies.may_answer(comment))
    context = replies.form_context(
        comment.thread.key, reply_to=comment_id, person=person, subject=subject, parent=comment
    )
    return replies.form_reply(request, context)


@require_GET
def thread_list(request: HttpRequest) -> HttpResponse:
    """Give the page's script another order, filter or page of a list; others are sent to the article."""
    key, query = request.GET.get("thread", ""), parse(request.GET)
    page = selectors.thread_page(key, query)
    if page is None:
        raise UnknownThread()
    if not wants_fragment(request):
        return private(HttpResponseRedirect(f"{query.address(page.subject.path)}#comments"))
    template = "discussion/_more_comments.html" if query.after else "discussion/_thread.html"
    return fragment(request, template, thread.thread_context(page, focus_sort=True))


@require_GET
def news(request: HttpRequest) -> HttpResponse:
    """Give the page's script what came and what changed while its reader read on; named by the live stream."""
    ids, changed = request.GET.getlist("id"), request.GET.getlist("changed")
    found = selectors.fresh(request.GET.get("thread", ""), added=ids, changed=changed)
    if found is None:
        raise UnknownThread()
    if not wants_fragment(request):
        return private(HttpResponseRedirect(f"{found.subject.path}#comments"))
    return fragment(request, "discussion/_fresh.html", presenters.fresh_pieces(found))


@require_GET
def replies_of(request: HttpRequest, comment_id: str) -> HttpResponse:
    """Open a folded conversation in place, with focus on the first reply after ``after``."""
    root = selectors.visible_root(comment_id)
    subject = selectors.subject_of(root.thread.key) if root else None
    if root is None or subject is None:
        raise UnknownComment()
    if not wants_fragment(request):
        return private(HttpResponseRedirect(presenters.permalink(subject, comment_id)))
    comments = selectors.opening(root)
    after = request.GET.get("after", "")
    focus_id = presenters.next_id(comments, int(after) if after.isdigit() and len(after) < 19 else 0)
    html = presenters.conversation_html(comments, subject, selectors.roles_of(comments), focus_id=focus_id)
    return private(HttpResponse(html))


@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    """Show how a text will look. Nothing is stored."""
    form = TextForm(request.POST)
    error = form.text_error()
    text = str(form.data.get("text", ""))[: conf.config().max_length]
    html = SafeString(services.render_text(request.POST.get("thread", ""), text))
    context = {"html": html, "error": error, "text": text, "values": form.data}
    if wants_fragment(request):
        return fragment(request, "discussion/_preview.html", context)
    key = request.POST.get("thread", "")
    more: dict[str, Any] = {
        "reply_to": request.POST.get("reply_to", "")[:16],
        "passage": request.POST.get("passage", "")[:64],
        "is_open": True,
        "person": person_of(request),
        "subject": selectors.subject_of(key),
    }
    return private(render(request, "discussion/form_page.html", {**replies.form_context(key, **more), **context}))


@require_GET
def me(request: HttpRequest) -> HttpResponse:
    """Give the page's script what is this person's own on a page that is the same for everybody."""
    person, key = person_of(request), request.GET.get("thread", "")
    subject = selectors.subject_of(key)
    if subject is None:
        raise UnknownThread()
    reached = selectors.reach(person, key)
    own = selectors.own_in_thread(reached, key)
    votes = selectors.votes_in_thread(reached, key)
    context = {
        "person": person,
        "known": {"name": person.name, "address": person.shown_address} if person.is_verified_guest else None,
        "asks_proof": conf.asks_proof(),
        "leads": policies.leads(person, subject),
        "held": presenters.held_pieces(own, subject, reached),
        "own": presenters.own_marks(own, subject, Viewer(reached)),
        "votes": presenters.vote_marks(votes),
    }
    return fragment(request, "discussion/_me.html", context)
