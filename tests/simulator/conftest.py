"""A simulator for each test, spoken to by the official client over HTTP."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
import stripe

from masthead.simulator.testing import RunningSimulator, running


@pytest.fixture
def simulator() -> Iterator[RunningSimulator]:
    """A simulator whose webhooks wait for orders."""
    with running(manual=True, start=1_800_000_000) as started:
        yield started


@pytest.fixture
def client(simulator: RunningSimulator) -> stripe.StripeClient:
    """The official client, unchanged but for the address; it does not try again by itself."""
    return stripe.StripeClient(simulator.key, base_addresses=simulator.base_addresses, max_network_retries=0)


class Hearer:
    """A site that hears webhooks: keeps each, and answers as told."""

    def __init__(self) -> None:
        """Listen on a free port."""
        self.heard: list[tuple[dict[str, str], bytes]] = []
        self.answers: list[int] = []
        hearer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                hearer.heard.append((dict(self.headers.items()), body))
                self.send_response(hearer.answers.pop(0) if hearer.answers else 200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                return

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server.server_address[1]}/hooks"


@pytest.fixture
def hearer() -> Iterator[Hearer]:
    """A site that hears webhooks."""
    made = Hearer()
    yield made
    made.server.shutdown()
    made.server.server_close()
