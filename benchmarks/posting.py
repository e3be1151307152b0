"""Posts over keep-alive connections as fast as they are accepted: one process, raw sockets, every reply read whole."""

from __future__ import annotations

import itertools
import selectors
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlencode

_PATIENCE_SECONDS = 60.0


@dataclass
class Tally:
    """What became of the posts of one run."""

    seconds: float = 0.0
    accepted: list[int] = field(default_factory=list)
    refused: dict[int, int] = field(default_factory=dict)
    milliseconds: list[float] = field(default_factory=list)
    broken: int = 0

    @property
    def rate(self) -> float:
        """Accepted posts a second."""
        return len(self.accepted) / self.seconds if self.seconds else 0.0


class _Connection:
    """One client: sends a post, reads the whole reply, sends the next."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.number = 0
        self.sent_at = 0.0
        self.received = b""
        self.socket = self._connect()

    def _connect(self) -> socket.socket:
        opened = socket.create_connection(("127.0.0.1", self.port), timeout=_PATIENCE_SECONDS)
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return opened

    def send(self, number: int, request: bytes) -> None:
        """Send one post."""
        self.number, self.received, self.sent_at = number, b"", time.perf_counter()
        self.socket.sendall(request)

    def receive(self) -> int | None:
        """Read what has come; return the status when the reply is whole. Raises ``OSError`` when it never will be."""
        piece = self.socket.recv(65536)
        if not piece:
            raise ConnectionResetError("closed in the middle of a reply")
        self.received += piece
        return status_of(self.received)


def status_of(received: bytes) -> int | None:
    """Return the status of a reply that is whole; None while something is missing."""
    head, separator, body = received.partition(b"\r\n\r\n")
    if not separator:
        return None
    lines = head.lower().split(b"\r\n")
    if any(line.startswith(b"transfer-encoding:") and b"chunked" in line for line in lines):
        is_whole = body.endswith(b"0\r\n\r\n")
    else:
        length = next((int(line.split(b":")[1]) for line in lines if line.startswith(b"content-length:")), 0)
        is_whole = len(body) >= length
    return int(head.split(b" ", 2)[1]) if is_whole else None


def drive(
    port: int,
    make: Callable[[int], bytes],
    *,
    clients: int,
    seconds: float,
    accepted: frozenset[int] = frozenset({200, 201, 202, 303}),
    numbers: itertools.count[int] | None = None,
) -> Tally:
    """Let ``clients`` post at the same time, each its next one as soon as the last was answered.

    ``make(number)`` writes the request; every number is used once. A connection that breaks is counted and ends.
    """
    counter, tally = numbers or itertools.count(1), Tally()
    with selectors.DefaultSelector() as selector:
        connections = [_Connection(port) for _client in range(clients)]
        began = time.perf_counter()
        for connection in connections:
            selector.register(connection.socket, selectors.EVENT_READ, connection)
            number = next(counter)
            connection.send(number, make(number))
        while selector.get_map():
            ready = selector.select(_PATIENCE_SECONDS)
            if not ready:
                raise TimeoutError(f"no reply within {_PATIENCE_SECONDS:g} s")
            for key, _events in ready:
                is_over = time.perf_counter() - began >= seconds
                _serve(selector, key.data, tally, accepted, None if is_over else (counter, make))
        tally.seconds = time.perf_counter() - began
    return tally


def _serve(
    selector: selectors.BaseSelector,
    connection: _Connection,
    tally: Tally,
    accepted: frozenset[int],
    following: tuple[itertools.count[int], Callable[[int], bytes]] | None,
) -> None:
    try:
        status = connection.receive()
        if status is None:
            return
        _note(tally, connection, status, accepted)
        if following is not None:
            counter, make = following
            number = next(counter)
            connection.send(number, make(number))
            return
    except OSError:
        tally.broken += 1
    selector.unregister(connection.socket)
    connection.socket.close()


def _note(tally: Tally, connection: _Connection, status: int, accepted: frozenset[int]) -> None:
    if status in accepted:
        tally.accepted.append(connection.number)
        tally.milliseconds.append((time.perf_counter() - connection.sent_at) * 1000)
    else:
        tally.refused[status] = tally.refused.get(status, 0) + 1


def text(number: int) -> str:
    """Return a text of its own for each number, as long as comments are."""
    return (
        f"I was there on day {number}, and the pumps did *not* run.\n\n"
        "Nobody at the harbour office remembers who signed for them. Ask the engineer, the report has eleven pages."
    )


def masthead_post(port: int, thread_key: str, *, script: bool = True) -> Callable[[int], bytes]:
    """Return what writes a guest's post as the page's script sends it, or as a plain form."""
    marker = "X-Masthead-Fragment: 1\r\n" if script else ""

    def make(number: int) -> bytes:
        fields = {"thread": thread_key, "name": f"Reader {number}", "address": "", "text": text(number), "website": ""}
        body = urlencode(fields)
        return (
            f"POST /-/comments/post/ HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nSec-Fetch-Site: same-origin\r\n{marker}"
            f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n{body}"
        ).encode("ascii")

    return make
