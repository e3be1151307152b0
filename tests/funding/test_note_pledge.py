"""A pledge is an intention: it gets a code, moves no figure, and becomes a gift when its money is here."""

from __future__ import annotations

import pytest

from masthead.core.clock import now
from masthead.core.money import Money
from masthead.funding.errors import AmountNotPositive, CurrencyDiffers, PledgeFulfilled
from masthead.funding.models import Gift, Journal, Pledge
from masthead.funding.rules.reference import normalised
from masthead.funding.selectors import meter
from masthead.funding.services import fulfil_pledge, note_pledge, reverse_gift
from masthead.funding.testing import make_campaign

pytestmark = pytest.mark.django_db


def noted(every: str = "once", minor: int = 4000, currency: str = "USD", show_name: bool = False) -> Pledge:
    """Return a pledge of 40 dollars."""
    return note_pledge(
        campaign=make_campaign(), amount=Money(minor, currency), name="Ben", every=every, show_name=show_name
    )


def arrived(pledge: Pledge, minor: int = 4000, key: str = "") -> Gift:
    """Record the money of a pledge."""
    return fulfil_pledge(
        pledge=pledge, amount=Money(minor, "USD"), method="bank_transfer", received_at=now(), external_id=key
    )


def raised() -> int:
    """Return what the meter shows now."""
    current = meter(now())
    assert current is not None
    return current.raised.amount_minor


def test_a_pledge_adds_nothing_until_its_money_is_recorded() -> None:
    """M5: not a unit before, and what arrived after."""
    pledge = noted()
    assert raised() == 0
    assert not Journal.objects.exists()
    arrived(pledge, 3800)
    assert raised() == 3800


def test_codes_are_valid_and_unique() -> None:
    codes = {noted().reference for _ in range(20)}
    assert len(codes) == 20
    assert all(normalised(code) == code for code in codes)


def test_nothing_and_another_currency_cannot_be_pledged() -> None:
    with pytest.raises(AmountNotPositive):
        noted(minor=0)
    with pytest.raises(CurrencyDiffers):
        noted(currency="EUR")


def test_a_single_pledge_is_fulfilled_once_and_again_after_a_reversal() -> None:
    """M5: the money of one pledge counts once."""
    pledge = noted()
    gift = arrived(pledge)
    with pytest.raises(PledgeFulfilled) as refusal:
        arrived(pledge)
    assert "already recorded" in refusal.value.message()
    reverse_gift(gift=gift, reason="bounced")
    arrived(pledge)
    assert raised() == 4000


def test_the_same_arrival_told_twice_is_one_gift() -> None:
    """L3."""
    pledge = noted()
    assert arrived(pledge, key="line-3") == arrived(pledge, key="line-3")
    assert raised() == 4000


def test_a_monthly_pledge_brings_a_gift_each_time() -> None:
    pledge = noted(every="month")
    arrived(pledge)
    arrived(pledge)
    assert raised() == 8000


@pytest.mark.parametrize(("show_name", "public"), [(True, "Ben"), (False, "")])
def test_a_giver_is_anonymous_unless_they_said_otherwise(show_name: bool, public: str) -> None:
    """S6."""
    gift = arrived(noted(show_name=show_name))
    assert (gift.donor_name, gift.public_name) == ("Ben", public)
