"""The paragraphs of a sealed body: each has a name that links and readers' notes can rely on.

A name is made of the id that the editor's block keeps for ever, and counts the paragraphs within that block.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser

_PREFIX = "p-"
# What stands alone as a paragraph does, and what may stand around such things.
_UNITS = frozenset({"blockquote", "figure", "h2", "h3", "h4", "h5", "h6", "ol", "p", "pre", "table", "ul"})
_AROUND = frozenset({"div"})
_VOID = frozenset({"br", "col", "hr", "img", "source", "wbr"})
# Ends of these separate words.
_BREAKS = frozenset({"br", "dd", "dt", "figcaption", "li", "p", "pre", "td", "th", "tr", "caption", *_UNITS})
_NOT_WORDS = frozenset({"sup"})
_HEX = re.compile(r"[^0-9a-z]")


def numbered(markup: str, block_id: str) -> str:
    """Return a block's HTML (well-formed, without ids) with a name on each of its paragraphs."""
    parser = _Units()
    parser.feed(markup)
    parser.close()
    name = _PREFIX + _HEX.sub("", block_id.lower())[:8]
    parts, done = [], 0
    for number, offset in enumerate(parser.offsets, start=1):
        parts.append(f'{markup[done:offset]} id="{name}{f"-{number}" if number > 1 else ""}"')
        done = offset
    return "".join([*parts, markup[done:]])


def paragraphs(markup: str) -> list[tuple[str, str]]:
    """Return name and words of each named paragraph of a sealed body, in order."""
    parser = _Words()
    parser.feed(markup)
    parser.close()
    return [(name, "".join(parts)) for name, parts in parser.found if "".join(parts).strip()]


class _Units(HTMLParser):
    """Finds where in the text the start tags of paragraphs take attributes."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.offsets: list[int] = []
        self._depth = 0
        self._lines: list[int] = []

    def feed(self, data: str) -> None:
        """Read all of it at once."""
        self._lines = [0, *(match.end() for match in re.finditer("\n", data))]
        super().feed(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _VOID:
            return
        if self._depth == 0 and tag in _UNITS:
            line, column = self.getpos()
            self.offsets.append(self._lines[line - 1] + column + 1 + len(tag))
        if tag not in _AROUND:
            self._depth += 1

    def handle_endtag(self, tag: str) -> None:
        if tag not in _AROUND and tag not in _VOID:
            self._depth -= 1


class _Words(HTMLParser):
    """Collects the words inside elements that bear a paragraph's name; numbers of notes are no words."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, list[str]]] = []
        self._depth = 0
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._depth and tag == "br":
            self._say(" ")
        if tag in _VOID:
            return
        values = dict(attrs)
        name = values.get("id") or ""
        if self._depth == 0 and name.startswith(_PREFIX):
            self.found.append((name, []))
            self._depth = 1
        elif self._depth:
            self._depth += 1
        if self._silent or (tag in _NOT_WORDS and values.get("class") == "ref"):
            self._silent += 1

    def handle_endtag(self, tag: str) -> None:
        if tag in _VOID:
            return
        if self._silent:
            self._silent -= 1
        if self._depth:
            self._depth -= 1
            if tag in _BREAKS:
                self._say(" ")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self._say(data)

    def _say(self, text: str) -> None:
        if self._depth:
            self.found[-1][1].append(text)
