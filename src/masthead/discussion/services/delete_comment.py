"""Take one's own words back, and change one's mind about it."""

from __future__ import annotations

from django.db import transaction

from masthead.core.clock import now
from masthead.discussion import conf, policies, selectors
from masthead.discussion.errors import TooLateToUndo
from masthead.discussion.events import CommentHeld, CommentRemoved, CommentRestored
from masthead.discussion.models import Comment, Deletion
from masthead.discussion.rules.people import Person
from masthead.discussion.services import _books
from masthead.discussion.services._erase import erase
from masthead.discussion.services._own import locked_comment
from masthead.outbox.services import record


def delete_own_comment(*, comment_id: str, person: Person) -> Comment:
    """Delete one's own comment: nobody sees it any more, a tombstone keeps the place of replies.

    Its words, name, address and history lie there a few seconds more, for :func:`undo_deletion`; then
    :func:`erase_deleted` erases them. Votes stay with the row, without a meaning. Possible at any time, also when the
    thread is closed. Refuses ``UnknownComment``, ``NotYours``.
    """
    with transaction.atomic():
        comment = locked_comment(comment_id)
        policies.enforce(policies.may_delete(selectors.reach(person, comment.thread.key), comment))
        Deletion.objects.create(comment=comment, former_status=comment.status)
        _books.set_status(comment, Comment.Status.DELETED)
        record(CommentRemoved(comment.public_id, comment.thread.key, by="writer"))
    return comment


def undo_deletion(*, comment_id: str, person: Person) -> Comment:
    """Bring back, as it was, what this person deleted within the last seconds.

    What was public is public again, what waited waits again. Refuses ``UnknownComment``, ``NotYours``,
    ``TooLateToUndo``.
    """
    with transaction.atomic():
        comment = locked_comment(comment_id)
        policies.enforce(policies.may_undo_deletion(selectors.reach(person, comment.thread.key), comment))
        deletion = Deletion.objects.filter(comment=comment, deleted_at__gt=now() - conf.UNDO_TAKEN).first()
        if deletion is None:
            raise TooLateToUndo()
        status = Comment.Status(deletion.former_status)
        deletion.delete()
        _books.set_status(comment, status)
        if comment.is_public:
            record(CommentRestored(comment.public_id, comment.thread.key))
        else:
            record(CommentHeld(comment.public_id, comment.thread.key, comment.hold_reason))
    return comment


def take_back_comment(*, comment_id: str, person: Person) -> Comment:
    """Undo the posting of what this person posted within the last seconds: it is erased at once.

    Returns the comment as it was before, so that its words can stand in the form again. Refuses ``UnknownComment``,
    ``NotYours``, ``AnsweredAlready``, ``TooLateToUndo``.
    """
    with transaction.atomic():
        comment = locked_comment(comment_id)
        policies.enforce(policies.may_take_back(selectors.reach(person, comment.thread.key), comment, now()))
        before = locked_comment(comment_id)
        erase(comment)
        record(CommentRemoved(comment.public_id, comment.thread.key, by="writer"))
    return before


def erase_deleted() -> int:
    """Erase what was deleted and can no longer be taken back; return how much. One short transaction each."""
    ids = Deletion.objects.filter(deleted_at__lte=now() - conf.UNDO_TAKEN).values_list("comment__public_id", flat=True)
    return sum(_erase_for_good(comment_id) for comment_id in list(ids))


def _erase_for_good(comment_id: str) -> bool:
    with transaction.atomic():
        comment = locked_comment(comment_id)
        count, _rows = Deletion.objects.filter(comment=comment, deleted_at__lte=now() - conf.UNDO_TAKEN).delete()
        if count:
            erase(comment)
    return bool(count)
