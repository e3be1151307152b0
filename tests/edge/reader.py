"""A browser at the other end of the live stream, without a network."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from masthead.edge.hub import Hub
from masthead.edge.live import Limits, answer

THREAD = "thread:article:1"
MOMENT = 1.0  # how long a test waits for what must come at once before it fails


class Reader:
    """One browser's request, and what it was answered."""

    def __init__(
        self, query: str = f"topic={THREAD}", *, method: str = "GET", address: str = "192.0.2.7", **headers: str
    ):
        self.scope = {
            "type": "http",
            "method": method,
            "path": "/-/live",
            "query_string": query.encode(),
            "client": (address, "4000"),
            "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()],
        }
        self.sent: list[dict[str, Any]] = []
        self.takes = asyncio.Event()
        self.takes.set()
        self.gone = asyncio.Event()
        self._asked = False
        self._news = asyncio.Event()
        self.task: asyncio.Task[None] | None = None

    async def receive(self) -> dict[str, Any]:
        """Give the empty body, then wait until the browser is gone."""
        if not self._asked:
            self._asked = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, part: Any) -> None:
        """Take a part of the reply, when the browser reads at all."""
        await self.takes.wait()
        self.sent.append(part)
        self._news.set()

    def ask(self, hub: Hub, limits: Limits | None = None) -> Reader:
        """Send the request."""
        work = answer(self.scope, self.receive, self.send, hub=hub, limits=limits or Limits())
        self.task = asyncio.get_running_loop().create_task(work)
        return self

    async def until(self, is_so: Callable[[], bool]) -> None:
        """Wait until something is so; fail when it does not become so."""
        async with asyncio.timeout(MOMENT):
            while not is_so():
                self._news.clear()
                await self._news.wait()

    async def hears(self, text: str) -> None:
        """Wait until a text was written to this reader."""
        await self.until(lambda: text in self.body)

    async def ends(self) -> None:
        """Wait for the end of the reply."""
        assert self.task is not None
        await asyncio.wait_for(self.task, MOMENT)

    @property
    def status(self) -> int:
        """The status of the reply; 0 before it began."""
        return int(self.sent[0]["status"]) if self.sent else 0

    @property
    def headers(self) -> dict[str, str]:
        """The headers of the reply."""
        return {name.decode(): value.decode() for name, value in self.sent[0]["headers"]}

    @property
    def body(self) -> str:
        """What was written so far."""
        return b"".join(part.get("body", b"") for part in self.sent).decode()
