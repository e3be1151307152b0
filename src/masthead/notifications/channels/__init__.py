"""Ways to reach people: one folder each, named in delivery rows."""

from __future__ import annotations

from masthead.notifications.channels.email import EmailChannel
from masthead.notifications.ports import Channel

_CHANNELS: dict[str, Channel] = {"email": EmailChannel()}


def get(name: str) -> Channel:
    """Return the channel of this name; ``KeyError`` for one that this version does not have."""
    return _CHANNELS[name]
