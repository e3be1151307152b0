"""What every source of gifts delivers: frozen records that know nothing of their origin."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from masthead.core.money import Money


@dataclass(frozen=True, slots=True)
class GiftRecord:
    """Money that arrived: ``given`` less ``refunded`` counts, in the month of ``received_at``."""

    key: str
    row: int
    given: Money
    refunded: Money
    received_at: datetime
    donor_name: str = ""
    contact: str = ""
    public_name: str = ""
    note: str = ""

    @property
    def net(self) -> Money:
        """What is left of it."""
        return self.given - self.refunded


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A row that is no gift, or cannot be read, and why."""

    kind: str
    id: str
    reason: str


@dataclass(slots=True)
class Notes:
    """What a reader noticed beside the rows."""

    columns: dict[str, str] = field(default_factory=dict)
    repairs: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)

    def count(self, name: str) -> None:
        """Count one more of a kind."""
        self.counts[name] = self.counts.get(name, 0) + 1


class GiftSource(Protocol):
    """A file that was judged and can be read row by row."""

    name: str
    notes: Notes

    def records(self) -> Iterator[GiftRecord | LeftOut]:
        """Yield every row, in the file's order."""
        ...
