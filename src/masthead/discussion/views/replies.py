"""Replies that several views give."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import get_template
from django.urls import reverse
from django.utils.translation import gettext as _

from masthead.core.http import fragment, private, wants_fragment
from masthead.discussion import conf, presenters, selectors
from masthead.discussion.errors import UnknownThread
from masthead.discussion.models import Comment, Note
from masthead.discussion.ports import Subject
from masthead.discussion.presenters import Viewer
from masthead.discussion.rules.people import Person
from masthead.edge.origins import listed_origin


class SeeOther(HttpResponseRedirect):
    """The answer to a form: look there (RFC 9110, 303)."""

    status_code = 303


def form_context(thread_key: str, *, reply_to: str = "", passage: str = "", **more: Any) -> dict[str, Any]:
    """Return what ``discussion/_form.html`` needs for a comment, a reply or an answer."""
    uid = f"r{reply_to}" if reply_to else (f"p{passage}" if passage else "c")
    target = f"#replies-{reply_to}" if reply_to else (f"#answers-{passage}" if passage else "#comment-list")
    context = {
        "uid": uid,
        "form_id": "reply-form" if reply_to else (f"answer-form-{passage}" if passage else "comment-form"),
        "action": reverse("discussion:comment-create"),
        "target": target,
        "swap": "append" if reply_to else "prepend",
        "thread": thread_key,
        "reply_to": reply_to,
        "passage": passage,
        "is_open": bool(reply_to),
        "draft": f"{thread_key}:{uid}",
        "label": _("Reply") if reply_to else (_("Answer") if passage else _("Comment")),
        "button": _("Post reply") if reply_to else (_("Post answer") if passage else _("Post comment")),
        "limit": conf.config().max_length,
        "asks_name": True,
        "takes_stars": True,
        "asks_proof": conf.asks_proof(),
        "takes_picture": conf.config().pictures,
        **more,
    }
    return {**context, "own_fields": presenters.field_rows(context), "star_rows": _star_rows(context)}


def _star_rows(context: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what a comment on the story itself may rate."""
    if context["reply_to"] or context["passage"] or context.get("about_passage") or not context["takes_stars"]:
        return []
    return presenters.star_rows(context.get("subject"), context.get("values") or {}, context.get("stars") or {})


def form_reply(request: HttpRequest, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """Show a form: in place for the page's script, else on a page of its own. Never stored."""
    if wants_fragment(request):
        return fragment(request, "discussion/_form.html", context, status=status)
    return private(render(request, "discussion/form_page.html", {**context, "is_open": True}, status=status))


def _said(comment: Comment, person: Person) -> str:
    """Return what is announced when a comment was sent."""
    if comment.status != Comment.Status.PUBLISHED and not comment.is_unconfirmed:
        return _("Your comment waits for an editor. Only you see it.")
    return presenters.held_text(comment, person.origin) or _("Comment posted.")


def posted(request: HttpRequest, comment: Comment, subject: Subject, person: Person) -> HttpResponse:
    """Show its writer the new comment: inserted by the script, else on the page that shows one's own."""
    if not wants_fragment(request):
        return private(SeeOther(presenters.own_address(subject, comment.public_id)))
    roles, reached = selectors.roles_of([comment]), selectors.reach(person, comment.thread.key)
    stars = selectors.stars_of([comment]) if subject.asks_stars else {}
    is_answer = comment.note is not None and comment.note.kind == Note.Kind.QUESTION
    context = {
        "comment": comment,
        "html": presenters.comment_html(comment, subject, roles, Viewer(reached), stars=stars),
        "averages": _averages(comment, subject),
        "is_answer": is_answer,
        "is_note": comment.note is not None and not is_answer,
        "excerpt": presenters.excerpt(comment) if is_answer else "",
        "permalink": presenters.permalink(subject, comment.public_id),
        "count": comment.thread.comment_count,
        "said": _said(comment, person),
    }
    # Without context processors: the piece needs nothing of the page around it.
    return private(HttpResponse(get_template("discussion/_posted.html").render(context)))


def changed(request: HttpRequest, comment: Comment, announcement: str) -> HttpResponse:
    """Show its writer what became of the own comment: in its place, or on the page that shows one's own."""
    subject = selectors.subject_of(comment.thread.key)
    if not wants_fragment(request):
        if subject is None:
            raise UnknownThread()
        return private(SeeOther(presenters.own_address(subject, comment.public_id)))
    gone = comment.status == Comment.Status.DELETED
    context = {
        "comment": comment,
        "id": comment.public_id,
        "tombstone": presenters.tombstone(comment) if gone else "",
        "html": _text(comment, subject),
        "averages": _averages(comment, subject),
        "count": selectors.count_by_key([comment.thread.key]).get(comment.thread.key, 0),
        "announce": announcement,
        "held_text": presenters.held_text(comment, listed_origin(request)),
    }
    return fragment(request, "discussion/_changed.html", context)


def _text(comment: Comment, subject: Subject | None) -> str:
    if subject is None or not subject.asks_stars:
        return comment.shown
    return presenters.text_html(comment, subject, selectors.stars_of([comment]).get(comment.pk, {}))


def _averages(comment: Comment, subject: Subject | None) -> str:
    """Return what readers give on the whole, to stand where it stood."""
    if subject is None or not subject.asks_stars:
        return ""
    key = comment.thread.key
    return presenters.averages_html(subject, selectors.averages_of([key]).get(key, {}), replaces=True)
