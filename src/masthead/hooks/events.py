"""Facts of this app: ids only."""

from __future__ import annotations

from dataclasses import dataclass

from masthead.core.events import event


@event("hooks.delivery-queued")
@dataclass(frozen=True)
class DeliveryQueued:
    """One message to one receiver waits to be sent; both are public ids of their rows."""

    delivery_id: str
    hook_id: str


@event("hooks.hook-stopped")
@dataclass(frozen=True)
class HookStopped:
    """A receiver gets nothing any more, and nobody of the newsroom wanted that: ``why`` is the state it has now."""

    hook_id: str
    why: str
