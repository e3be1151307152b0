"""Block delimiters: HTML comments that say what the markup between them is.

Static blocks carry their markup, so the delimiters can go. Dynamic ones (latest posts, calendar ...) carry none:
WordPress makes them anew for every view, and all that can be done is to name them.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from .autop import paragraphs

_INSIDE = re.compile(r"\s+(/)?wp:([a-z][a-z0-9_-]*(?:/[a-z][a-z0-9_-]*)?)\s*(\{.*\})?\s*(/)?", re.DOTALL)
_WITHOUT_MEANING = frozenset({"more", "nextpage", "spacer", "separator", "column", "group", "shortcode"})


@dataclass(frozen=True, slots=True)
class _Delimiter:
    start: int
    end: int
    name: str
    attributes: str
    is_closing: bool
    is_void: bool


def is_made_of_blocks(source: str) -> bool:
    """Say whether a body was written in the block editor."""
    return "<!-- wp:" in source


def _delimiters(source: str) -> Iterator[_Delimiter]:
    at = 0
    while (start := source.find("<!--", at)) >= 0 and (end := source.find("-->", start + 4)) >= 0:
        at = end + 3
        match = _INSIDE.fullmatch(source, start + 4, end)
        if match:
            closing, name, attributes, void = match.groups()
            yield _Delimiter(start, at, name.removeprefix("core/"), attributes or "", bool(closing), bool(void))


def _attribute(attributes: str, name: str) -> str:
    try:
        value = json.loads(attributes).get(name, "") if attributes else ""
    except ValueError:
        return ""
    return value if isinstance(value, str) else ""


def _void(delimiter: _Delimiter, listed: list[str]) -> str:
    """Return what stands for a block without markup; name it if nothing does."""
    name = delimiter.name
    if name == "social-link":
        url, service = _attribute(delimiter.attributes, "url"), _attribute(delimiter.attributes, "service")
        if url.startswith(("http://", "https://")):
            return f'<li><a href="{html.escape(url)}">{html.escape(service or url)}</a></li>'
        return ""
    if name == "block":
        listed.append(_("a reusable block, of which the story holds only a number"))
    elif name not in _WITHOUT_MEANING:
        listed.append(_("the block “%(name)s”, which WordPress makes anew for every view") % {"name": name})
    return ""


def without_delimiters(source: str, listed: list[str]) -> str:
    """Return the markup of all blocks in order; what stands between blocks is read like the classic editor's text.

    Blocks that have no markup in the file are named in ``listed``.
    """
    parts: list[str] = []
    open_blocks: list[str] = []
    at = 0
    for delimiter in _delimiters(source):
        between = source[at : delimiter.start]
        parts.append(between if open_blocks and open_blocks[-1] != "freeform" else paragraphs(between))
        at = delimiter.end
        if delimiter.is_void:
            parts.append(_void(delimiter, listed))
        elif not delimiter.is_closing:
            open_blocks.append(delimiter.name)
        elif delimiter.name in open_blocks:
            while open_blocks.pop() != delimiter.name:
                pass
    return "".join(parts) + (source[at:] if open_blocks else paragraphs(source[at:]))
