"""How PayPal writes amounts: decimal words, in its own list of currencies, three of them whole only (rules C3 to C5).

Source: PayPal's documentation of currency codes: HUF, JPY and TWD take no decimals, all others two. Two of these
differ from ISO 4217, so it is never asked of a formatting library.
"""

from __future__ import annotations

from collections.abc import Mapping

from masthead.core.money import InexactAmount, Money, minor_digits

CURRENCIES = frozenset(
    [
        *("AUD", "BRL", "CAD", "CHF", "CNY", "CZK", "DKK", "EUR", "GBP", "HKD", "HUF", "ILS"),
        *("JPY", "MXN", "MYR", "NOK", "NZD", "PHP", "PLN", "SEK", "SGD", "THB", "TWD", "USD"),
    ]
)
_WHOLE = frozenset({"HUF", "JPY", "TWD"})
# What one payment may be, in whole units: seven figures fit into every form of PayPal's.
_MOST = 9_999_999


def to_paypal(money: Money) -> dict[str, str]:
    """Return the amount as PayPal writes it.

    Raises :class:`~masthead.core.money.InexactAmount` for what PayPal cannot take: a currency it does not know, or a
    fraction of a whole-only one.
    """
    if money.currency not in CURRENCIES or money.amount_minor % step(money.currency):
        raise InexactAmount(f"PayPal takes no {money.plain} {money.currency}")
    digits = 0 if money.currency in _WHOLE else 2
    return {"currency_code": money.currency, "value": f"{money.major:.{digits}f}"}


def from_paypal(amount: Mapping[str, str]) -> Money:
    """Return what PayPal wrote. Raises :class:`~masthead.core.money.InexactAmount` for less than our least unit."""
    return Money.from_major(amount["value"], amount["currency_code"])


def step(currency: str) -> int:
    """Return the smallest difference between two amounts that PayPal can take, in our minor units."""
    power: int = 10 ** minor_digits(currency)
    return power if currency in _WHOLE else 1


def least(currency: str) -> Money:
    """Return the smallest amount PayPal can write."""
    return Money(step(currency), currency)


def most(currency: str) -> Money:
    """Return the most that is asked for at once; nothing in a currency PayPal does not know."""
    return Money(_MOST * 10 ** minor_digits(currency) if currency in CURRENCIES else 0, currency)
