"""Who may change the site's words."""

from __future__ import annotations

from typing import Any


def may_reword(user: Any) -> bool:
    """Publishers, and whoever was given the permission."""
    return bool(user.has_perm("wording.change_wording"))
