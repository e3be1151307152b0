"""What wakes the tail when another process has committed something."""

from __future__ import annotations

import logging
import threading
import time
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections

if TYPE_CHECKING:
    from masthead.outbox.tail import Alarm

logger = logging.getLogger(__name__)

_CHANNEL = "masthead_facts"
_SQLITE_SECONDS = 0.02

# Set by this process's own commits, so that its tail need not wait for the next look.
_own = threading.Event()


def everybody() -> None:
    """Wake this process's tail and, through Valkey where configured, those of other processes. Never raises."""
    _own.set()
    address = settings.MASTHEAD.edge.valkey
    if address:
        try:
            _valkey(address).publish(_CHANNEL, "")
        except Exception:
            logger.exception("%s could not be told of a new fact; others see it within a second", _CHANNEL)


def notify() -> None:
    """Wake the listeners on PostgreSQL when the current transaction commits."""
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute(f"NOTIFY {_CHANNEL}")


def alarm() -> Alarm:
    """Return what wakes this process: Valkey where configured and up, else the database itself."""
    if settings.MASTHEAD.edge.valkey:
        try:
            return _ValkeyAlarm(settings.MASTHEAD.edge.valkey)
        except Exception:
            logger.exception("Valkey cannot be listened to; listening to the database instead")
    if connections[DEFAULT_DB_ALIAS].vendor == "postgresql":
        return _PostgresAlarm()
    return _SqliteAlarm()


class _SqliteAlarm:
    """Compares ``data_version``, which this connection keeps for itself."""

    def __init__(self) -> None:
        connection = connections[DEFAULT_DB_ALIAS]
        connection.ensure_connection()
        self._raw: Any = connection.connection
        self._version = self._ask()

    def _ask(self) -> int:
        version: int = self._raw.execute("PRAGMA data_version").fetchone()[0]
        return version

    def wait(self, seconds: float) -> bool:
        """Look every 20 ms, and at once after a commit of this process."""
        ends = time.monotonic() + seconds
        while time.monotonic() < ends:
            is_own = _own.wait(_SQLITE_SECONDS)
            _own.clear()
            version = self._ask()
            if is_own or version != self._version:
                self._version = version
                return True
        return False

    def close(self) -> None:
        """Nothing to do: the connection is the thread's own."""


class _PostgresAlarm:
    """Listens on a connection of its own, outside the pool."""

    def __init__(self) -> None:
        connection: Any = connections[DEFAULT_DB_ALIAS]
        self._raw: Any = connection.Database.connect(**{**connection.get_connection_params(), "autocommit": True})
        self._raw.execute(f"LISTEN {_CHANNEL}")

    def wait(self, seconds: float) -> bool:
        """Return at the first notification; those that came with it are taken too."""
        return any([True for _ in self._raw.notifies(timeout=seconds, stop_after=1)])  # noqa: C419 - read them all

    def close(self) -> None:
        """Hang up."""
        self._raw.close()


class _ValkeyAlarm:
    """Listens to a channel that every writing process publishes on."""

    def __init__(self, address: str) -> None:
        self._messages = _valkey(address).pubsub(ignore_subscribe_messages=True)
        self._messages.subscribe(_CHANNEL)

    def wait(self, seconds: float) -> bool:
        """Return at the next message."""
        return self._messages.get_message(timeout=seconds) is not None

    def close(self) -> None:
        """Hang up."""
        self._messages.close()


_clients: dict[str, Any] = {}


def _valkey(address: str) -> Any:
    """Return the client for an address; it keeps its own pool of connections."""
    if address not in _clients:
        import redis

        _clients[address] = redis.Redis.from_url(address, socket_timeout=5, socket_connect_timeout=2)
    return _clients[address]
