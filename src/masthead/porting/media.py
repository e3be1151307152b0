"""Pictures of the old site: taken from a folder, or fetched, or named as missing."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from django.db import transaction
from django.utils.translation import gettext as _

from masthead.publishing.errors import PictureRefused
from masthead.publishing.selectors import find_picture
from masthead.publishing.services import put_picture

from .download import MOST_BYTES, Downloader, DownloadRefused
from .media_names import file_names
from .memory import Memory
from .models import ImportRecord
from .records import MediaRecord
from .report import ImportReport

_KIND = ImportRecord.Kind.PICTURE


class MediaFolder:
    """A copy of the old site's uploads. Files are found by path or, where it is the only one, by name."""

    def __init__(self, folder: Path) -> None:
        self._paths: dict[str, Path] = {}
        names: dict[str, Path | None] = {}
        for root, _folders, files in os.walk(folder):
            for name in files:
                path = Path(root) / name
                self._paths[path.relative_to(folder).as_posix().casefold()] = path
                names[name.casefold()] = None if name.casefold() in names else path
        self._names = {name: path for name, path in names.items() if path is not None}

    def find(self, url: str, path: str = "") -> Path | None:
        """Return the file of a picture, or nothing. Only names are compared, so no path leads out of the folder."""
        for name in file_names(url, path):
            found = self._paths.get(name) or (None if "/" in name else self._names.get(name))
            if found is not None:
                return found
        return None


class MediaDesk:
    """Answers which picture of ours an address of the old site became."""

    def __init__(
        self,
        *,
        media: Mapping[str, MediaRecord],
        memory: Memory,
        report: ImportReport,
        folder: MediaFolder | None = None,
        downloader: Downloader | None = None,
    ) -> None:
        self._media = media
        self._memory = memory
        self._report = report
        self._folder = folder
        self._downloader = downloader
        self._seen: dict[str, int | None] = {}

    def picture_id(self, url: str, key: str = "") -> int | None:
        """Return our picture, bringing it in if need be; nothing, and a note in the report, if it cannot be had.

        Call outside a transaction: the file may come over the network.
        """
        record = self._media.get(key) or MediaRecord(key="", url=url)
        if record.url not in self._seen:
            self._seen[record.url] = self._known(record) or self._brought_in(record)
            if self._seen[record.url] is not None:
                self._report.media_found.add(record.url)
        return self._seen[record.url]

    def _known(self, record: MediaRecord) -> int | None:
        found = self._memory.target_id(_KIND, record.url)
        return found if found is not None and find_picture(found) is not None else None

    def _brought_in(self, record: MediaRecord) -> int | None:
        try:
            content = self._content(record)
        except (DownloadRefused, OSError) as error:
            self._report.media_missing[record.url] = str(error)
            return None
        if content is None:
            reason = _("not in the folder") if self._folder else _("no folder was given")
            self._report.media_missing[record.url] = reason
            return None
        if self._report.is_dry_run:
            return 0
        name = PurePosixPath(record.path or record.url.partition("?")[0]).name
        try:
            with transaction.atomic():
                texts = {"title": record.title, "alt": record.alt, "caption": record.caption}
                picture = put_picture(data=content, name=name, **texts)
                self._memory.keep(_KIND, record.url, f"picture:{picture.pk}")
        except PictureRefused as refusal:
            self._report.media_missing[record.url] = refusal.message()
            return None
        return int(picture.pk)

    def _content(self, record: MediaRecord) -> bytes | None:
        path = self._folder.find(record.url, record.path) if self._folder else None
        if path is not None:
            if path.stat().st_size > MOST_BYTES:
                raise DownloadRefused(_("it is larger than %(size)s MB") % {"size": MOST_BYTES // 1024 // 1024})
            return path.read_bytes()
        if self._downloader is None:
            return None
        if self._report.is_dry_run:
            raise DownloadRefused(_("nothing is fetched in a dry run"))
        return self._downloader.fetch(record.url)

    def bring_in_rest(self) -> None:
        """Bring in the declared pictures that no story shows, so that the library is complete."""
        for record in self._media.values():
            if record.is_image:
                self.picture_id(record.url, record.key)
