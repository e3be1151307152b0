"""Take over the questions that an author put into a story."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from masthead.core import markup
from masthead.discussion.events import ThreadChanged
from masthead.discussion.models import Comment, Note, Thread
from masthead.outbox.services import record


@dataclass(frozen=True)
class Passage:
    """Marked words and what the author asks about them. ``id`` is stable within the story."""

    id: str
    quote: str
    question: str
    starts_open: bool = False


def put_notes(*, thread_key: str, passages: Iterable[Passage]) -> list[Note]:
    """Make the thread's notes equal to these passages, in this order; return them. Safe to repeat.

    A passage that is no longer given keeps its note and answers, but takes no new ones and is not shown in the
    story. Records ``ThreadChanged`` when anything is another. Refuses nothing.
    """
    wanted = {passage.id: passage for passage in passages}
    with transaction.atomic():
        thread, _created = Thread.objects.get_or_create(key=thread_key)
        before = _as_shown(thread)
        gone = Note.objects.filter(thread=thread, kind=Note.Kind.QUESTION).exclude(passage_id__in=wanted)
        Comment.objects.filter(note__in=gone).exclude(place="").update(place="")
        gone.update(is_current=False)
        notes = [_put(thread, position, passage) for position, passage in enumerate(wanted.values(), start=1)]
        for note in notes:
            Comment.objects.filter(note=note).exclude(place=note.place).update(place=note.place)
        if _as_shown(thread) != before:
            record(ThreadChanged(thread_key))
    return notes


def _as_shown(thread: Thread) -> list[tuple[object, ...]]:
    """Return what pages show of the thread's notes, in order."""
    current = Note.objects.filter(thread=thread, kind=Note.Kind.QUESTION, is_current=True)
    return list(current.values_list("passage_id", "quote", "question", "starts_open", "position"))


def _put(thread: Thread, position: int, passage: Passage) -> Note:
    note, _created = Note.objects.update_or_create(
        thread=thread,
        passage_id=passage.id,
        defaults={
            "quote": markup.plain_line(passage.quote),
            "question": markup.plain_line(passage.question),
            "starts_open": passage.starts_open,
            "position": position,
            "is_current": True,
            "kind": Note.Kind.QUESTION,
        },
    )
    return note
