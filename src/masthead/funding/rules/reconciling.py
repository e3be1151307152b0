"""Compare a processor's own lines with the journals of the books: one of each for one of the other (rule X1)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from masthead.core.money import Money
from masthead.funding.ports import BalanceLine, Payout

MISSING_HERE, MISSING_THERE, AMOUNT, PAYOUT = "missing_here", "missing_there", "amount", "payout"

Key = tuple[str, str]
"""Kind and external id of a journal."""


@dataclass(frozen=True)
class Booked:
    """What a journal says that the processor holds more, or less, for the newsroom."""

    net: Money
    at: datetime


@dataclass(frozen=True)
class Found:
    """Something on which both do not agree: what the processor says, and what the books say."""

    kind: str
    external_id: str
    theirs: Money
    ours: Money
    at: datetime
    what: str
    payment: str = ""


def key_of(line: BalanceLine) -> Key:
    """Return under which key the fact behind a line is booked; the line's own id where no fact of a payment is."""
    return (line.fact, line.key) if line.fact else ("correction", line.external_id)


def compared(
    lines: Iterable[BalanceLine], booked: Mapping[Key, Booked], *, journals_since: datetime
) -> tuple[list[Found], dict[str, tuple[int, int]]]:
    """Return the differences, and by currency what the processor and the books say in all, in minor units.

    ``lines`` are the newsroom's own, payouts left out. A journal without a line is a difference only from
    ``journals_since`` on, for the lines of earlier ones were not read.
    """
    found, told = [], set()
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for line in lines:
        key, net = key_of(line), line.amount - line.fee
        told.add(key)
        ours = booked[key].net if key in booked else Money.zero(net.currency)
        sums[net.currency][0] += net.amount_minor
        sums[ours.currency][1] += ours.amount_minor
        if ours != net:
            kind = AMOUNT if key in booked else MISSING_HERE
            found.append(Found(kind, line.external_id, net, ours, line.at, _what(line), line.payment))
    for key, entry in booked.items():
        if key not in told and entry.at >= journals_since:
            sums[entry.net.currency][1] += entry.net.amount_minor
            zero = Money.zero(entry.net.currency)
            found.append(Found(MISSING_THERE, ":".join(key), zero, entry.net, entry.at, ""))
    return found, {currency: (theirs, ours) for currency, (theirs, ours) in sorted(sums.items())}


def payout_difference(payout: Payout, lines: Iterable[BalanceLine]) -> Found | None:
    """Return the difference between a payout and the sum of what it gathered; None where they agree (rule X1).

    Also None for a payout whose lines the processor does not tell, as of one that somebody asked for by hand.
    """
    gathered = [line.amount - line.fee for line in lines if line.fact != "payout"]
    if not gathered:
        return None
    total = sum(gathered, start=Money.zero(payout.amount.currency))
    return None if total == payout.amount else Found(PAYOUT, payout.external_id, payout.amount, total, payout.at, "")


def _what(line: BalanceLine) -> str:
    return " ".join(filter(None, [line.kind, line.source, line.description]))
