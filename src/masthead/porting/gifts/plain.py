"""Gifts in a plain table: the header is documented in docs/how-to/move-donors-from-givewp.md."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import tzinfo
from pathlib import Path

from django.utils.translation import gettext as _

from masthead.porting.errors import ImportRefused
from masthead.porting.gifts.givewp import COUNTS, NO_MONEY, STATUSES, WENT_BACK
from masthead.porting.gifts.records import GiftRecord, LeftOut, Notes
from masthead.porting.gifts.rows import UNSAID, YES, Choices, Reading, Skip, known_currency, person, read_rows
from masthead.porting.gifts.table import Row, key_of, read_table, repeated

REQUIRED = ("date", "amount", "currency")
OPTIONAL = (
    "id", "name", "email", "public name", "anonymous", "status", "refunded", "mode", "note", "parent",
)  # fmt: skip


class PlainSource:
    """One table of gifts. Refuses a table without date, amount and currency, before anything is read."""

    name = "donations"

    def __init__(self, file: Path, *, zone: tzinfo, choices: Choices = UNSAID) -> None:
        self._table = read_table(file)
        self.notes = Notes()
        missing = [name for name in REQUIRED if not self._table.has(name)]
        if missing:
            wanted = {"missing": ", ".join(missing), "columns": ", ".join((*REQUIRED, *OPTIONAL))}
            raise ImportRefused(_("The table has no column %(missing)s. Columns that are read: %(columns)s.") % wanted)
        self.notes.columns = {
            name: self._table.column(name) for name in (*REQUIRED, *OPTIONAL) if self._table.has(name)
        }
        self.notes.repairs += [
            _("The column “%(column)s” is not read.") % {"column": column}
            for name, column in self._table.header.items()
            if name and name not in (*REQUIRED, *OPTIONAL)
        ]
        self._reading = Reading.of(
            self._table, amounts=("amount",), currencies=("currency",), dates=("date",), choices=choices, zone=zone
        )

    def records(self) -> Iterator[GiftRecord | LeftOut]:
        """Yield every row."""
        keys = repeated(map(_key, self._table.rows))
        yield from read_rows(zip(keys, self._table.rows, strict=True), self._gift)

    def _gift(self, key: str, row: Row) -> GiftRecord:
        if row.get("mode").lower() == "test":
            raise Skip("test", _("It was made in test mode: no money moved."))
        status = row.get("status").lower() or "completed"
        meaning = COUNTS if status == "paid" else STATUSES.get(status)
        if meaning is None:
            raise Skip(
                "unknown status", _("The status “%(status)s” is not known.") % {"status": person(status, limit=40)}
            )
        if meaning == NO_MONEY:
            raise Skip(status, _("No money arrived."))
        currency = known_currency(row.get("currency"))
        given = self._reading.amount(row.get("amount"), currency)
        if given.amount_minor <= 0:
            raise Skip("nothing", _("The amount is not more than zero."))
        refunded = given if meaning == WENT_BACK else self._reading.amount(row.get("refunded") or "0", currency)
        is_anonymous = row.get("anonymous").lower() in YES
        parent = row.get("parent")
        renewal = _("Renewal of %(parent)s") % {"parent": parent} if parent else ""
        return GiftRecord(
            key=key,
            row=row.number,
            given=given,
            refunded=min(max(refunded, given.zero(currency)), given),
            received_at=self._reading.instant(row.get("date")),
            donor_name=person(row.get("name")),
            contact=person(row.get("email"), limit=200),
            public_name="" if is_anonymous else person(row.get("public name"), limit=80),
            note=person(" · ".join(part for part in (row.get("note"), renewal) if part), limit=500),
        )


def _key(row: Row) -> str:
    if number := row.get("id"):
        return key_of(number)
    return key_of(*(row.get(name) for name in ("date", "amount", "currency", "name", "email")))
