"""A small HTTP/1.1 server on this machine's own address, and the values its handlers speak in."""

from __future__ import annotations

import json
import re
import socket
import threading
import traceback
import urllib.parse
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

HOST = "127.0.0.1"
_LARGEST_BODY = 1_000_000


@dataclass(frozen=True)
class Request:
    """What came in."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes

    def header(self, name: str) -> str:
        """Return a header, or nothing."""
        return self.headers.get(name.lower(), "")

    def form(self) -> dict[str, str]:
        """Return the fields of a sent form, the last of each name."""
        return dict(urllib.parse.parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))

    def arguments(self) -> dict[str, str]:
        """Return the fields of the query."""
        return dict(urllib.parse.parse_qsl(self.query, keep_blank_values=True))

    def json(self) -> Any:
        """Return the body read as JSON. Raises ``ValueError`` where it is none."""
        return json.loads(self.body or b"{}")


@dataclass(frozen=True)
class Reply:
    """What goes out."""

    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)


class HangUp(Exception):
    """Close the connection without an answer."""


Route = tuple[str, re.Pattern[str], Callable[..., Reply]]


def json_reply(status: int, value: Any, headers: dict[str, str] | None = None) -> Reply:
    """Answer with JSON, spaced as the processors do."""
    body = json.dumps(value, indent=2, ensure_ascii=False).encode()
    return Reply(status, body, {"Content-Type": "application/json", **(headers or {})})


def redirect(address: str) -> Reply:
    """Send the browser elsewhere, by GET."""
    return Reply(303, b"", {"Location": address})


def path_pattern(path: str) -> re.Pattern[str]:
    """Make a pattern of a path with ``{names}``, each one segment."""
    return re.compile("^" + re.sub(r"{(\w+)}", r"(?P<\1>[^/]+)", path) + "$")


def dispatch(routes: list[Route], request: Request) -> Reply | None:
    """Answer with the first route that fits; 405 where only the method does not; nothing where none fits."""
    known = False
    for method, pattern, handler in routes:
        if match := pattern.match(request.path):
            known = True
            if method == request.method:
                arguments = {name: urllib.parse.unquote(value) for name, value in match.groupdict().items()}
                return handler(request, **arguments)
    return Reply(405, b"Method not allowed\n", {"Content-Type": "text/plain"}) if known else None


class Server(ThreadingHTTPServer):
    """Listens on 127.0.0.1 only and answers with one function."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 128
    allow_reuse_address = True

    def __init__(self, port: int, answer: Callable[[Request], Reply]) -> None:
        """Listen at once. Raises ``OSError`` where the port is taken."""
        self.answer = answer
        super().__init__((HOST, port), _Handler)

    @property
    def base(self) -> str:
        """The address pages and clients use."""
        return f"http://{HOST}:{self.server_address[1]}"

    def start(self) -> threading.Thread:
        """Answer in a thread of its own."""
        thread = threading.Thread(target=self.serve_forever, args=(0.05,), name="simulator-http", daemon=True)
        thread.start()
        return thread

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of clients that went away."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "MastheadSimulator"
    sys_version = ""
    disable_nagle_algorithm = True
    server: Server

    def _serve(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        if length > _LARGEST_BODY:
            self.close_connection = True
            self._send(Reply(413, b"Too large\n"))
            return
        body = self.rfile.read(length)
        parts = urllib.parse.urlsplit(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Request(self.command, parts.path, parts.query, headers, body)
        try:
            reply = self._refusal(request) or self.server.answer(request)
        except HangUp:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        except Exception:  # noqa: BLE001 a fault of the simulator is told, never hidden
            reply = Reply(500, traceback.format_exc().encode(), {"Content-Type": "text/plain; charset=utf-8"})
        self._send(reply)

    do_GET = do_POST = do_DELETE = do_PATCH = do_PUT = do_HEAD = _serve

    def _refusal(self, request: Request) -> Reply | None:
        """Refuse foreign names of this address, and forms that another site's page sent."""
        port = self.server.server_address[1]
        own = {f"{HOST}:{port}", f"localhost:{port}"}
        origin = request.header("origin")
        foreign = origin not in {"", "null"} and urllib.parse.urlsplit(origin).netloc not in own
        if request.header("host") not in own or (foreign and request.method != "GET"):
            return Reply(403, b"This simulator answers its own pages and this machine only.\n")
        return None

    def _send(self, reply: Reply) -> None:
        self.send_response(reply.status)
        for name, value in {**reply.headers, "Content-Length": str(len(reply.body))}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(reply.body)

    def log_message(self, format: str, *args: Any) -> None:
        """Write no log: the switchboard shows what happened."""
