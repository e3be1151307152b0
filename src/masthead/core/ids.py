"""Public identifiers: short, sortable by time, never the primary key."""

from __future__ import annotations

import secrets

from masthead.core.clock import now

# Crockford's base 32 in lower case: no i, l, o, u, so an id survives being read aloud.
_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
LENGTH = 16


def new_id() -> str:
    """Return a new id of 16 characters: 48 bits of milliseconds, then 32 random bits.

    Ids made later sort later, down to the millisecond.
    """
    milliseconds = int(now().timestamp() * 1000)
    return _encode((milliseconds << 32) | secrets.randbits(32))


def _encode(number: int) -> str:
    digits = []
    for _ in range(LENGTH):
        number, digit = divmod(number, 32)
        digits.append(_ALPHABET[digit])
    return "".join(reversed(digits))
