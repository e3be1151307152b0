"""Marked words: where they stand in a story, and how they are marked."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bs4 import BeautifulSoup, Comment, Tag
from bs4.element import NavigableString

_SPACE = re.compile(r"\s+")
_MARKER = re.compile(r"<!--passage:([0-9a-z]{1,16})-->")


@dataclass(frozen=True)
class Mark:
    """Words to mark: the passage's public id, its number in the story, the words, the accessible name of its link."""

    public_id: str
    number: int
    words: str
    label: str


def normal(text: str) -> str:
    """Return a text as words are compared: one space between words, straight quotes for curly ones."""
    flat = _SPACE.sub(" ", text.replace("\u00a0", " ")).strip()
    return flat.translate(str.maketrans("\u2018\u2019\u201c\u201d", "''\"\""))


def occurrences(words: str, text: str) -> int:
    """Return how often ``words`` stand in one line of ``text``, whatever the spacing and the quotation marks."""
    needle = normal(words)
    return sum(normal(line).count(needle) for line in text.split("\n")) if needle else 0


def mark(markup: str, marks: list[Mark]) -> str:
    """Mark words in ``markup`` and leave a marker comment after the outermost element that holds them.

    Marks whose words do not stand here are skipped. The marker is where the question and its answers are shown.
    """
    soup = BeautifulSoup(markup, "html.parser")
    for item in marks:
        _mark_one(soup, item)
    return str(soup)


def _mark_one(soup: BeautifulSoup, item: Mark) -> None:
    nodes = [node for node in soup.find_all(string=True) if type(node) is NavigableString]
    characters = [(node, index, char) for node in nodes for index, char in enumerate(str(node))]
    span = _find(characters, item.words)
    if span is None:
        return
    touched = characters[span[0] : span[1]]
    pieces: dict[int, tuple[NavigableString, int, int]] = {}
    for node, index, _char in touched:
        start = pieces[id(node)][1] if id(node) in pieces else index
        pieces[id(node)] = (node, start, index + 1)
    last: Tag | None = None
    for position, (node, start, end) in enumerate(pieces.values()):
        last = _wrap(soup, node, start, end)
        if position == 0:
            last["id"] = f"note-{item.number}-words"
    if last is not None:
        last.insert_after(_reference(soup, item))
        _outermost(last, soup).insert_after(Comment(f"passage:{item.public_id}"))


def _find(characters: list[tuple[NavigableString, int, str]], words: str) -> tuple[int, int] | None:
    """Return start and end of the words in the list of characters; runs of space count as one."""
    pattern = r"\s+".join(_loose(part) for part in normal(words).split(" "))
    match = re.search(pattern, "".join(char for _node, _index, char in characters))
    return match.span() if match else None


def _loose(word: str) -> str:
    escaped = re.escape(word)
    return escaped.replace("'", "['\u2018\u2019]").replace('"', '["\u201c\u201d]')


def _wrap(soup: BeautifulSoup, node: NavigableString, start: int, end: int) -> Tag:
    text = str(node)
    span = soup.new_tag("span", attrs={"class": "asked"})
    span.string = text[start:end]
    node.replace_with(span)
    if text[:start]:
        span.insert_before(NavigableString(text[:start]))
    if text[end:]:
        span.insert_after(NavigableString(text[end:]))
    return span


def _reference(soup: BeautifulSoup, item: Mark) -> Tag:
    sup = soup.new_tag("sup", attrs={"class": "ref"})
    link = soup.new_tag("a", attrs={"href": f"#note-{item.number}", "aria-label": item.label})
    link.string = str(item.number)
    sup.append(link)
    return sup


def _outermost(node: Tag, soup: BeautifulSoup) -> Tag:
    while isinstance(node.parent, Tag) and node.parent is not soup:
        node = node.parent
    return node


def split(markup: str) -> list[tuple[str, str]]:
    """Split a sealed body at its markers: pairs of HTML and the passage id that follows it (empty at the end)."""
    parts = _MARKER.split(markup)
    return [(parts[i], parts[i + 1] if i + 1 < len(parts) else "") for i in range(0, len(parts), 2)]


def without_markers(markup: str) -> str:
    """Return a sealed body without its markers."""
    return _MARKER.sub("", markup)
