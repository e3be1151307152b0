"""How a picture with its texts is described: plain values that editions keep."""

from __future__ import annotations

from typing import Any

from masthead.publishing.models.images import Picture


def describe_picture(picture: Picture, *, alt: str = "", caption: str = "", credit: str = "") -> dict[str, Any]:
    """Return what pages need to know of a picture; texts given here go before the picture's own.

    ``digest`` is empty for a GIF: it may move, and only the original file does.
    """
    moves = picture.file.name.lower().endswith(".gif")
    return {
        "id": picture.pk,
        "digest": "" if moves else picture.file_hash[:10],
        "file": picture.file.name,
        "width": picture.width,
        "height": picture.height,
        "alt": alt or picture.alt,
        "caption": caption or picture.caption,
        "credit": credit or picture.credit,
    }
