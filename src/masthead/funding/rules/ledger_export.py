"""The books as other bookkeepers' programs read them: a table of postings, and a Beancount file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from masthead.funding.rules.ledger import REHEARSAL, Posting

COLUMNS = [
    "journal", "day", "at", "month", "kind", "source", "key", "about", "account", "amount", "currency", "note"
]  # fmt: skip
# What a table program would take for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Written:
    """One journal to be written: ``day`` is that of ``at`` in the site's time zone. Nobody's name is in it."""

    number: int
    day: date
    at: datetime
    month: date
    kind: str
    source: str
    key: str
    about: int | None
    note: str
    postings: tuple[Posting, ...]


def rows(journals: Iterable[Written]) -> Iterator[list[str]]:
    """Return the table: a head, then one row for each posting, amounts in major units with a full stop."""
    yield COLUMNS
    for journal in journals:
        first = [str(journal.number), journal.day.isoformat(), journal.at.isoformat(), journal.month.isoformat()[:7]]
        about = str(journal.about or "")
        first += [journal.kind, harmless(journal.source), harmless(journal.key), about]
        for posting in journal.postings:
            money = posting.amount
            yield [*first, posting.account, money.plain, money.currency, harmless(journal.note)]


def harmless(text: str) -> str:
    """Return text that no table program runs."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def beancount(title: str, opened: Mapping[str, date], journals: Iterable[Written]) -> Iterator[str]:
    """Return the lines of a Beancount file: accounts by our codes with the day they are first used, then journals."""
    names = account_names(opened)
    yield f'option "title" {_quoted(title)}'
    yield ""
    for code, day in sorted(opened.items(), key=lambda item: (item[1], item[0])):
        yield f"{day.isoformat()} open {names[code]}"
        yield f"  code: {_quoted(code)}"
    for journal in journals:
        yield ""
        yield f"{journal.day.isoformat()} * {_quoted(' '.join([journal.kind, journal.note]).strip())}"
        yield f"  journal: {_quoted(str(journal.number))}"
        yield f"  key: {_quoted(f'{journal.source}:{journal.key}')}"
        yield f"  month: {_quoted(journal.month.isoformat()[:7])}"
        if journal.about:
            yield f"  about: {_quoted(str(journal.about))}"
        for posting in journal.postings:
            yield f"  {names[posting.account]}  {posting.amount.plain} {posting.amount.currency}"


def account_names(codes: Iterable[str]) -> dict[str, str]:
    """Return how Beancount calls each account: ``income:campaign:the_boat`` is ``Income:Campaign:The-Boat``.

    Two codes that would have one name are told apart by a number.
    """
    names: dict[str, str] = {}
    for code in sorted(codes):
        name = base = ":".join(_component(part) for part in code.removeprefix(REHEARSAL).split(":"))
        number = 1
        while name in names.values():
            number += 1
            name = f"{base}-{number}"
        names[code] = name
    return names


def _component(part: str) -> str:
    words = [word[:1].upper() + word[1:] for word in re.split(r"[^A-Za-z0-9]+", part) if word]
    return "-".join(words) or "X"


def _quoted(text: str) -> str:
    clean = " ".join(text.split()).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{clean}"'
