"""MT940 (SWIFT): statements in lines of ``:tag:``, with purposes in subfields, between slashes or in plain words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from masthead.funding.bank_errors import StatementRefused
from masthead.funding.providers.bank_transfer.figures import exact
from masthead.funding.providers.bank_transfer.purposes import Purpose, purpose_of
from masthead.funding.providers.bank_transfer.records import Statement, StatementLine, clean_line, with_fingerprints

_TAG = re.compile(r"^:(\d{2}[A-Z]?):", re.M)
_MOVEMENT = re.compile(
    r"(?P<value>\d{6})(?P<entry>\d{4})?(?P<mark>R?[CD]|E[CD])(?P<funds>[A-Z])?(?P<amount>\d{1,13},\d{0,5})"
    r"(?P<kind>[A-Z][A-Z0-9]{3})?(?P<customer>[^\n]*?)(?://(?P<bank>[^\n]*))?(?:\n(?P<more>.*))?",
    re.S,
)
_BALANCE = re.compile(r"[CD]\d{6}([A-Z]{3})")
_NOTHING = {"", "NONREF", "NOTPROVIDED"}


@dataclass(slots=True)
class _Message:
    """One message while it is read."""

    account: str = ""
    number: str = ""
    currency: str = ""
    lines: list[StatementLine] = field(default_factory=list)


def is_mt940(text: str) -> bool:
    """Tell whether a text holds such statements."""
    tags = set(_TAG.findall(text[:20_000]))
    return "25" in tags and bool(tags & {"60F", "60M", "61"})


def read(text: str) -> tuple[tuple[StatementLine, ...], int]:
    """Return all booked lines, and how many are only expected. Refuses lines that are none."""
    statements, pending = [], 0
    for fields in _messages(text):
        message, waiting = _read_message(fields)
        pending += waiting
        if message.account:
            statements.append(Statement(message.account, message.number, tuple(message.lines)))
        elif message.lines:
            raise StatementRefused(why="no_account")
    return with_fingerprints(statements), pending


def _messages(text: str) -> Iterator[list[tuple[str, str]]]:
    """Yield the fields of each message; it begins with ``:20:``, and what stands around it is left out."""
    bare = "\n".join(line.rstrip() for line in text.split("\n") if not re.fullmatch(r"-\}?.*|\{\d:.*|\x03", line))
    pieces = _TAG.split(bare)
    fields: list[tuple[str, str]] = []
    for tag, value in zip(pieces[1::2], pieces[2::2], strict=True):
        if tag == "20" and fields:
            yield fields
            fields = []
        fields.append((tag, value.strip("\n")))
    yield fields


def _read_message(fields: list[tuple[str, str]]) -> tuple[_Message, int]:
    message, waiting = _Message(), 0
    movement: re.Match[str] | None = None
    for tag, value in [*fields, ("62F", "")]:
        if movement is not None and tag != "86":
            waiting += not _take(message, movement, "")
            movement = None
        if tag == "25":
            message.account = "".join(value.split()).upper()[:40]
        elif tag in {"28C", "28"}:
            message.number = value.split("/")[0].strip()
        elif tag in {"60F", "60M"} and (balance := _BALANCE.match(value)):
            message.currency = balance[1]
        elif tag == "61":
            movement = _MOVEMENT.fullmatch(value)
            if movement is None:
                raise StatementRefused(why="line", text=value[:60])
        elif tag == "86" and movement is not None:
            waiting += not _take(message, movement, value)
            movement = None
    return message, waiting


def _take(message: _Message, movement: re.Match[str], purpose: str) -> bool:
    """Add a movement to its message; one that is only expected is left out and False returned."""
    mark = movement["mark"]
    if mark.startswith("E"):
        return False
    money = exact(movement["amount"].replace(",", "."), message.currency)
    if not money.amount_minor:
        return True
    valued = _day(movement["value"])
    said: Purpose = purpose_of(purpose or movement["more"] or "")
    bank_id = (movement["bank"] or "").strip()
    customer = movement["customer"].strip()
    message.lines.append(
        clean_line(
            account=message.account,
            # RC takes back what came in, RD what went out.
            amount=money if mark in {"C", "RD"} else -money,
            booked_on=_entry_day(movement["entry"], valued),
            valued_on=valued,
            payer_name=said.name,
            payer_iban=said.iban,
            text=said.text,
            end_to_end_id=said.end_to_end_id or ("" if customer.upper() in _NOTHING else customer),
            entry_id="" if bank_id.upper() in _NOTHING else bank_id,
            is_return=mark.startswith("R") or said.is_return,
        )
    )
    return True


def _day(text: str) -> date:
    try:
        return date(2000 + int(text[:2]), int(text[2:4]), int(text[4:6]))
    except ValueError:
        raise StatementRefused(why="date", text=text) from None


def _entry_day(text: str | None, valued: date) -> date:
    """Return the day of booking, of which only month and day are written: the one nearest to the value date."""
    if not text:
        return valued
    days = []
    for year in (valued.year - 1, valued.year, valued.year + 1):
        try:
            days.append(date(year, int(text[:2]), int(text[2:])))
        except ValueError:
            continue
    if not days:
        raise StatementRefused(why="date", text=text)
    return min(days, key=lambda day: abs((day - valued).days))
