"""Keep who did what, in the transaction of the act."""

from __future__ import annotations

from typing import Any

from masthead.core.clock import now
from masthead.hooks.models import Act, Hook

_LENGTH = 300


def note_act(what: Act.What, hook: Hook, *, by: Any, detail: str = "") -> None:
    """Keep one act; ``by`` is None for what happened by itself."""
    Act.objects.create(hook=hook.public_id, address=hook.address, what=what, detail=detail[:_LENGTH], by=by, at=now())
