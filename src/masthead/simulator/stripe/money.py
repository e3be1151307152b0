"""Stripe's currencies: minor units, smallest charges, fees and exchange, all in integers."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from masthead.simulator.stripe.errors import invalid, malformed

if TYPE_CHECKING:
    from masthead.simulator.book import Book

_TWO = [
    "aed",
    "afn",
    "all",
    "amd",
    "ang",
    "aoa",
    "ars",
    "aud",
    "awg",
    "azn",
    "bam",
    "bbd",
    "bdt",
    "bgn",
    "bmd",
    "bnd",
    "bob",
    "brl",
    "bsd",
    "bwp",
    "byn",
    "bzd",
    "cad",
    "cdf",
    "chf",
    "cny",
    "cop",
    "crc",
    "cve",
    "czk",
    "dkk",
    "dop",
    "dzd",
    "egp",
    "etb",
    "eur",
    "fjd",
    "fkp",
    "gbp",
    "gel",
    "gip",
    "gmd",
    "gtq",
    "gyd",
    "hkd",
    "hnl",
    "htg",
    "huf",
    "idr",
    "ils",
    "inr",
    "isk",
    "jmd",
    "kes",
    "kgs",
    "khr",
    "kyd",
    "kzt",
    "lak",
    "lbp",
    "lkr",
    "lrd",
    "lsl",
    "mad",
    "mdl",
    "mkd",
    "mmk",
    "mnt",
    "mop",
    "mur",
    "mvr",
    "mwk",
    "mxn",
    "myr",
    "mzn",
    "nad",
    "ngn",
    "nio",
    "nok",
    "npr",
    "nzd",
    "pab",
    "pen",
    "pgk",
    "php",
    "pkr",
    "pln",
    "qar",
    "ron",
    "rsd",
    "rub",
    "sar",
    "sbd",
    "scr",
    "sek",
    "sgd",
    "shp",
    "sle",
    "sos",
    "srd",
    "std",
    "szl",
    "thb",
    "tjs",
    "top",
    "try",
    "ttd",
    "twd",
    "tzs",
    "uah",
    "ugx",
    "usd",
    "uyu",
    "uzs",
    "wst",
    "xcd",
    "yer",
    "zar",
    "zmw",
]
_ZERO = ["bif", "clp", "djf", "gnf", "jpy", "kmf", "krw", "mga", "pyg", "rwf", "vnd", "vuv", "xaf", "xof", "xpf"]
_THREE = ["bhd", "jod", "kwd", "omr", "tnd"]
DIGITS = {**dict.fromkeys(_TWO, 2), **dict.fromkeys(_ZERO, 0), **dict.fromkeys(_THREE, 3)}
# These have no part smaller than the unit, yet are written with two decimals; and the last digit of three is zero.
_MULTIPLE = {"isk": 100, "ugx": 100, **dict.fromkeys(_THREE, 10)}
_SMALLEST = {
    "usd": 50, "aed": 200, "aud": 50, "bgn": 100, "brl": 50, "cad": 50, "chf": 50, "czk": 1500, "dkk": 250, "eur": 50,
    "gbp": 30, "hkd": 400, "huf": 17_500, "inr": 50, "jpy": 50, "mxn": 1000, "myr": 200, "nok": 300, "nzd": 50,
    "pln": 200, "ron": 200, "sek": 300, "sgd": 50, "thb": 1000,
}  # fmt: skip
LARGEST = 99_999_999

# Dollars for one unit, in millionths.
RATES = {
    "usd": 1_000_000, "eur": 1_080_000, "gbp": 1_260_000, "chf": 1_120_000, "cad": 730_000, "aud": 660_000,
    "nzd": 600_000, "jpy": 6_700, "sek": 95_000, "nok": 94_000, "dkk": 145_000, "pln": 250_000, "czk": 43_000,
    "huf": 2_700, "kwd": 3_250_000, "ugx": 270, "isk": 7_200, "mxn": 50_000, "brl": 180_000, "inr": 12_000,
}  # fmt: skip


def check_currency(currency: str, *, param: str = "currency") -> str:
    """Return the currency in lower case. Refuses one that Stripe does not take."""
    known = currency.lower()
    if known not in DIGITS:
        raise malformed(
            f"Invalid currency: {currency}. Stripe currently supports these currencies: {', '.join(sorted(DIGITS))}",
            param=param,
        )
    return known


def check_amount(amount: int, currency: str, *, param: str = "amount", smallest: bool = True) -> int:
    """Return an amount that may be charged. Refuses what is too small, too large or not a whole coin."""
    if amount < 1:
        raise malformed("This value must be greater than or equal to 1.", param=param, code="parameter_invalid_integer")
    if amount > LARGEST:
        raise invalid(f"Amount must be no more than {written(LARGEST, currency)}", param=param, code="amount_too_large")
    step = _MULTIPLE.get(currency, 1)
    if amount % step:
        raise invalid(f"Amount in {currency} must be a multiple of {step}.", param=param, code="invalid_charge_amount")
    if smallest and amount < (least := smallest_charge(currency)):
        raise invalid(f"Amount must be at least {written(least, currency)}", param=param, code="amount_too_small")
    return amount


def smallest_charge(currency: str) -> int:
    """Return the smallest charge; where Stripe has no figure of its own, what half a dollar is worth."""
    if currency in _SMALLEST:
        return _SMALLEST[currency]
    step = _MULTIPLE.get(currency, 1)
    worth = convert(50, "usd", currency)[0]
    return max(step, -(-worth // step) * step)


def convert(amount: int, source: str, target: str, rates: dict[str, int] | None = None) -> tuple[int, float | None]:
    """Return an amount in another currency, rounded half up, with the rate between the minor units."""
    if source == target:
        return amount, None
    worth = {**RATES, **(rates or {})}
    rate = Fraction(worth.get(source, 100_000), worth.get(target, 100_000))
    rate *= Fraction(10 ** DIGITS[target], 10 ** DIGITS[source])
    return half_up(amount * rate), float(round(rate, 6))


def half_up(value: Fraction) -> int:
    """Round to the nearest integer, halves away from zero."""
    sign = -1 if value < 0 else 1
    return sign * int((abs(value) * 2 + 1) // 2)


def fee(amount: int, book: Book) -> int:
    """Return the processor's fee on a settled amount: 2.9 % rounded half up and 30, or as the account says."""
    permille = int(book.setting("fee_permille", 29))
    return half_up(Fraction(amount * permille, 1000)) + int(book.setting("fee_fixed", 30))


def dispute_fee(book: Book) -> int:
    """Return what a dispute costs, in the settlement currency."""
    return int(book.setting("fee_dispute", 1500))


def settlement_currency(book: Book) -> str:
    """Return the currency of the account's balance."""
    return str(book.setting("currency", "usd"))


def written(amount: int, currency: str) -> str:
    """Write an amount for people, without rounding."""
    digits = DIGITS[currency]
    sign, figure = ("-" if amount < 0 else ""), str(abs(amount)).rjust(digits + 1, "0")
    whole, part = (figure[:-digits], figure[-digits:]) if digits else (figure, "")
    return f"{sign}{int(whole):,}{'.' + part if part else ''} {currency.upper()}"
