"""A file of rows and columns: its text, its delimiter, its header, and what its columns mean."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from django.utils.translation import gettext as _

from masthead.core.textfiles import UnreadableText, read_text
from masthead.funding.rules.written import DATE_ORDERS, DECIMAL_SIGNS, read_figure, read_written, ways
from masthead.porting.errors import ImportRefused

MOST_BYTES = 64 * 1024 * 1024
LONGEST_CELL = 200_000


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table. Cells are asked for by any of the names a column goes by."""

    number: int
    cells: Mapping[str, str]

    def get(self, *names: str) -> str:
        """Return the first cell that has something in it."""
        return next((self.cells[name] for name in names if self.cells.get(name)), "")


@dataclass(frozen=True, slots=True)
class Table:
    """All rows of a file, with the header as it was written by its simplified name."""

    header: Mapping[str, str]
    rows: list[Row] = field(default_factory=list)

    def has(self, *names: str) -> bool:
        """Tell whether one of the names is a column."""
        return any(name in self.header for name in names)

    def column(self, *names: str) -> str:
        """Return how the column is written in the file; nothing when there is none."""
        return next((self.header[name] for name in names if name in self.header), "")


def read_table(file: Path, *, escapes: bool = False) -> Table:
    """Read a whole file of at most 64 MB, or refuse it in one sentence.

    The delimiter is the one of comma, semicolon and tab that the header holds most of. With ``escapes`` a backslash
    before a mark is taken away.
    """
    text = _text(file)
    head = text.lstrip("\n").split("\n", 1)[0]
    delimiter = max(",;\t", key=head.count)
    csv.field_size_limit(LONGEST_CELL)
    try:
        lines = [line for line in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) if any(line)]
    except csv.Error as error:
        raise ImportRefused(_("The file is no table: %(why)s.") % {"why": error}) from None
    if not lines or not head.count(delimiter):
        raise ImportRefused(_("The file holds no table: its first line must name the columns."))
    names = [simplified(cell) for cell in lines[0]]
    rows = [
        Row(number, {name: _cell(cell, escapes=escapes) for name, cell in zip(names, line, strict=False)})
        for number, line in enumerate(lines[1:], start=2)
    ]
    return Table({name: cell.strip() for name, cell in zip(names, lines[0], strict=True)}, rows)


def simplified(name: str) -> str:
    """Return a column's name as it is compared: small letters, one space between words."""
    return " ".join(name.replace("_", " ").replace("\ufeff", "").lower().split())


def decimal_sign(cells: Iterable[tuple[str, str]], chosen: str = "") -> str:
    """Return the decimal sign of amounts, each with its currency. Refuses a column that could mean two things."""
    pairs = [f"{text}\0{currency}" for text, currency in cells if text]
    readable = [pair for pair in pairs if ways([pair], DECIMAL_SIGNS, _read_pair)]
    found = ways(readable, [chosen] if chosen else DECIMAL_SIGNS, _read_pair)
    if not found:
        raise ImportRefused(_("The amounts cannot be read as figures with one decimal sign throughout."))
    if len(found) > 1:
        raise ImportRefused(_("The amounts can be read in two ways. Say which: --decimal point or --decimal comma."))
    return found[0]


def date_order(cells: Iterable[str], chosen: str = "") -> str:
    """Return the order of dates. Refuses a column that could mean two things."""
    readable = [text for text in cells if text and ways([text], DATE_ORDERS, read_written)]
    found = ways(readable, [chosen] if chosen else DATE_ORDERS, read_written)
    if not found:
        raise ImportRefused(_("The dates cannot be read in one order of day, month and year throughout."))
    if len(found) > 1:
        raise ImportRefused(
            _("The dates can be read with the day first or the month first. Say which: --dates dmy or --dates mdy.")
        )
    return found[0]


def key_of(*parts: str) -> str:
    """Return a key of letters, digits, ``_``, ``.`` and ``-``: the only part as it is, or a digest of all."""
    if len(parts) == 1 and re.fullmatch(r"[\w.-]{1,100}", parts[0], re.ASCII):
        return parts[0]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:40]


def repeated(keys: Iterable[str]) -> Iterator[str]:
    """Number equal keys: the second ``abc`` becomes ``abc~2``, so that equal gifts of one file stay two."""
    seen: dict[str, int] = {}
    for key in keys:
        seen[key] = seen.get(key, 0) + 1
        yield key if seen[key] == 1 else f"{key}~{seen[key]}"


def _text(file: Path) -> str:
    try:
        if file.stat().st_size > MOST_BYTES:
            raise ImportRefused(_("The file is larger than 64 MB. Export it in parts and import them one by one."))
        text = read_text(file.read_bytes())
    except OSError as error:
        raise ImportRefused(_("The file cannot be read: %(why)s.") % {"why": error.strerror or error}) from None
    except UnreadableText:
        raise ImportRefused(_("The file is no text in UTF-8, UTF-16, Windows-1252 or ISO-8859-1.")) from None
    if not text.strip():
        raise ImportRefused(_("The file is empty."))
    return text


def _cell(cell: str, *, escapes: bool) -> str:
    if escapes and "\\" in cell:
        for mark in ("'", '"', "\\"):
            cell = cell.replace(f"\\{mark}", mark)
    return cell.strip()


def _read_pair(pair: str, sign: str) -> object:
    text, currency = pair.split("\0")
    return read_figure(text, currency, sign)
