"""Amounts of money: whole minor units and a currency, never a float.

Pure: no Django. How a site wants amounts written is asked in :mod:`masthead.core.display`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import total_ordering
from typing import Literal

from babel import Locale, UnknownLocaleError
from babel.numbers import format_currency

Style = Literal["1,639 $", "$1,639", "locale"]

# ISO 4217: how many digits of the minor unit a currency has. Written here and not asked of a formatting
# library, whose figures are about display and differ (ISK, UGX, IQD, MGA). Payment processors count some of them
# in yet another way: each provider keeps its own table beside its own code.
_TWO_DIGITS = (
    "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP "
    "CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR "
    "IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN "
    "NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP "
    "STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VES WST XCD YER ZAR ZMW ZWG"
)
_NO_DIGITS = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF"
_THREE_DIGITS = "BHD IQD JOD KWD LYD OMR TND"
MINOR_DIGITS: dict[str, int] = {
    code: digits for codes, digits in ((_TWO_DIGITS, 2), (_NO_DIGITS, 0), (_THREE_DIGITS, 3)) for code in codes.split()
}

_SYMBOLS = {
    "USD": "$", "CAD": "$", "AUD": "$", "NZD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "INR": "₹", "KRW": "₩",
    "UAH": "₴", "ILS": "₪", "PHP": "₱", "NGN": "₦", "VND": "₫", "GEL": "₾", "KZT": "₸",
}  # fmt: skip
# What a 64-bit column holds with room to spare, and far below the 28 digits in which Decimal is exact.
LIMIT_MINOR = 10**18
_NO_BREAK = "\N{NO-BREAK SPACE}"
_MINUS = "\N{MINUS SIGN}"


class UnknownCurrency(ValueError):
    """The code is none of ISO 4217 that is money in circulation."""


class CurrenciesDiffer(TypeError):
    """Two currencies met in one sum or comparison. There is no answer without a rate."""


class InexactAmount(ValueError):
    """The amount has more digits than the currency's minor unit, or is no number."""


class AmountTooLarge(ValueError):
    """The amount is beyond what a ledger holds."""


def minor_digits(currency: str) -> int:
    """Return how many decimal digits the currency has. Raises :class:`UnknownCurrency`."""
    try:
        return MINOR_DIGITS[currency]
    except KeyError:
        raise UnknownCurrency(f"{currency!r} is not a currency code") from None


@total_ordering
@dataclass(frozen=True, slots=True)
class Money:
    """An exact amount: ``Money(163900, "USD")`` is 1,639 dollars.

    Refuses a float, a bool or an unknown currency. Sums and comparisons of two currencies raise
    :class:`CurrenciesDiffer`.
    """

    amount_minor: int
    currency: str

    def __post_init__(self) -> None:
        if type(self.amount_minor) is not int:
            raise TypeError(f"an amount is a whole number of minor units, not {self.amount_minor!r}")
        minor_digits(self.currency)
        if abs(self.amount_minor) >= LIMIT_MINOR:
            raise AmountTooLarge(f"{self.amount_minor} minor units are more than a ledger holds")

    @classmethod
    def zero(cls, currency: str) -> Money:
        """Return nothing of a currency."""
        return cls(0, currency)

    @classmethod
    def from_major(cls, major: Decimal | int | str, currency: str) -> Money:
        """Return ``major`` units, exactly.

        Raises :class:`InexactAmount` when the currency has no unit that small, ``TypeError`` for a float.
        """
        if isinstance(major, float):
            raise TypeError("a float is not an amount")
        scaled = Decimal(major).scaleb(minor_digits(currency))
        if not scaled.is_finite() or scaled != scaled.to_integral_value():
            raise InexactAmount(f"{major} {currency} is smaller than the smallest unit")
        return cls(int(scaled), currency)

    @property
    def major(self) -> Decimal:
        """The amount in major units, exactly."""
        return Decimal(self.amount_minor).scaleb(-minor_digits(self.currency))

    @property
    def plain(self) -> str:
        """The amount in major units for machines: ``1639``, ``1639.5``; no grouping, no exponent."""
        text = f"{self.major:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text

    def __add__(self, other: Money) -> Money:
        return Money(self.amount_minor + self._same(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.amount_minor - self._same(other), self.currency)

    def __neg__(self) -> Money:
        return Money(-self.amount_minor, self.currency)

    def __lt__(self, other: Money) -> bool:
        return self.amount_minor < self._same(other)

    def split(self, weights: Sequence[int]) -> list[Money]:
        """Split by whole, non-negative weights so that the parts sum to the whole (largest remainder).

        Equal remainders go to the earlier part. Refuses weights that are empty, negative or all zero.
        """
        total = sum(weights)
        if total <= 0 or min(weights) < 0:
            raise ValueError("a split needs weights of zero or more, at least one above zero")
        sign = -1 if self.amount_minor < 0 else 1
        whole = abs(self.amount_minor)
        parts = [whole * weight // total for weight in weights]
        by_remainder = sorted(range(len(weights)), key=lambda index: -(whole * weights[index] % total))
        for index in by_remainder[: whole - sum(parts)]:
            parts[index] += 1
        return [Money(sign * part, self.currency) for part in parts]

    def _same(self, other: Money) -> int:
        if self.currency != other.currency:
            raise CurrenciesDiffer(f"{self.currency} and {other.currency} do not add up")
        return other.amount_minor


def total(amounts: Iterable[Money], currency: str) -> Money:
    """Return the sum of amounts that are all in ``currency``; nothing sums to zero."""
    return sum(amounts, start=Money.zero(currency))


def format_money(money: Money, *, style: Style, language: str = "en") -> str:
    """Write an amount for people: the one formatter of pages, mails, feeds and pictures.

    ``1,639 $`` and ``$1,639`` show whole amounts without decimals and others with all of them; ``locale`` writes
    as the language does (``1 639,00 $ US``). Spaces inside are non-breaking. No digit is ever rounded away.
    """
    if style == "locale":
        return format_currency(money.major, money.currency, locale=_locale(language), decimal_quantization=False)
    digits = minor_digits(money.currency) if money.major % 1 else 0
    figure = f"{abs(money.major):,.{digits}f}"
    sign = _MINUS if money.amount_minor < 0 else ""
    symbol = _SYMBOLS.get(money.currency, money.currency)
    if style == "1,639 $":
        return f"{sign}{figure}{_NO_BREAK}{symbol}"
    gap = _NO_BREAK if symbol.isalpha() else ""
    return f"{sign}{symbol}{gap}{figure}"


def _locale(language: str) -> Locale:
    try:
        return Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale("en")
