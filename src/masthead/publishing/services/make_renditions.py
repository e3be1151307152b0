"""Make the sizes of pictures that pages show."""

from __future__ import annotations

import io
import os
import tempfile
from pathlib import Path

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from wagtail.images.models import Filter

from masthead.publishing.errors import PictureRefused
from masthead.publishing.models import Edition, Picture
from masthead.publishing.models.describe import describe_picture
from masthead.publishing.rules import renditions
from masthead.publishing.rules.renditions import Rendition


def make_rendition(*, rendition: Rendition, picture: Picture) -> bytes:
    """Make one size of a picture, keep it in the media storage and return it.

    Raises :class:`PictureRefused` when the original is gone or broken. Several processes may make the same file at
    once: each writes it whole, the last one stays.
    """
    output = io.BytesIO()
    try:
        Filter(spec=rendition.filter_spec).run(picture, output)
    except Exception as error:  # what an image library raises at a broken file is not a closed list
        raise PictureRefused(name=picture.file.name, reason=str(error)) from error
    content = output.getvalue()
    _keep(rendition.name, content)
    return content


def _keep(name: str, content: bytes) -> None:
    try:
        target = Path(default_storage.path(name))
    except NotImplementedError:  # a storage without paths, such as S3, writes whole objects by itself
        if not default_storage.exists(name):
            default_storage.save(name, ContentFile(content))
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, scratch = tempfile.mkstemp(dir=target.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    Path(scratch).chmod(0o644)
    Path(scratch).replace(target)


def make_renditions_of(*, thread_key: str) -> int:
    """Make the files that readers of a story's current edition will ask for first; return how many were missing.

    A picture that cannot be read is passed over: its page shows the alternative text.
    """
    edition = Edition.objects.filter(thread_key=thread_key).order_by("-number").first()
    if edition is None:
        return 0
    pictures = Picture.objects.in_bulk(edition.picture_ids)
    lead = edition.picture["id"] if edition.picture else None
    made = 0
    for picture in pictures.values():
        for item in renditions.first_needed(describe_picture(picture), is_lead=picture.pk == lead):
            made += _make_missing(item, picture)
    return made


def _make_missing(rendition: Rendition, picture: Picture) -> int:
    if default_storage.exists(rendition.name):
        return 0
    try:
        make_rendition(rendition=rendition, picture=picture)
    except PictureRefused:
        return 0
    return 1
