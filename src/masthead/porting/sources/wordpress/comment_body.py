"""A comment's body: WordPress stores what the reader typed, with a few tags, and adds paragraphs and links later."""

from __future__ import annotations

import re

from masthead.core.markup import clean_comment_html

from .autop import paragraphs

_MARKUP = re.compile(r"(<[^<>]*>)")
_ADDRESS = re.compile(r"https?://[^\s<>\"'“”]+[^\s<>\"'“”.,;:!?)\]]")
_TAG = re.compile(r"<[/!?]?([a-zA-Z][a-zA-Z0-9:-]*|[^\s\w])")
_INLINE = frozenset({"a", "abbr", "b", "br", "cite", "code", "del", "em", "i", "q", "s", "strong", "sub", "sup"})
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
    """Return a comment as HTML with its text, links, emphasis and paragraphs.

    What of it may be published is decided where it is stored: the discussion cleans everything it takes in. Only
    markup that no comment of WordPress may have is cleaned here too, so that paragraphs come out right around it.
    """
    if any(name.lower() not in _INLINE for name in _TAG.findall(source)):
        source = clean_comment_html(source)
    markup = paragraphs(source)
    return _linked(markup) if "://" in markup else markup
