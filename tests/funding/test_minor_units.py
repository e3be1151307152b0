"""What a processor writes of an amount is read back as the same amount, in every currency it takes (rules C3 to C5)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from masthead.core.money import MINOR_DIGITS, InexactAmount, Money
from masthead.funding.providers.paypal import money as paypal
from masthead.funding.providers.stripe import money as stripe

MINOR = st.integers(1, 10**12)


@pytest.mark.parametrize("currency", sorted(MINOR_DIGITS))
@given(minor=MINOR)
def test_c5_stripe_reads_back_what_it_was_sent_or_refuses_it(minor: int, currency: str) -> None:
    money = stripe.chargeable(Money(minor, currency))
    assert stripe.from_stripe(stripe.to_stripe(money), currency.lower()) == money
    if money != Money(minor, currency):
        with pytest.raises(InexactAmount, match=f"^Stripe takes no [0-9.]+ {currency}$"):
            stripe.to_stripe(Money(minor, currency))


@pytest.mark.parametrize(("amount", "currency"), [(150, "isk"), (1, "ugx")])
def test_c4_less_than_our_least_unit_is_never_rounded(amount: int, currency: str) -> None:
    """Stripe counts hundredths of currencies that have none."""
    with pytest.raises(
        InexactAmount, match=f"^{amount} of Stripe's {currency.upper()} is less than our smallest unit$"
    ):
        stripe.from_stripe(amount, currency)


@pytest.mark.parametrize("currency", sorted(paypal.CURRENCIES))
@given(minor=MINOR)
def test_c5_paypal_reads_back_what_it_was_sent_or_refuses_it(minor: int, currency: str) -> None:
    money = Money(minor, currency)
    if minor % paypal.step(currency):
        with pytest.raises(InexactAmount):
            paypal.to_paypal(money)
        return
    assert paypal.from_paypal(paypal.to_paypal(money)) == money
