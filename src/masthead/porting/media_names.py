"""Addresses of pictures, and the files they may be."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

_SIZE = re.compile(r"-\d{1,5}x\d{1,5}(?=\.[A-Za-z0-9]{2,5}$)")
_MADE_BY_WORDPRESS = re.compile(r"-(?:scaled|rotated)(?=\.[A-Za-z0-9]{2,5}$)")
_UPLOADS = ("/uploads/", "/files/", "/content/images/")


def original_path(url: str) -> str:
    """Return the path of the picture as it was uploaded: without the size that is written into a copy's name."""
    path = unquote(urlsplit(url).path, errors="replace")
    return _MADE_BY_WORDPRESS.sub("", _SIZE.sub("", path)).casefold()


def file_names(url: str, path: str = "") -> Iterator[str]:
    """Yield the names a picture's file may have below a folder of uploads, the likeliest first, in lower case."""
    own = unquote(urlsplit(url).path, errors="replace").casefold()
    if path:
        yield path.casefold()
    for candidate in dict.fromkeys([original_path(url), own]):
        for mark in _UPLOADS:
            _before, found, tail = candidate.rpartition(mark)
            if found:
                yield tail
        yield candidate.lstrip("/")
    for candidate in dict.fromkeys([path.casefold(), original_path(url), own]):
        if candidate:
            yield PurePosixPath(candidate).name
