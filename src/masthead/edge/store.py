"""What the edge keeps: values by key, each made of tagged things, within a budget of bytes."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict, defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from typing import Generic, NamedTuple, TypeVar

Value = TypeVar("Value")
EVERYTHING = "site"
_REMEMBERED_PURGES = 4096


@dataclass(slots=True)
class _Kept(Generic[Value]):
    value: Value
    tags: frozenset[str]
    size: int
    is_used: bool = False
    stale_since: float | None = None


@dataclass
class Counts:
    """What a store has done since it was made; for the doctor, benchmarks and tests."""

    stored: int = 0
    refused: int = 0
    purged: int = 0
    evicted: int = 0


class Mark(NamedTuple):
    """A moment in a store's life: its count of purges, and the clock (monotonic seconds)."""

    purges: int
    at: float


@dataclass
class _Purges:
    """When each tag was purged last, by the store's own count; only as far back as renders in hand need it."""

    clock: int = 0
    floor: int = 0
    by_tag: dict[str, int] = field(default_factory=dict)
    forgotten_by_tag: dict[str, int] = field(default_factory=dict)

    def note(self, tags: Iterable[str], *, forget: bool) -> None:
        self.clock += 1
        if len(self.by_tag) > _REMEMBERED_PURGES:
            self.by_tag.clear()
            self.forgotten_by_tag.clear()
            self.floor = self.clock
        for tag in tags:
            self.by_tag[tag] = self.clock
            if forget:
                self.forgotten_by_tag[tag] = self.clock

    def any_since(self, mark: Mark, tags: Iterable[str]) -> bool:
        return self._in(self.by_tag, mark, tags)

    def any_forgotten_since(self, mark: Mark, tags: Iterable[str]) -> bool:
        return self._in(self.forgotten_by_tag, mark, tags)

    def _in(self, noted: dict[str, int], mark: Mark, tags: Iterable[str]) -> bool:
        return mark.purges < self.floor or any(noted.get(tag, 0) > mark.purges for tag in (*tags, EVERYTHING))


class TagStore(Generic[Value]):
    """Keeps values until something they were made of changes or the budget is spent.

    The promise: after ``purge(tags)`` returned, no value made before it from any of ``tags`` is returned by
    :meth:`get`, nor can one be put any more: :meth:`put` takes the :meth:`mark` read before the value was made and
    refuses a value that a purge overtook. Who purges after his commit therefore never sees an older value.

    Every value bears the tag ``site`` besides its own. A purged value stays as *stale* for replies in an outage, unless
    it is to be forgotten. Safe to use from several threads; a budget of 0 keeps nothing. When the budget (bytes, as
    the callers count them) is spent, stale values go first, then those not asked for since they were last looked at
    (second chance, Corbató 1968).
    """

    def __init__(self, budget: int) -> None:
        self.budget = budget
        self.size = 0
        self.counts = Counts()
        # Ordered, because a plain dict finds its first key ever more slowly as first keys are removed.
        self._kept: OrderedDict[Hashable, _Kept[Value]] = OrderedDict()
        self._keys: defaultdict[str, set[Hashable]] = defaultdict(set)
        self._purges = _Purges()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, key: Hashable) -> Value | None:
        """Return the value of ``key`` unless it is missing or stale. Takes no lock: this is the hot path."""
        kept = self._kept.get(key)
        if kept is None or kept.stale_since is not None:
            return None
        kept.is_used = True
        return kept.value

    def get_stale(self, key: Hashable, *, at_most_seconds: float) -> Value | None:
        """Return the value of ``key`` even if it went stale, at most that long ago."""
        kept = self._kept.get(key)
        if kept is None or (kept.stale_since is not None and time.monotonic() - kept.stale_since > at_most_seconds):
            return None
        return kept.value

    def mark(self) -> Mark:
        """Return the moment, to be read before a value is made and given to :meth:`put`."""
        moment = time.monotonic()
        return Mark(self._purges.clock, moment)

    def put(
        self, key: Hashable, value: Value, *, tags: Iterable[str], size: int, mark: Mark, stale_too: bool = False
    ) -> bool:
        """Keep ``value``; return ``False`` for one that a purge overtook or that takes over a quarter of the budget.

        With ``stale_too`` an overtaken value is kept as one that is stale since it was begun, unless what is there is
        newer or the purge was to forget.
        """
        labels = frozenset(tags)
        with self._lock:
            is_overtaken = self._purges.any_since(mark, labels)
            is_useless = is_overtaken and not (stale_too and self._improves(key, mark, labels))
            if size * 4 > self.budget or is_useless:
                self.counts.refused += 1
                return False
            self._drop(key)
            self._kept[key] = _Kept(value, labels, size, stale_since=mark.at if is_overtaken else None)
            for tag in labels:
                self._keys[tag].add(key)
            self.size += size
            self.counts.stored += 1
            self._make_room()
            return not is_overtaken

    def _improves(self, key: Hashable, mark: Mark, labels: frozenset[str]) -> bool:
        kept = self._kept.get(key)
        is_newer = kept is None or (kept.stale_since is not None and kept.stale_since < mark.at)
        return is_newer and not self._purges.any_forgotten_since(mark, labels)

    def grow(self, key: Hashable, value: Value, by: int) -> None:
        """Count ``by`` more bytes for ``key`` if it still holds ``value`` (an encoding made later)."""
        with self._lock:
            kept = self._kept.get(key)
            if kept is not None and kept.value is value:
                kept.size += by
                self.size += by
                self._make_room()

    def purge(self, tags: Iterable[str], *, forget: bool = False) -> int:
        """Make every value of any of ``tags`` stale, or with ``forget`` drop it; return how many were touched.

        Forget what must not be seen again, such as a removed comment: a stale value may be shown in an outage.
        """
        labels = frozenset(tags)
        with self._lock:
            self._purges.note(labels, forget=forget)
            keys = set(self._kept) if EVERYTHING in labels else set().union(*(self._keys.get(t, ()) for t in labels))
            moment = time.monotonic()
            for key in keys:
                kept = self._kept[key]
                if forget:
                    self._drop(key)
                elif kept.stale_since is None:
                    kept.stale_since = moment
            self.counts.purged += len(keys)
            return len(keys)

    def clear(self) -> None:
        """Drop everything."""
        self.purge({EVERYTHING}, forget=True)

    def _drop(self, key: Hashable) -> None:
        kept = self._kept.pop(key, None)
        if kept is None:
            return
        self.size -= kept.size
        for tag in kept.tags:
            keys = self._keys[tag]
            keys.discard(key)
            if not keys:
                del self._keys[tag]

    def _make_room(self) -> None:
        while self.size > self.budget:
            key, kept = next(iter(self._kept.items()))
            if kept.is_used and kept.stale_since is None:
                kept.is_used = False
                self._kept.move_to_end(key)
                continue
            self._drop(key)
            self.counts.evicted += 1
