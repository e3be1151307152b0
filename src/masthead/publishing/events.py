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
    ``sections``, ``authors`` and ``tags`` are those whose lists it came into, left, or moved within; none where only
    its own words changed.
    """

    article_id: int
    thread_key: str
    path: str
    title: str
    edition_number: int
    passages: list[dict[str, Any]] = field(default_factory=list)
    sections: list[int] = field(default_factory=list)
    authors: list[int] = field(default_factory=list)
    tags: list[int] = field(default_factory=list)


@event("publishing.article-withdrawn")
@dataclass(frozen=True)
class ArticleWithdrawn:
    """A story is no longer public: unpublished, deleted, expired or restricted.

    ``sections``, ``authors`` and ``tags`` are those whose lists it left.
    """

    article_id: int
    thread_key: str
    path: str
    title: str
    sections: list[int] = field(default_factory=list)
    authors: list[int] = field(default_factory=list)
    tags: list[int] = field(default_factory=list)


@event("publishing.page-changed")
@dataclass(frozen=True)
class PageChanged:
    """The front page, sections or plain pages read or stand differently, came or went; stories tell of themselves.

    ``page_ids`` are the page and those under it. ``is_gone``: they may no longer be read by everybody.
    """

    page_ids: list[int]
    is_gone: bool = False


@event("publishing.author-changed")
@dataclass(frozen=True)
class AuthorChanged:
    """An author's name, address, texts, portrait or account changed; ``article_ids`` are the public stories."""

    author_id: int
    article_ids: list[int]


@event("publishing.tag-changed")
@dataclass(frozen=True)
class TagChanged:
    """A tag has another name or address, or is gone."""

    tag_id: int


@event("publishing.counts-changed")
@dataclass(frozen=True)
class CountsChanged:
    """Cards of a story say another number of comments now."""

    article_id: int
    thread_key: str
    count: int


@event("publishing.picture-changed")
@dataclass(frozen=True)
class PictureChanged:
    """A picture has another file or other texts, or is gone."""

    picture_id: int


@event("publishing.document-changed")
@dataclass(frozen=True)
class DocumentChanged:
    """A document has another file or address, or is gone."""

    document_id: int


@event("publishing.redirects-changed")
@dataclass(frozen=True)
class RedirectsChanged:
    """An old address leads elsewhere, or no longer anywhere."""


@event("publishing.site-changed")
@dataclass(frozen=True)
class SiteChanged:
    """The site's name, host or root is another one: anything may look different."""


@event("publishing.corrections-changed")
@dataclass(frozen=True)
class CorrectionsChanged:
    """A public story says something else of what was put right in it."""

    article_id: int
    thread_key: str
