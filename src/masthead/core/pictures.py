"""Pictures of strangers: decoded and drawn anew, so that nothing of the file that was sent lives on."""

from __future__ import annotations

import io
import struct
import zlib
from dataclasses import dataclass

from PIL import Image, ImageOps

# Drawn by Pillow itself; nothing that calls another program, nothing that holds code.
_FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "AVIF")
_BROKEN = (
    OSError,
    ValueError,
    SyntaxError,
    TypeError,
    EOFError,
    ArithmeticError,
    LookupError,
    struct.error,
    zlib.error,
)
_QUALITY = 80


class NotAPicture(Exception):
    """Nothing that can be drawn."""


class TooManyPixels(Exception):
    """More than is taken, seen before anything was unpacked."""


@dataclass(frozen=True)
class Redrawn:
    """A WebP picture without any of the file it came from but its colours."""

    content: bytes
    width: int
    height: int


def redraw(data: bytes, *, most_pixels: int, longest_side: int) -> Redrawn:
    """Decode a picture and encode it anew as WebP: turned upright, at most ``longest_side``, first frame only.

    No metadata, no profile, no trailing bytes come through. Raises :class:`TooManyPixels` by the header alone, before
    anything is unpacked, and :class:`NotAPicture` for everything that is none of JPEG, PNG, WebP, GIF and AVIF.
    """
    Image.init()
    try:
        with Image.open(io.BytesIO(data), formats=[name for name in _FORMATS if name in Image.OPEN]) as image:
            if image.width * image.height > most_pixels:
                raise TooManyPixels
            return _drawn(image, longest_side)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise TooManyPixels from error
    except _BROKEN as error:
        raise NotAPicture from error


def _drawn(image: Image.Image, longest_side: int) -> Redrawn:
    image.thumbnail((longest_side, longest_side))
    upright = ImageOps.exif_transpose(image)
    mode = "RGBA" if upright.has_transparency_data else "RGB"
    # Onto an empty sheet: what the former one carried along stays behind.
    sheet = Image.new(mode, upright.size)
    sheet.paste(upright.convert(mode))
    out = io.BytesIO()
    sheet.save(out, "WEBP", quality=_QUALITY, method=4)
    return Redrawn(out.getvalue(), *sheet.size)
