"""What a month of gifts comes to: sums, counts, average and median, always of one currency."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from masthead.core.money import Money, total


@dataclass(frozen=True)
class Given:
    """One gift: what came, and what of it is left after all that went back."""

    month: date
    person: str
    came: Money
    left: Money
    repeats: bool


@dataclass(frozen=True)
class GiftMonth:
    """One month. Average, median and share are None where no gift is left of which to tell them."""

    month: date
    raised: Money
    gifts: int
    givers: int
    average: Money | None
    median: Money | None
    repeated_percent: int | None
    refunds: int
    refunded: Money


def gift_month(month: date, currency: str, gifts: Sequence[Given]) -> GiftMonth:
    """Return what the gifts of a month come to.

    A gift that went back in full is no gift any more; one that went back in part counts for the rest. All quotients
    are rounded down (rule C9). Raises where a gift is of another currency (rule C2).
    """
    standing = [each for each in gifts if each.left.amount_minor > 0]
    raised = total((each.left for each in gifts), currency)
    stands = total((each.left for each in standing), currency).amount_minor
    repeated = total((each.left for each in standing if each.repeats), currency).amount_minor
    back = [each.came - each.left for each in gifts if each.left < each.came]
    return GiftMonth(
        month=month,
        raised=raised,
        gifts=len(standing),
        givers=len({each.person for each in standing}),
        average=Money(stands // len(standing), currency) if standing else None,
        median=_median([each.left.amount_minor for each in standing], currency),
        repeated_percent=repeated * 100 // stands if standing else None,
        refunds=len(back),
        refunded=total(back, currency),
    )


def _median(amounts: Sequence[int], currency: str) -> Money | None:
    """Return the one in the middle; between two in the middle, half of their sum."""
    if not amounts:
        return None
    in_turn = sorted(amounts)
    middle = in_turn[(len(in_turn) - 1) // 2 : len(in_turn) // 2 + 1]
    return Money(sum(middle) // len(middle), currency)
