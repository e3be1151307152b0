"""The allow-lists foreign HTML has to pass, and nothing else decides what may stand in a body.

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
RICH_TAGS = INLINE_TAGS | {"p"}
COMMENT_TAGS = RICH_TAGS | {"abbr", "blockquote", "cite", "del", "li", "ol", "pre", "q", "ul"}
KEPT_TAGS = RICH_TAGS | {
    "abbr", "address", "bdi", "bdo", "blockquote", "caption", "cite", "dd", "del", "details", "dfn", "div", "dl",
    "dt", "figcaption", "figure", "h2", "h3", "h4", "hr", "ins", "kbd", "li", "mark", "ol", "pre", "q", "rp", "rt",
    "ruby", "samp", "small", "span", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "time", "tr", "ul",
    "var",
}  # fmt: skip
# Wider than what is published: just enough to recognise what a piece of markup is.
RECOGNISED_TAGS = KEPT_TAGS | {
    "acronym", "article", "aside", "audio", "big", "center", "font", "footer", "h1", "h5", "h6", "header", "iframe",
    "img", "main", "nav", "picture", "section", "source", "strike", "track", "tt", "u", "video",
}  # fmt: skip

_LINK = {"a": {"href", "title"}}
_KEPT_ATTRIBUTES = {
    **_LINK,
    "abbr": {"title"},
    "bdo": {"dir"},
    "ol": {"start", "reversed"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "time": {"datetime"},
    "*": {"lang", "dir"},
}
_RECOGNISED_ATTRIBUTES = {
    **_KEPT_ATTRIBUTES,
    "acronym": {"title"},
    "audio": {"src"},
    "video": {"src"},
    "source": {"src"},
    "iframe": {"src", "title"},
    "img": {"src", "alt", "width", "height", "data-id"},
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
    """Return paragraphs with the few inline tags a story's text may have."""
    return _settled(markup, RICH_TAGS, _LINK)


def clean_inline(markup: str) -> str:
    """Return one line of text with inline tags only: captions, list items, cells."""
    return _settled(markup, INLINE_TAGS, _LINK)


def clean_kept_html(markup: str) -> str:
    """Return HTML of any shape that may be published: no picture, no frame, no class, no style, nothing that runs."""
    return _settled(markup, KEPT_TAGS, _KEPT_ATTRIBUTES)


def clean_comment(markup: str) -> str:
    """Return a comment's HTML: paragraphs, quotes, lists, code and links."""
    return _settled(markup, COMMENT_TAGS, _LINK | {"abbr": {"title"}})


def recognisable(markup: str) -> str:
    """Return well-formed HTML in which pictures, frames and class names are still there to be recognised.

    The result is for reading, not for publishing.
    """
    return _settled(markup, RECOGNISED_TAGS, _RECOGNISED_ATTRIBUTES)
