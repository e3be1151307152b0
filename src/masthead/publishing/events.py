"""Facts that publishing tells the other apps."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from masthead.core.events import event


@event("publishing.edition-sealed")
@dataclass(frozen=True)
class EditionSealed:
    """A story was published, or its published state changed in a way others must know.

    ``passages`` are its questions to readers: mappings with ``id``, ``quote``, ``question``, ``starts_open``.
    """

    article_id: int
    thread_key: str
    path: str
    title: str
    edition_number: int
    passages: list[dict[str, Any]] = field(default_factory=list)


@event("publishing.article-withdrawn")
@dataclass(frozen=True)
class ArticleWithdrawn:
    """A story is no longer public: unpublished, deleted, expired or restricted."""

    article_id: int
    thread_key: str
    path: str
    title: str
