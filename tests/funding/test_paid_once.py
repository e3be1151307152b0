"""Nobody pays twice: before a page is opened, the processor says what became of the earlier ones (rules O1, O3, S3)."""

from __future__ import annotations

from datetime import timedelta

import pytest
import stripe
from django.core.cache import cache

from masthead.core.clock import frozen, now
from masthead.core.money import Money
from masthead.funding.models import Checkout, Gift, Payment, Pledge, Recurring
from masthead.funding.paying_errors import NotToBePaidAgain
from masthead.funding.ports import Kind, ProviderAway, Ref
from masthead.funding.providers import provider_named
from masthead.funding.selectors import Stage, stage_of
from masthead.funding.services import open_checkout, refresh, refundable
from masthead.simulator.testing import RunningSimulator
from tests.client import CheckingClient
from tests.funding.reading import shown
from tests.funding.rehearsing import CANCEL, SUCCESS, at, hear, opened, promised, raised, sessions

pytestmark = pytest.mark.django_db(transaction=True)

PAYS, FAILS = "DE89370400440532013000", "DE62370400440532013001"
CARD, DECLINED = "4242424242424242", "4000000000000002"


@pytest.fixture(autouse=True)
def _no_limits() -> None:
    cache.clear()


def again(pledge: Pledge) -> str:
    """Ask for a page to pay the pledge on."""
    return open_checkout(pledge=pledge, title="Fund", success_url=SUCCESS, cancel_url=CANCEL)


def test_w9_no_second_page_while_a_debit_is_on_its_way_after_a_decline(
    client: CheckingClient, simulator: RunningSimulator
) -> None:
    pledge = promised(simulator, amount=Money(2500, "EUR"))
    session = opened(pledge)
    simulator.pay(session, card_number=DECLINED)
    hear(client, simulator)
    simulator.pay(session, iban=PAYS)
    hear(client, simulator, backwards=True)
    assert Payment.objects.get().status == "open"
    reply = client.post(f"/support/pay/{pledge.reference}/")
    assert reply["Location"] == f"/support/thanks/{pledge.reference}/"
    with pytest.raises(NotToBePaidAgain):
        again(pledge)
    assert len(sessions(simulator)) == 1


@pytest.mark.parametrize("way", [{"card_number": CARD}, {"iban": PAYS}])
def test_a_page_that_is_over_by_our_clock_is_asked_about_and_what_was_paid_on_it_found(
    client: CheckingClient, simulator: RunningSimulator, way: dict[str, str]
) -> None:
    pledge = promised(simulator, amount=Money(2500, "EUR"))
    simulator.pay(opened(pledge), **way)
    with frozen(now() + timedelta(days=2)):
        reply = client.post(f"/support/pay/{pledge.reference}/")
        assert reply["Location"] == f"/support/thanks/{pledge.reference}/"
        with pytest.raises(NotToBePaidAgain):
            again(pledge)
    assert len(sessions(simulator)) == 1
    assert stage_of(pledge) in {Stage.RECEIVED, Stage.WAITING}


def test_a_page_that_the_processor_keeps_open_is_given_again_whatever_our_clock_says(
    simulator: RunningSimulator, pledge: Pledge
) -> None:
    first = again(pledge)
    with frozen(now() + timedelta(days=2)):
        assert again(pledge) == first
    assert len(sessions(simulator)) == 1


def test_a_page_that_the_processor_has_ended_makes_room_for_another(
    simulator: RunningSimulator, pledge: Pledge
) -> None:
    first = again(pledge)
    simulator.advance(days=2)
    with at(simulator):
        assert again(pledge) != first
    assert sorted(Checkout.objects.values_list("state", flat=True)) == ["open", "over"]


def test_no_page_is_opened_while_nobody_says_what_became_of_the_earlier_one(
    simulator: RunningSimulator, pledge: Pledge
) -> None:
    again(pledge)
    simulator.break_call("hang_up", "*checkout/sessions*", times=9)
    with frozen(now() + timedelta(days=2)), pytest.raises(ProviderAway):
        again(pledge)
    assert Checkout.objects.count() == 1


def test_o2_a_page_whose_answer_was_lost_is_found_paid_when_its_key_is_forgotten(
    simulator: RunningSimulator, pledge: Pledge
) -> None:
    simulator.pay(opened(pledge), card_number=CARD)
    Checkout.objects.update(external_id="", url="", expires_at=None)
    with frozen(now() + timedelta(days=2)), pytest.raises(NotToBePaidAgain):
        again(pledge)
    assert stage_of(pledge) == Stage.RECEIVED
    assert len(sessions(simulator)) == 1


@pytest.mark.parametrize("days", [0, 4])
def test_o2_an_order_that_never_arrived_is_sent_when_its_key_is_forgotten(
    simulator: RunningSimulator, pledge: Pledge, days: int
) -> None:
    """Sessions of other orders, just opened or long over, are not taken for its own."""
    opened(promised(simulator))
    simulator.advance(days=days)
    with at(simulator):
        simulator.break_call("hang_up", "*checkout/sessions*", times=9)
        with pytest.raises(ProviderAway):
            again(pledge)
        simulator.control("DELETE", "/rules")
        Checkout.objects.filter(pledge=pledge).update(created_at=now() - timedelta(days=2))
        again(pledge)
    assert len(sessions(simulator)) == 2


def test_s3_a_repeated_gift_whose_first_debit_failed_is_not_begun_a_second_time(
    client: CheckingClient, simulator: RunningSimulator
) -> None:
    pledge = promised(simulator, amount=Money(2500, "EUR"), every="month")
    simulator.pay(opened(pledge), iban=FAILS)
    hear(client, simulator)
    simulator.advance(days=6)
    hear(client, simulator)
    assert Recurring.objects.exclude(status="ended").get().card == "Sepa Debit •••• 3001"
    assert stage_of(pledge) == Stage.STANDS
    page = client.post(f"/support/pay/{pledge.reference}/", follow=True)
    assert "please do not begin another one" in shown(page)
    assert "/support/link/" in page.content.decode() or "Mail me my link" in shown(page)
    with pytest.raises(NotToBePaidAgain) as refusal:
        again(pledge)
    assert "Nothing more is to be paid" in refusal.value.message()
    assert len(sessions(simulator)) == 1


def test_s3_once_it_has_ended_it_may_be_begun_again(client: CheckingClient, simulator: RunningSimulator) -> None:
    pledge = promised(simulator, amount=Money(2500, "EUR"), every="month")
    simulator.pay(opened(pledge), iban=FAILS)
    hear(client, simulator)
    simulator.advance(days=6)
    hear(client, simulator)
    provider_named("stripe").cancel(Recurring.objects.get().external_id, key="end-1")
    hear(client, simulator)
    assert Recurring.objects.get().status == "ended"
    again(pledge)
    assert len(sessions(simulator)) == 2


def test_w10_a_debit_that_fails_after_it_settled_is_no_gift(
    client: CheckingClient, simulator: RunningSimulator
) -> None:
    """The processor tells of it in the charge alone: ``failure_balance_transaction``."""
    pledge = promised(simulator, amount=Money(2500, "EUR"))
    simulator.pay(opened(pledge), iban=PAYS)
    simulator.advance(days=10)
    hear(client, simulator)
    assert raised(simulator) > 0
    simulator.fail_charge(Payment.objects.get().facts["capture"]["external_id"])
    hear(client, simulator)
    assert raised(simulator) == 0
    assert Gift.objects.get().is_returned is True
    assert refundable(Payment.objects.get()) == Money(0, "EUR")
    assert stage_of(pledge) == Stage.FAILED
    again(pledge)


def test_two_payments_of_one_gift_made_at_the_processor_both_count_until_one_is_sent_back(
    client: CheckingClient, simulator: RunningSimulator, pledge: Pledge
) -> None:
    simulator.pay(opened(pledge), card_number=CARD)
    hear(client, simulator)
    api = stripe.StripeClient(simulator.key, base_addresses=simulator.base_addresses)
    intent = api.v1.payment_intents.create(
        {"amount": 2500, "currency": "usd", "metadata": {"masthead_pledge": pledge.public_id}}
    )
    simulator.advance(minutes=5)
    api.v1.payment_intents.confirm(intent.id, {"payment_method": "pm_card_visa", "return_url": SUCCESS})
    refresh("stripe", Ref(Kind.PAYMENT, intent.id))
    assert raised(simulator) == 5000
    second = Payment.objects.get(problem="paid_twice")
    assert second.external_id == intent.id
    api.v1.refunds.create({"payment_intent": intent.id})
    refresh("stripe", Ref(Kind.PAYMENT, intent.id))
    assert raised(simulator) == 2500
    assert not Payment.objects.exclude(problem="").exists()
