"""Turns in threads of their own, for lines that wait for machines of strangers.

The worker's own thread never waits for one of them: a receiver that takes ten seconds takes them from itself alone.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable

from django.db import connections

logger = logging.getLogger(__name__)

MOST = 8


class Turns:
    """At most one turn for each line and ``most`` in all; who has waited longest for one comes first."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._running: dict[str, threading.Thread] = {}
        self._begun: dict[str, float] = {}

    def in_order(self, lines: Iterable[str]) -> list[str]:
        """Return lines so that more of them than there are threads all get their turn."""
        return sorted(lines, key=lambda line: (self._begun.get(line, 0.0), line))

    def begin(self, line: str, turn: Callable[[], object]) -> bool:
        """Start a turn; False where the line has one already or all threads are taken."""
        thread = threading.Thread(target=self._run, args=(line, turn), name=f"outbox {line}", daemon=True)
        with self._lock:
            if line in self._running or len(self._running) >= self._most:
                return False
            self._running[line] = thread
            self._begun[line] = time.monotonic()
        thread.start()
        return True

    def finish(self, seconds: float) -> None:
        """Wait for the turns under way, but not longer than ``seconds`` in all."""
        ends = time.monotonic() + seconds
        with self._lock:
            under_way = list(self._running.values())
        for thread in under_way:
            thread.join(max(0.0, ends - time.monotonic()))

    def _run(self, line: str, turn: Callable[[], object]) -> None:
        try:
            turn()
        except Exception:
            logger.exception("the turn of %s ended; its next one begins anew", line)
        finally:
            connections.close_all()
            with self._lock:
                del self._running[line]
