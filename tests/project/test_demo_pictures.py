"""The demo's drawings: each can be drawn, has the promised size and comes out the same every time."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from masthead.project.demo import pictures
from masthead.project.demo.pictures.faces import LOOKS


@pytest.mark.parametrize("name", sorted(pictures.names()))
def test_picture_is_drawn_at_its_size(name: str) -> None:
    with Image.open(io.BytesIO(pictures.render(name))) as image:
        assert image.format == "JPEG"
        assert image.size == ((400, 400) if name in LOOKS else (1600, 900))
        assert len(image.getcolors(maxcolors=2_000_000) or []) > 500


def test_picture_is_the_same_every_time() -> None:
    assert pictures.render("north-gate") == pictures.render("north-gate")


def test_unknown_picture_is_refused() -> None:
    with pytest.raises(KeyError):
        pictures.render("volcano")
