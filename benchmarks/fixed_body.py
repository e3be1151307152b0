"""An ASGI application that answers everything with one body: what granian and Python reach when nothing is done."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

_BODY = Path(os.environ["MASTHEAD_BENCHMARK_BODY"]).read_bytes()
_START = {
    "type": "http.response.start",
    "status": 200,
    "headers": [
        (b"content-type", b"text/html; charset=utf-8"),
        (b"content-length", str(len(_BODY)).encode("ascii")),
    ],
}
_REST = {"type": "http.response.body", "body": _BODY}


async def application(
    scope: dict[str, Any], receive: Callable[[], Awaitable[Any]], send: Callable[[Any], Awaitable[None]]
) -> None:
    """Answer."""
    if scope["type"] == "http":
        await send(_START)
        await send(_REST)
