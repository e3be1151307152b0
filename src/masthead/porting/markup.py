"""The allow-lists foreign HTML passes on its way into blocks.

What may be published at all is decided in ``core.markup``; here stand only the narrower lists of single blocks and
the wider one in which pictures and class names are still there to be recognised.

Cleaning once is not enough: markup exists that is harmless when parsed once and dangerous when its clean form is
parsed again. So every result is cleaned until it stays the same, and text is all that is kept of what never settles.
"""

from __future__ import annotations

import html

import nh3

SCHEMES = {"http", "https", "mailto", "tel"}
_WITHOUT_CONTENT = {"script", "style", "title", "xmp", "plaintext", "noembed", "noframes", "noscript", "template"}
_MOST_ROUNDS = 6

INLINE_TAGS = {"a", "b", "i", "strong", "em", "code", "s", "sub", "sup", "br"}
RICH_TAGS = INLINE_TAGS | {"p", "ul", "ol", "li"}
_RECOGNISED_TAGS = RICH_TAGS | {
    "abbr", "acronym", "address", "article", "aside", "audio", "bdi", "bdo", "big", "blockquote", "caption",
    "center", "cite", "dd", "del", "details", "dfn", "div", "dl", "dt", "figcaption", "figure", "font", "footer",
    "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "iframe", "img", "ins", "kbd", "main", "mark", "nav",
    "picture", "pre", "q", "rp", "rt", "ruby", "samp", "section", "small", "source", "span", "strike", "summary",
    "table", "tbody", "td", "tfoot", "th", "thead", "time", "tr", "track", "tt", "u", "var", "video",
}  # fmt: skip

_LINK = {"a": {"href", "title"}}
_RECOGNISED_ATTRIBUTES = {
    **_LINK,
    "abbr": {"title"},
    "acronym": {"title"},
    "audio": {"src"},
    "bdo": {"dir"},
    "iframe": {"src", "title"},
    "img": {"src", "alt", "width", "height", "data-id"},
    "ol": {"start", "reversed"},
    "source": {"src"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "time": {"datetime"},
    "video": {"src"},
    "*": {"lang", "dir", "class"},
}


def _settled(markup: str, tags: set[str], attributes: dict[str, set[str]]) -> str:
    for _ in range(_MOST_ROUNDS):
        clean = nh3.clean(
            markup,
            tags=tags,
            attributes=attributes,
            url_schemes=SCHEMES,
            clean_content_tags=_WITHOUT_CONTENT,
            link_rel=None,
            strip_comments=True,
        )
        if clean == markup:
            return clean
        markup = clean
    return html.escape(nh3.clean(markup, tags=set(), clean_content_tags=_WITHOUT_CONTENT), quote=False)


def clean_rich_text(markup: str) -> str:
    """Return paragraphs and lists with the few inline tags a story's text may have."""
    return _settled(markup, RICH_TAGS, _LINK)


def clean_inline(markup: str) -> str:
    """Return one line of text with inline tags only: captions, list items, cells."""
    return _settled(markup, INLINE_TAGS, _LINK)


def recognisable(markup: str) -> str:
    """Return well-formed HTML in which pictures, frames and class names are still there to be recognised.

    The result is for reading, not for publishing.
    """
    return _settled(markup, _RECOGNISED_TAGS, _RECOGNISED_ATTRIBUTES)
