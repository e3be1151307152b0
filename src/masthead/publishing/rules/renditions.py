"""Addresses of pictures in the sizes that pages show.

An address says everything that is needed to make the file, so sealing a story makes no picture: the file is made
by the worker, or at the first request, and then never again. Only the shapes below exist.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

WIDTHS = (480, 760, 1380)
CROPS = {
    "face": (104, 104),
    "card": (660, 440),
    "share": (1200, 630),
    "square": (1200, 1200),
    "classic": (1200, 900),
    "wide": (1200, 675),
}
MODERN = ("avif", "webp")
_FALLBACKS = {"png": "png"}
_NAME = re.compile(r"^renditions/(\d+)-([0-9a-f]{10})/([a-z0-9]+)\.(avif|webp|jpg|png)$")
_FORMATS = {"avif": "format-avif", "webp": "format-webp", "jpg": "format-jpeg", "png": "format-png"}


@dataclass(frozen=True)
class Rendition:
    """One file: which picture, which state of it, which shape, which format."""

    picture_id: int
    digest: str
    shape: str
    extension: str

    @property
    def name(self) -> str:
        """Its name in the media storage."""
        return f"renditions/{self.picture_id}-{self.digest}/{self.shape}.{self.extension}"

    @property
    def filter_spec(self) -> str:
        """How the image library makes it."""
        operation = f"width-{self.shape}" if self.shape.isdigit() else "fill-{}x{}".format(*CROPS[self.shape])
        background = "|bgcolor-ffffff" if self.extension == "jpg" else ""
        return f"{operation}|{_FORMATS[self.extension]}{background}"


def parse(name: str) -> Rendition | None:
    """Return the rendition a storage name stands for, or None when no page shows such a file."""
    match = _NAME.match(name)
    if match is None:
        return None
    picture_id, digest, shape, extension = match.groups()
    known = shape in CROPS or (shape.isdigit() and int(shape) in WIDTHS)
    return Rendition(int(picture_id), digest, shape, extension) if known else None


@dataclass(frozen=True)
class Source:
    """One format of a picture for ``<source>``: its type and its files with their widths."""

    type: str
    srcset: str


@dataclass(frozen=True)
class Addresses:
    """Where a page finds a picture: the file every browser shows, its size, and the smaller formats."""

    src: str
    width: int
    height: int
    sources: tuple[Source, ...]


def addresses(facts: Mapping[str, Any], media_url: str) -> Addresses:
    """Return the addresses of a picture's whole view. Facts: id, digest, file, width, height.

    Without a digest (a GIF may move, and only the original does) it is the original file.
    """
    width, height = int(facts["width"]), int(facts["height"])
    if not facts["digest"]:
        return Addresses(media_url + facts["file"], width, height, ())
    widths = shown_widths(width)
    shown = size_at(width, height, widths[-1])
    fallback = _file(facts, str(widths[min(1, len(widths) - 1)]), fallback_extension(facts["file"]))
    sources = tuple(
        Source(
            f"image/{kind}",
            ", ".join(f"{media_url}{_file(facts, str(step), kind).name} {min(step, width)}w" for step in widths),
        )
        for kind in MODERN
    )
    return Addresses(media_url + fallback.name, *shown, sources)


def crop(facts: Mapping[str, Any], shape: str, media_url: str) -> Addresses:
    """Return the addresses of one of the fixed shapes of a picture."""
    width, height = CROPS[shape]
    if not facts["digest"]:
        return Addresses(media_url + facts["file"], width, height, ())
    fallback = _file(facts, shape, fallback_extension(facts["file"]))
    sources = tuple(Source(f"image/{kind}", media_url + _file(facts, shape, kind).name) for kind in MODERN)
    return Addresses(media_url + fallback.name, width, height, sources)


def first_needed(facts: Mapping[str, Any], *, is_lead: bool) -> list[Rendition]:
    """Return the files worth making before anybody asks: the rest is made at its first request."""
    if not facts["digest"]:
        return []
    widths = [str(step) for step in shown_widths(int(facts["width"]))]
    wanted = [_file(facts, step, MODERN[0]) for step in widths]
    if is_lead:
        wanted += [_file(facts, "card", MODERN[0]), _file(facts, "share", fallback_extension(facts["file"]))]
    return wanted


def _file(facts: Mapping[str, Any], shape: str, extension: str) -> Rendition:
    return Rendition(int(facts["id"]), str(facts["digest"]), shape, extension)


def fallback_extension(file_name: str) -> str:
    """Return the format that every browser shows: drawings stay PNG, photographs become JPEG."""
    return _FALLBACKS.get(file_name.rpartition(".")[2].lower(), "jpg")


def shown_widths(width: int) -> list[int]:
    """Return the widths worth making of a picture ``width`` pixels wide: never larger than itself, at least one."""
    return [step for step in WIDTHS if step <= width] or [WIDTHS[0]]


def size_at(width: int, height: int, step: int) -> tuple[int, int]:
    """Return width and height when scaled down to ``step``; pictures are never enlarged."""
    if width <= step:
        return width, height
    return step, max(1, int(height * step / width))
