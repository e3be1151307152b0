"""The files an export declares, found by number, by address, or by the story they hang on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from masthead.porting.media_names import original_path
from masthead.porting.records import MediaRecord


class MediaIndex:
    """Look up the attachments of one file."""

    def __init__(self, media: Mapping[str, MediaRecord]) -> None:
        self._media = media
        self._by_path: dict[str, str] = {}
        self._of_parent: defaultdict[str, list[str]] = defaultdict(list)
        for key, record in media.items():
            self._by_path.setdefault(original_path(record.url), key)
            if record.parent_key and record.is_image:
                self._of_parent[record.parent_key].append(key)

    def __contains__(self, key: str) -> bool:
        return key in self._media

    def __getitem__(self, key: str) -> MediaRecord:
        return self._media[key]

    def pictures_of(self, story_id: str) -> list[str]:
        """Return the pictures that were uploaded to a story, in the order of the file."""
        return self._of_parent.get(story_id, [])

    def key_of(self, *, number: str = "", url: str = "") -> str:
        """Return the key of the file with this number or address; empty if the export declares none."""
        if number in self._media:
            return number
        return self._by_path.get(original_path(url), "") if url else ""
