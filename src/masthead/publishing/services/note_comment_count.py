"""The number of comments on cards."""

from __future__ import annotations

from masthead.publishing.models import PublishedStory


def note_comment_count(*, thread_key: str, count: int) -> None:
    """Keep how many comments a story has; stories that are not public are left alone."""
    PublishedStory.objects.filter(thread_key=thread_key).update(comment_count=count)
