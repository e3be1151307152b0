"""References of pledges in what a bank says of a transfer: found however the text was broken, spaced or typed."""

from __future__ import annotations

import re

from masthead.funding.rules.reference import normalised

_LENGTH = len("RF") + 2 + 12


def references_in(*texts: str) -> list[str]:
    """Return every reference whose check digits fit, each once, in the order of the texts.

    Only letters and digits are looked at, so spaces, line breaks and marks inside a reference do not matter.
    """
    found: dict[str, None] = {}
    for text in texts:
        bare = re.sub(r"[^0-9A-Za-z]", "", text)
        for match in re.finditer("RF", bare, re.I):
            if reference := normalised(bare[match.start() : match.start() + _LENGTH]):
                found[reference] = None
    return list(found)
