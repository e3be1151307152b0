"""How a picture with its texts is described to templates: plain values that editions can keep."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from masthead.publishing.models import Picture
from masthead.publishing.rules import renditions
from masthead.publishing.rules.renditions import Rendition


def media_url(name: str) -> str:
    """Return the address of a file in the media storage."""
    return f"{settings.MEDIA_URL}{name}"


def describe_picture(picture: Picture, *, alt: str = "", caption: str = "", credit: str = "") -> dict[str, Any]:
    """Return addresses, sizes and texts of a picture; texts given here go before the picture's own."""
    width, height = picture.width, picture.height
    shown = {
        "id": picture.pk,
        "alt": alt or picture.alt,
        "caption": caption or picture.caption,
        "credit": credit or picture.credit,
    }
    digest = picture.file_hash[:10]
    if picture.file.name.lower().endswith(".gif") or not digest:
        # A GIF may move, and only the original does.
        return {**shown, "src": media_url(picture.file.name), "width": width, "height": height, "sources": []}
    extension = renditions.fallback_extension(picture.file.name)
    widths = renditions.shown_widths(width)
    shown_width, shown_height = renditions.size_at(width, height, widths[-1])
    fallback = Rendition(picture.pk, digest, str(widths[min(1, len(widths) - 1)]), extension)
    return {
        **shown,
        "src": media_url(fallback.name),
        "width": shown_width,
        "height": shown_height,
        "sources": [_source(picture.pk, digest, kind, widths, width) for kind in renditions.MODERN],
        "crops": {shape: media_url(Rendition(picture.pk, digest, shape, extension).name) for shape in renditions.CROPS},
    }


def _source(picture_id: int, digest: str, kind: str, widths: list[int], width: int) -> dict[str, str]:
    parts = [f"{media_url(Rendition(picture_id, digest, str(step), kind).name)} {min(step, width)}w" for step in widths]
    return {"type": f"image/{kind}", "srcset": ", ".join(parts)}


def face_url(picture: Picture | None) -> str:
    """Return the address of a portrait's small square, or an empty text."""
    if picture is None or not picture.file_hash:
        return ""
    extension = renditions.fallback_extension(picture.file.name)
    return media_url(Rendition(picture.pk, picture.file_hash[:10], "face", extension).name)
