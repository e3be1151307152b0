"""What a statement of a year said, to be compared with what it would say now."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable

from masthead.funding.rules.receipts import Standing, as_data

_SAID = ("received_at", "paid", "back")


def fingerprint(standings: Iterable[Standing]) -> str:
    """Return the same for the same gifts with the same returns, and something else for anything else.

    Numbers of receipts are left out: a receipt that was issued anew changes nothing that was given.
    """
    told = [{key: as_data(standing)[key] for key in _SAID} for standing in standings]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()
