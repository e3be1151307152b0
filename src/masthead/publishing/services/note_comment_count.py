"""The number of comments on cards."""

from __future__ import annotations

from django.db import transaction

from masthead.outbox.services import record
from masthead.publishing.events import CountsChanged
from masthead.publishing.models import PublishedStory


def note_comment_count(*, thread_key: str, count: int) -> None:
    """Keep how many comments a story has; stories that are not public are left alone.

    Records ``CountsChanged`` when the number is another one.
    """
    differing = PublishedStory.objects.filter(thread_key=thread_key).exclude(comment_count=count)
    article_id = differing.values_list("article_id", flat=True).first()
    if article_id is None:
        return
    with transaction.atomic():
        if differing.update(comment_count=count):
            record(CountsChanged(article_id=article_id, thread_key=thread_key, count=count))
