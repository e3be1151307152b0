"""Writes one story with everything that hangs on it, whole or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from wagtail.models import Page

from masthead.core.clock import now
from masthead.publishing.selectors import PageKind, find_page, find_picture, page_digest, path_of
from masthead.publishing.services import Block, put_article, put_plain_page, put_redirect
from masthead.publishing.services.put_article import Status

from .addresses import old_addresses
from .blocks import first_words
from .memory import Memory, digest
from .models import ImportRecord
from .places import Places
from .records import Body, CommentKind, StoryKind, StoryRecord, StoryStatus
from .report import ImportReport
from .text import shortened

_LONGEST_TITLE = 200


@dataclass(frozen=True, slots=True)
class Draft:
    """A story ready to be written: its record, its blocks and its lead picture."""

    story: StoryRecord
    body: Body
    blocks: Sequence[Block]
    picture_id: int | None

    @property
    def title(self) -> str:
        """Return the title; a story without one is called by its first words."""
        words = self.story.title or shortened(first_words(self.body), 80) or self.story.slug or _("Untitled")
        return shortened(words, _LONGEST_TITLE)

    @property
    def is_discussed_page(self) -> bool:
        """Say whether it is a page under which readers wrote: plain pages here have no discussion."""
        is_page = self.story.kind is StoryKind.PAGE
        return is_page and any(comment.kind is CommentKind.COMMENT for comment in self.story.comments)

    @property
    def is_plain_page(self) -> bool:
        """Say whether it becomes a page beside the paper's sections."""
        return self.story.kind is StoryKind.PAGE and not self.is_discussed_page

    @property
    def fingerprint(self) -> str:
        """Return a digest of everything that is written."""
        bare = replace(self.story, comments=())
        return digest(repr(bare), repr(self.story.body_source), repr(self.blocks), str(self.picture_id))


class StoryWriter:
    """Writes stories and pages."""

    def __init__(self, *, memory: Memory, places: Places, report: ImportReport, base_url: str) -> None:
        self._memory = memory
        self._places = places
        self._report = report
        self._base_url = base_url

    def is_unchanged(self, draft: Draft, known: ImportRecord) -> bool:
        """Say whether an earlier import brought exactly this."""
        return known.fingerprint == draft.fingerprint

    def write(self, draft: Draft, known: ImportRecord | None) -> str:
        """Write a story and return the key of its discussion. Call in a transaction.

        A story of an earlier import is brought up to date only while nobody has changed it here; one that somebody
        deleted here stays deleted.
        """
        kind: PageKind = "page" if draft.is_plain_page else "article"
        page = None
        if known is not None:
            kind, pk = _target(known.target)
            page = find_page(kind, pk)
            if page is None or page_digest(kind, pk) != known.written:
                self._report.repair(
                    _("“%(title)s” was changed or deleted here since the last import and was left alone.")
                    % {"title": draft.title}
                )
                self._keep(draft, known.target, known.written)
                return thread_key(known.target)
        written = self._put_page(draft, page) if kind == "page" else self._put_article(draft, page)
        target = f"{kind}:{written.pk}"
        self._keep(draft, target, page_digest(kind, written.pk))
        if draft.story.is_public or draft.story.status is StoryStatus.SCHEDULED:
            self._redirect(draft.story, written)
        return thread_key(target)

    def _keep(self, draft: Draft, target: str, written: str) -> None:
        self._memory.keep(
            ImportRecord.Kind.STORY, draft.story.key, target, fingerprint=draft.fingerprint, written=written
        )

    def _put_page(self, draft: Draft, page: Any) -> Page:
        blocks, story = list(draft.blocks), draft.story
        if draft.picture_id is not None:
            blocks.insert(0, ("picture", {"picture": draft.picture_id}))
        plain: Page = put_plain_page(
            title=draft.title,
            slug=story.slug,
            introduction=story.excerpt,
            body=blocks,
            live=story.is_public,
            page=page,
            is_new=page is None,
            published_at=story.published_at,
        )
        return plain

    def _put_article(self, draft: Draft, page: Any) -> Page:
        story = draft.story
        is_page = draft.is_discussed_page
        section = self._places.section_for_pages() if is_page else self._places.section_of(story)
        status, published_at = _publication(story)
        changed = story.modified_at if story.modified_at and published_at and story.modified_at > published_at else None
        article: Page = put_article(
            article=page,
            section=section,
            title=draft.title,
            slug=story.slug,
            standfirst=story.excerpt,
            body=draft.blocks,
            authors=self._places.authors_of(story),
            tags=[term.name for term in (*story.tags, *story.sections[1:])],
            picture=find_picture(draft.picture_id) if draft.picture_id else None,
            status=status,
            published_at=published_at,
            updated_at=changed,
            comments="open" if story.comments_open else "closed",
            discussion_kind="ratings" if any(comment.stars for comment in story.comments) else "comments",
            seo_title=story.seo_title,
            seo_description=story.seo_description,
        )
        return article

    def _redirect(self, story: StoryRecord, page: Page) -> None:
        for path in old_addresses(story, self._base_url):
            if path.rstrip("/") != path_of(page).rstrip("/"):
                put_redirect(old=path, target=page)


def _publication(story: StoryRecord) -> tuple[Status, datetime | None]:
    """Return what publishing is to do. What was due in the past and never appeared stays a draft."""
    at = story.published_at
    if story.is_public:
        return "live", at or now()
    if story.status is StoryStatus.SCHEDULED and at is not None and at > now():
        return "scheduled", at
    return "draft", at


def _target(target: str) -> tuple[PageKind, int]:
    label, _colon, key = target.partition(":")
    return ("article" if label == "article" else "page"), int(key)


def thread_key(target: str) -> str:
    """Return the key of the discussion below an imported story; that of an article is known to publishing."""
    return target if target.startswith("article:") else f"import-{target}"
