"""Drawing papers, and what it must not do to the rest of the process."""

from __future__ import annotations

import io
import subprocess
import sys

import pytest
from PIL import Image, ImageFile

from masthead.core.pdf import pdf_of

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
