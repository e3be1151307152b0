"""A comment's body: WordPress stores what the reader typed, with a few tags, and adds paragraphs and links later."""

from __future__ import annotations

import re

from masthead.core.markup import clean_comment_html

from .autop import paragraphs

_MARKUP = re.compile(r"(<[^<>]*>)")
_ADDRESS = re.compile(r"https?://[^\s<>\"'“”]+[^\s<>\"'“”.,;:!?)\]]")
_NO_LINKS_INSIDE = frozenset({"a", "code", "pre"})


def _linked(markup: str) -> str:
    """Turn addresses that stand as text into links."""
    parts = _MARKUP.split(markup)
    inside = 0
    for place, part in enumerate(parts):
        if part.startswith("<"):
            name = part.strip("</>").split(" ", 1)[0].lower()
            if name in _NO_LINKS_INSIDE:
                inside += -1 if part.startswith("</") else 1
        elif not inside:
            parts[place] = _ADDRESS.sub(lambda match: f'<a href="{match[0]}">{match[0]}</a>', part)
    return "".join(parts)


def convert_comment(source: str) -> str:
    """Return a comment as clean HTML with its text, links, emphasis and paragraphs; nothing in it can run."""
    clean = clean_comment_html(paragraphs(clean_comment_html(source)))
    return clean_comment_html(_linked(clean)).strip() if "://" in clean else clean.strip()
