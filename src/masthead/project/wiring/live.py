"""Who tells open pages what is new: the tail's facts, in each process for its own readers."""

from __future__ import annotations

from masthead.outbox.tail import tail
from masthead.project.answers import live


def connect() -> None:
    """Have this process's open pages told of committed facts, its own and those of others."""
    tail.observe(live.tell)
