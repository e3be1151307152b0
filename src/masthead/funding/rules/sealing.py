"""The text that seals a closed month, and its SHA-256: documented in ``docs/adr/0022-sealed-months.md``.

The public text holds the figures and nothing that leads to a person: no number of a journal, no key of a processor, no
day. What it leaves out stands in a second, private text, whose hash under a secret salt is a line of the public one.
So both are sealed by one hash, and ``sha256sum`` over the download gives it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

FORM = "masthead sealed month, form 1"
FIRST = "0" * 64


@dataclass(frozen=True)
class SealedEntry:
    """One side of a journal."""

    account: str
    amount_minor: int
    currency: str


@dataclass(frozen=True)
class SealedFact:
    """One journal as it is sealed: what everybody may read, and ``private``, which only its hash tells of."""

    number: int
    month: date
    kind: str
    entries: tuple[SealedEntry, ...]
    private: dict[str, str | int | None]


@dataclass(frozen=True)
class SealedGoal:
    """What a campaign asked for from an instant on."""

    campaign: str
    amount_minor: int
    currency: str
    since: datetime


@dataclass(frozen=True)
class Seal:
    """What stands in a seal beside the journals."""

    month: date
    zone: str
    sealed_at: datetime
    salt: str
    previous: str
    """The hash of the seal before; 64 zeros in the first one."""


def public_text(seal: Seal, facts: Sequence[SealedFact], goals: Iterable[SealedGoal]) -> str:
    """Return the text that readers can download: UTF-8, lines end with a line feed, also the last.

    The journals come in the order of their numbers, numbered anew from 1; ``entry 1 2026-10 gift assets:cash 2500 USD``
    is one side of the first, in minor units, a debit above zero. The month is that in which it counts: a seal also
    takes in what came since the last one for months that were closed by then.
    """
    ordered = sorted(facts, key=lambda fact: fact.number)
    lines = [
        FORM,
        f"month {month_text(seal.month)}",
        f"zone {seal.zone}",
        f"sealed {instant(seal.sealed_at)}",
        f"previous {seal.previous}",
        f"private {sha256(private_text(seal.salt, ordered))}",
        *(
            f"goal {goal.campaign} {goal.amount_minor} {goal.currency} {instant(goal.since)}"
            for goal in sorted(goals, key=lambda goal: (goal.campaign, goal.since, goal.amount_minor))
        ),
        *(line for place, fact in enumerate(ordered, start=1) for line in fact_lines(place, fact)),
        f"journals {len(ordered)}",
    ]
    return _joined(lines)


def private_text(salt: str, facts: Iterable[SealedFact]) -> str:
    """Return what the public text leaves out, one line of JSON for each journal. The salt prevents guesses."""
    lines = (json.dumps({"journal": fact.number, **fact.private}, sort_keys=True) for fact in facts)
    return _joined([salt, *lines])


def fact_lines(place: int, fact: SealedFact) -> list[str]:
    """Return the lines of one journal, its sides in the order of their text."""
    return sorted(
        f"entry {place} {month_text(fact.month)} {fact.kind} {side.account} {side.amount_minor} {side.currency}"
        for side in fact.entries
    )


def changes_text(seal_hash: str, facts: Sequence[SealedFact]) -> str:
    """Return what was booked for a sealed month afterwards, in the order in which it was booked.

    After each change stands ``running``, the SHA-256 of all lines above, so each hash covers all changes before it.
    """
    lines = ["masthead changes of a sealed month, form 1", f"seal {seal_hash}"]
    for place, fact in enumerate(sorted(facts, key=lambda fact: fact.number), start=1):
        lines += fact_lines(place, fact)
        lines.append(f"running {sha256(_joined(lines))}")
    return _joined(lines)


def running_hash(text: str) -> str:
    """Return the last running hash of a text of changes, or that of the seal while nothing has changed."""
    return text.rstrip("\n").rpartition(" ")[2]


def sha256(text: str) -> str:
    """Return the hash that ``sha256sum`` prints for a file with this text."""
    return hashlib.sha256(text.encode()).hexdigest()


def month_text(month: date) -> str:
    """Write a month as ``2026-10``."""
    return month.isoformat()[:7]


def instant(moment: datetime) -> str:
    """Write an instant in UTC, to the microsecond, the same on every database."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def _joined(lines: Iterable[str]) -> str:
    return "".join(f"{line}\n" for line in lines)
