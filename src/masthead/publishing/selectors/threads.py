"""What other apps may know of a story, by the name of its discussion."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from masthead.core.statements import Gap, Select
from masthead.publishing.models import Author, Byline, PublishedStory


@dataclass(frozen=True)
class ThreadSubject:
    """The story behind a thread."""

    thread_key: str
    title: str
    path: str
    comments: str
    author_user_ids: frozenset[int]
    published_at: datetime
    discussion_kind: str
    rating: dict[str, Any]
    """What readers rate: ``fields`` (``key``, ``name``), ``type`` and ``name``; empty where they do not."""


_STORY = ("article_id", "thread_key", "title", "path", "comments", "published_at", "discussion_kind", "rating")
_WRITER = ("page_id", "author__user_id")
# Asked at every post, of one story and of all names: written once.
_ONE_STORY = Select(
    lambda: (
        PublishedStory.objects.filter(thread_key=Gap("key"))
        .order_by()
        .values_list(*_STORY, "article__bylines__author__user_id")
    )
)
_NAMES = Select(lambda: Author.objects.order_by().values_list("name"))


def thread_subjects(keys: Collection[str]) -> dict[str, ThreadSubject]:
    """Return the public stories behind thread keys; keys of what is not public are left out. At most two queries."""
    rows, found = _one(keys) if len(keys) == 1 else _many(keys)
    writers: dict[int, set[int]] = {article_id: set() for article_id, *_rest in rows}
    for page_id, user_id in found:
        writers[page_id].add(user_id)
    return {
        key: ThreadSubject(key, title, path, comments, frozenset(writers[article_id]), published_at, kind, rating)
        for article_id, key, title, path, comments, published_at, kind, rating in rows
    }


def _one(keys: Collection[str]) -> tuple[list[Any], list[Any]]:
    rows = _ONE_STORY.rows(key=next(iter(keys)))
    return [row[:-1] for row in rows[:1]], [(row[0], row[-1]) for row in rows if row[-1] is not None]


def _many(keys: Collection[str]) -> tuple[list[Any], list[Any]]:
    rows = list(PublishedStory.objects.filter(thread_key__in=list(keys)).values_list(*_STORY))
    ids = [article_id for article_id, *_rest in rows]
    writers = Byline.objects.filter(page_id__in=ids, author__user__isnull=False)
    return rows, list(writers.values_list(*_WRITER))


def author_names() -> list[str]:
    """Return the names under which stories appear: no reader should write under one of them."""
    return [name for (name,) in _NAMES.rows()]
