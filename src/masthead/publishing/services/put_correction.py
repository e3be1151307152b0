"""Say in public that something in a story was wrong and has been put right."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from masthead.core.text import one_line
from masthead.outbox.services import record
from masthead.publishing import selectors
from masthead.publishing.events import CorrectionsChanged
from masthead.publishing.models import ArticlePage, Correction, PublishedStory


def put_correction(
    *, article: ArticlePage, text: str, credit: str = "", corrected_at: Any = None, source: str = "", by: Any = None
) -> Correction:
    """Add a correction to a story and return it. ``source`` names what it came from: the same one is put once.

    ``credit`` is the reader to be thanked. Records ``CorrectionsChanged``. Refuses nothing.
    """
    values = {"article": article, "text": text, "credit": one_line(credit)[:100], "written_by": by}
    if corrected_at is not None:
        values["corrected_at"] = corrected_at
    with transaction.atomic():
        if not source:
            return Correction.objects.create(**values)
        return Correction.objects.get_or_create(source=source, defaults=values)[0]


def show_corrections(article_id: int) -> None:
    """Bring the public row of a story up to its corrections; the date of change moves to the newest one.

    Called whenever one is saved or deleted, by whatever road. Records ``CorrectionsChanged``; does nothing for a story
    that is not public.
    """
    with transaction.atomic():
        story = PublishedStory.objects.select_for_update(of=("self",)).filter(article_id=article_id).first()
        if story is None:
            return
        number = story.edition.number
        Correction.objects.filter(article_id=article_id, edition_number=0).update(edition_number=number)
        story.corrections = selectors.corrections_of(article_id)
        story.updated_at = max(filter(None, [story.updated_at, selectors.last_correction(article_id)]), default=None)
        story.save(update_fields=["corrections", "updated_at"])
        record(CorrectionsChanged(article_id=article_id, thread_key=story.thread_key))
