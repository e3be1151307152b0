"""The simulator's own time: it stands still until it is moved, or follows real time from wherever it stands."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

from masthead.simulator.store import Store


class Clock:
    """Whole seconds since 1970. Never goes backwards: money that was moved stays moved."""

    def __init__(self, store: Store, *, start: int | None = None, following: bool = False) -> None:
        """Take up the time a kept state had; a new one begins at ``start``, or now."""
        self._store = store
        kept = store.setting("clock")
        self._at = int(kept["at"]) if kept else (real() if start is None else start)
        self.following = following
        self._since = real()
        self.set(self._at)

    def now(self) -> int:
        """Return the simulated instant."""
        return self._at + (real() - self._since if self.following else 0)

    def set(self, at: int) -> None:
        """Go to an instant. Refuses the past with ``ValueError``."""
        if at < self._at:
            raise ValueError("The clock never goes backwards.")
        self._at, self._since = at, real()
        self._store.set_setting("clock", {"at": at})

    def keep(self) -> None:
        """Remember the present instant for a restart, without moving."""
        self._store.set_setting("clock", {"at": self.now()})

    def follow(self, following: bool) -> None:
        """Begin or cease to follow real time, from the present instant on."""
        self.set(self.now())
        self.following = following


def real() -> int:
    """Return the real instant in whole seconds; signatures of webhooks carry it, as the real ones do."""
    return int(time.time())


def moment(at: int) -> datetime:
    """Return an instant as an aware datetime in UTC."""
    return datetime.fromtimestamp(at, UTC)


def iso(at: int) -> str:
    """Write an instant as ISO 8601 in UTC, to the second."""
    return moment(at).strftime("%Y-%m-%dT%H:%M:%SZ")


def from_iso(text: str) -> int:
    """Read an ISO 8601 instant or day; without a zone it is UTC. Refuses others with ``ValueError``."""
    read = datetime.fromisoformat(text)
    return int((read if read.tzinfo else read.replace(tzinfo=UTC)).timestamp())


def add_interval(anchor: int, interval: str, count: int) -> int:
    """Return the instant ``count`` intervals after an anchor; the 31st falls on the last day of shorter months."""
    if interval == "day":
        return anchor + count * 86_400
    if interval == "week":
        return anchor + count * 7 * 86_400
    at = moment(anchor)
    months = at.month - 1 + count * (12 if interval == "year" else 1)
    year, month = at.year + months // 12, months % 12 + 1
    first_of_next = datetime(year + month // 12, month % 12 + 1, 1, tzinfo=UTC)
    last = (first_of_next - timedelta(days=1)).day
    return int(at.replace(year=year, month=month, day=min(at.day, last)).timestamp())
