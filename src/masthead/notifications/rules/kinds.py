"""What a subscription covers."""

from __future__ import annotations

ALL = "all"
REPLIES = "replies"


def widest(first: str, second: str) -> str:
    """Return the kind that covers both: every comment covers replies to one's own."""
    return ALL if ALL in {first, second} else REPLIES


def concerns(kind: str, *, address: str, author_address: str, ancestor_addresses: frozenset[str]) -> bool:
    """Tell whether a comment is news for a subscriber. Nobody is told of what they wrote themselves."""
    if address == author_address:
        return False
    return kind == ALL or address in ancestor_addresses
