"""Stripe behind the port, against the simulator: real client, real HTTP, real signatures, real books."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
import stripe
from django.test import override_settings

from masthead.core.money import InexactAmount, Money
from masthead.funding.models import Checkout, Entry, Gift, Journal, Payment, Pledge, Recurring
from masthead.funding.ports import ProviderAway
from masthead.funding.providers import provider_named
from masthead.funding.providers.stripe.money import chargeable, from_stripe, minimum, to_stripe
from masthead.funding.selectors import ledger_problems, meter
from masthead.funding.services import ask_refund, catch_up, open_checkout, refundable
from masthead.outbox.models import Event
from masthead.simulator.testing import RunningSimulator
from tests.client import CheckingClient
from tests.funding.rehearsing import CANCEL, SUCCESS, hear, opened, promised, raised, sessions, work
from tests.settings import MASTHEAD

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_gift_is_paid_on_the_hosted_page_and_counts_once(
    client: CheckingClient, simulator: RunningSimulator, pledge: Pledge
) -> None:
    simulator.pay(opened(pledge), card_number="4242424242424242")
    hear(client, simulator)
    assert raised(simulator) == 2500
    gift = Gift.objects.get()
    assert (gift.donor_name, gift.is_live, gift.method) == ("Don", False, "stripe")
    fees = Entry.objects.get(account__code="rehearsal:expenses:fees:fund")
    assert fees.amount_minor == 103  # 2.9 % and 30 cents, as the simulator's balance says (rule L8)
    assert Checkout.objects.get().state == "done"
    assert ledger_problems() == []


def test_l7_rehearsal_money_never_stands_beside_real_money(
    client: CheckingClient, simulator: RunningSimulator, pledge: Pledge
) -> None:
    simulator.pay(opened(pledge), card_number="4242424242424242")
    hear(client, simulator)
    assert not Entry.objects.filter(account__is_live=True).exists()
    moment = datetime.fromtimestamp(simulator.now(), tz=UTC)
    with override_settings(MASTHEAD=MASTHEAD):
        found = meter(moment)
    assert found is not None
    assert (found.raised.amount_minor, found.gifts) == (0, 0)


def test_w6_w7_copies_in_any_order_count_once(
    client: CheckingClient, simulator: RunningSimulator, pledge: Pledge
) -> None:
    simulator.pay(opened(pledge), card_number="4242424242424242")
    hear(client, simulator, backwards=True, copies=3)
    assert raised(simulator) == 2500
    assert Journal.objects.count() == 1
    assert Event.objects.filter(type="funding.gift-recorded").count() == 1


def test_w12_without_any_notification_catching_up_ends_in_the_same_books(
    simulator: RunningSimulator, pledge: Pledge
) -> None:
    simulator.pay(opened(pledge), card_number="4242424242424242")
    assert catch_up("stripe", is_live=False) > 0
    assert raised(simulator) == 2500
    catch_up("stripe", is_live=False)
    assert Journal.objects.count() == 1


def test_o3_a_second_click_opens_the_same_page(simulator: RunningSimulator, pledge: Pledge) -> None:
    first = open_checkout(pledge=pledge, title="Fund", success_url=SUCCESS, cancel_url=CANCEL)
    assert open_checkout(pledge=pledge, title="Other", success_url=CANCEL, cancel_url=CANCEL) == first
    assert len(sessions(simulator)) == 1


@pytest.mark.parametrize("fault", ["timeout_after_commit", "error_after_commit"])
def test_o1_o5_an_answer_that_never_came_makes_no_second_page(
    simulator: RunningSimulator, pledge: Pledge, fault: str
) -> None:
    simulator.break_call(fault, "*checkout/sessions*")
    page = open_checkout(pledge=pledge, title="Fund", success_url=SUCCESS, cancel_url=CANCEL)
    assert [session.url for session in sessions(simulator)] == [page]


def test_o2_a_processor_that_is_away_is_asked_the_same_again(simulator: RunningSimulator, pledge: Pledge) -> None:
    simulator.break_call("hang_up", "*checkout/sessions*", times=9)
    with pytest.raises(ProviderAway):
        open_checkout(pledge=pledge, title="Fund", success_url=SUCCESS, cancel_url=CANCEL)
    order = Checkout.objects.get().order
    simulator.control("DELETE", "/rules")
    page = open_checkout(pledge=pledge, title="Other words", success_url=CANCEL, cancel_url=CANCEL)
    assert [session.url for session in sessions(simulator)] == [page]
    assert Checkout.objects.get().order == order


def test_w10_a_debit_on_its_way_adds_nothing_until_it_arrives(
    client: CheckingClient, simulator: RunningSimulator
) -> None:
    pledge = promised(simulator, amount=Money(2500, "EUR"))
    simulator.pay(opened(pledge), iban="DE89370400440532013000")
    hear(client, simulator)
    assert raised(simulator) == 0
    assert Payment.objects.get().status == "open"
    simulator.advance(days=10)
    hear(client, simulator)
    settled = Payment.objects.get().facts["capture"]["settlement"][1]
    assert settled[1] == "USD"
    assert raised(simulator) == settled[0] > 0  # rule C6: what was settled counts


def test_a_giver_without_a_mail_address_is_asked_for_it_by_stripe(simulator: RunningSimulator) -> None:
    simulator.be_sparse(False)
    opened(promised(simulator, email=""))
    opened(promised(simulator, email="don@example.org"))
    assert sorted(session.customer_email or "" for session in sessions(simulator)) == ["", "don@example.org"]


def test_a_declined_card_leaves_the_page_open_and_the_books_empty(
    client: CheckingClient, simulator: RunningSimulator, pledge: Pledge
) -> None:
    session = opened(pledge)
    simulator.pay(session, card_number="4000000000000002")
    hear(client, simulator)
    assert not Journal.objects.exists()
    simulator.pay(session, card_number="4242424242424242")
    hear(client, simulator)
    assert raised(simulator) == 2500


def test_s1_each_paid_invoice_is_one_gift_and_the_first_is_no_renewal(
    client: CheckingClient, simulator: RunningSimulator
) -> None:
    simulator.pay(opened(promised(simulator, every="month")), card_number="4242424242424242")
    hear(client, simulator)
    assert Gift.objects.count() == 1
    recurring = Recurring.objects.get()
    assert (recurring.status, recurring.amount_minor, recurring.every) == ("active", 2500, "month")
    assert Gift.objects.get().recurring == recurring
    simulator.advance(days=31)
    hear(client, simulator, backwards=True)
    assert Gift.objects.filter(recurring=recurring).count() == 2
    assert raised(simulator) == 2500  # the second falls into December
    assert {str(gift.journal.month) for gift in Gift.objects.select_related("journal")} == {"2026-11-01", "2026-12-01"}


def test_a_changed_amount_is_taken_from_the_next_time_on(client: CheckingClient, simulator: RunningSimulator) -> None:
    from masthead.funding.services import agree_on

    simulator.pay(opened(promised(simulator, every="month")), card_number="4242424242424242")
    hear(client, simulator)
    recurring = Recurring.objects.get()
    agree_on(recurring, Money(4000, "USD"), Money(0, "USD"))
    asked = provider_named("stripe").change_amount(
        recurring.external_id, Money(4000, "USD"), key="change-1", return_url=SUCCESS
    )
    assert asked == ""  # nobody needs to agree
    simulator.advance(days=31)
    hear(client, simulator)
    assert raised(simulator) == 4000
    assert not Payment.objects.exclude(problem="").exists()


def test_pausing_resuming_and_cancelling_are_shown_when_the_processor_says_so(
    client: CheckingClient, simulator: RunningSimulator
) -> None:
    simulator.pay(opened(promised(simulator, every="month")), card_number="4242424242424242")
    hear(client, simulator)
    recurring, provider = Recurring.objects.get(), provider_named("stripe")
    seen = []
    acts: list[Callable[[], None]] = [
        lambda: provider.pause(recurring.external_id, None, key="care-1"),
        lambda: provider.resume(recurring.external_id, key="care-2"),
        lambda: provider.cancel(recurring.external_id, key="care-3"),
    ]
    for act in acts:
        act()
        simulator.advance(seconds=1)
        hear(client, simulator)
        recurring.refresh_from_db()
        seen.append(recurring.status)
    assert seen == ["paused", "active", "ended"]
    assert Gift.objects.count() == 1


def test_r1_r2_refunds_from_here_and_from_there_add_up(
    client: CheckingClient, simulator: RunningSimulator, pledge: Pledge
) -> None:
    simulator.pay(opened(pledge), card_number="4242424242424242")
    hear(client, simulator)
    payment = Payment.objects.get()
    ask_refund(payment=payment, amount=Money(1000, "USD"), reason="asked by mail")
    work()
    hear(client, simulator)
    assert raised(simulator) == 1500
    dashboard = stripe.StripeClient(simulator.key, base_addresses=simulator.base_addresses)
    dashboard.v1.refunds.create({"payment_intent": payment.external_id, "amount": 300})
    hear(client, simulator)
    assert raised(simulator) == 1200
    payment.refresh_from_db()
    assert refundable(payment) == Money(1200, "USD")


def test_o1_a_refund_whose_answer_never_came_is_sent_once(
    client: CheckingClient, simulator: RunningSimulator, pledge: Pledge
) -> None:
    simulator.pay(opened(pledge), card_number="4242424242424242")
    hear(client, simulator)
    simulator.break_call("timeout_after_commit", "POST /v1/refunds", times=9)
    ask_refund(payment=Payment.objects.get(), amount=Money(1000, "USD"), reason="asked by mail")
    work()
    simulator.control("DELETE", "/rules")
    work(hours=1)
    hear(client, simulator)
    assert raised(simulator) == 1500
    dashboard = stripe.StripeClient(simulator.key, base_addresses=simulator.base_addresses)
    assert len(dashboard.v1.refunds.list().data) == 1


def test_r3_a_refund_that_fails_restores_the_amount(
    client: CheckingClient, simulator: RunningSimulator, pledge: Pledge
) -> None:
    simulator.pay(opened(pledge), card_number="4242424242424242")
    dashboard = stripe.StripeClient(simulator.key, base_addresses=simulator.base_addresses)
    hear(client, simulator)
    refund = dashboard.v1.refunds.create({"payment_intent": Payment.objects.get().external_id})
    hear(client, simulator)
    assert raised(simulator) == 0
    simulator.fail_refund(refund.id)
    hear(client, simulator)
    assert raised(simulator) == 2500
    assert ledger_problems() == []


def test_d1_a_dispute_takes_amount_and_fee_and_winning_brings_them_back(
    client: CheckingClient, simulator: RunningSimulator, pledge: Pledge
) -> None:
    simulator.pay(opened(pledge), card_number="4242424242424242")
    hear(client, simulator)
    charge = Payment.objects.get().facts["capture"]["external_id"]
    dispute = simulator.dispute(charge)
    hear(client, simulator)
    assert raised(simulator) == 0
    simulator.close_dispute(dispute["id"], "won")
    hear(client, simulator)
    assert raised(simulator) == 2500
    assert Payment.objects.get().has_open_dispute is False


@pytest.mark.parametrize(
    ("money", "amount"),
    [
        (Money(2500, "USD"), 2500),
        (Money(2500, "JPY"), 2500),
        (Money(5120, "KWD"), 5120),
        (Money(500, "ISK"), 50_000),
        (Money(10_000, "UGX"), 1_000_000),
        (Money(2501, "HUF"), 2501),
        (Money(2501, "TWD"), 2501),
        (Money(50_000, "MGA"), 500),
    ],
)
def test_c3_stripe_counts_in_its_own_minor_units(money: Money, amount: int) -> None:
    assert to_stripe(money) == amount
    assert from_stripe(amount, money.currency.lower()) == money


@pytest.mark.parametrize("money", [Money(5124, "KWD"), Money(150, "MGA")])
def test_c3_what_stripe_cannot_take_is_refused_and_has_a_nearest_amount(money: Money) -> None:
    with pytest.raises(InexactAmount):
        to_stripe(money)
    assert to_stripe(chargeable(money)) == {"KWD": 5120, "MGA": 2}[money.currency]


def test_the_least_gift_is_what_stripe_takes_at_least() -> None:
    assert [minimum(code).plain for code in ("USD", "JPY", "GBP", "HUF", "KWD")] == ["0.5", "50", "0.3", "175", "1"]
