"""What makes a journal a journal: its entries sum to zero in each currency."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from masthead.core.money import Money

REHEARSAL = "rehearsal:"


@dataclass(frozen=True)
class Posting:
    """One side of a journal: an amount on an account; above zero is a debit, below a credit."""

    account: str
    amount: Money


def imbalance(amounts: Iterable[Money]) -> dict[str, int]:
    """Return what is left over per currency; nothing when all currencies sum to zero."""
    sums: dict[str, int] = defaultdict(int)
    for amount in amounts:
        sums[amount.currency] += amount.amount_minor
    return {currency: rest for currency, rest in sums.items() if rest}


def is_journal(postings: Sequence[Posting]) -> bool:
    """Tell whether postings may be booked: at least two, none of zero, each currency sums to zero."""
    amounts = [posting.amount for posting in postings]
    return len(amounts) >= 2 and all(amount.amount_minor for amount in amounts) and not imbalance(amounts)


def gift_postings(*, method: str, campaign: str, amount: Money, is_live: bool = True) -> list[Posting]:
    """Return the two sides of money that came in: it is ours, and the campaign has earned it."""
    return [
        Posting(scoped(asset_account(method), is_live=is_live), amount),
        Posting(scoped(campaign_account(campaign), is_live=is_live), -amount),
    ]


def mirrored(postings: Iterable[Posting]) -> list[Posting]:
    """Return the postings that undo these."""
    return [Posting(posting.account, -posting.amount) for posting in postings]


def scoped(code: str, *, is_live: bool) -> str:
    """Name an account's twin for rehearsals, or the account itself: the two never meet in a journal (rule L7)."""
    return code if is_live else f"{REHEARSAL}{code}"


def asset_account(method: str) -> str:
    """Name the account where money of a method lies."""
    return f"assets:{method}"


def campaign_account(campaign: str) -> str:
    """Name the account of what a campaign has earned."""
    return f"income:campaign:{campaign}"
