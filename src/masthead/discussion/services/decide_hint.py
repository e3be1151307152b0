"""What the newsroom makes of what readers tell it."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from masthead.core import markup
from masthead.core.clock import now
from masthead.discussion.errors import AnswerEmpty, CorrectionEmpty, NoAddress, UnknownHint
from masthead.discussion.events import CorrectionAccepted, HintAnswered
from masthead.discussion.models import Hint, HintReply
from masthead.outbox.services import record


def accept_correction(*, hint_id: str, text: str, by: Any) -> Hint:
    """Accept a suggested correction; ``text`` is what readers will see under the story. Twice is once.

    Records ``CorrectionAccepted``: the story's keeper takes the text over. Refuses ``UnknownHint`` and
    ``CorrectionEmpty``.
    """
    shown = " ".join(markup.plain_text(text).split())
    if not shown:
        raise CorrectionEmpty()
    with transaction.atomic():
        hint = _locked(hint_id, kind=Hint.Kind.CORRECTION)
        if hint.status != Hint.Status.ACCEPTED:
            _decide(hint, Hint.Status.ACCEPTED, by, published_text=shown)
            record(CorrectionAccepted(hint_id=hint.public_id, thread_key=hint.thread.key))
    return hint


def settle_hint(*, hint_id: str, accepted: bool, by: Any) -> Hint:
    """Note that a tip was of use, or that a hint leads to nothing. Refuses ``UnknownHint``.

    A correction is accepted by :func:`accept_correction` alone; an accepted one stays so, for readers have seen it.
    """
    with transaction.atomic():
        hint = _locked(hint_id, kind=Hint.Kind.CONFIDENCE if accepted else None)
        if not (hint.kind == Hint.Kind.CORRECTION and hint.status == Hint.Status.ACCEPTED):
            _decide(hint, Hint.Status.ACCEPTED if accepted else Hint.Status.DECLINED, by)
    return hint


def answer_hint(*, hint_id: str, text: str, by: Any) -> HintReply:
    """Write to the reader who gave an address. The mail is sent by whoever hears ``HintAnswered``.

    Refuses ``UnknownHint``, ``NoAddress``, ``AnswerEmpty``.
    """
    words = markup.plain_text(text).strip()
    if not words:
        raise AnswerEmpty()
    with transaction.atomic():
        hint = _locked(hint_id)
        if not hint.address:
            raise NoAddress()
        reply = HintReply.objects.create(hint=hint, text=words, written_by=by)
        record(HintAnswered(reply_id=reply.pk))
    return reply


def _locked(hint_id: str, *, kind: str | None = None) -> Hint:
    rows = Hint.objects.select_for_update(of=("self",)).select_related("thread").filter(public_id=hint_id)
    hint = rows.filter(kind=kind).first() if kind else rows.first()
    if hint is None:
        raise UnknownHint()
    return hint


def _decide(hint: Hint, status: Hint.Status, by: Any, **fields: str) -> None:
    hint.status, hint.decided_at, hint.decided_by = status, now(), by
    for name, value in fields.items():
        setattr(hint, name, value)
    hint.save(update_fields=["status", "decided_at", "decided_by", *fields])
