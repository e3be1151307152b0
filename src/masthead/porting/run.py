"""Bring in a foreign site: judge the file, then write story by story, each whole or not at all."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from masthead.core.clock import now
from masthead.publishing.selectors import front_page_exists

from .archives import Archives
from .blocks import BlockWriter
from .discussions import CommentWriter
from .download import Downloader
from .errors import ImportRefused
from .media import MediaDesk, MediaFolder
from .memory import Memory
from .models import ImportRecord, ImportRun
from .places import Places
from .records import ImportSource, SkippedRecord, StoryKind, StoryRecord
from .report import ImportReport
from .stories import Draft, StoryWriter, thread_key

Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """How to import: where the old uploads lie, whether pictures may be fetched, whether anything is written."""

    media_folder: Path | None = None
    may_download: bool = False
    is_dry_run: bool = False


class SiteImport:
    """One import of one file. ``survey`` first: it refuses what cannot be imported before anything is written."""

    def __init__(self, source: ImportSource, file: Path, options: ImportOptions) -> None:
        self.survey = source.survey()
        if not front_page_exists():
            raise ImportRefused(_("The site has no front page yet; run masthead init on its folder first."))
        self.report = ImportReport(source=source.name, is_dry_run=options.is_dry_run)
        self._source = source
        self._file = file
        self._options = options
        self._memory = Memory(source.name)
        self._media = MediaDesk(
            media=self.survey.media,
            memory=self._memory,
            report=self.report,
            folder=MediaFolder(options.media_folder) if options.media_folder else None,
            downloader=Downloader() if options.may_download else None,
        )
        places = Places(survey=self.survey, memory=self._memory)
        self._stories = StoryWriter(
            memory=self._memory, places=places, report=self.report, base_url=self.survey.base_url
        )
        self._archives = Archives(survey=self.survey, memory=self._memory)
        self._comments = CommentWriter(memory=self._memory, source=source)
        self._run: ImportRun | None = None

    @property
    def steps(self) -> int:
        """Return how many steps :meth:`perform` tells its progress of: items and comments."""
        return self.survey.item_count + self.survey.comment_count

    def perform(self, progress: Progress = lambda _steps: None) -> ImportReport:
        """Import everything and return the report.

        Each story is written with its comments in one transaction, so that an interruption at any moment leaves
        whole stories or none; run again, the import goes on where it stopped and adds nothing twice.
        """
        for sentence in self.survey.repairs:
            self.report.repair(sentence)
        if not self._options.is_dry_run:
            self._run = ImportRun.objects.create(source=self._source.name, file_digest=_file_digest(self._file))
        for story in self._each(progress):
            self._bring_in(story)
        self._media.bring_in_rest()
        if self._run is not None:
            with transaction.atomic():
                self._archives.redirect()
            self._run.report = self.report.as_dict()
            self._run.finished_at = now()
            self._run.save(update_fields=["report", "finished_at"])
        return self.report

    def _each(self, progress: Progress) -> Iterator[StoryRecord]:
        for record in self._source.records():
            if isinstance(record, SkippedRecord):
                self.report.skip(record)
                progress(1)
                continue
            yield record
            progress(1 + len(record.comments))

    def _bring_in(self, story: StoryRecord) -> None:
        self.report.count_story(story, is_public=story.is_public)
        if story.kind is StoryKind.DISCUSSION:
            self._write_discussion(story)
            return
        self._archives.note(story)
        draft = self._drafted(story)
        known = self._memory.find(ImportRecord.Kind.STORY, story.key)
        is_new = known is None
        is_unchanged = known is not None and self._stories.is_unchanged(draft, known)
        self.report.added += is_new
        self.report.unchanged += not is_new
        if self._options.is_dry_run:
            self._count_comments(story, self._comments.new_comments(story))
            return
        if is_unchanged and known is not None and self._comments.new_comments(story) == 0:
            self._count_comments(story, 0)
            return
        with transaction.atomic():
            key = thread_key(known.target) if is_unchanged and known else self._stories.write(draft, known)
            added = self._comments.write(story, key)
            self._advance()
        self._count_comments(story, added)

    def _write_discussion(self, story: StoryRecord) -> None:
        if self._options.is_dry_run:
            self._count_comments(story, self._comments.new_comments(story))
            return
        with transaction.atomic():
            added = self._comments.write(story, self._comments.key_of(story))
        self._count_comments(story, added)

    def _count_comments(self, story: StoryRecord, added: int) -> None:
        self.report.added += added
        self.report.unchanged += len(story.comments) - added

    def _drafted(self, story: StoryRecord) -> Draft:
        body = self._source.body(story)
        self.report.count_body(story, body)
        writer = BlockWriter(self._media.picture_id)
        blocks = writer.written(body)
        self.report.count_kept(story, writer.kept)
        draft = Draft(story=story, body=body, blocks=blocks, picture_id=self._lead_picture(story))
        self._name_repairs(draft)
        return draft

    def _name_repairs(self, draft: Draft) -> None:
        values = {"kind": draft.story.kind.value, "id": draft.story.source_id, "title": draft.title}
        if not draft.story.title:
            self.report.repair(_("A %(kind)s without a title (number %(id)s) is called “%(title)s”.") % values)
        if draft.story.is_sticky:
            self.report.repair(
                _("“%(title)s” was kept at the top of the old front page; here the front page shows the latest first.")
                % values
            )
        if draft.story.lone_ratings:
            self.report.repair(
                _(
                    "%(count)s readers gave “%(title)s” stars without a comment; the file does not say who gave which, "
                    "so they were left out."
                )
                % {**values, "count": draft.story.lone_ratings}
            )
        if draft.is_discussed_page:
            self.report.repair(_("The page “%(title)s” has comments, so it stands as a story among “Pages”.") % values)

    def _lead_picture(self, story: StoryRecord) -> int | None:
        record = self.survey.media.get(story.featured_media_key)
        if record is None:
            if story.featured_media_key:
                self.report.media_missing[f"#{story.featured_media_key}"] = _("the file does not hold this attachment")
            return None
        return self._media.picture_id(record.url, record.key)

    def _advance(self) -> None:
        if self._run is not None:
            self._run.position += 1
            self._run.save(update_fields=["position"])


def _file_digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
