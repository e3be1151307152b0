"""Runs of text: which tags belong into a line, and how ours are spelt."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString, PageElement
from django.utils.translation import gettext as _

from masthead.porting.markup import clean_inline

INLINE = frozenset({
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "br", "cite", "code", "del", "dfn", "em", "font", "i", "ins",
    "kbd", "mark", "q", "rp", "rt", "ruby", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time",
    "tt", "u", "var",
})  # fmt: skip
MEDIA = ("img", "iframe", "video", "audio")
_BREAKS = re.compile(r"(?:\s*<br>\s*)+")
_OUTER_BREAKS = re.compile(r"^<br>|<br>$|^\s+|\s+$")
_SPELT = {
    "del": "s",
    "strike": "s",
    "kbd": "code",
    "samp": "code",
    "tt": "code",
    "var": "em",
    "dfn": "em",
    "cite": "em",
}


def classes(tag: Tag) -> list[str]:
    """Return the class names of a tag."""
    value = tag.get("class")
    return list(value) if isinstance(value, list) else []


def attribute(tag: Tag, name: str) -> str:
    """Return an attribute as text; empty if the tag does not have it."""
    value = tag.get(name)
    return value.strip() if isinstance(value, str) else ""


def special(part: PageElement) -> str:
    """Name what a run of text holds that a text block would lose; empty if nothing."""
    if not isinstance(part, Tag):
        return ""
    for tag in (part, *part.find_all(["ruby", "abbr", "acronym", "bdo"])):
        if tag.name == "ruby":
            return _("text with reading aids (ruby)")
        if tag.name in ("abbr", "acronym") and tag.get("title"):
            return _("an abbreviation with its explanation")
        if tag.name == "bdo" and tag.get("dir"):
            return _("text with a set direction")
    return ""


def written(part: PageElement) -> str:
    """Return a part as markup, unchanged."""
    if isinstance(part, Tag):
        return part.decode()
    return part.output_ready() if isinstance(part, NavigableString) else ""


def spelt(parts: Iterable[PageElement]) -> str:
    """Return parts as markup in which tags we do not have are spelt as those we have. Changes the parts."""
    out = []
    for part in parts:
        if isinstance(part, Tag):
            for tag in (part, *part.find_all([*_SPELT, "q"])):
                if tag.name == "q":
                    tag.insert(0, "“")
                    tag.append("”")
                tag.name = _SPELT.get(tag.name, tag.name)
        out.append(written(part))
    return "".join(out).strip()


def line(tag: Tag) -> str:
    """Return what stands in ``tag`` as one clean line; paragraph ends become line breaks. Changes the tag."""
    for paragraph in tag.find_all(["p", "div"]):
        paragraph.insert_before(BeautifulSoup("<br>", "html.parser"))
        paragraph.insert_after(BeautifulSoup("<br>", "html.parser"))
    markup = clean_inline(spelt(list(tag.children)))
    return _OUTER_BREAKS.sub("", _BREAKS.sub("<br>", markup))
