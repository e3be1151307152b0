"""A processor that answers as it is told: for what one may say of things that are not this site's."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from tests.funding.noticing import given

Json = dict[str, Any]
TOKEN = "POST /v1/oauth2/token"


@dataclass
class Processor:
    """``answers`` by call, as ``GET /v1/charges``, each with its status; all else is not there."""

    answers: Mapping[str, tuple[int, Json]]
    asked: list[str] = field(default_factory=list)


@contextmanager
def stripe(**answers: Json) -> Iterator[Processor]:
    """Let this site rehearse with Stripe, which answers so to what is read: by the last parts of the paths."""
    found = {f"GET /v1/{path.replace('__', '/')}": (200, answer) for path, answer in answers.items()}
    processor = Processor(found)
    with (
        _listening(processor) as base,
        given(mode="rehearsal", stripe_key="sk_test_x", stripe_webhook_secret="whsec_x", stripe_address=base),
    ):
        yield processor


@contextmanager
def paypal(answers: Mapping[str, tuple[int, Json]]) -> Iterator[Processor]:
    """Let this site rehearse with PayPal, which answers so."""
    processor = Processor({TOKEN: (200, {"access_token": "t", "expires_in": 3600}), **answers})
    with (
        _listening(processor) as base,
        given(mode="rehearsal", paypal_client="c", paypal_secret="s", paypal_webhook="w", paypal_address=base),
    ):
        yield processor


@contextmanager
def _listening(processor: Processor) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            call = f"{self.command} {urlsplit(self.path).path}"
            processor.asked.append(call)
            self.rfile.read(int(self.headers["Content-Length"] or 0))
            status, answer = processor.answers.get(call, (404, {}))
            body = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET

        def log_message(self, *_arguments: Any) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
