"""Counters beside the rows they count: changed in the transaction of the change, never read, added and written.

Callers hold the lock of the thread's row (:func:`lock_thread`).
"""

from __future__ import annotations

from django.db.models import F, IntegerField

from masthead.core.statements import Gap, Select, Update
from masthead.discussion.models import Comment, Note, Thread
from masthead.discussion.rules.ranking import standing

_THREAD = ("id", "key", "comment_count", "inline_count", "created_at")
_NUMBER: IntegerField[int, int] = IntegerField()
# What every post does, written once.
_LOCKED = Select(lambda: Thread.objects.select_for_update().filter(key=Gap("key")).values_list(*_THREAD))
_COUNTED = Update(
    lambda: Thread.objects.filter(pk=Gap("thread")),
    comment_count=F("comment_count") + Gap("comments", _NUMBER),
    inline_count=F("inline_count") + Gap("answers", _NUMBER),
)


def thread_locked(key: str) -> Thread:
    """Lock and return the thread of this key, made if missing."""
    found = _LOCKED.first(key=key)
    if found is None:
        Thread.objects.get_or_create(key=key)
        found = _LOCKED.first(key=key)
    return Thread.from_db(None, _THREAD, found)


def lock_thread(thread_id: int) -> Thread:
    """Lock and return the thread: changes to its counters follow one another."""
    return Thread.objects.select_for_update().get(pk=thread_id)


def enter(comment: Comment) -> None:
    """Count a comment that was just inserted with ``is_listed`` as it must be; its ``thread`` knows it too."""
    if comment.is_public:
        _count(comment, 1)
        comment.thread.comment_count += 1
    if comment.is_listed:
        _pass_up(comment, 1)


def set_status(comment: Comment, status: Comment.Status, **fields: object) -> None:
    """Change who can see a comment, and everything that is counted from it."""
    before = comment.is_public
    comment.status = status
    for name, value in fields.items():
        setattr(comment, name, value)
    comment.save(update_fields=["status", *fields])
    _count(comment, int(comment.is_public) - int(before))
    _relist(comment)


def count_vote(comment: Comment, up: int, down: int) -> None:
    """Add to the votes of a comment whose row the caller has locked and read since; it knows them afterwards."""
    comment.up, comment.down, comment.score = comment.up + up, comment.down + down, comment.score + up - down
    comment.best = standing(comment.up, comment.down)
    Comment.objects.filter(pk=comment.pk).update(
        up=F("up") + up, down=F("down") + down, score=F("score") + (up - down), best=comment.best
    )


def _count(comment: Comment, delta: int) -> None:
    if not delta:
        return
    answers = delta if comment.note_id else 0
    _COUNTED.run(thread=comment.thread_id, comments=delta, answers=answers)
    if comment.note_id:
        Note.objects.filter(pk=comment.note_id).update(answer_count=F("answer_count") + delta)


def _relist(comment: Comment) -> None:
    fresh = Comment.objects.only("listed_children", "is_listed").get(pk=comment.pk)
    should = comment.is_public or fresh.listed_children > 0
    comment.listed_children = fresh.listed_children
    if should == fresh.is_listed:
        return
    comment.is_listed = should
    comment.save(update_fields=["is_listed"])
    _pass_up(comment, 1 if should else -1)


def _pass_up(comment: Comment, delta: int) -> None:
    """Tell the ancestors that one more (or less) stands below them; a tombstone may come or go on the way."""
    node = comment
    while node.parent_id is not None:
        Comment.objects.filter(pk=node.conversation_id).update(reply_total=F("reply_total") + delta)
        Comment.objects.filter(pk=node.parent_id).update(listed_children=F("listed_children") + delta)
        parent = Comment.objects.only("status", "kind", "parent", "root", "listed_children", "is_listed").get(
            pk=node.parent_id
        )
        should = parent.is_public or parent.listed_children > 0
        if should == parent.is_listed:
            return
        parent.is_listed = should
        parent.save(update_fields=["is_listed"])
        node = parent
