"""Slots: one line per pair."""

from __future__ import annotations

from masthead.accounts.presenters import SignInLinkInBar
from masthead.core import slots
from masthead.notifications.presenters import NotifyOf


def connect() -> None:
    """Bind all slots."""
    slots.fill("masthead.account", SignInLinkInBar())
    slots.fill("thread.notify", NotifyOf())
