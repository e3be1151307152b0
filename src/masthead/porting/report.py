"""What an import did, for the publisher in sentences and for machines as JSON.

The keys of :meth:`ImportReport.as_dict` are an interface; add to them, rename none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .records import Body, CommentKind, CommentRecord, SkippedRecord, StoryKind, StoryRecord


@dataclass(slots=True)
class ImportReport:
    """Counts while the import goes on. Everything in the file is counted once, also what is already there."""

    source: str
    is_dry_run: bool = False
    posts: int = 0
    pages: int = 0
    comments: int = 0
    replies: int = 0
    orphans: int = 0
    pingbacks: int = 0
    trackbacks: int = 0
    published: int = 0
    unpublished: int = 0
    added: int = 0
    unchanged: int = 0
    authors: set[str] = field(default_factory=set)
    media_found: set[str] = field(default_factory=set)
    # Address to reason.
    media_missing: dict[str, str] = field(default_factory=dict)
    skipped: list[SkippedRecord] = field(default_factory=list)
    repairs: list[str] = field(default_factory=list)
    kept_as_html: list[dict[str, str]] = field(default_factory=list)
    orphan_list: list[str] = field(default_factory=list)

    def count_story(self, story: StoryRecord, *, is_public: bool) -> None:
        """Count a story, its authors and its comments."""
        if story.kind is StoryKind.DISCUSSION:
            self._count_comments(story)
            return
        if story.kind is StoryKind.POST:
            self.posts += 1
        else:
            self.pages += 1
        if is_public:
            self.published += 1
        else:
            self.unpublished += 1
        self.authors.update(story.author_keys)
        self._count_comments(story)

    def _count_comments(self, story: StoryRecord) -> None:
        for comment in story.comments:
            if comment.kind is CommentKind.PINGBACK:
                self.pingbacks += 1
            elif comment.kind is CommentKind.TRACKBACK:
                self.trackbacks += 1
            else:
                self.comments += 1
            self._count_place(comment)

    def _count_place(self, comment: CommentRecord) -> None:
        self.replies += comment.is_reply
        if comment.is_orphan:
            self.orphans += 1
            self.orphan_list.append(f"{comment.source_id}->{comment.lost_parent_id}")

    def count_body(self, story: StoryRecord, body: Body) -> None:
        """Take over what a story's body could not keep as blocks of ours, and what was taken out of it."""
        title = story.title or story.slug or story.source_id
        self.count_kept(story, body.kept_as_html)
        if body.removed:
            self.repair(
                _("“%(title)s”: %(what)s was taken out, because it could run in readers' browsers.")
                % {"title": title, "what": ", ".join(body.removed)}
            )

    def count_kept(self, story: StoryRecord, kept: Iterable[str]) -> None:
        """List what of a story has no counterpart among our blocks."""
        title = story.title or story.slug or story.source_id
        for what, count in Counter(kept).items():
            shown = f"{what} (×{count})" if count > 1 else what
            self.kept_as_html.append({"id": story.source_id, "title": title, "what": shown})

    def repair(self, sentence: str) -> None:
        """Name a repair, once."""
        if sentence not in self.repairs:
            self.repairs.append(sentence)

    def skip(self, record: SkippedRecord) -> None:
        """Note what is left out."""
        self.skipped.append(record)

    def as_dict(self) -> dict[str, Any]:
        """Return the report under its fixed keys, ready for JSON."""
        return {
            "source": self.source,
            "dry_run": self.is_dry_run,
            "posts": self.posts,
            "pages": self.pages,
            "comments": self.comments,
            "replies": self.replies,
            "orphans": self.orphans,
            "pingbacks": self.pingbacks,
            "trackbacks": self.trackbacks,
            "authors": len(self.authors),
            "media_found": len(self.media_found),
            "media_missing": len(self.media_missing),
            "published": self.published,
            "unpublished": self.unpublished,
            "added": self.added,
            "unchanged": self.unchanged,
            "skipped": [{"kind": each.kind, "id": each.source_id, "reason": each.reason} for each in self.skipped],
            "repairs": self.repairs,
            "kept_as_html": self.kept_as_html,
            "orphan_list": self.orphan_list,
            "media_missing_urls": list(self.media_missing),
        }

    def sentences(self) -> list[str]:
        """Say what was done in sentences a publisher understands, the most important first."""
        return [
            *self._outcome(),
            *self._discussion(),
            *self._media(),
            *self._left_out(),
            *self.repairs,
            *self._kept(),
        ]

    def _outcome(self) -> list[str]:
        values = {"added": self.added, "unchanged": self.unchanged}
        if self.is_dry_run:
            first = _(
                "Dry run: nothing was written. %(added)s records would be added, %(unchanged)s are already there."
            )
        else:
            first = _("%(added)s records were added, %(unchanged)s were already there.")
        stories = _("The file holds %(posts)s posts and %(pages)s pages; %(published)s are public, %(hidden)s are not.")
        counts = {"posts": self.posts, "pages": self.pages, "published": self.published, "hidden": self.unpublished}
        authors = ngettext("%(count)s author.", "%(count)s authors.", len(self.authors)) % {"count": len(self.authors)}
        return [first % values, stories % counts, authors]

    def _discussion(self) -> list[str]:
        told = [
            _("Readers wrote %(comments)s comments, %(replies)s of them replies.")
            % {"comments": self.comments, "replies": self.replies}
        ]
        if self.orphans:
            told.append(
                _("%(count)s replies answer a comment the file does not hold; they stand at top level: %(list)s.")
                % {"count": self.orphans, "list": ", ".join(self.orphan_list)}
            )
        if self.pingbacks or self.trackbacks:
            told.append(
                _("%(count)s notices by other sites' machines (pingbacks, trackbacks) are counted apart.")
                % {"count": self.pingbacks + self.trackbacks}
            )
        return told

    def _media(self) -> list[str]:
        told = [_("%(count)s pictures and files were found.") % {"count": len(self.media_found)}]
        if self.media_missing:
            told.append(
                _("%(count)s pictures and files could not be had; their captions stand in their place:")
                % {"count": len(self.media_missing)}
            )
            told += [f"  {url} ({reason})" for url, reason in self.media_missing.items()]
        return told

    def _left_out(self) -> list[str]:
        reasons = Counter((each.kind, each.reason) for each in self.skipped)
        return [
            ngettext(
                "%(count)s item of the type “%(kind)s” was left out because %(reason)s.",
                "%(count)s items of the type “%(kind)s” were left out because of each: %(reason)s.",
                count,
            )
            % {"count": count, "kind": kind, "reason": reason}
            for (kind, reason), count in reasons.items()
        ]

    def _kept(self) -> list[str]:
        return [
            _("“%(title)s” keeps as plain HTML, or names: %(what)s.") % {"title": each["title"], "what": each["what"]}
            for each in self.kept_as_html
        ]
