"""Who meets whom: lists, no logic. One module per way of meeting."""

from masthead.project.wiring import chores, ports, slots, subscribers


def connect() -> None:
    """Bind everything. Safe to call twice."""
    ports.connect()
    slots.connect()
    subscribers.connect()
    chores.connect()
