"""What every source delivers: neutral, frozen records that know nothing of their origin.

A source reads a foreign format and yields these; the run writes them through the services of the other apps.
Texts are plain text unless a name ends in ``html`` or ``source``. Times carry a zone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class StoryKind(StrEnum):
    """What a foreign item becomes here."""

    POST = "post"
    PAGE = "page"
    # No page is made, but what readers wrote below it is kept.
    DISCUSSION = "discussion"


class StoryStatus(StrEnum):
    """Whether the public may see a story, and if not, why."""

    PUBLISHED = "published"
    SCHEDULED = "scheduled"
    DRAFT = "draft"
    PRIVATE = "private"
    PASSWORD = "password"  # noqa: S105 - a reason, not a secret


class CommentKind(StrEnum):
    """Written by a reader, or left by another site's machine."""

    COMMENT = "comment"
    PINGBACK = "pingback"
    TRACKBACK = "trackback"


class CommentStatus(StrEnum):
    """What the old site's moderators had decided."""

    APPROVED = "approved"
    HELD = "held"
    SPAM = "spam"
    TRASH = "trash"


class TermKind(StrEnum):
    """A section holds stories; a tag crosses sections."""

    SECTION = "section"
    TAG = "tag"


@dataclass(frozen=True, slots=True)
class AuthorRecord:
    """Somebody with a byline. ``name`` may be published, ``key`` and ``email`` never."""

    key: str
    name: str
    email: str = ""


@dataclass(frozen=True, slots=True)
class TermRecord:
    """A section or a tag."""

    kind: TermKind
    slug: str
    name: str
    description: str = ""
    parent_slug: str = ""


@dataclass(frozen=True, slots=True)
class MediaRecord:
    """A file of the old site. ``path`` is relative to the old uploads folder where the export says so."""

    key: str
    url: str
    path: str = ""
    title: str = ""
    alt: str = ""
    caption: str = ""
    parent_key: str = ""
    is_image: bool = True


@dataclass(frozen=True, slots=True)
class CommentRecord:
    """One comment. ``parent_id`` is empty at top level and where the parent is lost (``is_orphan``)."""

    key: str
    source_id: str
    kind: CommentKind
    status: CommentStatus
    body_source: str
    author_name: str
    author_email: str = ""
    author_url: str = ""
    author_key: str = ""
    user_id: str = ""
    created_at: datetime | None = None
    parent_id: str = ""
    lost_parent_id: str = ""
    # Given on the whole, 1 to 5; 0 for none.
    stars: int = 0

    @property
    def is_orphan(self) -> bool:
        """Say whether the comment answered one that the file does not hold."""
        return bool(self.lost_parent_id)

    @property
    def is_reply(self) -> bool:
        """Say whether the comment was written as an answer, be its parent there or lost."""
        return bool(self.parent_id or self.lost_parent_id)


@dataclass(frozen=True, slots=True)
class StoryRecord:
    """One post or page with everything that hangs on it."""

    key: str
    source_id: str
    kind: StoryKind
    status: StoryStatus
    title: str
    slug: str
    body_source: str = field(repr=False)
    link: str = ""
    guid: str = ""
    excerpt: str = ""
    published_at: datetime | None = None
    modified_at: datetime | None = None
    author_keys: tuple[str, ...] = ()
    sections: tuple[TermRecord, ...] = ()
    tags: tuple[TermRecord, ...] = ()
    featured_media_key: str = ""
    parent_id: str = ""
    is_sticky: bool = False
    comments_open: bool = False
    seo_title: str = ""
    seo_description: str = ""
    comments: tuple[CommentRecord, ...] = field(default=(), repr=False)
    # Readers who gave stars without a comment: only how many.
    lone_ratings: int = 0

    @property
    def is_public(self) -> bool:
        """Say whether the story may be shown to everybody at once."""
        return self.status is StoryStatus.PUBLISHED and self.kind is not StoryKind.DISCUSSION


@dataclass(frozen=True, slots=True)
class SkippedRecord:
    """Something in the file that is not brought over, and the reason in words."""

    kind: str
    source_id: str
    reason: str


# --- the body ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TextBlock:
    """Paragraphs of rich text."""

    html: str


@dataclass(frozen=True, slots=True)
class HeadingBlock:
    """A heading inside the story, level 2 to 4."""

    text: str
    level: int


@dataclass(frozen=True, slots=True)
class PictureBlock:
    """A picture by its old address; ``link`` is where a click used to lead, if not to the picture itself."""

    url: str
    media_key: str = ""
    alt: str = ""
    caption_html: str = ""
    credit: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class GalleryBlock:
    """Pictures that belong together."""

    pictures: tuple[PictureBlock, ...]
    caption_html: str = ""


@dataclass(frozen=True, slots=True)
class QuoteBlock:
    """Somebody else's words."""

    html: str
    attribution: str = ""


@dataclass(frozen=True, slots=True)
class ListBlock:
    """A flat list; a nested one is kept as HTML."""

    ordered: bool
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TableBlock:
    """A table; all rows have the same number of cells."""

    rows: tuple[tuple[str, ...], ...]
    has_header: bool = False
    caption: str = ""


@dataclass(frozen=True, slots=True)
class CodeBlock:
    """Text whose spaces and line ends count."""

    code: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class EmbedBlock:
    """Something that lives on another site, or a sound or film; nothing of it is loaded before a click."""

    url: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class HtmlBlock:
    """Clean HTML that none of the other blocks can hold; ``what`` names it for the report."""

    html: str
    what: str


@dataclass(frozen=True, slots=True)
class RuleBlock:
    """A break between two parts."""


Block = (
    TextBlock
    | HeadingBlock
    | PictureBlock
    | GalleryBlock
    | QuoteBlock
    | ListBlock
    | TableBlock
    | CodeBlock
    | EmbedBlock
    | HtmlBlock
    | RuleBlock
)


@dataclass(frozen=True, slots=True)
class Body:
    """A story's body in our blocks, what of it had no counterpart, and what was taken out."""

    blocks: tuple[Block, ...]
    kept_as_html: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


# --- a whole file -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Survey:
    """What a first reading found: enough to refuse, to show progress and to look up what stories refer to."""

    item_count: int
    story_count: int
    comment_count: int
    base_url: str
    authors: dict[str, AuthorRecord]
    terms: tuple[TermRecord, ...]
    media: dict[str, MediaRecord]
    repairs: tuple[str, ...] = ()
    # How many stories each section leads, by slug.
    section_sizes: dict[str, int] = field(default_factory=dict)


class ImportSource(Protocol):
    """A foreign file. It is read twice: once to judge it, once to deliver."""

    name: str

    def survey(self) -> Survey:
        """Read the whole file without keeping it; raise ``ImportRefused`` if it cannot be imported."""
        ...

    def records(self) -> Iterator[StoryRecord | SkippedRecord]:
        """Deliver the records in the order of the file, always the same ones with the same keys."""
        ...

    def body(self, story: StoryRecord) -> Body:
        """Turn a story's body into our blocks, clean of everything that could run."""
        ...

    def comment_html(self, comment: CommentRecord) -> str:
        """Turn a comment's body into HTML; the discussion cleans it."""
        ...
