"""Pictures from elsewhere."""

from __future__ import annotations

import io
from typing import Any

import pytest
from PIL import Image

from masthead.publishing.errors import PictureRefused
from masthead.publishing.models import Picture, PublishedStory
from masthead.publishing.services import put_picture
from masthead.publishing.testing import make_article, make_picture

pytestmark = pytest.mark.django_db


def encoded(kind: str, *, size: tuple[int, int] = (40, 20), **options: Any) -> bytes:
    output = io.BytesIO()
    Image.new("RGB", size, "#456").save(output, kind, **options)
    return output.getvalue()


@pytest.mark.parametrize(("kind", "extension"), [("JPEG", "jpg"), ("PNG", "png"), ("GIF", "gif"), ("WEBP", "webp")])
def test_a_picture_is_kept_under_a_plain_name(kind: str, extension: str) -> None:
    picture = put_picture(data=encoded(kind), name="../../etc/Ünsäfe name.php", alt="A", caption="B", credit="C")
    assert picture.file.name.startswith("original_images/")
    assert picture.file.name.endswith(f".{extension}")
    assert ".." not in picture.file.name
    assert (picture.width, picture.height, picture.alt, picture.caption, picture.credit) == (40, 20, "A", "B", "C")


def test_the_same_bytes_are_kept_once() -> None:
    first = put_picture(data=encoded("PNG"), name="a.png", alt="First")
    again = put_picture(data=encoded("PNG"), name="b.png", alt="Second")
    assert (first.pk, again.alt) == (again.pk, "First")
    assert Picture.objects.count() == 1


@pytest.mark.parametrize(
    "data",
    [b"", b"GIF89a", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"<?php ?>", encoded("PNG")[:60], encoded("BMP")],
    ids=["empty", "head only", "svg", "php", "cut", "bmp"],
)
def test_what_is_no_picture_is_refused_by_name(data: bytes) -> None:
    with pytest.raises(PictureRefused) as refused:
        put_picture(data=data, name="holiday.png")
    assert "holiday.png" in refused.value.message()
    assert not Picture.objects.exists()


def test_a_picture_of_too_many_pixels_is_refused(settings: Any) -> None:
    settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS = 100
    with pytest.raises(PictureRefused, match="publishing"):
        put_picture(data=encoded("PNG"), name="huge.png")


def test_a_turned_picture_is_set_upright_and_tells_no_place() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x8825] = {1: "N", 2: (52.0, 30.0, 0.0)}
    picture = put_picture(data=encoded("JPEG", exif=exif), name="phone.jpg")
    assert (picture.width, picture.height) == (20, 40)
    with picture.file.open("rb") as file, Image.open(file) as kept:
        assert not kept.getexif()


def test_a_moving_picture_is_shown_as_it_is() -> None:
    picture = put_picture(data=encoded("GIF"), name="moves.gif")
    make_article("The pumps", picture=picture, body=[("picture", {"picture": picture})])
    html = PublishedStory.objects.get().edition.html
    assert f'<img src="/media/{picture.file.name}" width="40" height="20"' in html
    assert "<source" not in html


def test_small_pictures_are_not_enlarged_and_large_ones_come_in_steps() -> None:
    small, large = make_picture("#111", size=(300, 200)), make_picture("#222", size=(2000, 1000))
    make_article("The pumps", body=[("picture", {"picture": small}), ("picture", {"picture": large})])
    html = PublishedStory.objects.get().edition.html
    assert 'width="300" height="200"' in html
    assert 'width="1380" height="690"' in html
    assert "760.avif 760w" in html


def test_a_deleted_picture_leaves_its_caption() -> None:
    picture = make_picture()
    blocks = [("picture", {"picture": picture.pk, "caption": "The gate", "credit": "Ada"}), ("picture", {"picture": 0})]
    picture.delete()
    make_article("The pumps", body=blocks)
    html = PublishedStory.objects.get().edition.html
    assert html == '<figure class="figure"><figcaption>The gate <span class="credit">Ada</span></figcaption></figure>'
