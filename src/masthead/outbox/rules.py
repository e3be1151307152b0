"""How long to wait before the next attempt. Pure."""

from __future__ import annotations

from datetime import timedelta

FIRST_DELAY = timedelta(seconds=5)
LONGEST_DELAY = timedelta(hours=4)
# With the delays above, about a day passes before the worker gives up: the time a mail server may be down.
MAX_ATTEMPTS = 16


def backoff(attempt: int, *, draw: float) -> timedelta:
    """Return the delay after the failed ``attempt`` (1 is the first).

    Doubles from 5 seconds up to 4 hours, spread by a quarter to both sides; ``draw`` is a random number in [0, 1), so
    that deliveries which failed together do not come back together.
    """
    doubled: timedelta = FIRST_DELAY * 2 ** min(attempt - 1, 32)
    return min(doubled, LONGEST_DELAY) * (0.75 + 0.5 * draw)
