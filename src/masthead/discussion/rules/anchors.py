"""Where marked words stand in a text, and where they stand after the text has changed. Never a guess.

An anchor holds the words, what stood around them, and the block they stood in: a TextQuoteSelector of the W3C Web
Annotation model, with the block and the position in it as hints. In a later edition the same words are looked for.
Runs of white space, no-break spaces among them, count as one space; nothing else is forgiven. Words are *evident* at a
place when what stands before or after them there is what stood there before, by so many characters more than any other
place with the same words could show.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

CONTEXT = 96
# So many characters of the same context are no accident.
_EVIDENT = 16
# Words that are so long and so many are not written twice by accident.
_TELLING_LENGTH, _TELLING_WORDS = 32, 5
_SPACE = re.compile(r"\s+")


def normal(text: str) -> str:
    """Return a text as it is compared: in Unicode's normal form C, one space for each run of white space."""
    return _SPACE.sub(" ", unicodedata.normalize("NFC", text)).strip()


@dataclass(frozen=True)
class Block:
    """A paragraph, or whatever stands alone in a text."""

    id: str
    text: str


@dataclass(frozen=True)
class Anchor:
    """Words in a block, ``start`` characters from its beginning, and what stood around them in the text.

    ``is_alone``: these words stood nowhere else. Else ``rival_before`` and ``rival_after`` say how many characters
    of the context another place with the same words shared at most.
    """

    exact: str
    prefix: str
    suffix: str
    block: str
    start: int
    is_alone: bool = True
    rival_before: int = 0
    rival_after: int = 0

    @property
    def is_telling(self) -> bool:
        """Whether nobody writes these words twice by accident."""
        return len(self.exact) >= _TELLING_LENGTH and self.exact.count(" ") >= _TELLING_WORDS - 1


class Text:
    """The blocks of one edition in order, joined for looking around in them."""

    def __init__(self, blocks: Sequence[Block]) -> None:
        self.blocks = [Block(block.id, normal(block.text)) for block in blocks]
        self.joined = " ".join(block.text for block in self.blocks)
        self._starts: list[int] = []
        position = 0
        for block in self.blocks:
            self._starts.append(position)
            position += len(block.text) + 1

    def position(self, anchor: Anchor) -> int:
        """Return where the words of an anchor of this text begin, counted from the beginning of it all."""
        index = next(number for number, block in enumerate(self.blocks) if block.id == anchor.block)
        return self._starts[index] + anchor.start

    def occurrences(self, words: str) -> Iterator[Anchor]:
        """Find ``words`` (in normal form) wherever they stand within one block; overlapping ones too."""
        position = self.joined.find(words) if words else -1
        while position >= 0:
            index = bisect_right(self._starts, position) - 1
            start = position - self._starts[index]
            if start + len(words) <= len(self.blocks[index].text):
                yield self._anchor(words, index, start)
            position = self.joined.find(words, position + 1)

    def _anchor(self, words: str, index: int, start: int) -> Anchor:
        position = self._starts[index] + start
        end = position + len(words)
        prefix, suffix = self.joined[max(0, position - CONTEXT) : position], self.joined[end : end + CONTEXT]
        return Anchor(words, prefix, suffix, self.blocks[index].id, start)


@dataclass(frozen=True)
class NotThere:
    """The words do not stand there."""


@dataclass(frozen=True)
class NotAlone:
    """The words stand there ``count`` times, and nothing says which is meant."""

    count: int


def make(text: Text, words: str, *, block: str = "", before: str = "", after: str = "") -> Anchor | NotThere | NotAlone:
    """Return the anchor of ``words``: in this block if one is named, between these contexts if they are given."""
    exact, before, after = normal(words), _SPACE.sub(" ", before), _SPACE.sub(" ", after)
    everywhere = list(text.occurrences(exact))
    meant = [item for item in everywhere if not block or item.block == block]
    if len(meant) > 1:
        meant = [item for item in meant if item.prefix.endswith(before) and item.suffix.startswith(after)]
    if len(meant) != 1:
        return NotAlone(len(meant)) if meant else NotThere()
    return _with_rivals(meant[0], [item for item in everywhere if item != meant[0]])


def _with_rivals(anchor: Anchor, rivals: list[Anchor]) -> Anchor:
    return replace(
        anchor,
        is_alone=not rivals,
        rival_before=max((_common_end(anchor.prefix, item.prefix) for item in rivals), default=0),
        rival_after=max((_common_start(anchor.suffix, item.suffix) for item in rivals), default=0),
    )


@dataclass(frozen=True)
class Lost:
    """The words do not stand in the text any more, or nobody can say which of ``candidates`` they are."""

    candidates: int


def find(anchor: Anchor, text: Text) -> Anchor | Lost:
    """Return where the words of ``anchor`` stand in ``text``, with the context they have there; or that they are lost.

    Words that are evident at one place stay or are followed there, whatever their block is called now. Where several
    places are as good, the one in the same block is meant. Words that are evident nowhere are found only if they
    stand once and always did, and are either telling or still in the same block.
    """
    everywhere = list(text.occurrences(anchor.exact))
    candidates = [item for item in everywhere if _cuts_words(item) == _cuts_words(anchor)]
    found = _evident(anchor, candidates)
    if found is None and len(candidates) == 1 and anchor.is_alone:
        found = candidates[0] if anchor.is_telling or candidates[0].block == anchor.block else None
    if found is None:
        return Lost(len(candidates))
    return _with_rivals(found, [item for item in everywhere if item != found])


def _evident(anchor: Anchor, candidates: list[Anchor]) -> Anchor | None:
    shared = [_shared(anchor, item) for item in candidates]
    floor = (anchor.rival_before + _EVIDENT, anchor.rival_after + _EVIDENT)
    able = [number for number, own in enumerate(shared) if own[0] >= floor[0] or own[1] >= floor[1]]
    clear = [
        number
        for number in able
        if any(
            shared[number][side] >= max([floor[side], *(other[side] + _EVIDENT for other in _others(shared, number))])
            for side in (0, 1)
        )
    ]
    if not clear:
        clear = [
            number
            for number in able
            if candidates[number].block == anchor.block
            and all(own <= best for other in shared for own, best in zip(other, shared[number], strict=True))
        ]
    return candidates[clear[0]] if len(clear) == 1 else None


def _others(shared: list[tuple[int, int]], number: int) -> list[tuple[int, int]]:
    return shared[:number] + shared[number + 1 :]


def _shared(anchor: Anchor, item: Anchor) -> tuple[int, int]:
    """Return how many characters before and after the words are the same."""
    return _common_end(anchor.prefix, item.prefix), _common_start(anchor.suffix, item.suffix)


def still_lost(anchor: Anchor, lost: Lost) -> Anchor:
    """Return what to look for next time: words that once stood in several places cannot be found by themselves."""
    return replace(anchor, is_alone=False) if lost.candidates else anchor


def _cuts_words(anchor: Anchor) -> tuple[bool, bool]:
    """Tell whether the words begin, and end, in the middle of a word."""
    begins = anchor.prefix[-1:].isalnum() and anchor.exact[:1].isalnum()
    ends = anchor.suffix[:1].isalnum() and anchor.exact[-1:].isalnum()
    return begins, ends


def _common_end(one: str, other: str) -> int:
    return _common_start(one[::-1], other[::-1])


def _common_start(one: str, other: str) -> int:
    count = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        count += 1
    return count
