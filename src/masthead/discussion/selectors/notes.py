"""Questions to readers and their last answers."""

from __future__ import annotations

from dataclasses import dataclass, field

from masthead.core.prepared import Prepared
from masthead.discussion.models import Comment, Note

ANSWERS_SHOWN = 3


@dataclass(frozen=True)
class NoteView:
    """A question with its last answers, newest first."""

    note: Note
    answers: list[Comment] = field(default_factory=list)


def notes_of(thread_key: str) -> dict[str, NoteView]:
    """Return the author's questions that stand in a story, by passage; at most two queries."""
    notes = _NOTES.rows(thread_key=thread_key)
    answered = [note.pk for note in notes if note.answer_count]
    answers: dict[int, list[Comment]] = {}
    for comment in _last_answers(answered):
        answers.setdefault(comment.note_id or 0, []).append(comment)
    return {note.passage_id: NoteView(note, answers.get(note.pk, [])) for note in notes}


_NOTES = Prepared(
    lambda thread_key: Note.objects.filter(thread__key=thread_key, kind=Note.Kind.QUESTION, is_current=True)
)


def _last_answers(note_ids: list[int]) -> list[Comment]:
    if not note_ids:
        return []
    # One limited, indexed search per question; only numbers are handed in.
    part = (
        "SELECT * FROM (SELECT id, public_id, note_id, author_name, html, created_at FROM discussion_comment "
        "WHERE note_id = %s AND note_id IS NOT NULL AND is_listed AND status = 'published' "
        "ORDER BY sorted_at DESC, id DESC LIMIT %s) AS part"
    )
    sql = " UNION ALL ".join(f"{part}{number}" for number in range(len(note_ids)))
    return list(Comment.objects.raw(sql, [value for pk in note_ids for value in (pk, ANSWERS_SHOWN)]))
