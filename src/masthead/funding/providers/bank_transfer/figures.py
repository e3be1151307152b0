"""Amounts of statements in XML and MT940: a plain figure, exact."""

from __future__ import annotations

import re

from masthead.core.money import AmountTooLarge, InexactAmount, Money, UnknownCurrency
from masthead.funding.bank_errors import StatementRefused

_FIGURE = re.compile(r"\d{1,15}(?:\.\d{0,5})?", re.ASCII)


def exact(figure: str, currency: str) -> Money:
    """Return an amount of ``figure`` units. Refuses what is none, an unknown currency, and what it cannot hold."""
    if not _FIGURE.fullmatch(figure):
        raise StatementRefused(why="amount", text=figure[:40])
    try:
        return Money.from_major(figure.rstrip("."), currency)
    except UnknownCurrency:
        raise StatementRefused(why="currency", text=currency[:10]) from None
    except (InexactAmount, AmountTooLarge):
        raise StatementRefused(why="amount", text=f"{figure[:40]} {currency[:10]}") from None
