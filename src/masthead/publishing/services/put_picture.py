"""Pictures from elsewhere: imports, seeds, tests."""

from __future__ import annotations

import hashlib
import io
import re
from pathlib import PurePosixPath
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from PIL import Image, ImageOps, UnidentifiedImageError
from wagtail.models import Collection

from masthead.publishing.errors import PictureRefused
from masthead.publishing.models import Picture

_EXTENSIONS = {"JPEG": "jpg", "PNG": "png", "GIF": "gif", "WEBP": "webp", "AVIF": "avif"}
_GPS = 0x8825
_ORIENTATION = 0x0112
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


def put_picture(
    *,
    data: bytes,
    name: str,
    title: str = "",
    alt: str = "",
    caption: str = "",
    credit: str = "",
    by: Any = None,
) -> Picture:
    """Keep a picture; the same bytes again return the picture there is, with its texts untouched.

    Decoded before it is kept: raises :class:`PictureRefused` for what is no JPEG, PNG, GIF, WebP or AVIF, is broken,
    or has more than ``WAGTAILIMAGES_MAX_IMAGE_PIXELS``. A turned picture is set upright, and one that tells where it
    was taken is written anew without that.
    """
    content, extension, size = _checked(data, name)
    digest = hashlib.sha1(content, usedforsecurity=False).hexdigest()
    with transaction.atomic():
        existing: Picture | None = Picture.objects.filter(file_hash=digest).order_by("pk").first()
        if existing is not None:
            return existing
        stem = _UNSAFE.sub("-", PurePosixPath(name).stem).strip("-.")[:60] or "picture"
        picture = Picture(
            title=(title or stem)[:255],
            alt=alt[:500],
            caption=caption[:1000],
            credit=credit[:255],
            uploaded_by_user=by,
            collection=Collection.get_first_root_node(),
            file_hash=digest,
            file_size=len(content),
        )
        picture.file = ContentFile(content, name=f"{stem}.{extension}")
        picture.width, picture.height = size
        picture.save()
    return picture


def _checked(data: bytes, name: str) -> tuple[bytes, str, tuple[int, int]]:
    """Return content that is safe to keep, its extension and its size."""
    try:
        with Image.open(io.BytesIO(data)) as image:
            if image.format not in _EXTENSIONS:
                raise PictureRefused(name=name, reason=str(image.format))
            if image.width * image.height > _max_pixels():
                raise PictureRefused(name=name, reason=f"{image.width} × {image.height}")
            exif = image.getexif()
            image.load()
            extension = _EXTENSIONS[image.format]
            if extension == "gif" or (exif.get(_ORIENTATION, 1) == 1 and _GPS not in exif):
                return data, extension, image.size
            return _rewritten(image, extension)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise PictureRefused(name=name, reason=str(error)) from error


def _rewritten(image: Image.Image, extension: str) -> tuple[bytes, str, tuple[int, int]]:
    """Write the picture anew: upright, with its colours, without what else its file told."""
    kind = image.format or "JPEG"
    upright = ImageOps.exif_transpose(image)
    output = io.BytesIO()
    options = {"quality": 92} if kind in {"JPEG", "WEBP", "AVIF"} else {}
    upright.save(output, format=kind, exif=b"", icc_profile=image.info.get("icc_profile"), **options)
    return output.getvalue(), extension, upright.size


def _max_pixels() -> int:
    return int(getattr(settings, "WAGTAILIMAGES_MAX_IMAGE_PIXELS", 60_000_000))
