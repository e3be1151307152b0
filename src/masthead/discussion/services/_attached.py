"""What is sent along with a text: answers to the site's own fields, and a picture."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse

from masthead.core import markup, pictures
from masthead.discussion import conf
from masthead.discussion.attached_errors import FieldsRefused, PictureRefused
from masthead.discussion.models import Comment, CommentPicture, FieldValue
from masthead.discussion.models.attached import path_of
from masthead.discussion.rules import fields
from masthead.discussion.rules.fields import Given


@dataclass(frozen=True)
class Upload:
    """A file as it was sent, and what its sender says it shows."""

    content: bytes
    alt: str = ""


@dataclass(frozen=True)
class Stored:
    """A picture that lies in the store and belongs to nobody yet."""

    name: str
    alt: str
    redrawn: pictures.Redrawn

    def discard(self) -> None:
        """Take the file away again: the comment was refused."""
        default_storage.delete(path_of(self.name))


@dataclass(frozen=True)
class Attached:
    """What passed and goes with the comment."""

    answers: tuple[Given, ...] = ()
    picture: Stored | None = None


def answers(typed: Mapping[str, str]) -> tuple[Given, ...]:
    """Return the answers to the site's own fields. Refuses ``FieldsRefused`` with every problem at once."""
    given, problems = fields.given(conf.config().fields, typed)
    if problems:
        raise FieldsRefused(problems=problems)
    return tuple(given)


def store(upload: Upload | None) -> Stored | None:
    """Draw a picture anew and store it under a random name. Slow, so never inside a transaction.

    Refuses ``PictureRefused``: where the site takes none, what is too large, and what is no picture.
    """
    if upload is None:
        return None
    if not conf.config().pictures:
        raise PictureRefused(why="off")
    if len(upload.content) > conf.PICTURE_BYTES:
        raise PictureRefused(why="bytes")
    try:
        redrawn = pictures.redraw(
            upload.content, most_pixels=conf.PICTURE_PIXELS, longest_side=conf.PICTURE_LONGEST_SIDE
        )
    except pictures.TooManyPixels:
        raise PictureRefused(why="pixels") from None
    except pictures.NotAPicture:
        raise PictureRefused(why="kind") from None
    name = secrets.token_hex(16)
    default_storage.save(path_of(name), ContentFile(redrawn.content))
    return Stored(name, markup.plain_line(upload.alt)[:300], redrawn)


@contextmanager
def kept(answers: tuple[Given, ...], upload: Upload | None) -> Iterator[Attached]:
    """Store the picture; take the file away again when what is done inside fails. Refuses as :func:`store`."""
    picture = store(upload)
    try:
        yield Attached(answers, picture)
    except BaseException:
        if picture is not None:
            picture.discard()
        raise


def attach(comment: Comment, attached: Attached) -> None:
    """Store what goes with a comment, inside the transaction that stores it."""
    if not attached.answers and attached.picture is None:
        return
    FieldValue.objects.bulk_create(
        FieldValue(
            comment=comment,
            name=one.name,
            label=one.label,
            kind=one.kind,
            value=one.value,
            is_public=one.is_public,
            given_at=comment.created_at,
        )
        for one in attached.answers
    )
    if attached.picture is not None:
        picture, redrawn = attached.picture, attached.picture.redrawn
        CommentPicture.objects.create(
            comment=comment,
            name=picture.name,
            alt=picture.alt,
            width=redrawn.width,
            height=redrawn.height,
            size=len(redrawn.content),
            created_at=comment.created_at,
        )


def annex(attached: Attached) -> str:
    """Return what everybody sees of it, as HTML below the text; empty for nothing."""
    shown = [one for one in attached.answers if one.is_public]
    picture = attached.picture
    if not shown and picture is None:
        return ""
    context: dict[str, Any] = {"answers": shown}
    if picture is not None:
        size = {"width": picture.redrawn.width, "height": picture.redrawn.height}
        address = reverse("discussion:picture", args=[picture.name])
        context |= {"picture": {"alt": picture.alt, **size}, "address": address}
    return render_to_string("discussion/_annex.html", context).strip()


def detach(comment: Comment) -> None:
    """Erase what hangs on a comment; the file goes once that is committed."""
    comment.field_values.all().delete()
    for picture in CommentPicture.objects.filter(comment=comment):
        path = picture.path
        picture.delete()
        transaction.on_commit(lambda path=path: default_storage.delete(path))  # type: ignore[misc]
