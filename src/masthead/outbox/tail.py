"""Every process hears of every committed fact: its own at once, those of other processes within a tenth of a second.

What the worker does with a fact happens once for the whole site and survives a crash. What is done here happens once
*in each process* and is forgotten with it: purging pages that this process keeps, telling the readers it is
connected to.

The rows of the outbox are the only source. A cursor moves along them, and something wakes the reader:

- SQLite: ``PRAGMA data_version`` changes when another connection has committed
  (https://www.sqlite.org/pragma.html#pragma_data_version); asked every 20 ms, it touches no disk.
- PostgreSQL: ``NOTIFY`` in the transaction of the fact, ``LISTEN`` here; a look each second in case one was lost.
- Valkey or Redis, where configured (:mod:`masthead.outbox.wake`): for processes that reach neither quickly.

Whoever keeps something asks :func:`is_sure`: false when nothing could be heard for five seconds.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from django.db import DEFAULT_DB_ALIAS, connections, transaction

from masthead.core import events
from masthead.core.statements import Gap, Select
from masthead.outbox import wake
from masthead.outbox.models import Event

logger = logging.getLogger(__name__)

SURE_SECONDS = 5.0
_READ_AT_LEAST_EVERY = 1.0
# Under load several facts are read at once instead of each alone; what must be known at once is told by its writer.
_READ_AT_MOST_EVERY = 0.02
_PAUSE_AFTER_TROUBLE = 0.25
_BATCH = 1000
_REMEMBERED = 10_000
# How long a gap in PostgreSQL's numbers may at least still be filled; see Cursor.
_GAP_SECONDS = 60.0


@dataclass(frozen=True)
class Fact:
    """One committed event; ``pk`` grows with each."""

    pk: int
    event_type: str
    event: Any


Observer = Callable[[list[Fact]], None]

_ROWS = ("pk", "type", "payload")
_AFTER = Select(lambda: Event.objects.filter(pk__gt=Gap("last")).order_by("pk").values_list(*_ROWS)[:_BATCH])


class Alarm(Protocol):
    """What wakes the tail."""

    def wait(self, seconds: float) -> bool:
        """Return True as soon as something may have been committed, False after ``seconds``; may raise."""
        ...

    def close(self) -> None:
        """Let go of what was opened."""
        ...


class Cursor:
    """Reads each committed row once, in the order of its number as far as that is possible.

    SQLite has one writer at a time, so numbers are committed in their order. PostgreSQL hands numbers out before the
    commit: a smaller number may appear later. Gaps are therefore remembered and looked for again until no transaction
    that was open when they were seen can still be open (``xmin`` of a later snapshot,
    https://www.postgresql.org/docs/current/functions-info.html#FUNCTIONS-PG-SNAPSHOT), and a minute at least.
    """

    def __init__(self) -> None:
        self.last = 0
        self._gaps: dict[int, tuple[int, float]] = {}

    def start(self) -> None:
        """Begin after the newest row."""
        self.last = Event.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        self._gaps.clear()

    def read(self) -> list[Fact]:
        """Return what was committed since the last call."""
        facts: list[Fact] = []
        while True:
            rows = _AFTER.rows(last=self.last)
            facts.extend(_facts(rows))
            self._note_gaps([row[0] for row in rows])
            if len(rows) < _BATCH:
                break
        return [*self._late(), *facts]

    def _note_gaps(self, numbers: list[int]) -> None:
        if not numbers:
            return
        if connections[DEFAULT_DB_ALIAS].vendor == "postgresql":
            missing = sorted(set(range(self.last + 1, numbers[-1])) - set(numbers))[-_REMEMBERED:]
            if missing:
                ends = _snapshot()[1]
                self._gaps.update((number, (ends, time.monotonic())) for number in missing)
        self.last = numbers[-1]

    def _late(self) -> list[Fact]:
        if not self._gaps:
            return []
        oldest = _snapshot()[0]
        rows = list(Event.objects.filter(pk__in=list(self._gaps)).order_by("pk").values_list(*_ROWS))
        for number, _type, _payload in rows:
            del self._gaps[number]
        moment = time.monotonic()
        self._gaps = {
            number: (ends, seen)
            for number, (ends, seen) in self._gaps.items()
            if oldest <= ends or moment - seen < _GAP_SECONDS
        }
        return _facts(rows)


class Tail:
    """Tells this process's observers of each committed fact once."""

    def __init__(self) -> None:
        self._at_once: list[Observer] = []
        self._in_turn: list[Observer] = []
        self._told: OrderedDict[int, None] = OrderedDict()
        self._lock = threading.Lock()
        self._cursor = Cursor()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._alarm: Alarm | None = None
        self._sure_until = 0.0
        self._read_at = 0.0
        self._heard = 0
        self._own = 0

    def observe(self, observer: Observer, *, at_once: bool = False) -> None:
        """Call ``observer`` with each batch of facts, in this process and for as long as the tail runs.

        By default in the tail's own thread, in the order of the facts, within 100 ms of their commit. With ``at_once``
        facts of this process are told before the writing call returns, and nothing is told before that is done;
        such an observer does no slow work. Observers that raise are logged and called again with the next batch.
        """
        (self._at_once if at_once else self._in_turn).append(observer)

    def committed(self, rows: Iterable[tuple[int, str, dict[str, Any]]]) -> None:
        """Tell of this process's own rows and wake other processes; called after their commit."""
        if self._thread is not None:
            facts = _facts(rows)
            self._tell_at_once(facts)
            self._own = max([self._own, *(fact.pk for fact in facts)])
        wake.everybody()

    def is_sure(self) -> bool:
        """Tell whether everything committed up to five seconds ago has been heard."""
        return time.monotonic() < self._sure_until

    def has_heard(self, number: int) -> bool:
        """Tell whether the fact of this number has been told to those who act at once."""
        return number <= self._heard or number in self._told

    def latest_own(self) -> int:
        """Return the number of this process's last fact, 0 if it made none since it listens."""
        return self._own

    def start(self) -> None:
        """Begin to listen in a thread of its own; what is committed after this returned is told."""
        if self._thread is not None:
            return
        self._stop.clear()
        self._open()
        self._thread = threading.Thread(target=self._run, name="tail", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop listening; observers stay."""
        thread, self._thread = self._thread, None
        self._stop.set()
        if thread is not None:
            thread.join(5)

    def forget_observers(self) -> None:
        """Drop all observers: for tests that bind their own."""
        self._at_once.clear()
        self._in_turn.clear()

    def _open(self) -> None:
        began = time.monotonic()
        alarm = wake.alarm()
        self._cursor.start()
        self._heard = self._cursor.last
        self._alarm = alarm
        self._sure_until = began + SURE_SECONDS

    def _run(self) -> None:
        try:
            while not self._stop.is_set():
                try:
                    self._step()
                except Exception:
                    logger.exception("the facts of other processes could not be read; trying again")
                    self._close()
                    self._stop.wait(_PAUSE_AFTER_TROUBLE)
        finally:
            self._sure_until = 0.0
            self._close()

    def _step(self) -> None:
        """Wait for an alarm, read, tell. After trouble the cursor goes on where it was: nothing is skipped."""
        if self._alarm is None:
            self._alarm = wake.alarm()
        else:
            self._alarm.wait(_READ_AT_LEAST_EVERY)
            self._stop.wait(self._read_at + _READ_AT_MOST_EVERY - time.monotonic())
        self._read_at = began = time.monotonic()
        facts = self._cursor.read()
        connections[DEFAULT_DB_ALIAS].close_if_unusable_or_obsolete()
        if facts:
            self._tell_at_once(facts)
            self._heard = self._cursor.last
            _call(self._in_turn, facts)
        self._sure_until = began + SURE_SECONDS

    def _close(self) -> None:
        alarm, self._alarm = self._alarm, None
        if alarm is not None:
            alarm.close()
        connections.close_all()

    def _tell_at_once(self, facts: list[Fact]) -> None:
        """Tell of what has not been told yet. The lock also makes the writer wait for a telling that overtook him."""
        with self._lock:
            new = [fact for fact in facts if fact.pk not in self._told]
            if not new:
                return
            self._told.update((fact.pk, None) for fact in new)
            while len(self._told) > _REMEMBERED:
                self._told.popitem(last=False)
            _call(self._at_once, new)


def _call(observers: list[Observer], facts: list[Fact]) -> None:
    for observer in observers:
        try:
            observer(facts)
        except Exception:
            logger.exception("an observer failed on %d facts up to %d", len(facts), facts[-1].pk)


def _facts(rows: Iterable[tuple[int, str, dict[str, Any]]]) -> list[Fact]:
    """Return the rows this version understands; a newer one's facts are left to that version's processes."""
    facts = []
    for pk, type_, payload in rows:
        try:
            facts.append(Fact(pk, type_, events.from_payload(type_, payload)))
        except (KeyError, TypeError):
            logger.warning("event %d of type %s is not understood by this version", pk, type_)
    return facts


def _snapshot() -> tuple[int, int]:
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute(
            "SELECT pg_snapshot_xmin(s)::text::bigint, pg_snapshot_xmax(s)::text::bigint FROM pg_current_snapshot() s"
        )
        oldest, ends = cursor.fetchone()
        return oldest, ends


tail = Tail()


def tell_after_commit(rows: list[Event]) -> None:
    """Have the tail told of ``rows`` when their transaction is committed, and other processes woken."""
    if connections[DEFAULT_DB_ALIAS].vendor == "postgresql":
        wake.notify()
    facts = [(row.pk, row.type, row.payload) for row in rows]
    transaction.on_commit(lambda: tail.committed(facts))
