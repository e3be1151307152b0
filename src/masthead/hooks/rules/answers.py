"""What an answer means, and how long a receiver is left alone. Pure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum

GONE = 410
# Nothing is taken at present: so says the receiver itself (429, 503), or what stands before it (502, 504).
_BUSY = frozenset({429, 502, 503, 504})
_FIRST_REST = timedelta(seconds=5)
_LONGEST_REST = timedelta(minutes=5)


class Verdict(StrEnum):
    """What follows from an answer."""

    TAKEN = "taken"
    GONE = "gone"
    """The receiver wants nothing any more."""
    AGAIN = "again"
    """Not taken; others may be."""
    BUSY = "busy"
    """Not taken, and others would not be either just now."""


def verdict(status: int) -> Verdict:
    """Judge the status of an answer. A redirect is none: whoever moved tells his new address to the newsroom."""
    if 200 <= status < 300:
        return Verdict.TAKEN
    if status == GONE:
        return Verdict.GONE
    return Verdict.BUSY if status in _BUSY else Verdict.AGAIN


def wait_of(retry_after: str, moment: datetime, *, longest: timedelta) -> timedelta:
    """Return what ``Retry-After`` asks for (seconds, or a date: RFC 9110, 10.2.3), nothing where it makes no sense."""
    text = retry_after.strip()
    if text.isascii() and text.isdigit():
        return min(timedelta(seconds=min(int(text[:9]), 10**8)), longest)
    try:
        until = parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return timedelta(0)
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return max(timedelta(0), min(until - moment, longest))


def rest_after(failures: int) -> timedelta:
    """Return how long nothing is sent after so many failures in a row: from 5 seconds to 5 minutes."""
    doubled: timedelta = _FIRST_REST * 2 ** min(max(failures, 1) - 1, 16)
    return min(doubled, _LONGEST_REST)
