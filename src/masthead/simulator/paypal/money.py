"""PayPal's amounts: decimal words in 24 currencies, three of them without decimals. Integers inside."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING

from masthead.simulator.paypal.errors import impossible, invalid
from masthead.simulator.store import Json

if TYPE_CHECKING:
    from masthead.simulator.book import Book

CURRENCIES = {
    "AUD",
    "BRL",
    "CAD",
    "CNY",
    "CZK",
    "DKK",
    "EUR",
    "HKD",
    "HUF",
    "ILS",
    "JPY",
    "MYR",
    "MXN",
    "TWD",
    "NZD",
    "NOK",
    "PHP",
    "PLN",
    "GBP",
    "SGD",
    "SEK",
    "CHF",
    "THB",
    "USD",
}
_WHOLE = {"HUF", "JPY", "TWD"}
_WORD = re.compile(r"^\d{1,12}(\.\d+)?$")


def read(amount: Json, field: str) -> tuple[int, str]:
    """Return an amount in minor units with its currency. Refuses what PayPal refuses."""
    currency, word = amount["currency_code"], amount["value"]
    if currency not in CURRENCIES:
        raise impossible("CURRENCY_NOT_SUPPORTED", f"Currency code is not supported: {currency}.")
    if not _WORD.match(word):
        raise invalid(f"{field}/value", "INVALID_PARAMETER_SYNTAX", f"Not an amount: {word}.")
    whole, _, part = word.partition(".")
    if currency in _WHOLE:
        if part.strip("0"):
            raise impossible("DECIMALS_NOT_SUPPORTED", f"{currency} does not support decimals.")
        return int(whole), currency
    if len(part) > 2:
        raise impossible("DECIMAL_PRECISION", "The value of the field should not be more than two decimal places.")
    return int(whole) * 100 + int(part.ljust(2, "0")), currency


def positive(amount: Json, field: str) -> tuple[int, str]:
    """Return an amount that is more than nothing."""
    minor, currency = read(amount, field)
    if minor == 0:
        raise impossible("CANNOT_BE_ZERO_OR_NEGATIVE", "Must be greater than zero.")
    return minor, currency


def write(minor: int, currency: str) -> Json:
    """Write an amount as PayPal does."""
    if currency in _WHOLE:
        return {"currency_code": currency, "value": str(minor)}
    sign, figure = ("-" if minor < 0 else ""), str(abs(minor)).rjust(3, "0")
    return {"currency_code": currency, "value": f"{sign}{figure[:-2]}.{figure[-2:]}"}


def exchange(minor: int, currency: str, own: str, book: Book) -> int:
    """Return what an amount is worth in the account's own currency, at the rate the account says, rounded half up."""
    digits = {code: 0 if code in _WHOLE else 2 for code in (currency, own)}
    worth = Fraction(abs(minor), 10 ** digits[currency]) * Fraction(book.setting("rate", "1")) * 10 ** digits[own]
    return int((worth * 2 + 1) // 2) * (-1 if minor < 0 else 1)


def fee(minor: int, book: Book) -> int:
    """Return the fee: 3.49 % rounded half up and 49 minor units, or as the account says; at most the amount."""
    share = Fraction(minor * int(book.setting("fee_ten_thousandths", 349)), 10_000)
    fixed = int(book.setting("fee_fixed", 49))
    return min(minor, int((share * 2 + 1) // 2) + fixed)
