"""Work by the clock: one line per chore."""

from __future__ import annotations

from masthead.accounts import services as accounts
from masthead.notifications import services as notifications
from masthead.outbox import services as outbox
from masthead.outbox.chores import every

DAY = 24 * 60 * 60


def connect() -> None:
    """Bind all chores."""
    every(DAY, "outbox.prune", outbox.prune)
    every(DAY, "accounts.forget_old_links", accounts.forget_old_links)
    every(DAY, "notifications.forget_old", notifications.forget_old)
