"""Look for marked words again after the text has changed."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Min

from masthead.core import ports
from masthead.discussion.events import ThreadChanged
from masthead.discussion.models import Hint, Note, Thread
from masthead.discussion.ports import Manuscript, Manuscripts
from masthead.discussion.rules.anchors import Anchor, Text, make
from masthead.discussion.services import _books
from masthead.discussion.services._marks import look_again, move_comments
from masthead.outbox.services import record


def reanchor(*, thread_key: str) -> None:
    """Look for all marked words of a thread in each edition that they were not looked for in yet. Safe to repeat.

    Words that stand there are followed, others are lost until an edition brings them back; what a reader wrote stays
    as it is. Author's questions have their place from the text itself: they only learn what stands around their
    words. Records ``ThreadChanged`` when something reads differently. Refuses nothing.
    """
    thread = Thread.objects.filter(key=thread_key).first()
    if thread is None:
        return
    known = _known(thread)
    editions = [] if known is None else _read(ports.get(Manuscripts).since(thread_key, known))
    current = editions[-1:] or _read([ports.get(Manuscripts).current(thread_key)])
    with transaction.atomic():
        _books.lock_thread(thread.pk)
        moved = [note for note in _readers_notes(thread) if look_again(note, editions)]
        for note in moved:
            move_comments(note)
        for hint in Hint.objects.filter(thread=thread):
            look_again(hint, editions)
        for manuscript, text in current:
            _frame_questions(thread, manuscript, text)
        if moved:
            record(ThreadChanged(thread_key))


def _read(manuscripts: Iterable[Manuscript | None]) -> list[tuple[Manuscript, Text]]:
    return [(item, Text(item.blocks)) for item in manuscripts if item is not None]


def catch_up(*, thread_key: str, edition: int) -> None:
    """Look again if the text was changed while words in ``edition`` were being marked."""
    current = ports.get(Manuscripts).current(thread_key)
    if current is not None and current.edition != edition:
        reanchor(thread_key=thread_key)


def _readers_notes(thread: Thread) -> list[Note]:
    return list(Note.objects.filter(thread=thread).exclude(kind=Note.Kind.QUESTION))


def _known(thread: Thread) -> int | None:
    """Return the edition up to which all words that readers marked were looked for; None where there are none."""
    notes = Note.objects.filter(thread=thread).exclude(kind=Note.Kind.QUESTION)
    least = [rows.aggregate(least=Min("looked_in"))["least"] for rows in (notes, Hint.objects.filter(thread=thread))]
    return min((number for number in least if number is not None), default=None)


def _frame_questions(thread: Thread, manuscript: Manuscript, text: Text) -> None:
    for note in Note.objects.filter(thread=thread, kind=Note.Kind.QUESTION, is_current=True):
        found = make(text, note.quote)
        if isinstance(found, Anchor):
            note.stand(found, edition=manuscript.edition, digest=manuscript.digest)
            note.save()
