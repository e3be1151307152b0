"""Repeated gifts as a processor tells of them: whose they are, and what each of their payments is made of."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from masthead.core.money import Money
from masthead.funding.errors import AmountNotPositive
from masthead.funding.models import Campaign, Gift, Pledge, Recurring, RecurringState, RecurringTerms
from masthead.funding.ports import Every, SubscriptionFacts, SubscriptionStatus
from masthead.funding.services import note_pledge, settle_payment, settle_recurring
from masthead.funding.services.care import change_amount
from masthead.funding.testing import make_campaign
from tests.funding.lives import opened, paid, usd
from tests.funding.repeating import BEGAN, DUE, begun, stands

pytestmark = pytest.mark.django_db


@pytest.fixture
def fund() -> Campaign:
    """A monthly fund."""
    return make_campaign()


@pytest.mark.parametrize("foreign", [{"pledge": "of-another-site"}, {"is_live": False}], ids=["w11", "l7"])
def test_a_repeated_gift_of_another_site_or_of_a_rehearsal_is_none_of_ours(
    fund: Campaign, foreign: dict[str, Any]
) -> None:
    pledge = note_pledge(campaign=fund, amount=usd(2500), every="month", name="Don", method="stripe")
    facts = SubscriptionFacts(
        provider="stripe",
        external_id="sub_1",
        is_live=True,
        pledge=pledge.public_id,
        status=SubscriptionStatus.ACTIVE,
        amount=usd(2500),
        every=Every.MONTH,
        started_at=BEGAN,
        next_at=DUE,
        ends_at=None,
        ended_at=None,
        resumes_at=None,
        card="",
        read_at=BEGAN,
    )
    assert settle_recurring(replace(facts, **foreign)) is None
    assert not Recurring.objects.exists()
    assert settle_recurring(facts) == Recurring.objects.get()


def test_o4_a_payment_in_another_currency_than_was_agreed_is_kept_for_a_person(fund: Campaign) -> None:
    """No terms divide it, though its figure is that of the gift."""
    begun(fund)
    pledge = Pledge.objects.get()
    facts = replace(opened(pledge.public_id), subscription="sub_1")
    payment = settle_payment(paid(facts, Money(2500, "EUR"), settled=usd(2700)))
    assert payment
    assert (payment.status, payment.problem) == ("succeeded", "amount_differs")
    assert not Gift.objects.exists()


def test_s4_a_sum_that_nobody_agreed_on_counts_whole_as_it_is_taken(fund: Campaign) -> None:
    """Somebody changed it at the processor: what of it would cover a fee is not known."""
    row = begun(fund, cover=usd(110))
    stands(row, "active", DUE, amount=usd(3000))
    kept = RecurringState.objects.order_by("pk").values_list("since", "gift_minor")
    assert list(kept) == [(BEGAN, 2500), (DUE, 3000)]


@pytest.mark.parametrize("minor", [0, -100])
def test_c1_nothing_is_no_amount_to_change_a_gift_to(fund: Campaign, minor: int) -> None:
    row = begun(fund)
    with pytest.raises(AmountNotPositive):
        change_amount(recurring=row, gift=usd(minor), return_url="https://paper.example/")
    assert RecurringTerms.objects.count() == 1


def test_how_a_gift_stood_never_begins_before_what_it_follows(fund: Campaign) -> None:
    """A processor may say of a gift that rested that it ended before that was read."""
    row = begun(fund)
    stands(row, "paused", DUE)
    stands(row, "ended", DUE + timedelta(days=1), ended_at=DUE - timedelta(days=3))
    kept = RecurringState.objects.order_by("pk").values_list("status", "since")
    assert list(kept) == [("active", datetime(2026, 10, 27, 9, tzinfo=UTC)), ("paused", DUE), ("ended", DUE)]
