"""What the readers of gifts share: one row becomes one gift, or is left out with its reason."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, tzinfo

from django.utils.translation import gettext as _

from masthead.core.money import MINOR_DIGITS, Money
from masthead.core.text import one_line
from masthead.funding.rules.written import Unreadable, read_figure, read_written
from masthead.porting.gifts.records import GiftRecord, LeftOut
from masthead.porting.gifts.table import Row, Table, date_order, decimal_sign

YES = {"true", "yes", "1", "on", "y"}
Cells = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Choices:
    """What a person said about a file that can be read in two ways; empty where nothing was said."""

    decimal: str = ""
    dates: str = ""


UNSAID = Choices()


class Skip(Exception):
    """This row is left out."""

    def __init__(self, kind: str, reason: str) -> None:
        super().__init__(reason)
        self.left_out = (kind, reason)


@dataclass(frozen=True, slots=True)
class Reading:
    """How the amounts and dates of one table are read."""

    sign: str
    order: str
    zone: tzinfo

    @classmethod
    def of(
        cls, table: Table, *, amounts: Cells, currencies: Cells, dates: Cells, choices: Choices, zone: tzinfo
    ) -> Reading:
        """Look at all rows and settle it. Refuses what could mean two things."""
        pairs = ((row.get(*amounts), currency_code(row.get(*currencies))) for row in table.rows)
        return cls(
            sign=decimal_sign([pair for pair in pairs if pair[1] in MINOR_DIGITS], choices.decimal),
            order=date_order((row.get(*dates) for row in table.rows), choices.dates),
            zone=zone,
        )

    def amount(self, text: str, currency: str) -> Money:
        """Return an amount. Skips the row when it is none."""
        try:
            return read_figure(text, currency, self.sign)
        except Unreadable:
            raise Skip("unreadable", _("“%(text)s” is no amount.") % {"text": one_line(text, 40)}) from None

    def instant(self, text: str) -> datetime:
        """Return an instant. Skips the row when it is none."""
        try:
            return read_written(text, self.order).instant(self.zone)
        except Unreadable:
            raise Skip("unreadable", _("“%(text)s” is no date.") % {"text": one_line(text, 40)}) from None


def currency_code(text: str) -> str:
    """Return a currency's code as it is written here."""
    return text.strip().upper()[:3]


def known_currency(text: str) -> str:
    """Return the code of a currency. Skips the row when it is none."""
    code = currency_code(text)
    if code not in MINOR_DIGITS:
        raise Skip("unreadable", _("“%(text)s” is no currency.") % {"text": one_line(text, 40)})
    return code


def read_rows(
    rows: Iterable[tuple[str, Row]], read: Callable[[str, Row], GiftRecord]
) -> Iterator[GiftRecord | LeftOut]:
    """Read keyed rows one by one; those that are skipped come out with their reason."""
    for key, row in rows:
        try:
            yield read(key, row)
        except Skip as skip:
            kind, reason = skip.left_out
            yield LeftOut(kind, key, reason)


def person(*parts: str, limit: int = 120) -> str:
    """Return the parts of a name on one line."""
    return one_line(" ".join(part for part in parts if part), limit)
