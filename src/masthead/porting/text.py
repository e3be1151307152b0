"""Plain text out of foreign values."""

from __future__ import annotations

import html
import re
from urllib.parse import unquote

import nh3

from masthead.core.markup import plain_line

_BLANKS = re.compile(r"\s+")
# Elements whose content a browser never shows as text of the page.
_NO_TEXT = {"script", "style", "iframe", "noembed", "noframes", "noscript", "plaintext", "template", "title", "xmp"}
_EMAIL = re.compile(r"[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+")
# Elements whose content a browser never shows as text of the page.
_NO_TEXT = {"script", "style", "iframe", "noembed", "noframes", "noscript", "plaintext", "template", "title", "xmp"}
_EMAIL = re.compile(r"[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+")
# Direction overrides and other invisible controls let a name pose as another; joiners stay, scripts need them.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
)


def plain_text(value: str) -> str:
    """Return ``value`` without tags, entities resolved once, white space folded and invisible controls left out."""
    if "<" in value:
        value = nh3.clean(value, tags=set(), clean_content_tags=_NO_TEXT)
    return plain_line(html.unescape(value))


def plain_name(value: str) -> str:
    """Return a person's name as plain text, empty where it is an e-mail address: those are never published."""
    name = plain_text(value).strip("<> ")
    return "" if _EMAIL.fullmatch(name) else name


def plain_slug(value: str) -> str:
    """Return a slug with percent-encoded letters decoded."""
    return _BLANKS.sub("-", unquote(value.strip(), errors="replace")).strip("/-")


def shortened(text: str, limit: int) -> str:
    """Return at most ``limit`` characters of ``text``, cut between words, with an ellipsis for what is missing."""
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    head, blank, _ = cut.rpartition(" ")
    return (head if blank and len(head) > limit // 2 else cut).rstrip(" ,;:.") + "…"
