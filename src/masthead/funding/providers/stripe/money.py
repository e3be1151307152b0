"""How Stripe counts: its minor units are its own, and differ from ISO 4217 (rules C3 to C5).

Source: Stripe's documentation of supported currencies ("zero-decimal", "three-decimal" and "special cases"). Never
asked of a formatting library: Babel and others differ from each other and from Stripe.
"""

from __future__ import annotations

from masthead.core.money import InexactAmount, Money, minor_digits

_NO_DIGITS = frozenset(
    ["BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF"]
)
# Three decimals, of which the last must be zero.
_THREE_DIGITS = frozenset(["BHD", "JOD", "KWD", "OMR", "TND"])

# What Stripe takes at least, in its own minor units, where it names a figure.
_MINIMUM = {
    "AED": 200, "AUD": 50, "BGN": 100, "BRL": 50, "CAD": 50, "CHF": 50, "CZK": 1500, "DKK": 250, "EUR": 50,
    "GBP": 30, "HKD": 400, "HUF": 17500, "INR": 50, "JPY": 50, "MXN": 1000, "MYR": 200, "NOK": 300, "NZD": 50,
    "PLN": 200, "RON": 200, "SEK": 300, "SGD": 50, "THB": 1000, "USD": 50,
}  # fmt: skip


def to_stripe(money: Money) -> int:
    """Return the amount as Stripe counts it.

    Raises :class:`~masthead.core.money.InexactAmount` for an amount that Stripe cannot take: a fraction of a whole-only
    currency, or a last digit of a three-decimal one that is not zero. See :func:`chargeable`.
    """
    ours, theirs = minor_digits(money.currency), _digits(money.currency)
    scaled: int = money.amount_minor * 10**theirs
    if scaled % 10**ours or (money.currency in _THREE_DIGITS and money.amount_minor % 10):
        raise InexactAmount(f"Stripe takes no {money.plain} {money.currency}")
    whole: int = scaled // 10**ours
    return whole


def from_stripe(amount: int, currency: str) -> Money:
    """Return what Stripe counted. Raises :class:`~masthead.core.money.InexactAmount` for less than our least unit."""
    code = currency.upper()
    ours, theirs = minor_digits(code), _digits(code)
    scaled = amount * 10**ours
    if scaled % 10**theirs:
        raise InexactAmount(f"{amount} of Stripe's {code} is less than our smallest unit")
    return Money(scaled // 10**theirs, code)


def chargeable(money: Money) -> Money:
    """Return the nearest amount that Stripe can take; halves go up: 5.124 KWD is 5.120."""
    unit = step(money.currency)
    return Money((money.amount_minor + unit // 2) // unit * unit, money.currency)


def step(currency: str) -> int:
    """Return the smallest difference between two amounts that Stripe can take, in our minor units."""
    if currency in _THREE_DIGITS:
        return 10
    power: int = 10 ** max(0, minor_digits(currency) - _digits(currency))
    return power


def minimum(currency: str) -> Money:
    """Return the least that Stripe takes; the smallest amount it can count where it names none."""
    least = _MINIMUM.get(currency)
    return from_stripe(least, currency) if least else chargeable(Money(10 ** minor_digits(currency), currency))


def _digits(currency: str) -> int:
    """Return how many decimals Stripe counts, also of ISK and UGX, which are whole for us: hundredths of nothing."""
    if currency in _NO_DIGITS:
        return 0
    return 3 if currency in _THREE_DIGITS else 2
