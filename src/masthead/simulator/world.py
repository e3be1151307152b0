"""Everything of one simulator: its store, clock, switchboard and post, and the passing of time."""

from __future__ import annotations

import threading
from pathlib import Path

from masthead.simulator import timers
from masthead.simulator.book import Book
from masthead.simulator.clock import Clock
from masthead.simulator.post import Post
from masthead.simulator.store import Store
from masthead.simulator.switchboard import Switchboard

_TICK = 1.0


class World:
    """One simulator's state and its one way through time."""

    def __init__(self, *, state: Path | None = None, start: int | None = None, following: bool = False) -> None:
        """Open a kept state, or begin a new one."""
        self.store = Store(state)
        self.clock = Clock(self.store, start=start, following=following)
        self.switchboard = Switchboard(self.store)
        self.post = Post(self)
        # Where the pages and certificates are; known when the server listens.
        self.base = ""
        self._moving = threading.Lock()
        self._stop = threading.Event()
        self._ticker: threading.Thread | None = None

    def start(self) -> None:
        """Begin to carry webhooks, and to follow real time where the clock does."""
        self.post.start()
        self._ticker = threading.Thread(target=self._tick, name="simulator-clock", daemon=True)
        self._ticker.start()

    def close(self) -> None:
        """End the threads and close the store."""
        self._stop.set()
        self.post.stop()
        if self._ticker:
            self._ticker.join()
        self.store.close()

    def advance(self, to: int | None = None) -> int:
        """Move the clock to an instant (nothing: the present one), stopping at everything that is due on the way.

        What each step sets off is told before the next step, unless the post waits for orders. Returns the number of
        steps. Refuses the past with ``ValueError``.
        """
        with self._moving:
            now = self.clock.now()
            to = now if to is None else to
            if to < now:
                raise ValueError("The clock never goes backwards.")
            steps = 0
            while self._step(to):
                steps += 1
                self.post.carry_due()
            with self.store.transaction():
                if to > self.clock.now():
                    self.clock.set(to)
                self.clock.keep()
            self.post.carry_due()
        return steps

    def _step(self, until: int) -> bool:
        """Go to the next instant at which a timer or a delivery is due, and run the timer."""
        timer_due, post_due = self.store.next_due(), self.post.next_due()
        dues = [due for due in (timer_due, post_due) if due is not None and due <= until]
        if not dues:
            return False
        due = min(dues)
        with self.store.transaction():
            if due > self.clock.now():
                self.clock.set(due)
            timer = self.store.pop_timer(due) if timer_due is not None and timer_due <= due else None
            if timer is None:
                return True
            _, name, book, payload = timer
            timers.run(name, Book.named(self, book), payload)
        return True

    def _tick(self) -> None:
        while not self._stop.wait(_TICK):
            if self.clock.following:
                self.advance()
