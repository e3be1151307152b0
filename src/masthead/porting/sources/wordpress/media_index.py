"""The files an export declares, found by number, by address, or by the story they hang on."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from urllib.parse import unquote, urlsplit

from masthead.porting.records import MediaRecord

_SIZE = re.compile(r"-\d{1,5}x\d{1,5}(?=\.[A-Za-z0-9]{2,5}$)")
_MADE_BY_WORDPRESS = re.compile(r"-(?:scaled|rotated)(?=\.[A-Za-z0-9]{2,5}$)")


def original_path(url: str) -> str:
    """Return the path of the picture as it was uploaded: without the size WordPress wrote into a copy's name."""
    path = unquote(urlsplit(url).path, errors="replace")
    return _MADE_BY_WORDPRESS.sub("", _SIZE.sub("", path)).casefold()


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
