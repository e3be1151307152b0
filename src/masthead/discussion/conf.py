"""This app's settings, read from the site's typed configuration at the moment of use."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings

NAME_MIN, NAME_MAX = 2, 50
# A second comment with the same words in the same place by the same name counts as an accident for this long.
SAME_TEXT_WINDOW = timedelta(hours=24)
# How long posting and deleting can be undone: what is shown, and what is taken, for the way to us takes time too.
UNDO_SHOWN = timedelta(seconds=10)
UNDO_TAKEN = timedelta(seconds=15)
# How many of the latest comments of a thread are looked through for people to mention, and how many one may name.
MENTIONABLE = 500
MENTIONS_MOST = 10
# A picture: what may be sent, what it may unpack to, and what is kept of it.
PICTURE_BYTES = 10_000_000
PICTURE_PIXELS = 50_000_000
PICTURE_LONGEST_SIDE = 1600


def config() -> Any:
    """Return ``[discussion]`` of the site's configuration."""
    return settings.MASTHEAD.discussion


def fits(text: str) -> bool:
    """Tell whether a text is neither too short nor too long."""
    length: bool = config().min_length <= len(text) <= config().max_length
    return length


def form_shape() -> tuple[object, ...]:
    """Return what the comment form looks like on this site, as a key for what is made of it."""
    return config().max_length, asks_proof(), config().pictures, tuple(map(repr, config().fields))


def edit_window() -> timedelta:
    """How long a writer may change a comment."""
    return timedelta(minutes=config().edit_window_minutes)


# A mail with a button can be answered, and an unproven comment waits, this long; then both are erased.
PROOF_VALID = timedelta(days=14)
# Within this time a second comment of the same browser under the same address brings no second mail by itself.
PROOF_REPEATED_AFTER = timedelta(hours=1)
# Mails to one address: so many within so long. Past it the answer stays the same and no mail leaves.
PROOFS_PER_ADDRESS = ((3, timedelta(hours=1)), (10, timedelta(days=1)))
PROOFS_PER_NETWORK_AND_HOUR = 20


def asks_proof() -> bool:
    """Whether guests prove their address before what they wrote is public."""
    return bool(config().guests == "verified")
