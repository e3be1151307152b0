"""What a statement says, whatever its format."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from masthead.core.money import Money
from masthead.core.text import one_line


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One movement of money, booked by the bank: above zero it came in, below zero it went out.

    ``is_return`` says that the bank calls it the return of an earlier one. ``bank_id`` is the bank's own name for
    it, where it has one for this line alone. ``fingerprint`` is set by :func:`with_fingerprints`.
    """

    account: str
    amount: Money
    booked_on: date
    valued_on: date
    payer_name: str = ""
    payer_iban: str = ""
    text: str = ""
    end_to_end_id: str = ""
    bank_id: str = ""
    entry_id: str = ""
    is_return: bool = False
    fingerprint: str = ""


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of one account. Pages of a statement share its number."""

    account: str
    number: str
    lines: tuple[StatementLine, ...]


@dataclass(frozen=True, slots=True)
class StatementFile:
    """A file as it was read: each line with its fingerprint, and how many entries are not booked yet."""

    format: str
    digest: str
    lines: tuple[StatementLine, ...]
    pending: int = 0

    @property
    def accounts(self) -> list[str]:
        """The accounts of the file, in its order."""
        return list(dict.fromkeys(line.account for line in self.lines))


@dataclass(frozen=True, slots=True)
class StatementChoices:
    """What a person said about a table; empty where nothing was said."""

    decimal: str = ""
    dates: str = ""
    currency: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)


def with_fingerprints(statements: Iterable[Statement]) -> tuple[StatementLine, ...]:
    """Give each line a name that is the same in every statement that holds it.

    The bank's own id and the amount name a line; without an id, all that it says. Equal lines of one statement are
    counted, so that two equal transfers of one day are two. Counted within a statement and not across: a second
    statement that overlaps the first holds the same money, not more.
    """
    named: dict[str, StatementLine] = {}
    for pages in _merged(statements):
        seen: Counter[tuple[str, ...]] = Counter()
        for line in pages:
            key = _key(line)
            seen[key] += 1
            name = hashlib.sha256("\0".join((*key, str(seen[key]))).encode()).hexdigest()
            named.setdefault(name, replace(line, fingerprint=name))
    return tuple(named.values())


def squashed(text: str) -> str:
    """Return a text as it is compared: without white space, in one case."""
    return "".join(text.split()).casefold()


def clean_line(**facts: object) -> StatementLine:
    """Return a line whose texts are on one line and of a length that can be kept."""
    limits = {"payer_name": 140, "end_to_end_id": 70, "bank_id": 100, "entry_id": 100, "text": 1000}
    texts = {name: one_line(str(facts.get(name, "")), limit) for name, limit in limits.items()}
    texts |= {name: "".join(str(facts.get(name, "")).split()).upper()[:40] for name in ("account", "payer_iban")}
    return StatementLine(**{**facts, **texts})  # type: ignore[arg-type]  # the rest is passed on as it came


def _merged(statements: Iterable[Statement]) -> list[list[StatementLine]]:
    """Put the pages of each statement together; a statement that is in the file twice counts once."""
    pages: dict[tuple[str, str], list[tuple[StatementLine, ...]]] = {}
    for statement in statements:
        known = pages.setdefault((statement.account, statement.number), [])
        if statement.lines not in known:
            known.append(statement.lines)
    return [[line for lines in known for line in lines] for known in pages.values()]


def _key(line: StatementLine) -> tuple[str, ...]:
    where = (line.account, str(line.amount.amount_minor), line.amount.currency, line.booked_on.isoformat())
    if line.bank_id:
        return ("id", *where, line.bank_id)
    said = (line.payer_name, line.payer_iban, line.text, line.end_to_end_id, line.entry_id)
    return ("said", *where, line.valued_on.isoformat(), str(line.is_return), *map(squashed, said))
