"""What a handler may tell the worker: the one bit it needs."""

from __future__ import annotations

from datetime import timedelta


class Retry(Exception):
    """Not now: try this delivery again, not before ``after`` has passed."""

    def __init__(self, reason: str, *, after: timedelta | None = None) -> None:
        super().__init__(reason)
        self.after = after or timedelta(0)


class Unreachable(Retry):
    """Not now, and nothing else either: whoever is told does not answer. The rest of his line waits for ``rest``."""

    def __init__(self, reason: str, *, rest: timedelta, after: timedelta | None = None) -> None:
        super().__init__(reason, after=after)
        self.rest = rest


class Gone(Exception):
    """Never again: there is nobody left to deliver to. Given up quietly; nothing is wrong here."""


class AddressRefused(Gone):
    """The mail server of the address says for good that it takes no mail for it."""


class NothingToReplay(ValueError):
    """A replay must name events, a subscriber or a moment; a replay of everything is never meant."""
