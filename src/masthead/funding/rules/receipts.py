"""Receipts: their numbers, and what the money of a gift is now, as its giver knows it.

Amounts are in the currency that was taken from the giver. What arrived in another currency is said beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from masthead.core.money import Money, total
from masthead.funding.rules.facts import PaymentFacts, RefundStatus

REFUND, DISPUTE, TAKEN_BACK = "refund", "dispute", "taken_back"


@dataclass(frozen=True)
class Return:
    """Money that went back to the giver: why, when, how much."""

    why: str
    at: datetime
    amount: Money


@dataclass(frozen=True)
class Standing:
    """What one gift is now. ``cover`` is the part of ``paid`` that was added for the fee.

    ``settled`` is what the processor counted it as, where that is another currency.
    """

    received_at: datetime
    method: str
    paid: Money
    cover: Money
    settled: Money | None
    back: tuple[Return, ...]

    @property
    def left(self) -> Money:
        """What did not go back."""
        return self.paid - total((each.amount for each in self.back), self.paid.currency)


def series_name(prefix: str, year: int) -> str:
    """Name the series of a year: each year counts from one."""
    return f"{prefix}-{year}"


def written_number(series: str, number: int) -> str:
    """Write a number as people quote it: ``R-2026-000017``."""
    return f"{series}-{number:06d}"


def read_number(typed: str) -> tuple[str, int]:
    """Return series and number of what somebody typed: ``R-2026-000017``, or ``17`` alone; 0 for anything else."""
    series, _dash, digits = typed.strip().rpartition("-")
    # Longer ones are no number of ours, and no store would hold them.
    return (series, int(digits)) if digits.isascii() and digits.isdigit() and len(digits) < 10 else ("", 0)


def year_of_series(series: str) -> int:
    """Return the year that a series is of, as :func:`series_name` wrote it."""
    return int(series.rpartition("-")[2])


def paid_by(facts: PaymentFacts) -> Money:
    """Return what a processor took. Refuses a payment without a capture."""
    if facts.capture is None:
        raise ValueError("nothing was taken")
    return facts.capture.amount


def settled_as(facts: PaymentFacts) -> Money | None:
    """Return what a processor counted the payment as, where that is another currency than was taken."""
    settlement = facts.capture.settlement if facts.capture else None
    is_other = settlement is not None and settlement.gross.currency != paid_by(facts).currency
    return settlement.gross if settlement is not None and is_other else None


def returns_of(facts: PaymentFacts) -> tuple[Return, ...]:
    """Return what went back by refunds and disputes: none that is on its way, failed or was won."""
    found = [
        Return(REFUND, refund.at, refund.amount)
        for refund in facts.refunds.values()
        if refund.status == RefundStatus.SUCCEEDED and refund.settlement is not None
    ]
    for dispute in facts.disputes.values():
        moves = list(dispute.movements.values())
        if sum(move.amount.amount_minor for move in moves) < 0:
            found.append(Return(DISPUTE, max(move.at for move in moves), dispute.amount))
    return tuple(sorted(found, key=lambda each: (each.at, each.why, each.amount.amount_minor)))


def as_data(standing: Standing) -> dict[str, Any]:
    """Return a standing as it is kept with a receipt."""
    return {
        "received_at": standing.received_at.isoformat(),
        "method": standing.method,
        "paid": _kept(standing.paid),
        "cover": _kept(standing.cover),
        "settled": _kept(standing.settled) if standing.settled else None,
        "back": [{"why": each.why, "at": each.at.isoformat(), "amount": _kept(each.amount)} for each in standing.back],
    }


def from_data(data: Mapping[str, Any]) -> Standing:
    """Return the standing that was kept with a receipt."""
    return Standing(
        received_at=datetime.fromisoformat(data["received_at"]),
        method=data["method"],
        paid=Money(*data["paid"]),
        cover=Money(*data["cover"]),
        settled=Money(*data["settled"]) if data["settled"] else None,
        back=tuple(
            Return(each["why"], datetime.fromisoformat(each["at"]), Money(*each["amount"])) for each in data["back"]
        ),
    )


def taken_back(standing: Standing, at: datetime) -> Standing:
    """Return the standing of a gift that was reversed: all that was left of it went back."""
    return replace(standing, back=(*standing.back, Return(TAKEN_BACK, at, standing.left)))


def sums(amounts: Iterable[Money]) -> list[Money]:
    """Return the sum in each currency, in the order in which they come."""
    found: dict[str, Money] = {}
    for each in amounts:
        found[each.currency] = found.get(each.currency, Money.zero(each.currency)) + each
    return list(found.values())


def _kept(money: Money) -> list[Any]:
    return [money.amount_minor, money.currency]
