"""Find the words that a reader marked, and keep where they stand."""

from __future__ import annotations

from typing import TypeVar

from masthead.core import ports
from masthead.core.ids import new_id
from masthead.discussion.errors import UnknownThread, WordsAmbiguous, WordsNotThere, WordsTooLong
from masthead.discussion.models import Comment, Hint, Note, Thread
from masthead.discussion.ports import Manuscript, Manuscripts
from masthead.discussion.rules.anchors import Anchor, Lost, NotAlone, NotThere, Text, find, make, still_lost
from masthead.discussion.rules.marked import WORDS_MAX, Chosen, Marked

Row = TypeVar("Row", Note, Hint)


def find_chosen(thread_key: str, chosen: Chosen) -> tuple[Anchor, Manuscript]:
    """Return where the words stand in the public text. Refuses what cannot be one passage of it."""
    manuscript = ports.get(Manuscripts).current(thread_key)
    if manuscript is None:
        raise UnknownThread()
    if len(chosen.words) > WORDS_MAX:
        raise WordsTooLong(limit=WORDS_MAX)
    text = Text(manuscript.blocks)
    found = make(text, chosen.words, block=chosen.block, before=chosen.before, after=chosen.after)
    if isinstance(found, NotThere):
        raise WordsNotThere()
    if isinstance(found, NotAlone):
        raise WordsAmbiguous(count=found.count)
    return found, manuscript


def new_note(thread: Thread, marked: Marked) -> Note:
    """Store the words of a reader's note; the caller holds the transaction."""
    note = Note(thread=thread, kind=marked.kind, passage_id=new_id(), quote=marked.anchor.exact)
    note.stand(marked.anchor, edition=marked.edition, digest=marked.digest)
    note.save(force_insert=True)
    return note


def look_again(row: Row, editions: list[tuple[Manuscript, Text]]) -> bool:
    """Look for the words of a row in the editions it does not know yet; save it and tell whether pages change."""
    before = (row.is_current, row.block)
    fresh = [(manuscript, text) for manuscript, text in editions if manuscript.edition > row.looked_in]
    for manuscript, text in fresh:
        _look(row, manuscript, text)
    if fresh:
        row.save()
    return (row.is_current, row.block) != before


def _look(row: Row, manuscript: Manuscript, text: Text) -> None:
    found = find(row.anchor, text)
    if isinstance(found, Lost):
        row.is_alone = still_lost(row.anchor, found).is_alone
        row.is_current, row.looked_in = False, manuscript.edition
    else:
        row.stand(found, edition=manuscript.edition, digest=manuscript.digest)


def move_comments(note: Note) -> None:
    """Let the comments on a passage know where it stands now."""
    Comment.objects.filter(note=note).exclude(place=note.place).update(place=note.place)
