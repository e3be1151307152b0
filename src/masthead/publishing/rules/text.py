"""Measures of a text."""

from __future__ import annotations

import html
import re

WORDS_PER_MINUTE = 230
_TAG = re.compile(r"<[^>]*>")
_BLOCK_END = re.compile(r"</(?:p|h[1-6]|li|td|th|figcaption|blockquote|pre|div|caption)>|<br\s*/?>", re.IGNORECASE)
_SPACE = re.compile(r"\s+")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]")


def plain(markup: str) -> str:
    """Return the words of well-formed HTML without markup, blocks separated by a line break."""
    lines = _TAG.sub("", _BLOCK_END.sub("\n", markup)).split("\n")
    words = [_SPACE.sub(" ", html.unescape(line)).strip() for line in lines]
    return "\n".join(line for line in words if line)


def word_count(text: str) -> int:
    """Return how many words a plain text has."""
    return len(text.split())


def reading_minutes(words: int) -> int:
    """Return the minutes an adult needs for ``words``, at least 1."""
    return max(1, round(words / WORDS_PER_MINUTE))


def shortened(text: str, limit: int) -> str:
    """Return ``text`` cut at a word within ``limit`` characters, with an ellipsis where something is missing."""
    flat = _SPACE.sub(" ", text).strip()
    if len(flat) <= limit:
        return flat
    cut = flat[: limit - 1]
    head, space, _tail = cut.rpartition(" ")
    return f"{(head if space else cut).rstrip(' ,;:.')}…"


def printable(text: str) -> str:
    """Return ``text`` without the control characters that neither HTML nor XML 1.0 may contain."""
    return _CONTROL.sub("", text)
