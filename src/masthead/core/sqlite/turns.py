"""Whose turn it is to write: a queue of the threads of this process, and a lock file between the processes.

SQLite's own lock is what protects the data; this only keeps its waiters from sleeping while it is free. So a file that
cannot be locked is no error, and who writes past this queue (the ``sqlite3`` shell, another program) does no harm.
"""

from __future__ import annotations

import fcntl
import os
import threading
import time
from contextlib import suppress

# SQLite itself would sleep up to a tenth of a second at a time.
_FIRST_SLEEP = 0.0002
_LONGEST_SLEEP = 0.002


class Turn:
    """The right to write to one database file. The system takes it from a process that dies."""

    def __init__(self, database: str) -> None:
        self._threads = threading.Lock()
        self._descriptor = -1
        with suppress(OSError):
            self._descriptor = os.open(f"{database}-turn", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def acquire(self, timeout: float) -> bool:
        """Wait for the turn; tell whether it came within ``timeout`` seconds."""
        ends = time.monotonic() + timeout
        if not self._threads.acquire(timeout=timeout):
            return False
        pause = _FIRST_SLEEP
        while not self._has_file():
            if time.monotonic() >= ends:
                self._threads.release()
                return False
            time.sleep(pause)
            pause = min(pause * 1.5, _LONGEST_SLEEP)
        return True

    def release(self) -> None:
        """Give the turn on."""
        if self._descriptor >= 0:
            with suppress(OSError):
                fcntl.flock(self._descriptor, fcntl.LOCK_UN)
        self._threads.release()

    def _has_file(self) -> bool:
        if self._descriptor < 0:
            return True
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:  # a file system without such locks: SQLite's own waiting remains
            return True
        return True


_turns: dict[str, Turn] = {}
_making = threading.Lock()
# A child shares the descriptors of its parent, and with them the lock: it must open its own.
os.register_at_fork(after_in_child=_turns.clear)


def turn_of(database: str) -> Turn:
    """Return the one queue of this process for a database file."""
    turn = _turns.get(database)
    if turn is None:
        with _making:
            turn = _turns.setdefault(database, _turns.get(database) or Turn(database))
    return turn
