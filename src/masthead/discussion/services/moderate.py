"""Decide about a comment."""

from __future__ import annotations

from django.db import transaction

from masthead.core.clock import now
from masthead.discussion import policies
from masthead.discussion.errors import ReasonMissing, UnknownComment
from masthead.discussion.events import CommentRemoved, CommentRestored
from masthead.discussion.models import Comment, ModerationAction
from masthead.discussion.rules.people import Person
from masthead.discussion.services import _books
from masthead.discussion.services._own import locked_comment
from masthead.discussion.services.post_comment import posted
from masthead.outbox.services import record


def approve_comment(*, comment_id: str, moderator: Person) -> Comment:
    """Publish a held, removed or spam comment. ``CommentPosted`` follows the first time, ``CommentRestored`` later.

    Approving what is public changes nothing. Refuses ``NotAModerator``, ``UnknownComment`` (also for what its
    writer deleted).
    """
    policies.enforce(policies.may_moderate(moderator))
    with transaction.atomic():
        comment = _decided(comment_id)
        if comment.status == Comment.Status.PUBLISHED:
            return comment
        _books.set_status(comment, Comment.Status.PUBLISHED, hold_reason="", removal_reason="")
        _note_action(comment, moderator, ModerationAction.Action.APPROVE)
        if comment.kind == Comment.Kind.COMMENT:
            is_first = comment.published_at is None
            if is_first:
                comment.published_at = now()
                comment.save(update_fields=["published_at"])
            record(posted(comment) if is_first else CommentRestored(comment.public_id, comment.thread.key))
    return comment


def remove_comment(*, comment_id: str, moderator: Person, reason: str, remark: str = "") -> Comment:
    """Take a comment out of public view; the reason stands in its place where replies remain.

    Refuses ``NotAModerator``, ``UnknownComment``, ``ReasonMissing`` (none of :class:`Comment.Reason`).
    """
    if reason not in Comment.Reason.values:
        raise ReasonMissing()
    action = ModerationAction.Action.REMOVE
    return _take_out(comment_id, moderator, Comment.Status.REMOVED, action=action, reason=reason, remark=remark)


def mark_spam(*, comment_id: str, moderator: Person) -> Comment:
    """Take a comment out of public view as spam. Refuses ``NotAModerator``, ``UnknownComment``."""
    return _take_out(comment_id, moderator, Comment.Status.SPAM, action=ModerationAction.Action.SPAM)


def _take_out(
    comment_id: str,
    moderator: Person,
    status: Comment.Status,
    *,
    action: ModerationAction.Action,
    reason: str = "",
    remark: str = "",
) -> Comment:
    policies.enforce(policies.may_moderate(moderator))
    with transaction.atomic():
        comment = _decided(comment_id)
        if comment.status == status:
            return comment
        _books.set_status(comment, status, hold_reason="", removal_reason=reason)
        _note_action(comment, moderator, action, reason, remark)
        record(CommentRemoved(comment.public_id, comment.thread.key, by="moderator", reason=reason or "spam"))
    return comment


def _decided(comment_id: str) -> Comment:
    comment = locked_comment(comment_id)
    if comment.status == Comment.Status.DELETED:
        raise UnknownComment()
    return comment


def _note_action(
    comment: Comment, moderator: Person, action: ModerationAction.Action, reason: str = "", remark: str = ""
) -> None:
    ModerationAction.objects.create(
        comment=comment, moderator_id=moderator.user_id, action=action, reason=reason, remark=remark
    )
