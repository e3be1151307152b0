"""Public identifiers: short, sortable by time, never the primary key."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta

from masthead.core.clock import now

# Crockford's base 32 in lower case: no i, l, o, u, so an id survives being read aloud.
_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
LENGTH = 16
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def new_id() -> str:
    """Return a new id of 16 characters: 48 bits of milliseconds, then 32 random bits.

    Ids made later sort later, down to the millisecond.
    """
    milliseconds = int(now().timestamp() * 1000)
    return _encode((milliseconds << 32) | secrets.randbits(32))


def made_at(public_id: str) -> datetime:
    """Return when an id of :func:`new_id` was made. Refuses any other text with ``ValueError``."""
    if len(public_id) != LENGTH:
        raise ValueError(f"{public_id!r} is no public id")
    number = 0
    for digit in public_id:
        number = number * 32 + _ALPHABET.index(digit)
    return _EPOCH + timedelta(milliseconds=number >> 32)


def _encode(number: int) -> str:
    digits = []
    for _ in range(LENGTH):
        number, digit = divmod(number, 32)
        digits.append(_ALPHABET[digit])
    return "".join(reversed(digits))
