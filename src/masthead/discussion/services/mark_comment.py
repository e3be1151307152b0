"""Keep a conversation above the others, close it, or pick a comment."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q

from masthead.core.clock import now
from masthead.discussion import policies, selectors
from masthead.discussion.errors import TooManyMarked, UnknownComment
from masthead.discussion.events import CommentMarked
from masthead.discussion.models import Comment, ModerationAction
from masthead.discussion.rules.marks import MOST, Mark
from masthead.discussion.rules.people import Person
from masthead.discussion.services import _books
from masthead.discussion.services._own import locked_comment
from masthead.outbox.services import record

_ACTIONS = {
    ("sticky", True): ModerationAction.Action.STICK,
    ("sticky", False): ModerationAction.Action.UNSTICK,
    ("closed", True): ModerationAction.Action.CLOSE,
    ("closed", False): ModerationAction.Action.REOPEN,
    ("picked", True): ModerationAction.Action.PICK,
    ("picked", False): ModerationAction.Action.UNPICK,
}


def mark_comment(*, comment_id: str, person: Person, mark: Mark, on: bool) -> Comment:
    """Set or clear a mark of the newsroom and return the comment; ``CommentMarked`` follows, and a line in the log.

    Guaranteed: closing holds for the whole conversation, for replies that are on their way too; what is marked so
    already changes nothing. Refuses ``UnknownComment``, ``NotAModerator`` (who wrote the story may keep above and
    close), ``NotAConversation``, ``TooManyMarked``.
    """
    found = Comment.objects.select_related("thread").filter(public_id=comment_id).first()
    if found is None:
        raise UnknownComment()
    subject = selectors.subject_of(found.thread.key)
    policies.enforce(policies.may_mark(person, found, subject, mark))
    with transaction.atomic():
        comment = locked_comment(comment_id)
        policies.enforce(policies.may_mark(person, comment, subject, mark))
        if is_marked(comment, mark) != on:
            _set(comment, mark, on=on)
            ModerationAction.objects.create(comment=comment, moderator_id=person.user_id, action=_ACTIONS[mark, on])
            record(CommentMarked(comment.public_id, comment.thread.key, mark=mark, is_set=on))
    return comment


def is_marked(comment: Comment, mark: Mark) -> bool:
    """Tell whether a comment bears a mark."""
    return {"sticky": comment.is_sticky, "closed": comment.is_closed, "picked": comment.picked_at is not None}[mark]


def _set(comment: Comment, mark: Mark, *, on: bool) -> None:
    rows = Comment.objects.filter(thread=comment.thread_id)
    if mark == "closed":
        comment.is_closed = on
        rows.filter(Q(pk=comment.conversation_id) | Q(root=comment.conversation_id)).update(is_closed=on)
        return
    marked = Q(is_sticky=True) if mark == "sticky" else Q(picked_at__isnull=False)
    if on and rows.filter(marked).count() >= MOST[mark]:
        raise TooManyMarked(most=MOST[mark])
    if mark == "sticky":
        comment.is_sticky = on
    else:
        comment.picked_at = now() if on else None
    comment.save(update_fields=["is_sticky", "picked_at"])
    _books.count_raised(comment.thread_id)
