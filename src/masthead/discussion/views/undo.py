"""Undo what was done a moment ago: posting, or deleting."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from masthead.core.http import fragment, private, wants_fragment
from masthead.discussion import policies, selectors, services
from masthead.discussion.errors import NotYours
from masthead.discussion.models import Comment
from masthead.discussion.rules.people import Person
from masthead.discussion.views import replies
from masthead.discussion.views.visitors import person_of


@require_http_methods(["GET", "POST"])
def comment_undo(request: HttpRequest, comment_id: str) -> HttpResponse:
    """Offer to take a deletion back, or take back what was done last: the deletion, else the posting."""
    person = person_of(request)
    comment = selectors.comment_of(person, comment_id)
    if comment is None:
        raise NotYours()
    if request.method == "GET":
        policies.enforce(policies.may_undo_deletion(person, comment))
        context = {"id": comment_id, "target": "", "subject": selectors.subject_of(comment.thread.key)}
        return private(render(request, "discussion/undo_page.html", context))
    if comment.status == Comment.Status.DELETED:
        comment = services.undo_deletion(comment_id=comment_id, person=person)
        return replies.changed(request, comment, _("Your comment is back."))
    return _form_again(request, services.take_back_comment(comment_id=comment_id, person=person), person)


def _form_again(request: HttpRequest, comment: Comment, person: Person) -> HttpResponse:
    """Show the form with the words that were taken back: nothing typed is lost."""
    parent, note, key = comment.parent, comment.note, comment.thread.key
    address = "" if person.origin else comment.author_email
    context = replies.form_context(
        key,
        reply_to=parent.public_id if parent else "",
        passage=note.passage_id if note else "",
        values={"text": comment.source, "name": comment.author_name, "address": address},
        person=person,
        subject=selectors.subject_of(key),
        parent=parent,
        is_open=True,
    )
    if not wants_fragment(request):
        return replies.form_reply(request, context)
    more = {
        "at_reply": parent is not None,
        "takes_focus": True,
        "count": selectors.count_by_key([key]).get(key, 0),
        "announce": _("Taken back. Your words stand in the form again."),
    }
    return fragment(request, "discussion/_taken_back.html", {**context, **more})
