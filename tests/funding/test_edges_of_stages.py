"""What may be said of a pledge: nothing more than its own facts show."""

from __future__ import annotations

import pytest

from masthead.core.clock import frozen
from masthead.funding.models import Checkout, Payment, Pledge, Recurring
from masthead.funding.selectors import Stage, stage_of
from masthead.funding.services import note_pledge, settle_payment
from masthead.funding.testing import make_campaign
from tests.funding import lives
from tests.funding.lives import BEGAN, usd

pytestmark = pytest.mark.django_db


@pytest.fixture
def pledge() -> Pledge:
    """A pledge of 25 dollars, to be paid by card."""
    return noted()


@pytest.fixture(autouse=True)
def other() -> Pledge:
    """Somebody else, who gave, repeats and paid: nothing of it is said of the first."""
    other = noted()
    settle_payment(lives.paid(lives.opened(other.public_id, external_id="pi_other"), usd(2500)))
    repeats(other, Recurring.Status.ACTIVE)
    Checkout.objects.create(key="other", pledge=other, provider="stripe", order={}, state=Checkout.State.DONE)
    return other


def noted() -> Pledge:
    """Return a new pledge."""
    with frozen(BEGAN):
        return note_pledge(campaign=make_campaign(), amount=usd(2500), name="Don", method="stripe")


def repeats(pledge: Pledge, status: str) -> None:
    """Let a pledge have begun a repeated gift."""
    Recurring.objects.create(
        provider="stripe",
        external_id=f"sub_{pledge.pk}_{status}",
        pledge=pledge,
        campaign=pledge.campaign,
        status=status,
        amount_minor=2500,
        currency="USD",
        every="month",
        is_live=True,
    )


def has_page(pledge: Pledge, state: str) -> None:
    """Let a page at the processor have been opened."""
    Checkout.objects.create(key="own", pledge=pledge, provider="stripe", order={}, state=state)


def test_a_new_pledge_is_new_also_while_its_page_is_open_or_over(pledge: Pledge) -> None:
    assert stage_of(pledge) == Stage.NEW
    has_page(pledge, Checkout.State.OPEN)
    settle_payment(lives.opened(pledge.public_id))
    assert stage_of(pledge) == Stage.NEW
    Checkout.objects.filter(pledge=pledge).update(state=Checkout.State.OVER)
    assert stage_of(pledge) == Stage.NEW


def test_w10_a_page_that_is_done_is_waited_for_with_and_without_a_payment(pledge: Pledge) -> None:
    has_page(pledge, Checkout.State.DONE)
    assert stage_of(pledge) == Stage.WAITING
    settle_payment(lives.opened(pledge.public_id))
    assert stage_of(pledge) == Stage.WAITING


def test_w10_a_debit_on_its_way_is_waited_for_without_a_page(pledge: Pledge) -> None:
    settle_payment(lives.on_its_way(lives.opened(pledge.public_id)))
    assert stage_of(pledge) == Stage.WAITING


def test_a_payment_of_which_nothing_was_told_yet_is_no_debit_on_its_way(pledge: Pledge) -> None:
    Payment.objects.create(provider="stripe", external_id="pi_1", pledge=pledge, is_live=True, facts={})
    assert stage_of(pledge) == Stage.NEW


@pytest.mark.parametrize(("status", "stage"), [("active", Stage.STANDS), ("ended", Stage.FAILED)])
def test_s3_what_failed_may_be_paid_again_unless_its_repeated_gift_goes_on(
    pledge: Pledge, status: str, stage: Stage
) -> None:
    settle_payment(lives.declined(lives.opened(pledge.public_id)))
    assert stage_of(pledge) == Stage.FAILED
    repeats(pledge, status)
    assert stage_of(pledge) == stage


def test_r1_a_gift_is_returned_once_all_of_it_went_back(pledge: Pledge) -> None:
    reading = lives.paid(lives.opened(pledge.public_id), usd(2500))
    settle_payment(reading)
    assert stage_of(pledge) == Stage.RECEIVED
    settle_payment(lives.refunded(reading, "re_1", usd(2499)))
    assert stage_of(pledge) == Stage.RECEIVED
    settle_payment(lives.refunded(lives.refunded(reading, "re_1", usd(2499)), "re_2", usd(1)))
    assert stage_of(pledge) == Stage.RETURNED
