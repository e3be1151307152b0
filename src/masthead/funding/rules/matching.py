"""What a sponsor owes for what readers gave: a function of sums, so that no order and no refund can spoil it."""

from __future__ import annotations

from dataclasses import dataclass

from masthead.core.money import Money


@dataclass(frozen=True)
class Matched:
    """How a promise to add as much again stands.

    ``matched + left = cap``. ``outstanding`` is what is called for and has not arrived: it counts nothing. What has
    arrived stays, also when gifts that called for it go back.
    """

    cap: Money
    matched: Money
    left: Money
    arrived: Money
    outstanding: Money


def matched(*, cap: Money, given: Money, arrived: Money) -> Matched:
    """Return where a promise stands after readers gave ``given`` in its days, and the sponsor ``arrived`` whenever."""
    zero = Money.zero(cap.currency)
    called = max(zero, min(cap, given))
    return Matched(cap, called, cap - called, arrived, max(zero, called - arrived))
