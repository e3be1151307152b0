"""What other apps may know of a story, by the name of its discussion."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from masthead.publishing.models import Author, Byline, PublishedStory


@dataclass(frozen=True)
class ThreadSubject:
    """The story behind a thread."""

    thread_key: str
    title: str
    path: str
    comments: str
    author_user_ids: frozenset[int]


def thread_subjects(keys: Iterable[str]) -> dict[str, ThreadSubject]:
    """Return the public stories behind thread keys; keys of what is not public are left out. Two queries."""
    rows = list(
        PublishedStory.objects.filter(thread_key__in=list(keys)).values_list(
            "article_id", "thread_key", "title", "path", "comments"
        )
    )
    writers: dict[int, set[int]] = {article_id: set() for article_id, *_rest in rows}
    for page_id, user_id in Byline.objects.filter(page_id__in=writers, author__user__isnull=False).values_list(
        "page_id", "author__user_id"
    ):
        writers[page_id].add(user_id)
    return {
        key: ThreadSubject(key, title, path, comments, frozenset(writers[article_id]))
        for article_id, key, title, path, comments in rows
    }


def author_names() -> list[str]:
    """Return the names under which stories appear: no reader should write under one of them."""
    return list(Author.objects.values_list("name", flat=True))
