"""What an import of gifts did, for the publisher in sentences and for machines as JSON.

The keys of :meth:`GiftReport.as_dict` are an interface; add to them, rename none.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from masthead.core.display import amount
from masthead.core.money import Money
from masthead.porting.gifts.records import GiftRecord, LeftOut, Notes


@dataclass(slots=True)
class Total:
    """What counts of one currency."""

    count: int
    amount: Money


@dataclass(slots=True)
class GiftReport:
    """Counts while the import goes on. Every row of the file is in exactly one of them."""

    source: str
    notes: Notes
    is_dry_run: bool = False
    rows: int = 0
    added: int = 0
    unchanged: int = 0
    lowered: int = 0
    taken_back: int = 0
    totals: dict[str, Total] = field(default_factory=dict)
    campaigns: dict[str, str] = field(default_factory=dict)
    skipped: list[LeftOut] = field(default_factory=list)

    def count(self, record: GiftRecord) -> None:
        """Add what a gift counts to the total of its currency."""
        total = self.totals.setdefault(record.net.currency, Total(0, Money.zero(record.net.currency)))
        total.count += 1
        total.amount += record.net

    def as_dict(self) -> dict[str, Any]:
        """Return the report for machines: amounts in minor units and as figures."""
        return {
            "source": self.source,
            "dry_run": self.is_dry_run,
            "rows": self.rows,
            "added": self.added,
            "unchanged": self.unchanged,
            "lowered": self.lowered,
            "taken_back": self.taken_back,
            "totals": {
                currency: {
                    "count": total.count,
                    "amount_minor": total.amount.amount_minor,
                    "amount": total.amount.plain,
                }
                for currency, total in sorted(self.totals.items())
            },
            "campaigns": self.campaigns,
            "columns": self.notes.columns,
            "counts": self.notes.counts,
            "skipped": [{"kind": each.kind, "id": each.id, "reason": each.reason} for each in self.skipped],
            "repairs": self.notes.repairs,
        }

    def sentences(self) -> list[str]:
        """Say what was done in sentences a publisher understands, the most important first."""
        return [*self._outcome(), *self._left_out(), *self.notes.repairs, *self._columns()]

    def _outcome(self) -> list[str]:
        values = {"added": self.added, "unchanged": self.unchanged}
        if self.is_dry_run:
            first = _("Dry run: nothing was written. %(added)s gifts would be added, %(unchanged)s are already there.")
        else:
            first = _("%(added)s gifts were added, %(unchanged)s were already there.")
        told = [first % values]
        for currency, total in sorted(self.totals.items()):
            told.append(
                ngettext(
                    "%(currency)s: %(count)s gift counts, together %(amount)s.",
                    "%(currency)s: %(count)s gifts count, together %(amount)s.",
                    total.count,
                )
                % {"currency": currency, "count": total.count, "amount": amount(total.amount)}
            )
        if self.lowered or self.taken_back:
            told.append(
                _("%(lowered)s gifts were lowered and %(taken)s taken back because of refunds since the last import.")
                % {"lowered": self.lowered, "taken": self.taken_back}
            )
        return told

    def _left_out(self) -> list[str]:
        reasons = Counter((each.kind, each.reason) for each in self.skipped)
        return [
            ngettext(
                "%(count)s row (%(kind)s) was left out: %(reason)s",
                "%(count)s rows (%(kind)s) were left out: %(reason)s",
                count,
            )
            % {"count": count, "kind": kind, "reason": reason}
            for (kind, reason), count in reasons.items()
        ]

    def _columns(self) -> list[str]:
        if not self.notes.columns:
            return []
        pairs = ", ".join(f"{meaning} = “{column}”" for meaning, column in self.notes.columns.items())
        return [_("Columns as they were read: %(pairs)s.") % {"pairs": pairs}]
