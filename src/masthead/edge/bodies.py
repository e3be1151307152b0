"""Take in what a request sends before a thread is kept busy with it: a slow sender costs no thread."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Awaitable, Callable
from typing import IO, Any

_IN_MEMORY = 512 * 1024
_LIMIT = 64_000_000


class BodyTooLarge(Exception):
    """More was sent than anything here takes."""

    def __init__(self, limit: int) -> None:
        super().__init__(limit)
        self.limit = limit


class ClientGone(Exception):
    """The sender hung up in the middle: nothing is done with half a request."""


def empty_body() -> IO[bytes]:
    """Return a body for requests that have none."""
    return io.BytesIO()


async def read_body(
    scope: dict[str, Any], receive: Callable[[], Awaitable[dict[str, Any]]], *, limit: int = _LIMIT
) -> tuple[IO[bytes], int]:
    """Return the whole body, at its beginning, and its length in bytes; large ones lie in a temporary file.

    Raises :class:`BodyTooLarge` beyond ``limit`` bytes, :class:`ClientGone` when the sender hangs up.
    """
    if scope["method"] in {"GET", "HEAD"}:
        return empty_body(), 0
    body = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - closed by who asked for it
    length = 0
    try:
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise ClientGone
            chunk = message.get("body", b"")
            length += len(chunk)
            if length > limit:
                raise BodyTooLarge(limit)
            body.write(chunk)
            if not message.get("more_body", False):
                break
    except BaseException:
        body.close()
        raise
    body.seek(0)
    return body, length
