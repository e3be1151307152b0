"""Amounts are exact, whatever the currency, and are written by one formatter."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.template import Context, Template
from django.test import override_settings
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from masthead.core.money import (
    LIMIT_MINOR,
    MINOR_DIGITS,
    AmountTooLarge,
    CurrenciesDiffer,
    InexactAmount,
    Money,
    Style,
    UnknownCurrency,
    format_money,
    minor_digits,
    total,
)
from tests.settings import CONFIG

MINOR = st.integers(-(10**17), 10**17)
CURRENCY = st.sampled_from(sorted(MINOR_DIGITS))


@pytest.mark.parametrize("amount", [25.0, Decimal(25), "25", True, None])
def test_only_a_whole_number_is_an_amount(amount: Any) -> None:
    """C1: a float never meets money."""
    with pytest.raises(TypeError, match="whole number"):
        Money(amount, "USD")


def test_a_float_is_no_major_amount_either() -> None:
    """C1."""
    with pytest.raises(TypeError, match="float"):
        Money.from_major(0.1, "USD")  # type: ignore[arg-type]


@pytest.mark.parametrize("code", ["", "usd", "DOLLAR", "XXX", "BTC"])
def test_an_unknown_currency_is_refused(code: str) -> None:
    with pytest.raises(UnknownCurrency, match=f"'{code}' is not a currency code"):
        Money(1, code)


def test_two_currencies_never_meet() -> None:
    """C2: sums, differences and comparisons raise."""
    dollars, euros = Money(1, "USD"), Money(1, "EUR")
    for attempt in (lambda: dollars + euros, lambda: dollars - euros, lambda: dollars < euros):
        with pytest.raises(CurrenciesDiffer, match="USD and EUR"):
            attempt()
    assert dollars != euros
    with pytest.raises(CurrenciesDiffer):
        total([dollars, euros], "USD")


@pytest.mark.parametrize(
    ("code", "digits"),
    [("USD", 2), ("EUR", 2), ("JPY", 0), ("ISK", 0), ("UGX", 0), ("KWD", 3), ("IQD", 3), ("MGA", 2), ("HUF", 2)],
)
def test_minor_units_are_those_of_the_standard(code: str, digits: int) -> None:
    """C3, C4: from our own table of ISO 4217, not from what a formatting library displays."""
    assert minor_digits(code) == digits


@given(MINOR, CURRENCY)
def test_an_amount_survives_the_way_to_major_units_and_back(minor: int, currency: str) -> None:
    """C5: exact for every currency and amount."""
    money = Money(minor, currency)
    assert Money.from_major(money.major, currency) == money
    assert Money.from_major(money.plain, currency) == money


@pytest.mark.parametrize(("major", "currency"), [("0.001", "USD"), ("0.5", "JPY"), ("NaN", "USD"), ("Infinity", "USD")])
def test_what_the_currency_cannot_hold_is_refused(major: str, currency: str) -> None:
    with pytest.raises(InexactAmount, match=f"{major} {currency} is smaller than the smallest unit"):
        Money.from_major(major, currency)


def test_what_no_ledger_holds_is_refused() -> None:
    with pytest.raises(AmountTooLarge, match=f"{LIMIT_MINOR} minor units are more than a ledger holds"):
        Money(LIMIT_MINOR, "USD")
    with pytest.raises(AmountTooLarge):
        Money.from_major("1e40", "USD")


@given(st.lists(MINOR.map(lambda minor: Money(minor // 1000, "USD"))))
def test_a_sum_is_the_sum_of_its_minor_units(amounts: list[Money]) -> None:
    assert total(amounts, "USD").amount_minor == sum(amount.amount_minor for amount in amounts)


@given(MINOR, CURRENCY, st.lists(st.integers(0, 1000), min_size=1, max_size=12).filter(any))
def test_parts_sum_to_the_whole_and_none_is_off_by_a_unit(minor: int, currency: str, weights: list[int]) -> None:
    """C7: largest remainder."""
    parts = Money(minor, currency).split(weights)
    assert sum(part.amount_minor for part in parts) == minor
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part.amount_minor * sum(weights) - minor * weight) < sum(weights)


def test_the_larger_remainder_gets_the_odd_unit() -> None:
    """C7."""
    assert [part.amount_minor for part in Money(100, "USD").split([1, 1, 1])] == [34, 33, 33]
    assert [part.amount_minor for part in Money(10, "USD").split([1, 5])] == [2, 8]
    assert [part.amount_minor for part in Money(7, "USD").split([0, 1])] == [0, 7]
    assert [part.amount_minor for part in Money(-100, "USD").split([1, 1, 1])] == [-34, -33, -33]


@pytest.mark.parametrize("weights", [[], [0, 0], [1, -1], [3, -1]])
def test_a_split_into_nothing_is_refused(weights: list[int]) -> None:
    with pytest.raises(ValueError, match="weights"):
        Money(100, "USD").split(weights)


FORMATS: list[tuple[Style, str, Money, str]] = [
    ("1,639 $", "en", Money(163900, "USD"), "1,639 $"),
    ("1,639 $", "en", Money(163950, "USD"), "1,639.50 $"),
    ("1,639 $", "fr", Money(0, "USD"), "0 $"),
    ("1,639 $", "en", Money(-2500, "USD"), "−25 $"),
    ("1,639 $", "en", Money(500000, "CHF"), "5,000 CHF"),
    ("$1,639", "en", Money(163900, "USD"), "$1,639"),
    ("$1,639", "en", Money(-163905, "EUR"), "−€1,639.05"),
    ("$1,639", "en", Money(163900, "CHF"), "CHF 1,639"),
    ("$1,639", "en", Money(1639, "JPY"), "¥1,639"),
    ("$1,639", "en", Money(5120, "KWD"), "KWD 5.120"),
    ("locale", "en", Money(163900, "USD"), "$1,639.00"),
    ("locale", "fr-ca", Money(163900, "USD"), "1 639,00 $ US"),
    ("locale", "de", Money(163950, "EUR"), "1.639,50 €"),
    ("locale", "pt-BR", Money(163950, "BRL"), "R$ 1.639,50"),
    ("locale", "fr", Money(1639, "JPY"), "1 639 JPY"),
    ("locale", "en", Money(5, "IQD"), "IQD0.005"),
    ("locale", "tlh", Money(100, "USD"), "$1.00"),
    ("locale", "", Money(100, "USD"), "$1.00"),
]


@pytest.mark.parametrize(("style", "language", "money", "written"), FORMATS)
def test_amounts_are_written_as_the_site_chose(style: Style, language: str, money: Money, written: str) -> None:
    """C10: one formatter; no unit is lost; the spaces inside never break."""
    text = format_money(money, style=style, language=language)
    assert text.replace("\u00a0", " ").replace("\u202f", " ") == written
    assert " " not in text


@given(MINOR, CURRENCY, st.sampled_from(["1,639 $", "$1,639", "locale"]))
def test_no_figure_is_ever_rounded_away(minor: int, currency: str, style: Style) -> None:
    """C10: two different amounts never read the same."""
    here, next_to_it = (format_money(Money(value, currency), style=style) for value in (minor, minor + 1))
    assert here != next_to_it


def test_templates_write_amounts_with_the_same_formatter() -> None:
    """C10: the filter asks the site's own choice and the page's language."""
    page = Template("{{ amount|money }}")
    amount = Context({"amount": Money(163950, "USD")})
    assert page.render(amount) == "1,639.50\u00a0$"
    by_language = replace(CONFIG, funding=replace(CONFIG.funding, money_format="locale"))
    with override_settings(MASTHEAD=by_language), translation.override("de"):
        assert page.render(amount) == "1.639,50\u00a0$"
    with override_settings(MASTHEAD=by_language), translation.override(None):
        assert page.render(amount) == "$1,639.50"
