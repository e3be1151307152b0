"""A receiver as newsrooms run them: a web server in a thread, which notes what it gets and answers as it is told."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from typing import Any, NamedTuple


class Got(NamedTuple):
    """One request."""

    headers: Message
    body: bytes

    @property
    def id(self) -> str:
        """What it names itself."""
        return str(self.headers["webhook-id"])


@dataclass
class Receiver:
    """``answers`` are given first, one for each request: a status, or one with headers. Then 204."""

    port: int = 0
    got: list[Got] = field(default_factory=list)
    answers: list[int | tuple[int, dict[str, str]]] = field(default_factory=list)
    arrived: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    open_gate: threading.Event = field(default_factory=threading.Event)
    """Requests are answered once it is set."""

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}/hook"


@contextmanager
def listening() -> Iterator[Receiver]:
    """Run a receiver."""
    receiver = Receiver()
    receiver.open_gate.set()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            receiver.got.append(Got(self.headers, self.rfile.read(int(self.headers["Content-Length"]))))
            receiver.arrived.release()
            receiver.open_gate.wait(30)
            answer = receiver.answers.pop(0) if receiver.answers else 204
            status, headers = answer if isinstance(answer, tuple) else (answer, {})
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(b"" if status == 204 else b"it says <b>" + str(status).encode())

        def log_message(self, *_arguments: Any) -> None:
            """Say nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        receiver.port = server.server_port
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield receiver
        finally:
            receiver.open_gate.set()
            server.shutdown()
            thread.join(5)
