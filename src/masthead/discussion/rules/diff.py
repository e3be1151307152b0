"""What changed between two texts, word by word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

_WORD = re.compile(r"\w+|\s+|[^\w\s]")
# Beyond this comparing word by word would keep a page waiting; line by line does not.
_WORDS_MOST = 4_000

Kind = Literal["same", "gone", "new"]


@dataclass(frozen=True)
class Piece:
    """Words that stayed, went or came."""

    kind: Kind
    text: str


def changes(before: str, after: str) -> list[Piece]:
    """Return the pieces of both texts in reading order.

    Guaranteed: what is not ``new`` joins to ``before``, what is not ``gone`` to ``after``.
    """
    old, new = _parts(before, after)
    return [piece for piece in _pieces(old, new) if piece.text]


def _parts(before: str, after: str) -> tuple[list[str], list[str]]:
    old, new = _WORD.findall(before), _WORD.findall(after)
    if len(old) + len(new) > _WORDS_MOST:
        return before.splitlines(keepends=True), after.splitlines(keepends=True)
    return old, new


def _pieces(old: list[str], new: list[str]) -> Iterator[Piece]:
    for tag, start, end, begin, stop in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            yield Piece("same", "".join(old[start:end]))
        else:
            yield Piece("gone", "".join(old[start:end]))
            yield Piece("new", "".join(new[begin:stop]))
