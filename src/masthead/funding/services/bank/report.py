"""What bringing in a statement did, in sentences and as JSON. The keys are an interface; add to them, rename none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from masthead.core.display import amount
from masthead.core.money import Money
from masthead.funding.bank_words import reason_text
from masthead.funding.models import BankLine


@dataclass(frozen=True, slots=True)
class ReportLine:
    """One new line of the file and what became of it."""

    day: str
    amount: Money
    who: str
    text: str
    state: str
    reason: str


@dataclass(slots=True)
class BankReport:
    """Every movement of the file is in exactly one of the counts."""

    format: str
    accounts: list[str]
    lines: int
    pending: int
    is_dry_run: bool = False
    unchanged: int = 0
    outgoing: int = 0
    matched: int = 0
    taken_back: int = 0
    for_you: int = 0
    unknown: int = 0
    settled_earlier: int = 0
    totals: dict[str, Money] = field(default_factory=dict)
    details: list[ReportLine] = field(default_factory=list)

    def count(self, lines: Sequence[BankLine]) -> None:
        """Count the new lines of the file as they stand now."""
        for line in lines:
            self.details.append(_as_read(line))
            if line.state == BankLine.State.BOOKED and line.amount_minor > 0:
                self.matched += 1
                self.totals[line.currency] = self.totals.get(line.currency, Money.zero(line.currency)) + line.amount
            elif line.state == BankLine.State.BOOKED:
                self.taken_back += 1
            elif line.state == BankLine.State.SUGGESTED:
                self.for_you += 1
            else:
                self.unknown += 1

    def summary(self) -> str:
        """Say the three figures in one line."""
        values = {"matched": self.matched, "for_you": self.for_you, "unknown": self.unknown}
        return _("%(matched)s matched, %(for_you)s for you, %(unknown)s unknown") % values

    def as_dict(self) -> dict[str, Any]:
        """Return the report for machines."""
        return {
            "source": "bank",
            "dry_run": self.is_dry_run,
            "format": self.format,
            "bank_accounts": self.accounts,
            "lines": self.lines,
            "added": self.matched + self.taken_back + self.for_you + self.unknown,
            "unchanged": self.unchanged,
            "matched": self.matched,
            "taken_back": self.taken_back,
            "for_you": self.for_you,
            "unknown": self.unknown,
            "outgoing": self.outgoing,
            "pending": self.pending,
            "settled_earlier": self.settled_earlier,
            "totals": {
                currency: {"amount_minor": money.amount_minor, "amount": money.plain}
                for currency, money in sorted(self.totals.items())
            },
            "details": [
                {
                    "day": each.day,
                    "amount_minor": each.amount.amount_minor,
                    "currency": each.amount.currency,
                    "who": each.who,
                    "text": each.text,
                    "state": each.state,
                    "reason": each.reason,
                }
                for each in self.details
            ],
        }

    def sentences(self) -> list[str]:
        """Say what was done, the most important first."""
        first = _("Dry run: nothing was written. %(summary)s.") if self.is_dry_run else "%(summary)s."
        told = [first % {"summary": self.summary()}]
        told += [_("Booked: %(amount)s.") % {"amount": amount(money)} for _c, money in sorted(self.totals.items())]
        told += self._counted()
        told += [
            f"  {each.day}  {amount(each.amount)}  {each.who}  {each.reason}"
            for each in self.details
            if each.state != BankLine.State.BOOKED
        ]
        return told

    def _counted(self) -> list[str]:
        counts = (
            (self.taken_back, ngettext("%(n)s gift was taken back.", "%(n)s gifts were taken back.", self.taken_back)),
            (self.unchanged, ngettext("%(n)s line was known.", "%(n)s lines were known.", self.unchanged)),
            (
                self.outgoing,
                ngettext("%(n)s payment out is not kept.", "%(n)s payments out are not kept.", self.outgoing),
            ),
            (
                self.pending,
                ngettext("%(n)s entry is not booked yet.", "%(n)s entries are not booked yet.", self.pending),
            ),
            (
                self.settled_earlier,
                ngettext(
                    "%(n)s earlier line could be settled.",
                    "%(n)s earlier lines could be settled.",
                    self.settled_earlier,
                ),
            ),
        )
        return [sentence % {"n": count} for count, sentence in counts if count]


def _as_read(line: BankLine) -> ReportLine:
    return ReportLine(
        day=line.valued_on.isoformat(),
        amount=line.amount,
        who=line.payer_name,
        text=line.text,
        state=line.state,
        reason=reason_text(line.reason),
    )
