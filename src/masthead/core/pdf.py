"""Documents as PDF, tagged for screen readers (PDF/UA-1), in any script. Nothing is loaded but the theme's own fonts.

WeasyPrint is imported on first use: it takes memory, and a system without Pango can do all else.
"""

from __future__ import annotations

import io
import logging
import re
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from PIL import ImageFile

from masthead.core.text import direction_of, one_line

_STYLE = Path(__file__).parent / "paper.css"
_SCHEME = "theme-font:"
_OF_ITS_OWN = re.compile(r'<(bdi|p dir="auto")>([^<]*)')
# Each holds some scripts; what none of them holds is drawn in a font of the system.
_FONTS = (
    "source-serif-latin",
    "source-serif-latin-ext",
    "source-serif-cyrillic",
    "source-serif-cyrillic-ext",
    "source-serif-greek",
    "source-serif-vietnamese",
)

logging.getLogger("weasyprint").setLevel(logging.CRITICAL)  # what it refuses to load is told by tests, not by logs


def pdf_of(html: str) -> bytes:
    """Draw a page of HTML, whose ``<html>`` names its language and whose ``<title>`` names it.

    No address in it is ever loaded, whatever it names: a file, another site or this one.
    """
    _come()
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration

    fonts, fetcher = FontConfiguration(), _fetcher()
    faces = "".join(f'@font-face {{ font-family: "{name}"; src: url("{_SCHEME}{name}") }}' for name in _FONTS)
    family = ", ".join(f'"{name}"' for name in _FONTS)
    body = f"body {{ font-family: {family}, serif }}"
    style = "\n".join([faces, body, _STYLE.read_text(encoding="utf-8")])
    page = HTML(string=_directed(html), url_fetcher=fetcher, base_url="about:blank")
    sheet = CSS(string=style, url_fetcher=fetcher, font_config=fonts)
    drawn: bytes = page.write_pdf(
        stylesheets=[sheet], font_config=fonts, pdf_variant="pdf/ua-1", presentational_hints=False
    )
    return drawn


def _directed(html: str) -> str:
    """Say the direction of words that have one of their own: WeasyPrint, unlike browsers, does not look for it."""

    def said(match: re.Match[str]) -> str:
        return f'<{match[1].split()[0]} dir="{direction_of(unescape(match[2]))}">{match[2]}'

    return _OF_ITS_OWN.sub(said, html)


@cache
def _come() -> None:
    """Import what draws, and take back what it does to the whole process at that.

    It lets Pillow accept pictures that are cut short, those that readers and editors send included.
    """
    is_lenient = ImageFile.LOAD_TRUNCATED_IMAGES
    import weasyprint  # noqa: F401 - for what it does when it is first imported

    ImageFile.LOAD_TRUNCATED_IMAGES = is_lenient


def file_name(*words: str) -> str:
    """Return a name for a download that no mail program or system stumbles over."""
    kept = "-".join(one_line(word) for word in words)
    return "".join(mark if mark.isascii() and (mark.isalnum() or mark in "-_") else "-" for mark in kept) + ".pdf"


def _fetcher() -> Any:
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class FontsOnly(URLFetcher):  # type: ignore[misc]  # it has no types
        """Gives the theme's fonts and refuses everything else, without asking anybody."""

        def fetch(self, url: str, headers: Any = None) -> Any:
            name = url.removeprefix(_SCHEME)
            if not url.startswith(_SCHEME) or name not in _FONTS:
                raise ValueError("documents load nothing")
            return URLFetcherResponse(url, _font(name), {"Content-Type": "font/ttf"})

    return FontsOnly()


@cache
def _font(name: str) -> bytes:
    """Return a font of the theme, unpacked once."""
    from fontTools.ttLib import TTFont

    unpacked = io.BytesIO()
    with TTFont(finders.find(f"project/fonts/{name}.woff2"), recalcTimestamp=False) as font:
        font.flavor = None
        font.save(unpacked)
    return unpacked.getvalue()
