"""How whatever money waits in may change: the table of rule L5. What is not in it cannot happen."""

from __future__ import annotations

from collections.abc import Mapping

MOVES: Mapping[str, Mapping[str, frozenset[str]]] = {
    # A decline is no end: the payer may try again. A debit may fail after it had settled (W10). Nothing makes money
    # that came merely "on its way" again (W9).
    "payment": {
        "open": frozenset({"failed", "succeeded"}),
        "failed": frozenset({"open", "succeeded"}),
        "succeeded": frozenset({"failed"}),
    },
    "recurring": {
        "pending": frozenset({"active", "paused", "past_due", "ended"}),
        "active": frozenset({"paused", "past_due", "ended"}),
        "paused": frozenset({"active", "past_due", "ended"}),
        "past_due": frozenset({"active", "paused", "ended"}),
        "ended": frozenset(),
    },
    "checkout": {"open": frozenset({"done", "over"}), "done": frozenset(), "over": frozenset()},
    "refund request": {"asked": frozenset({"sent", "refused"}), "sent": frozenset(), "refused": frozenset()},
    "notification": {"to_do": frozenset({"done"}), "done": frozenset(), "unknown": frozenset()},
    "held": {
        "waiting": frozenset({"person", "aside"}),
        "person": frozenset({"aside"}),
        "aside": frozenset({"person"}),
    },
    "difference": {
        "open": frozenset({"gone", "posted", "aside"}),
        "gone": frozenset({"open"}),
        "posted": frozenset(),
        "aside": frozenset(),
    },
    "bank line": {
        "unmatched": frozenset({"suggested", "booked", "ignored"}),
        "suggested": frozenset({"unmatched", "booked", "ignored"}),
        "ignored": frozenset({"unmatched"}),
        "booked": frozenset(),
    },
}
"""For each thing, which states may follow on each of its states; staying as it is always goes."""

TERMINAL: Mapping[str, frozenset[str]] = {
    "payment": frozenset(),
    "recurring": frozenset({"ended"}),
    "checkout": frozenset({"done", "over"}),
    "refund request": frozenset({"sent", "refused"}),
    "notification": frozenset({"done", "unknown"}),
    "held": frozenset(),
    "difference": frozenset({"posted", "aside"}),
    "bank line": frozenset({"booked"}),
}
"""The states that nothing leaves."""


class NoSuchMove(ValueError):
    """A change of state that the table does not know."""


def moved(thing: str, before: str, after: str) -> str:
    """Return ``after``, which follows on ``before``. Raises :class:`NoSuchMove` for what is not in the table."""
    if after != before and after not in MOVES[thing][before]:
        raise NoSuchMove(f"no {thing} that is {before!r} becomes {after!r}")
    return after


def sources(thing: str, after: str) -> list[str]:
    """Return the states on which ``after`` may follow: what a conditional update asks of the row."""
    found = [before for before, following in MOVES[thing].items() if after in following]
    if not found:
        raise NoSuchMove(f"no {thing} becomes {after!r}")
    return found
