"""The hold queue for those who may moderate."""

from __future__ import annotations

from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Schema

from masthead.core.api import Moderate
from masthead.core.http import absolute_url, private
from masthead.discussion import policies, presenters, selectors, services
from masthead.discussion.api.reading import CommentId
from masthead.discussion.api.routes import router
from masthead.discussion.models import Comment
from masthead.discussion.views.visitors import person_of

_MODERATE = Moderate()


class Held(Schema):
    """A comment that waits for a person, or was decided about; with what only moderators see."""

    id: str
    thread: str
    title: str = Field(description="Of the story; empty when it is not public.")
    url: str
    name: str
    html: str
    source: str = Field(description="As it was written.")
    status: str
    hold_reason: str = Field(description="Why it waits, as a code.")
    reply_to: str | None
    created_at: str


class Queue(Schema):
    """What waits, oldest first."""

    items: list[Held]
    waiting: int = Field(description="How many wait in all.")


class Removal(Schema):
    """Why a comment is taken out of public view."""

    reason: str = Field(
        max_length=20, description="One of: " + ", ".join(f"`{item}`" for item in Comment.Reason.values)
    )
    remark: str = Field("", max_length=2000, description="For colleagues; never shown to readers.")


@router.get("/moderation/queue", response=Queue, auth=_MODERATE, summary="What waits for a moderator")
def queue(request: HttpRequest, response: HttpResponse, limit: Annotated[int, Query(ge=1, le=100)] = 20) -> Queue:
    """The held comments, oldest first; decide about them and ask again."""
    private(response)
    policies.enforce(policies.may_moderate(person_of(request)))
    waiting = selectors.moderation_queue(limit=limit)
    return Queue(items=[_held(item) for item in waiting], waiting=selectors.held_count())


@router.post(
    "/comments/{comment_id}/approve",
    response=Held,
    auth=_MODERATE,
    summary="Publish a held comment",
)
def approve(request: HttpRequest, response: HttpResponse, comment_id: CommentId) -> Held:
    """Publish what is held, was removed or taken for spam."""
    private(response)
    services.approve_comment(comment_id=comment_id, moderator=person_of(request))
    return _held(selectors.any_comment(comment_id))


@router.post("/comments/{comment_id}/remove", response=Held, auth=_MODERATE, summary="Remove a comment")
def remove(request: HttpRequest, response: HttpResponse, comment_id: CommentId, body: Removal) -> Held:
    """Take a comment out of public view; the reason stands in its place where replies remain."""
    private(response)
    services.remove_comment(comment_id=comment_id, moderator=person_of(request), reason=body.reason, remark=body.remark)
    return _held(selectors.any_comment(comment_id))


@router.post("/comments/{comment_id}/spam", response=Held, auth=_MODERATE, summary="Mark a comment as spam")
def spam(request: HttpRequest, response: HttpResponse, comment_id: CommentId) -> Held:
    """Take a comment out of public view as spam."""
    private(response)
    services.mark_spam(comment_id=comment_id, moderator=person_of(request))
    return _held(selectors.any_comment(comment_id))


def _held(item: selectors.Waiting) -> Held:
    row, subject = item.comment, item.subject
    return Held(
        id=row.public_id,
        thread=row.thread.key,
        title=subject.title if subject else "",
        url=absolute_url(presenters.permalink(subject, row.public_id)) if subject else "",
        name=row.author_name,
        html=row.html,
        source=row.source,
        status=row.status,
        hold_reason=row.hold_reason,
        reply_to=row.parent.public_id if row.parent else None,
        created_at=row.created_at.isoformat(),
    )
