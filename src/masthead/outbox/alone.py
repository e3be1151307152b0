"""One of several processes at a time: a lock on a file, which the system lets go of when its holder dies."""

from __future__ import annotations

import fcntl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

TRY_EVERY_SECONDS = 1.0


@contextmanager
def holding(path: Path | None, stop: threading.Event) -> Iterator[None]:
    """Wait until this process holds the lock on ``path`` or ``stop`` is set, then run the block; no path, no wait.

    Whoever is in the block without the lock sees ``stop`` set. The file stays, empty; what counts is the lock.
    """
    if path is None:
        yield
        return
    with path.open("ab") as file:
        while not _take(file.fileno()) and not stop.wait(TRY_EVERY_SECONDS):
            pass
        yield


def _take(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
