"""What was put right in stories."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.timezone import localtime

from masthead.publishing.models import ArticlePage, Correction
from masthead.publishing.models.pages import thread_key


def corrections_of(article_id: int | None) -> list[dict[str, Any]]:
    """Return the corrections of a story as its public row keeps them, newest first; one query."""
    rows = Correction.objects.filter(article_id=article_id)
    return [
        {
            "id": row.pk,
            "text": row.text,
            "credit": row.credit,
            "at": localtime(row.corrected_at).isoformat(timespec="seconds"),
            "edition": row.edition_number,
        }
        for row in rows
    ]


def last_correction(article_id: int) -> datetime | None:
    """Return when a story was last corrected."""
    return Correction.objects.filter(article_id=article_id).values_list("corrected_at", flat=True).first()


def thread_of_article(article_id: int) -> str:
    """Return the name of a story's discussion."""
    return thread_key(article_id)


def article_of_thread(thread_key: str) -> ArticlePage | None:
    """Return the story behind the name of a discussion, public or not."""
    number = thread_key.removeprefix("article:")
    return ArticlePage.objects.filter(pk=int(number)).first() if number.isdecimal() else None
