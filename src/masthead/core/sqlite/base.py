"""SQLite as Django knows it, with a queue in front of its one writer.

SQLite lets a writer who finds the database locked sleep and try again, up to a tenth of a second each time
(https://www.sqlite.org/c3ref/busy_timeout.html): under load the lock is often free while everybody sleeps, and who
comes last may win. So writers wait for each other here (:mod:`masthead.core.sqlite.turns`) before they ask SQLite.
"""

from __future__ import annotations

from typing import Any

from django.db.backends.sqlite3 import base
from django.db.utils import OperationalError

from masthead.core.sqlite.turns import Turn, turn_of


class DatabaseWrapper(base.DatabaseWrapper):
    """One connection. Its transactions write from the start (``BEGIN IMMEDIATE``), so each waits for its turn.

    Who waits longer than the connection's ``timeout`` gets the ``OperationalError`` that SQLite itself would give.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._turn: Turn | None = None

    def _start_transaction_under_autocommit(self) -> None:
        self._take_turn()
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
        except BaseException:
            self._end_turn()
            raise

    def _commit(self) -> None:
        try:
            super()._commit()  # type: ignore[misc]
        finally:
            self._end_turn()

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc]
        finally:
            self._end_turn()

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc]
        finally:
            self._end_turn()

    def _take_turn(self) -> None:
        if self._turn is not None or self.is_in_memory_db():
            return
        turn = turn_of(str(self.settings_dict["NAME"]))
        if not turn.acquire(timeout=self.settings_dict["OPTIONS"].get("timeout", 5)):
            raise OperationalError("database is locked")
        self._turn = turn

    def _end_turn(self) -> None:
        turn, self._turn = self._turn, None
        if turn is not None:
            turn.release()
