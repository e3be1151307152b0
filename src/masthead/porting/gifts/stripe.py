"""Tables that Stripe exports: payments, and the itemised report of what changed the balance.

Both name a payment by the id of its charge, so they may overlap. Their instants are in UTC.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from pathlib import Path

from django.utils.translation import gettext as _

from masthead.core.money import Money
from masthead.porting.errors import ImportRefused
from masthead.porting.gifts.records import GiftRecord, LeftOut, Notes
from masthead.porting.gifts.rows import UNSAID, Choices, Reading, Skip, currency_code, known_currency, person, read_rows
from masthead.porting.gifts.table import Row, key_of, read_table

ID = ("id",)
CHARGE = ("charge id",)
AMOUNT = ("amount", "gross")
REFUNDED = ("amount refunded",)
DISPUTED = ("disputed amount",)
CURRENCY = ("currency",)
PAID_ON = ("created date (utc)", "created (utc)", "created utc")
STATUS = ("status",)
MODE = ("mode",)
NAME = ("card name", "customer name", "name")
EMAIL = ("customer email", "email (metadata)")
DESCRIPTION = ("description",)
INVOICE = ("invoice id",)
SUBSCRIPTION = ("subscription id",)
CATEGORY = ("reporting category", "type")

PAID = frozenset({"paid", "succeeded", "refunded", "partial refund", "partially refunded"})
IN = frozenset({"charge", "payment"})
BACK = frozenset(
    {"refund", "payment refund", "refund failure", "partial capture reversal", "dispute", "dispute reversal"}
)
_MEANINGS = {
    "id": (*CHARGE, *ID), "amount": AMOUNT, "refunded": REFUNDED, "disputed": DISPUTED, "currency": CURRENCY,
    "date": PAID_ON, "status": STATUS, "mode": MODE, "category": CATEGORY, "name": NAME, "email": EMAIL,
}  # fmt: skip


@dataclass(slots=True)
class _Balance:
    """What an itemised report tells of one charge."""

    payment: Row | None = None
    back: list[Row] = field(default_factory=list)


class StripeSource:
    """One file of Stripe. Refuses a file that is neither of the two tables, before anything is read."""

    name = "stripe"

    def __init__(self, file: Path, *, zone: tzinfo = UTC, choices: Choices = UNSAID) -> None:
        self._table = read_table(file)
        self._is_balance = self._table.has("balance transaction id") or self._table.has(*CATEGORY)
        self.notes = Notes()
        needed = (AMOUNT, CURRENCY, PAID_ON, CATEGORY if self._is_balance else STATUS)
        for names in needed:
            if not self._table.has(*names):
                raise ImportRefused(
                    _("The column “%(column)s” is missing. Export all columns of Stripe's payments or balance report.")
                    % {"column": names[0]}
                )
        self.notes.columns = {
            meaning: self._table.column(*names) for meaning, names in _MEANINGS.items() if self._table.has(*names)
        }
        # What Stripe calls created is written in UTC, whatever the zone of the site.
        self._reading = Reading.of(
            self._table, amounts=AMOUNT, currencies=CURRENCY, dates=PAID_ON, choices=choices, zone=UTC
        )

    def records(self) -> Iterator[GiftRecord | LeftOut]:
        """Yield every payment, with what went back of it."""
        if self._is_balance:
            yield from self._balance()
            return
        yield from read_rows(((key_of(row.get(*ID)), row) for row in self._table.rows), self._payment)

    def _payment(self, key: str, row: Row) -> GiftRecord:
        status, mode = row.get(*STATUS).lower(), row.get(*MODE).lower()
        self.notes.count(f"{mode or 'live'} {status}")
        if mode.startswith("test"):
            raise Skip("test", _("It was made in test mode: no money moved."))
        if status not in PAID or row.get("captured").lower() == "false":
            raise Skip(status or "unpaid", _("No money arrived."))
        currency = known_currency(row.get(*CURRENCY))
        given = self._reading.amount(row.get(*AMOUNT), currency)
        back = self._reading.amount(row.get(*REFUNDED) or "0", currency)
        if row.get("dispute status").lower() == "lost":  # until then it may come back, and nothing is settled
            back += self._reading.amount(row.get(*DISPUTED) or "0", currency)
        return self._record(key, row, given, min(back, given))

    def _record(self, key: str, row: Row, given: Money, refunded: Money) -> GiftRecord:
        if given.amount_minor <= 0:
            raise Skip("nothing", _("The amount is not more than zero."))
        return GiftRecord(
            key=key,
            row=row.number,
            given=given,
            refunded=refunded,
            received_at=self._reading.instant(row.get(*PAID_ON)),
            donor_name=person(row.get(*NAME)),
            contact=person(row.get(*EMAIL), limit=200),
            note=_note(row),
        )

    def _balance(self) -> Iterator[GiftRecord | LeftOut]:
        charges: dict[tuple[str, str], _Balance] = {}
        for row in self._table.rows:
            category = row.get(*CATEGORY).lower().replace("_", " ")
            self.notes.count(category)
            source = row.get(*CHARGE) or (row.get("source id", "source") if category in IN else "")
            entry = key_of(row.get("balance transaction id", "id"))
            # What went back from a balance in another currency cannot be taken off: it has no payment here.
            charge = key_of(source), currency_code(row.get(*CURRENCY))
            if category in IN and source:
                charges.setdefault(charge, _Balance()).payment = row
            elif category in BACK and source:
                charges.setdefault(charge, _Balance()).back.append(row)
            elif category in BACK:
                yield LeftOut(category, entry, _("It names no payment. Reverse the gift by hand if it is here."))
            else:
                yield LeftOut(category or "other", entry, _("It is no payment of a donor."))
        for (key, _currency), found in charges.items():
            yield from self._of_charge(key, found)

    def _of_charge(self, key: str, found: _Balance) -> Iterator[GiftRecord | LeftOut]:
        payment = found.payment
        if payment is None:
            for row in found.back:
                reason = _("Its payment is not in this file. Export a longer time, or reverse the gift by hand.")
                yield LeftOut("refund", row.get("balance transaction id", "id"), reason)
            return

        def read(name: str, row: Row) -> GiftRecord:
            currency = known_currency(row.get(*CURRENCY))
            given = self._reading.amount(row.get(*AMOUNT), currency)
            back = Money.zero(currency)
            for each in found.back:
                back -= self._reading.amount(each.get(*AMOUNT), currency)
            return self._record(name, row, given, max(Money.zero(currency), min(back, given)))

        yield from read_rows([(key, payment)], read)
        for each in found.back:
            yield LeftOut("refund", each.get("balance transaction id", "id"), _("It is taken off its payment."))


def _note(row: Row) -> str:
    parts = [row.get(*DESCRIPTION)]
    if parent := row.get(*SUBSCRIPTION) or row.get(*INVOICE):
        parts.append(_("Renewal of %(parent)s") % {"parent": parent})
    return person(" · ".join(part for part in parts if part), limit=500)
