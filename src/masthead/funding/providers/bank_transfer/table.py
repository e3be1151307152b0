"""Statements as tables (CSV): what can be told from the table is told; what cannot is asked."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from masthead.core.money import MINOR_DIGITS, Money
from masthead.funding.bank_errors import Question, StatementRefused, StatementUnclear
from masthead.funding.providers.bank_transfer import columns
from masthead.funding.providers.bank_transfer.records import (
    Statement,
    StatementChoices,
    StatementLine,
    clean_line,
    with_fingerprints,
)
from masthead.funding.rules.written import DATE_ORDERS, DECIMAL_SIGNS, read_figure, read_written, ways

MOST_ROWS = 50_000
_HEADER_WITHIN = 30
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[0-9A-Z]{4}){2,7}(?: ?[0-9A-Z]{1,3})?\b")


@dataclass(frozen=True, slots=True)
class _Table:
    """The header, the rows below it, and what stood above."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    above: str


@dataclass(frozen=True, slots=True)
class _Reading:
    """How this table is read."""

    at: dict[str, int]
    sign: str
    order: str
    currency: str
    account: str


def read(text: str, choices: StatementChoices) -> tuple[tuple[StatementLine, ...], int]:
    """Return all booked lines, and how many are not booked yet.

    Refuses what is no table; refuses with its questions a table of which a column, the decimal sign, the order of
    dates or the currency cannot be told.
    """
    table = _table(text, choices)
    table, reading = _settled(table, choices)
    lines, pending = [], 0
    for row in table.rows:
        if _cell(row, reading, "status").casefold() in columns.NOT_BOOKED:
            pending += 1
        elif line := _line(row, reading):
            lines.append(line)
    return with_fingerprints([Statement(account, "", _of(account, lines)) for account in _accounts(lines)]), pending


def _accounts(lines: list[StatementLine]) -> list[str]:
    return list(dict.fromkeys(line.account for line in lines))


def _of(account: str, lines: list[StatementLine]) -> tuple[StatementLine, ...]:
    return tuple(line for line in lines if line.account == account)


def _table(text: str, choices: StatementChoices) -> _Table:
    tries = [(delimiter, _rows(text, delimiter)) for delimiter in ";,\t|"]
    scored = [
        (len(columns.roles(row)), len(row), -at, rows)
        for _, rows in tries
        for at, row in enumerate(rows[:_HEADER_WITHIN])
        if len(row) >= 2
    ]
    if not scored:
        raise StatementRefused(why="unknown")
    named = set(choices.columns.values())
    known, _width, at, rows = max(scored, key=lambda each: (named <= set(each[3][-each[2]]), *each[:3]))
    if known < 2 and not named:  # nothing in it looks like a bank's table
        raise StatementRefused(why="unknown")
    header = rows[-at]
    body = [row for row in rows[-at + 1 :] if len(row) > len(header) // 2]
    return _Table(
        header=tuple(header),
        rows=tuple((*row, *[""] * (len(header) - len(row))) for row in body),
        above="\n".join(" ".join(row) for row in rows[:-at]),
    )


def _rows(text: str, delimiter: str) -> list[list[str]]:
    csv.field_size_limit(100_000)
    try:
        rows = []
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            if any(cell.strip() for cell in row):
                rows.append([cell.strip() for cell in row])
            if len(rows) > MOST_ROWS:
                raise StatementRefused(why="rows")
    except csv.Error as error:
        raise StatementRefused(why="table", text=str(error)[:80]) from None
    return rows


def _settled(table: _Table, choices: StatementChoices) -> tuple[_Table, _Reading]:
    questions: list[Question] = []
    at = _columns(table, choices, questions)
    table = _without_sums(table, at)
    currency = _currency(table, at, choices, questions)
    if questions:
        raise StatementUnclear(tuple(questions))
    pairs = [
        (row[at[role]], row[at["currency"]].upper() if "currency" in at else currency)
        for row in table.rows
        for role in ("amount", "credit", "debit")
        if role in at and row[at[role]]
    ]
    signs = ways(
        (f"{text}\0{code}" for text, code in pairs), [choices.decimal] if choices.decimal else DECIMAL_SIGNS, _figure
    )
    dates = [row[at[role]] for row in table.rows for role in ("booked", "valued") if role in at and row[at[role]]]
    orders = ways(dates, [choices.dates] if choices.dates else DATE_ORDERS, read_written)
    _refuse_unreadable(signs, orders, pairs, dates)
    if len(signs) > 1:
        questions.append(Question("decimal", (".", ",")))
    if len(orders) > 1:
        questions.append(Question("dates", tuple(orders)))
    if questions:
        raise StatementUnclear(tuple(questions))
    above = _IBAN.search(table.above)
    return table, _Reading(at, signs[0], orders[0], currency, "".join(above[0].split()) if above else "")


def _without_sums(table: _Table, at: dict[str, int]) -> _Table:
    """Return the table without the lines of sums below it: words where its other lines have their day."""
    days = [at[role] for role in ("booked", "valued") if role in at]
    last = len(table.rows)
    while last > 1 and days and not any(re.search(r"\d", table.rows[last - 1][day]) for day in days):
        last -= 1
    return replace(table, rows=table.rows[:last])


def _refuse_unreadable(signs: list[str], orders: list[str], pairs: list[tuple[str, str]], dates: list[str]) -> None:
    if not orders:
        odd = next((text for text in dates if not ways([text], DATE_ORDERS, read_written)), dates[0])
        raise StatementRefused(why="date", text=odd[:40])
    if not signs:
        odd = next((text for text, code in pairs if not ways([f"{text}\0{code}"], DECIMAL_SIGNS, _figure)), pairs[0][0])
        raise StatementRefused(why="amount", text=odd[:40])


def _columns(table: _Table, choices: StatementChoices, questions: list[Question]) -> dict[str, int]:
    """Return which column plays which role; ask for those that are needed and cannot be told."""
    found = columns.roles(table.header)
    columns.mark_by_value(found, table.header, table.rows)
    at = {role: where[0] for role, where in found.items() if len(where) == 1}
    for role, name in choices.columns.items():
        if name not in table.header:
            raise StatementRefused(why="table", text=name[:60])
        at[role] = table.header.index(name)
    options = tuple(name for name in table.header if name)
    if "booked" not in at and "valued" not in at:
        questions.append(Question("booked", options))
    if "amount" not in at and not {"credit", "debit"} <= at.keys():
        questions.append(Question("amount", options))
    questions += [
        Question(role, tuple(table.header[index] for index in where))
        for role, where in found.items()
        if role not in at and not any(question.name == role for question in questions)
    ]
    return at


def _currency(table: _Table, at: dict[str, int], choices: StatementChoices, questions: list[Question]) -> str:
    if "currency" in at:
        codes = {row[at["currency"]].upper() for row in table.rows}
        if codes <= MINOR_DIGITS.keys():
            return ""
        at.pop("currency")
    if choices.currency:
        if choices.currency not in MINOR_DIGITS:
            raise StatementRefused(why="currency", text=choices.currency[:40])
        return choices.currency
    named: set[str] = {
        code for name in table.header for code in re.findall(r"\b[A-Z]{3}\b", name) if code in MINOR_DIGITS
    }
    if "€" in "".join(table.header):
        named.add("EUR")
    if len(named) == 1:
        return named.pop()
    questions.append(Question("currency", tuple(sorted(named)) or ("EUR", "USD", "GBP", "CHF")))
    return ""


def _line(row: tuple[str, ...], reading: _Reading) -> StatementLine | None:
    amount = _amount(row, reading)
    if amount is None or not amount.amount_minor:
        return None
    booked, valued = _cell(row, reading, "booked"), _cell(row, reading, "valued")
    return clean_line(
        account=_cell(row, reading, "account") or reading.account or "?",
        amount=amount,
        booked_on=read_written(booked or valued, reading.order).day,
        valued_on=read_written(valued or booked, reading.order).day,
        payer_name=_cell(row, reading, "name"),
        payer_iban=_cell(row, reading, "iban"),
        text=" ".join(row[index] for index in _texts(reading) if row[index]),
        end_to_end_id=_cell(row, reading, "end_to_end_id"),
        bank_id=_cell(row, reading, "id"),
    )


def _amount(row: tuple[str, ...], reading: _Reading) -> Money | None:
    currency = _cell(row, reading, "currency").upper() or reading.currency
    if not (_cell(row, reading, "booked") or _cell(row, reading, "valued")):
        return None  # a line of sums below the table
    if "amount" in reading.at:
        text = _cell(row, reading, "amount")
        money = read_figure(text, currency, reading.sign) if text else None
        mark = columns.DIRECTIONS.get(_cell(row, reading, "direction").casefold(), 0)
        return -money if money and mark and (money.amount_minor > 0) != (mark > 0) else money
    credit, debit = _cell(row, reading, "credit"), _cell(row, reading, "debit")
    if credit and (money := read_figure(credit, currency, reading.sign)).amount_minor:
        return money
    money = read_figure(debit, currency, reading.sign) if debit else Money.zero(currency)
    return -money if money.amount_minor > 0 else money


def _texts(reading: _Reading) -> Iterator[int]:
    return (reading.at[role] for role in ("text", "kind") if role in reading.at)


def _cell(row: tuple[str, ...], reading: _Reading, role: str) -> str:
    return row[reading.at[role]] if role in reading.at else ""


def _figure(pair: str, sign: str) -> object:
    text, code = pair.split("\0")
    return read_figure(text, code, sign)
