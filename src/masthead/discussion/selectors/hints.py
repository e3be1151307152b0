"""What readers told the newsroom: for those who may know."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from masthead.discussion.errors import UnknownHint
from masthead.discussion.models import Hint
from masthead.discussion.ports import Subject
from masthead.discussion.rules.marked import HintKind
from masthead.discussion.selectors.subjects import subjects_of

LISTED = 50


@dataclass(frozen=True)
class HintRow:
    """A hint in its context."""

    hint: Hint
    subject: Subject | None


@dataclass(frozen=True)
class AcceptedCorrection:
    """What readers may know of an accepted correction."""

    text: str
    credit: str


def hints(kind: HintKind, *, status: str) -> list[HintRow]:
    """Return the newest hints of a kind; who may see that kind, the caller has asked. Two queries."""
    rows = list(_with_context().filter(kind=kind, status=status).order_by("-id")[:LISTED])
    return _in_context(rows)


def hint(public_id: str, kind: HintKind) -> HintRow:
    """Return one hint of this kind. Refuses ``UnknownHint``."""
    found = _with_context().prefetch_related("replies__written_by").filter(public_id=public_id, kind=kind).first()
    if found is None:
        raise UnknownHint()
    return _in_context([found])[0]


def new_hint_count(kinds: list[HintKind]) -> int:
    """Return how many hints of these kinds nobody has looked at."""
    return Hint.objects.filter(kind__in=kinds, status=Hint.Status.NEW).count() if kinds else 0


def accepted_correction(public_id: str) -> AcceptedCorrection | None:
    """Return what is to be published of a correction, or None when it was not accepted."""
    found = Hint.objects.filter(public_id=public_id, status=Hint.Status.ACCEPTED, kind=Hint.Kind.CORRECTION).first()
    if found is None:
        return None
    return AcceptedCorrection(found.published_text, found.name if found.wants_credit else "")


def _with_context() -> QuerySet[Hint]:
    return Hint.objects.select_related("thread", "decided_by")


def _in_context(rows: list[Hint]) -> list[HintRow]:
    subjects = subjects_of({row.thread.key for row in rows})
    return [HintRow(row, subjects.get(row.thread.key)) for row in rows]
