"""What a click on a vote button means."""

from __future__ import annotations

from typing import Literal

Value = Literal[-1, 0, 1]
Direction = Literal["up", "down"]


def next_value(current: Value, direction: Direction) -> Value:
    """Return the voter's new value: the same button again withdraws, the other one changes the vote."""
    wanted: Value = 1 if direction == "up" else -1
    return 0 if current == wanted else wanted


def change(before: Value, after: Value) -> tuple[int, int]:
    """Return what is added to the counters of votes up and of votes down."""
    return (after == 1) - (before == 1), (after == -1) - (before == -1)
