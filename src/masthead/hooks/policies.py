"""Who may look after webhooks."""

from __future__ import annotations

from typing import Any


def may_manage(user: Any) -> bool:
    """Publishers, and whoever was given the permission: it decides which machines are told of money."""
    return bool(user.is_active and user.has_perm("hooks.manage_hook"))
