"""Speak to hosts whose addresses somebody typed or a file brought, and to no machine that is not meant.

A name is looked up once, all of its addresses are judged, and the connection goes to one that was judged: what the
name leads to a moment later does not matter. The other side is known by its name all the same, by TLS.
"""

from __future__ import annotations

import http.client
import io
import socket
import ssl
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from urllib.parse import quote, urlsplit

from masthead.core import addresses

Resolve = Callable[[str, int], Sequence[str]]
Judge = Callable[[str], bool]

PORTS = {"http": 80, "https": 443}
# Below stand the services of machines, which speak other languages and may take a request for one of theirs.
FIRST_FREE_PORT = 1024


class Why(StrEnum):
    """Why nothing came back."""

    NO_ADDRESS = "no_address"
    """What was typed is no address of the web, or none that may be used here."""
    UNKNOWN_HOST = "unknown_host"
    INSIDE = "inside"
    """The name leads to a machine that is not on the public internet."""
    NO_CONNECTION = "no_connection"
    NO_TRUST = "no_trust"
    """TLS: the other side does not prove to be who it is called."""
    TOO_SLOW = "too_slow"
    UNREADABLE = "unreadable"


class NoReply(Exception):
    """The other side was not spoken to, or did not answer; ``why`` says which."""

    def __init__(self, why: Why) -> None:
        super().__init__(why.value)
        self.why = why


def system_addresses(host: str, port: int) -> list[str]:
    """Ask the system which addresses a host has; none where nobody knows it."""
    try:
        return [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except (OSError, UnicodeError):
        return []


def judged_addresses(
    host: str, port: int, *, resolve: Resolve = system_addresses, judge: Judge = addresses.is_public
) -> list[str]:
    """Return the addresses of a host, looked up once. Refuses a host with any address that ``judge`` refuses."""
    found = list(dict.fromkeys(resolve(host, port)))
    if not found:
        raise NoReply(Why.UNKNOWN_HOST)
    if not all(judge(address) for address in found):
        raise NoReply(Why.INSIDE)
    return found


class JudgedConnection(http.client.HTTPConnection):
    """Connects to one of the addresses that were judged, speaks to the host by its name, and is over in time.

    ``seconds`` are for all of it, however many small steps the other side takes, ``patience`` for each step.
    """

    def __init__(
        self,
        host: str,
        port: int,
        found: Sequence[str],
        *,
        is_secure: bool,
        seconds: float,
        patience: float = 15,
        trust: ssl.SSLContext | None = None,
    ) -> None:
        super().__init__(host, port, timeout=seconds)
        self._patience = patience
        self._found = found
        self._trust = (trust or ssl.create_default_context()) if is_secure else None
        self._ends = time.monotonic() + seconds

    def left(self) -> float:
        """Return the seconds that the next step may take. Raises ``TimeoutError`` when none are left."""
        seconds = self._ends - time.monotonic()
        if seconds <= 0:
            raise TimeoutError
        return min(seconds, self._patience)

    def connect(self) -> None:
        """Take the first of the addresses that answers."""
        plain = self._first()
        if self._trust is not None:
            plain.settimeout(self.left())
            plain = self._trust.wrap_socket(plain, server_hostname=self.host)
        self.sock: Any = _Timed(plain, self.left)

    def _first(self) -> socket.socket:
        trouble: OSError = ConnectionRefusedError()
        for place, address in enumerate(self._found):
            try:
                # Not all of the time for one that is silent while others wait.
                return socket.create_connection((address, self.port), self.left() / (len(self._found) - place))
            except OSError as error:
                trouble = error
        raise trouble


class _Timed:
    """A socket, as far as ``http.client`` uses one, each step of which gets what time is left.

    Where the end of the answer is the end of the connection, it is closed before it is read: so it stays open for
    whoever reads.
    """

    def __init__(self, plain: socket.socket, left: Callable[[], float]) -> None:
        self._plain = plain
        self._left = left
        self._is_read = False

    def sendall(self, data: Any) -> None:
        self._plain.settimeout(self._left())
        self._plain.sendall(data)

    def receive_into(self, buffer: Any) -> int:
        self._plain.settimeout(self._left())
        return self._plain.recv_into(buffer)

    def makefile(self, _mode: str) -> io.BufferedReader:
        self._is_read = True
        return io.BufferedReader(_Reader(self))

    def close(self) -> None:
        if not self._is_read:
            self._plain.close()

    def read_to_the_end(self) -> None:
        self._plain.close()


class _Reader(io.RawIOBase):
    def __init__(self, timed: _Timed) -> None:
        self._timed = timed

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        return self._timed.receive_into(buffer)

    def close(self) -> None:
        super().close()
        self._timed.read_to_the_end()


@dataclass(frozen=True)
class Reply:
    """What came back: the status, the beginning of the body, and when to come again where it says so."""

    status: int
    body: bytes
    retry_after: str = ""


@dataclass(frozen=True)
class Target:
    """An address of the web, taken apart."""

    is_secure: bool
    host: str
    port: int
    path: str


def target_of(url: str) -> Target:
    """Take an address apart. Refuses other schemes, names and words in it, and ports of other services."""
    try:
        parts = urlsplit(url)
        port = parts.port or PORTS.get(parts.scheme, 0)
    except ValueError:
        raise NoReply(Why.NO_ADDRESS) from None
    free = port >= FIRST_FREE_PORT or port in PORTS.values()
    if parts.scheme not in PORTS or not parts.hostname or parts.username is not None or not free:
        raise NoReply(Why.NO_ADDRESS)
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~") + (f"?{_query(parts.query)}" if parts.query else "")
    return Target(parts.scheme == "https", parts.hostname, port, path)


def _query(text: str) -> str:
    return quote(text, safe="/%:@!$&'()*+,;=~?")


def may_be_spoken_to(target: Target, *, allow_own_network: bool) -> Judge:
    """Return who judges the addresses of a target: in the clear only the own network may be spoken to, if it may.

    Refuses a target in the clear where the own network may not be spoken to.
    """
    if not target.is_secure:
        if not allow_own_network:
            raise NoReply(Why.NO_ADDRESS)
        return addresses.is_of_own_network
    if allow_own_network:
        return lambda text: addresses.is_public(text) or addresses.is_of_own_network(text)
    return addresses.is_public


def post(
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    allow_own_network: bool = False,
    resolve: Resolve = system_addresses,
    trust: ssl.SSLContext | None = None,
    seconds: float = 10,
    most_bytes: int = 1024,
) -> Reply:
    """Send ``body`` and return what came back within ``seconds``, the first ``most_bytes`` of it.

    Redirects are not followed. Raises :class:`NoReply` when the address may not be spoken to or nothing came back.
    """
    target = target_of(url)
    judge = may_be_spoken_to(target, allow_own_network=allow_own_network)
    found = judged_addresses(target.host, target.port, resolve=resolve, judge=judge)
    connection = JudgedConnection(
        target.host, target.port, found, is_secure=target.is_secure, seconds=seconds, trust=trust
    )
    try:
        connection.request("POST", target.path, body=body, headers=dict(headers))
        with connection.getresponse() as response:
            start = _beginning(response, most_bytes)
            return Reply(response.status, start, response.headers.get("Retry-After", ""))
    except ssl.SSLCertVerificationError as error:
        raise NoReply(Why.NO_TRUST) from error
    except TimeoutError as error:
        raise NoReply(Why.TOO_SLOW) from error
    except OSError as error:
        raise NoReply(Why.NO_CONNECTION) from error
    except (http.client.HTTPException, ValueError) as error:
        raise NoReply(Why.UNREADABLE) from error
    finally:
        connection.close()


def _beginning(response: http.client.HTTPResponse, most_bytes: int) -> bytes:
    """Return how a body begins. Its status was read: a body that breaks off or is too slow changes nothing of it."""
    try:
        return response.read(most_bytes)
    except (OSError, http.client.HTTPException, ValueError):
        return b""
