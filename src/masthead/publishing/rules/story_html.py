"""The markup a story may contain: one allow-list for all texts of a story."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from html.parser import HTMLParser

import nh3

_INLINE = {"a", "abbr", "b", "br", "cite", "code", "del", "em", "i", "ins", "kbd", "mark", "q", "s", "small", "strong"}
INLINE_TAGS = _INLINE | {"sub", "sup", "time", "u"}
TEXT_TAGS = INLINE_TAGS | {"blockquote", "li", "ol", "p", "ul"}
HTML_TAGS = TEXT_TAGS | {
    "address", "caption", "dd", "details", "div", "dl", "dt", "figcaption", "figure", "h2", "h3", "h4", "h5", "h6",
    "hr", "img", "pre", "rp", "rt", "ruby", "samp", "span", "summary", "table", "tbody", "td", "tfoot", "th",
    "thead", "tr", "var",
}  # fmt: skip
_ATTRIBUTES = {
    "a": {"href", "hreflang", "title"},
    "abbr": {"title"},
    "img": {"alt", "height", "src", "width"},
    "ol": {"reversed", "start"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "time": {"datetime"},
}
_SCHEMES = {"http", "https", "mailto", "tel"}
_ROOM = re.compile(r"<a\s[^>]*linktype=[^>]*>", re.IGNORECASE)


def clean(markup: str, tags: set[str]) -> str:
    """Return ``markup`` with only ``tags`` and harmless attributes; nothing in it can run or load from elsewhere.

    Pictures stay only when they come from this site's own media. Idempotent. Text of removed scripts and styles
    goes with them.
    """
    return nh3.clean(
        markup,
        tags=tags,
        attributes={tag: names for tag, names in _ATTRIBUTES.items() if tag in tags},
        attribute_filter=_own_pictures_only,
        url_schemes=_SCHEMES,
        clean_content_tags={"script", "style", "template", "noscript"} - tags,
        link_rel="noopener",
    )


def _own_pictures_only(tag: str, attribute: str, value: str) -> str | None:
    if tag == "img" and attribute == "src" and not value.startswith("/media/"):
        return None
    return value


class _AnchorParser(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.values = {name: value or "" for name, value in attrs}


def _attributes(anchor: str) -> dict[str, str]:
    parser = _AnchorParser()
    parser.feed(anchor)
    return parser.values


def internal_links(markup: str) -> set[tuple[str, int]]:
    """Return the (kind, id) of all links that the editor stored by id: pages and documents."""
    found = set()
    for anchor in _ROOM.findall(markup):
        values = _attributes(anchor)
        if values.get("id", "").isdigit():
            found.add((values.get("linktype", ""), int(values["id"])))
    return found


def resolve_links(markup: str, paths: Mapping[tuple[str, int], str]) -> str:
    """Replace links stored by id with addresses; a link whose target is not public keeps its words only."""

    def replace(match: re.Match[str]) -> str:
        values = _attributes(match.group())
        number = values.get("id", "")
        path = paths.get((values.get("linktype", ""), int(number))) if number.isdigit() else None
        return f'<a href="{html.escape(path)}">' if path else "<a>"

    return _ROOM.sub(replace, markup)
