"""Counters beside the rows they count: changed in the transaction of the change, never read, added and written.

Callers hold the lock of the thread's row (:func:`lock_thread`).
"""

from __future__ import annotations

from django.db import connection
from django.db.models import Count, F, IntegerField, Q

from masthead.core.statements import Gap, Select, Update
from masthead.discussion.models import RAISED, Comment, Note, Thread
from masthead.discussion.rules.paging import NUMBERED_PAGE
from masthead.discussion.rules.ranking import standing
from masthead.discussion.services import _ratings

_THREAD = ("id", "key", "comment_count", "inline_count", "root_count", "sticky_count", "pick_count", "created_at")
_NUMBER: IntegerField[int, int] = IntegerField()
# What every post does, written once.
_LOCKED = Select(lambda: Thread.objects.select_for_update().filter(key=Gap("key")).values_list(*_THREAD))
_COUNTED = Update(
    lambda: Thread.objects.filter(pk=Gap("thread")),
    comment_count=F("comment_count") + Gap("comments", _NUMBER),
    inline_count=F("inline_count") + Gap("answers", _NUMBER),
    root_count=F("root_count") + Gap("roots", _NUMBER),
)
# All conversations of a thread in the order of time, numbered; only names of our own columns are written into the text.
_NUMBERED = f"""
    UPDATE discussion_comment SET page = numbered.page FROM (
        SELECT id, (ROW_NUMBER() OVER (ORDER BY sorted_at, id) - 1) / {NUMBERED_PAGE} + 1 AS page
        FROM discussion_comment WHERE thread_id = %s AND parent_id IS NULL AND kind = 'comment'
    ) AS numbered WHERE discussion_comment.id = numbered.id AND discussion_comment.page <> numbered.page
"""  # noqa: S608


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
    """Count a comment that was just inserted with ``is_listed`` and ``page`` as must be; its ``thread`` knows it."""
    roots = int(comment.parent_id is None)
    _count(comment, int(comment.is_public), roots=roots)
    comment.thread.comment_count += int(comment.is_public)
    comment.thread.root_count += roots
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
    if comment.is_sticky or comment.picked_at:
        count_raised(comment.thread_id)
    _ratings.follow(comment)


def count_vote(comment: Comment, up: int, down: int) -> None:
    """Add to the votes of a comment whose row the caller has locked and read since; it knows them afterwards."""
    comment.up, comment.down, comment.score = comment.up + up, comment.down + down, comment.score + up - down
    comment.best = standing(comment.up, comment.down)
    Comment.objects.filter(pk=comment.pk).update(
        up=F("up") + up, down=F("down") + down, score=F("score") + (up - down), best=comment.best
    )


def count_raised(thread_id: int) -> None:
    """Count again what stands above a thread's list: few rows, found by their own index."""
    raised = Comment.objects.filter(RAISED, thread=thread_id)
    public = Q(status=Comment.Status.PUBLISHED, kind=Comment.Kind.COMMENT, picked_at__isnull=False)
    counted = raised.aggregate(
        sticky_count=Count("pk", filter=Q(is_sticky=True, is_listed=True)), pick_count=Count("pk", filter=public)
    )
    Thread.objects.filter(pk=thread_id).update(**counted)


def number_pages(thread_id: int) -> bool:
    """Give every conversation its numbered page in the order of time, where one has none; tell whether one had none."""
    roots = Comment.objects.filter(thread=thread_id, parent__isnull=True, kind=Comment.Kind.COMMENT)
    if not roots.filter(page=0).exists():
        return False
    with connection.cursor() as cursor:
        cursor.execute(_NUMBERED, [thread_id])
    Thread.objects.filter(pk=thread_id).update(root_count=roots.count())
    return True


def _count(comment: Comment, delta: int, *, roots: int = 0) -> None:
    if delta or roots:
        answers = delta if comment.note_id else 0
        _COUNTED.run(thread=comment.thread_id, comments=delta, answers=answers, roots=roots)
    if delta and comment.by_newsroom:
        root = Comment.objects.filter(pk=comment.conversation_id)
        root.update(newsroom_total=F("newsroom_total") + delta)
    if delta and comment.note_id:
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
        parent = Comment.objects.only(*_ON_THE_WAY).get(pk=node.parent_id)
        should = parent.is_public or parent.listed_children > 0
        if should == parent.is_listed:
            return
        parent.is_listed = should
        parent.save(update_fields=["is_listed"])
        if parent.is_sticky:
            count_raised(parent.thread_id)
        node = parent


_ON_THE_WAY = ("status", "kind", "parent", "root", "thread", "listed_children", "is_listed", "is_sticky")
