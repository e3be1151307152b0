"""Pictures of comments."""

from __future__ import annotations

from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from masthead.core.http import private, public
from masthead.discussion import policies, selectors
from masthead.discussion.models import CommentPicture
from masthead.discussion.policies import Allowed
from masthead.discussion.views.visitors import person_of


@require_safe
def picture(request: HttpRequest, name: str) -> HttpResponse:
    """Hand out the picture of a comment to whoever may see the comment.

    Everybody for a public one; its writer and moderators for one that waits or was removed. Nothing in the file can
    run: it is our own encoding, and the reply forbids everything to whoever opens it alone.
    """
    found = selectors.picture_of(name)
    if found is None:
        raise Http404(name)
    comment = found.comment
    subject = selectors.subject_of(comment.thread.key)
    is_public = comment.is_public and subject is not None and subject.is_public and subject.comments != "off"
    if not is_public and not _may_see(request, found):
        raise Http404(name)
    try:
        with default_storage.open(found.path) as opened:
            response = HttpResponse(opened.read(), content_type="image/webp")
    except FileNotFoundError:
        raise Http404(name) from None
    response["Content-Disposition"] = f'inline; filename="{found.name}.webp"'
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    if is_public:
        return public(response, [f"thread:{comment.thread.key}", comment.thread.key])
    return private(response)


def _may_see(request: HttpRequest, found: CommentPicture) -> bool:
    person, comment = person_of(request), found.comment
    if isinstance(policies.may_moderate(person), Allowed):
        return comment.status != comment.Status.DELETED
    return isinstance(policies.may_delete(person, comment), Allowed)
