"""The machine a measurement runs on: what it is, what runs on it beside us, and what our processes take."""

from __future__ import annotations

import os
import threading
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

_PROC = Path("/proc")
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Ticks:
    """Processor time used so far, in clock ticks: by all, and all there was."""

    busy: int
    total: int


def machine_ticks(text: str | None = None) -> Ticks:
    """Read the first line of /proc/stat. Time that the host took away (steal) counts as used by others."""
    line = (text or (_PROC / "stat").read_text(encoding="ascii")).splitlines()[0]
    # user nice system idle iowait irq softirq steal; guest time is in user already.
    values = [int(part) for part in line.split()[1:9]]
    total = sum(values)
    return Ticks(busy=total - values[3] - values[4], total=total)


@dataclass(frozen=True)
class Process:
    """A line of /proc/<pid>/stat: who started it and what it and its ended children have used."""

    pid: int
    parent: int
    ticks: int

    @staticmethod
    def parse(text: str) -> Process:
        """Read the line; the name in brackets may hold anything."""
        head, _bracket, rest = text.rpartition(")")
        fields = rest.split()
        return Process(int(head.split(" ", 1)[0]), int(fields[1]), sum(int(field) for field in fields[11:15]))


def processes() -> dict[int, Process]:
    """Return all processes of the machine that can be read."""
    found = {}
    for folder in _PROC.iterdir():
        if folder.name.isdigit():
            try:
                process = Process.parse((folder / "stat").read_text(encoding="utf-8", errors="replace"))
            except OSError:
                continue  # it ended meanwhile
            found[process.pid] = process
    return found


def family(root: int, everybody: dict[int, Process]) -> list[Process]:
    """Return a process and all that came from it."""
    children = defaultdict(list)
    for process in everybody.values():
        children[process.parent].append(process.pid)
    found, waiting = [], [root]
    while waiting:
        pid = waiting.pop()
        if pid in everybody:
            found.append(everybody[pid])
            waiting.extend(children[pid])
    return found


def family_seconds(root: int) -> float:
    """Return the processor time that a process and all that came from it have used."""
    return sum(process.ticks for process in family(root, processes())) / _TICKS


def family_memory(root: int) -> dict[int, tuple[float, float]]:
    """Return resident and proportional megabytes of a process and all that came from it, by process id.

    Proportional: pages that several processes share are divided among them.
    """
    found = {}
    for process in family(root, processes()):
        try:
            text = (_PROC / str(process.pid) / "smaps_rollup").read_text(encoding="ascii")
        except OSError:
            continue
        sizes = {line.split(":")[0]: int(line.split()[1]) / 1024 for line in text.splitlines()[1:]}
        found[process.pid] = (sizes["Rss"], sizes["Pss"])
    return found


def foreign_percent(before: Ticks, after: Ticks, own: int) -> float:
    """Return the share of the machine that went to others between two readings in which we used ``own`` ticks."""
    total = after.total - before.total
    return 100 * max(0, after.busy - before.busy - own) / total if total > 0 else 0.0


class Watch:
    """Tells how much of the machine others used inside the block (``foreign``, in percent).

    Ours is this process and all that came from it. Looks every half second, so that a child which ended and was
    counted by nobody loses at most that.
    """

    EVERY_SECONDS = 0.5

    def __init__(self, root: int | None = None) -> None:
        self._root = root or os.getpid()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._own = 0
        self._last: dict[int, int] = {}

    def __enter__(self) -> Watch:
        self._last = self._ours()
        self._before = machine_ticks()
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._over.set()
        self._thread.join()
        self._count()
        self.foreign = foreign_percent(self._before, machine_ticks(), self._own)

    def _look(self) -> None:
        while not self._over.wait(self.EVERY_SECONDS):
            self._count()

    def _count(self) -> None:
        now = self._ours()
        # A parent takes over the time of children it waited for: only the sum of the whole family is right.
        self._own += max(0, sum(now.values()) - sum(self._last.values()))
        self._last = now

    def _ours(self) -> dict[int, int]:
        return {process.pid: process.ticks for process in family(self._root, processes())}
