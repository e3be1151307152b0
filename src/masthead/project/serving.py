"""What a serving process starts and stops: the kept pages, the ear for changes, the background work."""

from __future__ import annotations

import gc
import sys
from typing import Any
from wsgiref.types import WSGIApplication

from django.conf import settings

from masthead.edge import fragments, live, pages
from masthead.edge.front import Front, lifespan
from masthead.edge.handover import Handover
from masthead.edge.origins import Application, Gate
from masthead.outbox import worker
from masthead.outbox.tail import tail
from masthead.project.cli.site import database_problem
from masthead.project.wiring import edge as edge_wiring
from masthead.project.wiring import live as live_wiring
from masthead.wording import services as wording

# Pieces are what pages are made of, so they are small beside them.
_SHARE_OF_PIECES = 4


class Serving:
    """One serving process."""

    def __init__(self, django: WSGIApplication) -> None:
        edge = settings.MASTHEAD.edge
        self._handover = Handover(django, threads=edge.threads, waiting=edge.waiting)
        knows_tags = edge.cdn in {"fastly", "cloudflare"}
        self.front = Front(self._handover, ear=tail, routes={"/-/live": live.application}, keep_tags=knows_tags)
        origins = settings.MASTHEAD.embed.origins
        self._entrance: Application = Gate(self.front, origins) if origins else self.front
        self._lifespan = lifespan(start=lambda: None, stop=self.stop)

    def answer(self, scope: dict[str, Any], receive: Any, send: Any) -> Any:
        """Return the coroutine that answers one ASGI connection."""
        return self._entrance(scope, receive, send) if scope["type"] == "http" else self._other(scope, receive, send)

    async def _other(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await self._lifespan(scope, receive, send)
        else:
            await send({"type": "websocket.close"})

    def start(self) -> None:
        """Refuse a database of another version; then listen for changes, and only then keep anything."""
        problem = database_problem()
        if problem:
            sys.stderr.write(f"masthead: {problem}\n")
            raise SystemExit(2)
        edge_wiring.connect()
        live_wiring.connect()
        tail.start()
        wording.speak()
        budget = settings.MASTHEAD.edge.cache_mb * 1_000_000
        fragments.open_store(budget // _SHARE_OF_PIECES)
        pages.store.budget = budget - budget // _SHARE_OF_PIECES
        if settings.MASTHEAD.server.background:
            worker.start_in_process(turn=settings.MASTHEAD.data / "worker.lock")
        # What is loaded now stays: the collector need not walk through it in the middle of a reader's request.
        gc.collect()
        gc.freeze()

    def stop(self) -> None:
        """End in order: no more work, no more listening."""
        self._handover.close()
        worker.stop_in_process()
        tail.stop()
