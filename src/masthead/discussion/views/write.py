"""Post, edit, delete, vote."""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from masthead.core.errors import DomainError
from masthead.core.http import fragment, private, wants_fragment
from masthead.discussion import policies, presenters, selectors, services
from masthead.discussion.errors import MembersOnly, NotYours, UnknownComment, UnknownThread
from masthead.discussion.forms import CommentForm, TextForm
from masthead.discussion.models import Comment
from masthead.discussion.policies import Denied
from masthead.discussion.ports import Subject
from masthead.discussion.rules.people import Person
from masthead.discussion.rules.voting import Direction
from masthead.discussion.views import replies
from masthead.discussion.views.visitors import introduce, person_of, remember


@require_http_methods(["GET", "POST"])
def comment_create(request: HttpRequest) -> HttpResponse:
    """Show the form of a thread, or post what it holds."""
    person, browser_id = introduce(request, person_of(request))
    if request.method == "GET":
        return _new(request, person)
    form = CommentForm(request.POST, is_member=person.is_member, upload=request.FILES.get("picture"))
    if not form.is_valid():
        return _refused(request, form, person, status=422)
    try:
        subject = _subject(form.cleaned_data["thread"])
        comment = services.post_comment(person=person, subject=subject, **form.arguments())
    except DomainError as error:
        return _refused(request, form, person, error=error, status=error.status)
    return remember(replies.posted(request, comment, subject, person), browser_id)


def _new(request: HttpRequest, person: Person) -> HttpResponse:
    key, passage = request.GET.get("thread", ""), request.GET.get("passage", "")[:64]
    subject = _subject(key)
    decision = policies.may_comment(person, subject)
    if isinstance(decision, Denied) and isinstance(decision.error, MembersOnly):
        return private(redirect_to_login(request.get_full_path()))
    policies.enforce(decision)
    context = replies.form_context(key, passage=passage, person=person, subject=subject, is_open=True)
    return replies.form_reply(request, context)


def _refused(
    request: HttpRequest, form: CommentForm, person: Person, *, status: int, error: DomainError | None = None
) -> HttpResponse:
    """Show the form again with what was typed and what to do about it."""
    errors = form.all_errors()
    field = getattr(error, "field", "")
    if error is not None and field:
        errors[field] = error.message()
    data = form.data
    key = str(data.get("thread", ""))
    context = replies.form_context(
        key,
        reply_to=str(data.get("reply_to", ""))[:16],
        passage=str(data.get("passage", ""))[:64],
        is_open=True,
        values=data,
        errors=errors,
        error=error.message() if error is not None and not field else "",
        person=person,
        subject=selectors.subject_of(key),
    )
    return replies.form_reply(request, context, status=status)


@require_http_methods(["GET", "POST"])
def comment_edit(request: HttpRequest, comment_id: str) -> HttpResponse:
    """Show the form with the own text, or replace the text."""
    person = person_of(request)
    comment = _own(person, comment_id)
    if request.method == "GET":
        return replies.form_reply(request, _edit_context(comment, person, comment.source))
    form = TextForm(request.POST)
    if not form.is_valid():
        errors = {"text": form.text_error()}
        return replies.form_reply(
            request, _edit_context(comment, person, form.data.get("text", ""), errors, form.data), status=422
        )
    try:
        comment = services.edit_comment(
            comment_id=comment_id, person=person, text=form.cleaned_data["text"], stars=form.stars()
        )
    except DomainError as error:
        place = getattr(error, "field", "") or "text"
        context = _edit_context(comment, person, form.data["text"], {place: error.message()}, form.data)
        return replies.form_reply(request, context, status=error.status)
    return replies.changed(request, comment, _("Comment changed."))


def _edit_context(
    comment: Comment,
    person: Person,
    text: str,
    errors: dict[str, str] | None = None,
    typed: Mapping[str, object] | None = None,
) -> dict[str, object]:
    return replies.form_context(
        comment.thread.key,
        uid=f"e{comment.public_id}",
        form_id=f"edit-{comment.public_id}",
        action=_path("comment-edit", comment),
        target=f"#text-{comment.public_id}",
        swap="replace",
        is_open=True,
        asks_name=False,
        draft="",
        label=_("Your comment"),
        button=_("Save"),
        values={**(typed or {}), "text": text},
        stars=selectors.given_stars(comment),
        takes_stars=comment.parent_id is None and comment.note_id is None,
        errors=errors or {},
        person=person,
        subject=selectors.subject_of(comment.thread.key),
    )


def _path(name: str, comment: Comment) -> str:
    """Return the address of an action on a comment."""
    return reverse(f"discussion:{name}", args=[comment.public_id])


@require_http_methods(["GET", "POST"])
def comment_delete(request: HttpRequest, comment_id: str) -> HttpResponse:
    """Ask before deleting, or delete."""
    person = person_of(request)
    comment = _own(person, comment_id)
    if request.method == "POST":
        comment = services.delete_own_comment(comment_id=comment_id, person=person)
        if not wants_fragment(request):
            return private(replies.SeeOther(_path("comment-undo", comment)))
        return replies.changed(request, comment, _("Comment deleted."))
    subject = selectors.subject_of(comment.thread.key)
    context = {"comment": comment, "action": _path("comment-delete", comment), "subject": subject}
    if wants_fragment(request):
        return fragment(request, "discussion/_delete_form.html", context)
    return private(render(request, "discussion/delete_page.html", context))


@require_POST
def comment_vote(request: HttpRequest, comment_id: str) -> HttpResponse:
    """Vote; the same again withdraws."""
    person, browser_id = introduce(request, person_of(request))
    direction: Direction = "down" if request.POST.get("value") == "down" else "up"
    comment = services.cast_vote(comment_id=comment_id, person=person, direction=direction)
    if not wants_fragment(request):
        address = presenters.own_address(_subject(comment.thread.key), comment.public_id)
        return remember(private(replies.SeeOther(address)), browser_id)
    vote = selectors.votes_on(person, [comment.pk]).get(comment.pk, 0)
    context = {"id": comment.public_id, "vote": vote, "score": comment.score, "announce": presenters.vote_text(vote)}
    return remember(fragment(request, "discussion/_votes.html", context), browser_id)


def _own(person: Person, comment_id: str) -> Comment:
    comment = selectors.comment_of(person, comment_id)
    if comment is None:
        raise NotYours()
    if comment.status not in {Comment.Status.PUBLISHED, Comment.Status.HELD}:
        raise UnknownComment()
    return comment


def _subject(key: str) -> Subject:
    subject = selectors.subject_of(key)
    if subject is None:
        raise UnknownThread()
    return subject
