"""Drawing papers, and what it must not do to the rest of the process."""

from __future__ import annotations

import io
import subprocess
import sys
from html import escape

import pytest
from PIL import Image, ImageFile

from masthead.core.pdf import pdf_of
from masthead.core.text import direction_of
from tests import pdfs

PAGE = '<html lang="en"><head><title>Paper</title></head><body><p>Thanks</p></body></html>'


def test_a_picture_that_is_cut_short_stays_refused_after_a_paper_was_drawn() -> None:
    out = io.BytesIO()
    Image.effect_noise((64, 64), 50).save(out, "PNG")
    assert pdf_of(PAGE).startswith(b"%PDF")
    assert not ImageFile.LOAD_TRUNCATED_IMAGES
    with pytest.raises((OSError, SyntaxError)):
        Image.open(io.BytesIO(out.getvalue()[:200])).load()


def test_what_draws_is_not_imported_before_a_paper_is_asked_for() -> None:
    code = "import sys, masthead.core.pdf; print('weasyprint' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd="src")
    assert done.stdout.strip() == "False"


DIRECTIONS = [("10623 Berlin", "ltr"), ("17 شارع", "rtl"), ("«שלום» x", "rtl"), ("−25 $", "ltr"), ("", "ltr")]


@pytest.mark.parametrize(("text", "direction"), DIRECTIONS)
def test_the_first_letter_says_the_direction(text: str, direction: str) -> None:
    assert direction_of(text) == direction


@pytest.mark.parametrize("words", ["Umgebung e. V.", "10623 Berlin & Co.", "−25 $"])
@pytest.mark.parametrize("tag", ["<bdi>{}</bdi>", '<p dir="auto">{}</p>'])
def test_foreign_words_keep_their_own_direction_on_a_paper(words: str, tag: str) -> None:
    """Full stop after the last letter, postcode before the town, minus before the figure: also right to left."""
    body = tag.format(escape(words))
    drawn = pdf_of(f'<html lang="ar" dir="rtl"><head><title>x</title></head><body><div>{body}</div></body></html>')
    assert pdfs.text_of(drawn) == words.replace(" ", "")
