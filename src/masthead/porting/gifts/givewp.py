"""Donations of GiveWP: the export of its donations, and the layout of its import sample.

The publisher ticks which columns an export holds, so each is looked for by its names. Only money that arrived counts:
``STATUSES`` says what each state of a donation means here.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import tzinfo
from pathlib import Path

from django.utils.translation import gettext as _

from masthead.core.money import Money
from masthead.porting.errors import ImportRefused
from masthead.porting.gifts.records import GiftRecord, LeftOut, Notes
from masthead.porting.gifts.rows import UNSAID, YES, Choices, Reading, Skip, known_currency, person, read_rows
from masthead.porting.gifts.table import Row, Table, key_of, read_table, repeated

ID = ("donation id",)
AMOUNT = ("donation total", "donation amount")
CURRENCY = ("currency code", "donation currencies")
DATE = ("donation date",)
STATUS = ("donation status",)
MODE = ("payment mode", "test mode")
FORM = ("form title", "donation form")
FIRST = ("first name", "donor first name")
LAST = ("last name", "donor last name")
EMAIL = ("email address", "donor email")
ANONYMOUS = ("anonymous donation", "give anonymous donation", "anonymous")
PARENT = ("parent donation id", "subscription id", "parent id")

# What a state of a donation means: money that is here, money that went back, or no money.
COUNTS, WENT_BACK, NO_MONEY = "counts", "went back", "no money"
STATUSES = {
    **dict.fromkeys(("complete", "completed", "publish", "renewal", "give subscription"), COUNTS),
    "refunded": WENT_BACK,
    **dict.fromkeys(
        (
            "pending", "processing", "failed", "cancelled", "canceled", "abandoned", "pre-approved", "preapproval",
            "revoked", "trash",
        ),
        NO_MONEY,
    ),
}  # fmt: skip
_MEANINGS = {
    "id": ID, "amount": AMOUNT, "currency": CURRENCY, "date": DATE, "status": STATUS, "mode": MODE,
    "first name": FIRST, "last name": LAST, "email": EMAIL, "anonymous": ANONYMOUS, "parent": PARENT,
}  # fmt: skip


class GiveWPSource:
    """One file of GiveWP. Refuses, before anything is read, a file without the columns that decide what counts."""

    name = "givewp"

    def __init__(self, file: Path, *, zone: tzinfo, choices: Choices = UNSAID) -> None:
        self._table = read_table(file, escapes=True)
        self._is_subscriptions = self._table.has("installments") and self._table.has("period")
        self.notes = Notes()
        if self._is_subscriptions:
            return
        _require(self._table)
        self.notes.columns = {
            meaning: self._table.column(*names) for meaning, names in _MEANINGS.items() if self._table.has(*names)
        }
        self._reading = Reading.of(
            self._table, amounts=AMOUNT, currencies=CURRENCY, dates=DATE, choices=choices, zone=zone
        )
        if not self._table.has(*ID):
            self.notes.repairs.append(
                _("The file has no donation ids, so a donation is known again by its form, amount, date and donor.")
            )

    def records(self) -> Iterator[GiftRecord | LeftOut]:
        """Yield every donation; of recurring donations what they are."""
        if self._is_subscriptions:
            yield from map(self._subscription, self._table.rows)
            return
        keys = repeated(map(_key, self._table.rows))
        yield from read_rows(zip(keys, self._table.rows, strict=True), self._gift)

    def _gift(self, key: str, row: Row) -> GiftRecord:
        status = row.get(*STATUS)
        meaning = STATUSES.get(status.lower())
        is_test = _is_test(row)
        self.notes.count(f"{'test' if is_test else 'live'} {status.lower()}")
        if is_test:
            raise Skip("test", _("It was made in test mode: no money moved."))
        if meaning is None:
            raise Skip(
                "unknown status", _("The status “%(status)s” is not known.") % {"status": person(status, limit=40)}
            )
        if meaning == NO_MONEY:
            raise Skip(status.lower(), _("No money arrived."))
        currency = known_currency(row.get(*CURRENCY))
        given = self._reading.amount(row.get(*AMOUNT), currency)
        if given.amount_minor <= 0:
            raise Skip("nothing", _("The amount is not more than zero."))
        name = person(row.get(*FIRST), row.get(*LAST))
        return GiftRecord(
            key=key,
            row=row.number,
            given=given,
            refunded=given if meaning == WENT_BACK else Money.zero(currency),
            received_at=self._reading.instant(_when(row)),
            donor_name=name,
            contact=person(row.get(*EMAIL), limit=200),
            public_name=name[:80] if _agreed_to_be_named(row) else "",
            note=_note(row, is_renewal=status.lower() in {"renewal", "give subscription"}),
        )

    def _subscription(self, row: Row) -> LeftOut:
        mode, status = row.get("mode") or "live", row.get("status")
        self.notes.count(mode.lower())
        self.notes.count(status.lower())
        facts = {"amount": row.get("amount"), "currency": row.get("currency"), "period": row.get("period")}
        reason = _(
            "A recurring donation (%(amount)s %(currency)s, %(period)s) is no money; its payments come as donations."
        )
        return LeftOut("subscription", row.get("gateway subscription id", "id") or str(row.number), reason % facts)


def _require(table: Table) -> None:
    for names in (AMOUNT, CURRENCY, DATE, STATUS, MODE):
        if not table.has(*names):
            raise ImportRefused(
                _("The column “%(column)s” is missing. Export the donations again from GiveWP with it ticked.")
                % {"column": names[0].title()}
            )


def _key(row: Row) -> str:
    if number := row.get(*ID):
        return key_of(number)
    who = (row.get(*EMAIL).lower(), row.get(*FIRST), row.get(*LAST))
    return key_of(row.get(*FORM), row.get(*AMOUNT), row.get(*CURRENCY), _when(row), *who)


def _is_test(row: Row) -> bool:
    return row.get("payment mode").lower() == "test" or row.get("test mode").lower() in YES


def _when(row: Row) -> str:
    clock = row.get("donation time")
    return f"{row.get(*DATE)} {clock}".strip()


def _agreed_to_be_named(row: Row) -> bool:
    """Without a column that says so, nobody agreed to stand there by name."""
    said = row.get(*ANONYMOUS).lower()
    return bool(said) and said not in YES and said != "anonymous"


def _note(row: Row, *, is_renewal: bool) -> str:
    parts = [row.get(*FORM)]
    if is_renewal:
        parent = row.get(*PARENT)
        parts.append(_("Renewal of %(parent)s") % {"parent": parent} if parent else _("Renewal"))
    return person(" · ".join(part for part in parts if part), limit=500)
