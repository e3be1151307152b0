"""How old a page is: what it shows, held against what was acknowledged before it was asked for."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

# Stands in each text that is posted, so that the comment can be found in a page and in the database.
MARK = "harbour-note-{:07d}"
_FOUND = re.compile(r"harbour-note-(\d{7})")
_COUNT = re.compile(r'id="comments-count"[^>]*>(\d+) comment')


def numbers_in(text: str) -> list[int]:
    """Return the numbers of our comments in a text."""
    return [int(number) for number in _FOUND.findall(text)]


@dataclass(frozen=True)
class Read:
    """A page that was read: when it was asked for, what it shows; ``own`` is the comment its reader had just posted."""

    asked_at: float
    count: int
    numbers: tuple[int, ...]
    own: int | None = None

    @staticmethod
    def of(body: str, asked_at: float, own: int | None = None) -> Read:
        """Take from a page, newest first, the number of all comments and those of ours that it shows."""
        found = _COUNT.search(body)
        if found is None:
            raise ValueError("the page does not say how many comments there are")
        return Read(asked_at, int(found.group(1)), tuple(numbers_in(body)), own)


@dataclass
class Diary:
    """When each comment was acknowledged, and what was read meanwhile. Written to by several threads."""

    before: int
    acknowledged: dict[int, float] = field(default_factory=dict)
    reads: list[Read] = field(default_factory=list)
    refused: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def note_acknowledged(self, number: int, at: float) -> None:
        """Keep that a comment was accepted."""
        with self._lock:
            self.acknowledged[number] = at

    def note_refused(self) -> None:
        """Keep that a comment was not accepted, and its writer told so."""
        with self._lock:
            self.refused += 1

    def note_read(self, read: Read) -> None:
        """Keep what a page showed."""
        with self._lock:
            self.reads.append(read)


class Judgement:
    """Compares a diary with what the database holds in the end, ``stored`` in the order of the commits.

    Writers of one thread commit one after the other, so a page shows the first so many comments and none of the later
    ones. How many, is the lower of what its count says and of what its list shows: a page whose parts differ in age
    is as old as its oldest part.
    """

    def __init__(self, diary: Diary, stored: Sequence[int]) -> None:
        self._diary = diary
        self._rank = {number: rank for rank, number in enumerate(stored, start=1)}

    def lost(self) -> int:
        """Return how many acknowledged comments are not stored."""
        return len(self._diary.acknowledged.keys() - self._rank.keys())

    def ages(self) -> list[float]:
        """Return for each page read how long ago the oldest comment that it lacks had been acknowledged; 0 for none."""
        by_time = sorted((at, self._rank.get(number, 0)) for number, at in self._diary.acknowledged.items())
        return [self._age(read, by_time) for read in self._diary.reads]

    def _age(self, read: Read, by_time: Iterable[tuple[float, int]]) -> float:
        shown = self._shown(read)
        lacking = (at for at, rank in by_time if at < read.asked_at and rank > shown)
        return max((read.asked_at - at for at in lacking), default=0.0)

    def own_misses(self) -> int:
        """Return how many writers did not find their own comment on the next page they read."""
        return sum(
            1 for read in self._diary.reads if read.own is not None and self._rank.get(read.own, 0) > self._shown(read)
        )

    def _shown(self, read: Read) -> int:
        listed = max((self._rank.get(number, 0) for number in read.numbers), default=0)
        return min(read.count - self._diary.before, listed)


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value that ``share`` of all do not exceed (nearest rank); 0 of none."""
    if not values:
        return 0.0
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, -(-int(share * len(ordered) * 1000) // 1000) - 1))]
