"""Pictures of strangers: nothing of the file that was sent lives on, and it is public only as its comment is.

Rule 6 of the research on how comment systems were broken: CVE-2020-24186 (wpDiscuz) let guests upload a program that
began like a picture.
"""

from __future__ import annotations

import io
import struct
import zlib
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import TestCase
from PIL import Image

from masthead.accounts.models import User
from masthead.core import pictures
from masthead.core.clock import frozen, now
from masthead.discussion.attached_errors import PictureRefused
from masthead.discussion.errors import SameTextAgain
from masthead.discussion.models import Comment, CommentPicture
from masthead.discussion.rules.people import Person
from masthead.discussion.services import (
    Upload,
    approve_comment,
    delete_own_comment,
    erase_deleted,
    forget_lost_pictures,
    post_comment,
    remove_comment,
)
from masthead.discussion.testing import make_guest, make_member
from tests.client import CheckingClient
from tests.discussion.test_site_settings import decide, page
from tests.discussion.test_undo import LATE
from tests.discussion.visits import send, soup

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.urls("tests.discussion.host"),
    pytest.mark.usefixtures("subjects", "badges", "reserved"),
]
MO = Person(may_moderate=True)
FOLDER = Path(django_settings.MEDIA_ROOT) / "comments"


@pytest.fixture(autouse=True)
def taken(settings: Any) -> None:
    """A site that takes pictures."""
    decide(settings, pictures=True)


def drawn(kind: str = "JPEG", size: tuple[int, int] = (40, 20), **options: Any) -> bytes:
    """Return a picture as a camera or a program writes it."""
    out = io.BytesIO()
    Image.new("RGB", size, (180, 40, 30)).save(out, kind, **options)
    return out.getvalue()


def from_camera() -> bytes:
    """Return a picture that says where and by what it was taken, lying on its side."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "SpyCam"
    exif.get_ifd(0x8825).update({1: "N", 2: (38.0, 42.0, 1.0), 3: "W", 4: (9.0, 8.0, 2.0)})
    return drawn(exif=exif, icc_profile=b"profile of the SpyCam", comment=b"SpyCam")


def bomb(width: int, height: int) -> bytes:
    """Return a small PNG that would unpack to a huge picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")
    )


def upload(content: bytes, name: str = "quay.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="image/jpeg")


def post(content: bytes, *, person: Person | None = None, text: str = "Look.") -> Comment:
    picture = Upload(content, alt="The  quay\n")
    return post_comment(thread_key="article:1", person=person or make_guest(), name="Ada", text=text, picture=picture)


def kept_bytes() -> bytes:
    return Path(django_settings.MEDIA_ROOT, CommentPicture.objects.get().path).read_bytes()


def test_a_member_shows_a_picture(client: CheckingClient, nobody: CheckingClient, ada: User) -> None:
    client.force_login(ada)
    send(client, picture=upload(drawn()), picture_alt='The "quay"')
    shown = page(nobody).select_one("#comment-list img")
    assert shown is not None
    assert (shown["alt"], shown["width"], shown["height"], shown["loading"]) == ('The "quay"', "40", "20", "lazy")
    reply: Any = nobody.get(str(shown["src"]))
    assert Image.open(io.BytesIO(reply.getvalue())).format == "WEBP"
    assert reply["Content-Type"] == "image/webp"
    assert reply["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert reply["X-Content-Type-Options"] == "nosniff"
    assert reply["Content-Disposition"].startswith("inline; filename=")
    assert "thread:article:1" in reply["Surrogate-Key"]
    assert nobody.get(f"/media/{CommentPicture.objects.get().path}").status_code == 404, "only one road leads to it"


def test_place_camera_and_direction_do_not_travel_along() -> None:
    post(from_camera())
    kept = kept_bytes()
    picture = Image.open(io.BytesIO(kept))
    assert picture.size == (20, 40), "turned upright"
    assert not picture.getexif()
    assert "icc_profile" not in picture.info
    assert b"SpyCam" not in kept
    assert b"Exif" not in kept
    assert CommentPicture.objects.get().alt == "The quay"


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "GIF", "AVIF"])
def test_what_cameras_and_programs_write_is_taken(kind: str) -> None:
    more: dict[str, Any] = (
        {"save_all": True, "append_images": [Image.new("RGB", (40, 20))]} if kind in {"GIF", "WEBP"} else {}
    )
    post(drawn(kind, **more))
    assert getattr(Image.open(io.BytesIO(kept_bytes())), "n_frames", 1) == 1, "the first frame alone"


@pytest.mark.parametrize(
    "content",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"<html><script>alert(1)</script></html>",
        b"GIF89a<?php system($_GET['c']); ?>",
        b"\xff\xd8\xff\xe0<?php phpinfo(); ?>",
        b"%PDF-1.4 /JS (alert(1))",
        b"%!PS-Adobe-3.0 EPSF-3.0",
        drawn("PNG")[:60],
        drawn("TIFF"),
        drawn("ICO", size=(16, 16)),
        b"",
    ],
    ids=["svg", "html", "gif-php", "jpeg-php", "pdf", "eps", "torn", "tiff", "ico", "empty"],
)
def test_what_is_no_picture_is_refused_whatever_it_is_called(content: bytes) -> None:
    with pytest.raises(PictureRefused) as refused:
        post(content)
    assert refused.value.params == {"why": "kind"}


@pytest.mark.parametrize("tail", [b"<?php system('id'); ?>", b"<script>alert(1)</script>", b"PK\x03\x04 an archive"])
def test_what_is_two_things_at_once_is_only_a_picture_afterwards(tail: bytes) -> None:
    """CVE-2020-24186: a real picture with a program behind it or in its comment."""
    post(drawn(comment=tail) + tail)
    assert tail not in kept_bytes()


@pytest.mark.parametrize(("width", "height"), [(60_000, 60_000), (12_000, 8_000), (2**31 - 1, 2**31 - 1)])
def test_a_bomb_is_refused_by_its_header(width: int, height: int) -> None:
    with pytest.raises(PictureRefused) as refused:
        post(bomb(width, height))
    assert refused.value.params == {"why": "pixels"}


def test_too_many_bytes_are_refused_and_the_form_says_so(client: CheckingClient) -> None:
    reply = send(client, text="Words kept", picture=upload(b"x" * 10_000_001))
    assert reply.status_code == 422
    form = soup(reply).select_one("form[enctype='multipart/form-data']")
    assert form is not None
    assert "larger than 10 MB" in form.select_one("#c-picture-error").get_text()  # type: ignore[union-attr]
    assert form.select_one("textarea").get_text().strip() == "Words kept"  # type: ignore[union-attr]


def test_a_large_picture_is_made_smaller() -> None:
    made = pictures.redraw(drawn(size=(3000, 1000)), most_pixels=50_000_000, longest_side=1600)
    assert (made.width, made.height) == (1600, 533)


def test_the_picture_of_a_guest_waits_with_its_comment(
    client: CheckingClient, nobody: CheckingClient, mo: User
) -> None:
    send(client, picture=upload(drawn()))
    comment = Comment.objects.get()
    assert (comment.status, comment.hold_reason) == ("held", "picture")
    address = f"/-/comments/pictures/{CommentPicture.objects.get().name}.webp"
    assert nobody.get(address).status_code == 404
    assert client.get(address)["Cache-Control"] == "private, no-store"
    desk = CheckingClient()
    desk.force_login(mo)
    assert desk.get(address).status_code == 200
    approve_comment(comment_id=comment.public_id, moderator=MO)
    assert nobody.get(address).status_code == 200
    remove_comment(comment_id=comment.public_id, moderator=MO, reason="other")
    assert nobody.get(address).status_code == 404


def test_the_file_goes_with_its_comment(ada: User) -> None:
    comment = post(drawn(), person=make_member(ada))
    path = Path(django_settings.MEDIA_ROOT, CommentPicture.objects.get().path)
    delete_own_comment(comment_id=comment.public_id, person=make_member(ada))
    assert path.exists(), "it can still be taken back"
    with frozen(now() + LATE), TestCase.captureOnCommitCallbacks(execute=True), transaction.atomic():
        erase_deleted()
    assert not path.exists()
    assert not CommentPicture.objects.exists()


def test_a_refused_comment_leaves_no_file_and_lost_ones_are_found(ada: User) -> None:
    post(drawn(), person=make_member(ada))
    count = len(list(FOLDER.rglob("*.webp")))
    with pytest.raises(SameTextAgain):
        post(drawn(), person=make_member(ada))
    assert len(list(FOLDER.rglob("*.webp"))) == count
    lost = FOLDER / "00" / "00ff.webp"
    lost.parent.mkdir(parents=True, exist_ok=True)
    lost.write_bytes(b"x")
    assert forget_lost_pictures() == 0
    with frozen(now() + timedelta(days=2)):
        forget_lost_pictures()
    assert not lost.exists()
    assert Path(django_settings.MEDIA_ROOT, CommentPicture.objects.get().path).exists()


def test_by_default_no_picture_is_taken(client: CheckingClient, settings: Any) -> None:
    decide(settings, pictures=False)
    assert page(client).select_one("input[type=file]") is None
    with pytest.raises(PictureRefused):
        post(drawn())
