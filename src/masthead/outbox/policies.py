"""Who may look after facts on their way."""

from __future__ import annotations

from typing import Any


def may_replay(user: Any) -> bool:
    """Publishers, and whoever was given the permission to change deliveries."""
    return bool(user.has_perm("outbox.change_delivery"))
