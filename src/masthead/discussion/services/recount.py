"""Count a thread again from its rows."""

from __future__ import annotations

from dataclasses import asdict

from django.db import transaction
from django.db.models import Count, Q

from masthead.discussion.events import ThreadChanged
from masthead.discussion.models import Comment, Note, Thread, Vote
from masthead.discussion.rules.nesting import tally
from masthead.discussion.rules.ranking import standing
from masthead.discussion.selectors.counts import nodes_of, true_totals
from masthead.discussion.services import _books, _ratings
from masthead.outbox.services import record


def recount_thread(*, thread_key: str) -> int:
    """Set every kept number of a thread to what its rows say; return how many comments were put right.

    For bulk work and for repair: costs one pass over the thread. Records ``ThreadChanged`` when any number was wrong.
    Refuses nothing; an unknown key changes nothing.
    """
    with transaction.atomic():
        thread = Thread.objects.filter(key=thread_key).first()
        if thread is None:
            return 0
        _books.lock_thread(thread.pk)
        repaired = _recount_comments(thread) + _recount_votes(thread)
        is_renumbered = _books.number_pages(thread.pk)
        is_resummed = _ratings.recount(thread)
        if recount_totals(thread) or is_renumbered or is_resummed or repaired:
            record(ThreadChanged(thread_key))
    return repaired


def recount_totals(thread: Thread) -> bool:
    """Set the totals of the thread and of its notes, and tell whether one was wrong; the caller holds the lock."""
    right = true_totals(thread)
    public = Q(status=Comment.Status.PUBLISHED, kind=Comment.Kind.COMMENT)
    changed = Thread.objects.filter(pk=thread.pk).exclude(**right).update(**right)
    answers = Comment.objects.filter(public, thread=thread, note__isnull=False).order_by()
    counted = dict(answers.values("note_id").annotate(count=Count("pk")).values_list("note_id", "count"))
    for note in Note.objects.filter(thread=thread):
        if note.answer_count != counted.get(note.pk, 0):
            changed += Note.objects.filter(pk=note.pk).update(answer_count=counted.get(note.pk, 0))
    return bool(changed)


def _recount_comments(thread: Thread) -> int:
    counted = tally(nodes_of(thread))
    changed = []
    for comment in Comment.objects.filter(thread=thread).only(*_COUNTED).iterator():
        right = asdict(counted[comment.pk])
        if any(getattr(comment, name) != right[name] for name in _COUNTED):
            for name in _COUNTED:
                setattr(comment, name, right[name])
            changed.append(comment)
    Comment.objects.bulk_update(changed, _COUNTED, batch_size=100)
    return len(changed)


_COUNTED = ["is_listed", "listed_children", "reply_total", "newsroom_total"]


def _recount_votes(thread: Thread) -> int:
    repaired = 0
    votes = Vote.objects.filter(comment__thread=thread).order_by().values("comment_id")
    totals = votes.annotate(ups=Count("pk", filter=Q(value=1)), downs=Count("pk", filter=Q(value=-1)))
    counted = {pk: (ups, downs) for pk, ups, downs in totals.values_list("comment_id", "ups", "downs")}
    rows = Comment.objects.filter(thread=thread)
    for pk, up, down, best in rows.values_list("pk", "up", "down", "best"):
        true_up, true_down = counted.get(pk, (0, 0))
        true_best = standing(true_up, true_down)
        if (up, down, best) != (true_up, true_down, true_best):
            rows.filter(pk=pk).update(up=true_up, down=true_down, score=true_up - true_down, best=true_best)
            repaired += 1
    return repaired
