"""The WordPress source: judge a file in a first reading, deliver it in a second."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from functools import cached_property
from pathlib import Path

from django.utils.translation import gettext as _

from masthead.porting.errors import ImportRefused
from masthead.porting.records import (
    Body,
    CommentRecord,
    MediaRecord,
    SkippedRecord,
    StoryRecord,
    Survey,
)

from .authors import Authors
from .body import BodyContext, convert_body
from .comment_body import convert_comment
from .elements import RawEntry, RawItem, Values, read_raw
from .items import item_type, media_record, skip_reason, skipped, story_record
from .media_index import MediaIndex
from .terms import Terms


@dataclass(slots=True)
class _Tally:
    """What the first reading gathers."""

    channel: Values = field(default_factory=dict)
    items: int = 0
    stories: int = 0
    comments: int = 0
    of_wordpress: bool = False
    authors: set[str] = field(default_factory=set)
    sections: Counter[str] = field(default_factory=Counter)
    media: dict[str, MediaRecord] = field(default_factory=dict)


class WordPressSource:
    """One WXR file. ``zone`` is the old site's time zone, used where the file has no UTC date."""

    name = "wordpress"

    def __init__(self, path: Path, *, zone: tzinfo = UTC) -> None:
        self._path = path
        self._zone = zone
        self._authors = Authors()
        self._terms = Terms()

    @cached_property
    def _survey(self) -> Survey:
        tally, repairs = _Tally(), list[str]()
        for entry in read_raw(self._path, repairs):
            if isinstance(entry, RawItem):
                self._count(entry, tally)
            elif entry.name == "wp:author":
                self._authors.declare(entry.values)
            elif entry.name in ("wp:category", "wp:tag"):
                self._terms.declare(entry)
            elif entry.name == "channel":
                tally.channel = entry.values
        self._judge(tally)
        repairs += self._repairs(tally)
        return Survey(
            item_count=tally.items,
            story_count=tally.stories,
            comment_count=tally.comments,
            base_url=(tally.channel.get("wp:base_blog_url") or tally.channel.get("link", "")).strip(),
            authors=self._authors.records,
            terms=self._terms.all(),
            media=tally.media,
            repairs=tuple(repairs),
            section_sizes=dict(tally.sections),
        )

    def _count(self, item: RawItem, tally: _Tally) -> None:
        tally.items += 1
        tally.comments += len(item.comments)
        tally.of_wordpress = tally.of_wordpress or any(name.startswith("wp:") for name in item.values)
        if item_type(item) == "attachment":
            media = media_record(item)
            tally.media.setdefault(media.key, media)
        elif not skip_reason(item):
            tally.stories += 1
        authors = self._authors.of(item)
        if not skip_reason(item):
            tally.authors.update(authors)
            sections, _tags = self._terms.of(item)
            tally.sections.update(term.slug for term in sections[:1])

    def _judge(self, tally: _Tally) -> None:
        if tally.items == 0:
            raise ImportRefused(
                _("The file holds no posts and no pages; in WordPress choose Tools, Export, “All content”.")
            )
        if not tally.of_wordpress:
            raise ImportRefused(
                _("The file is a news feed, not a WordPress export; in WordPress choose Tools, Export, “All content”.")
            )

    def _repairs(self, tally: _Tally) -> list[str]:
        told = self._authors.told(tally.authors)
        if not tally.channel.get("wp:wxr_version", "").strip():
            told = [
                _("The file does not say which version of the export format it follows; it was read like version 1.2."),
                *told,
            ]
        return told

    def survey(self) -> Survey:
        """Read the whole file without keeping it; raise ``ImportRefused`` if it is broken, empty or something else."""
        return self._survey

    def records(self) -> Iterator[StoryRecord | SkippedRecord]:
        """Deliver stories and what is left out, in the order of the file, with the same keys every time."""
        self.survey()
        seen: dict[str, int] = {}
        for item in read_raw(self._path, []):
            if isinstance(item, RawEntry):
                continue
            reason = skip_reason(item)
            if reason and item_type(item) != "attachment":
                yield skipped(item, reason)
            if not reason or item.comments:
                yield story_record(
                    item, key=_story_key(item, seen), authors=self._authors, terms=self._terms, zone=self._zone
                )

    @cached_property
    def _media(self) -> MediaIndex:
        return MediaIndex(self._survey.media)

    def body(self, story: StoryRecord) -> Body:
        """Turn a story's body into our blocks, clean of everything that could run."""
        survey = self._survey
        context = BodyContext(media=self._media, base_url=survey.base_url, story_id=story.source_id)
        return convert_body(story.body_source, context)

    def comment_html(self, comment: CommentRecord) -> str:
        """Turn a comment's body into HTML; the discussion cleans it."""
        return convert_comment(comment.body_source)


def _story_key(item: RawItem, seen: dict[str, int]) -> str:
    """Return a key that stays the same in every export and differs where WordPress ids do not.

    Ids are shared in merged exports, so the address in the feed (or the slug) belongs to the key.
    """
    values = item.values
    identity = (
        values.get("guid", "").strip() or values.get("wp:post_name", "").strip() or values.get("link", "").strip()
    )
    key = f"{item_type(item) or 'unknown'}:{values.get('wp:post_id', '').strip()}:{identity}"
    seen[key] = seen.get(key, 0) + 1
    return key if seen[key] == 1 else f"{key}#{seen[key]}"
