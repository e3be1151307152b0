"""PayPal behind the port, against the simulator: real HTTP, real signatures, real books."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.test import override_settings

from masthead.core.money import Money
from masthead.funding.models import Checkout, Entry, Gift, Journal, Payment, Recurring
from masthead.funding.ports import Kind, ProviderAway, ProviderNotReady, Ref, RefundOrder, in_a_hurry
from masthead.funding.providers import provider_named
from masthead.funding.providers.paypal import orders
from masthead.funding.providers.paypal.calls import Refused, call
from masthead.funding.selectors import ledger_problems
from masthead.funding.services import ask_refund, catch_up, open_checkout, refresh, refundable
from masthead.funding.testing import make_campaign
from masthead.simulator.testing import RunningSimulator
from tests.client import CheckingClient
from tests.funding.rehearsing import CANCEL, SUCCESS, at, opened, raised, work
from tests.funding.rehearsing_paypal import approve, approved, captures, euros, hear, ordered, paypal, promised
from tests.settings import MASTHEAD

__all__ = ["paypal"]
pytestmark = pytest.mark.django_db(transaction=True)
provider = provider_named("paypal")


def test_a_gift_is_approved_captured_and_counts_once(client: CheckingClient, paypal: RunningSimulator) -> None:
    approved(paypal)
    hear(client, paypal)
    assert raised(paypal) == 2500
    gift = Gift.objects.get()
    assert (gift.donor_name, gift.is_live, gift.method) == ("Don", False, "paypal")
    fees = Entry.objects.get(account__code="rehearsal:expenses:fees:fund")
    assert fees.amount_minor == 136  # 3.49 % and 49 cents, as PayPal's breakdown says (rule L8)
    assert Checkout.objects.get().state == "done"
    assert ledger_problems() == []


def test_w6_w7_copies_in_any_order_count_once(client: CheckingClient, paypal: RunningSimulator) -> None:
    approved(paypal)
    hear(client, paypal, backwards=True, copies=3)
    assert (raised(paypal), Journal.objects.count()) == (2500, 1)
    assert captures(paypal) == ["25.00"]


def test_page_and_notification_capture_one_order_once(client: CheckingClient, paypal: RunningSimulator) -> None:
    order = approved(paypal)
    with in_a_hurry():
        refresh("paypal", Ref(Kind.CHECKOUT, order))
    hear(client, paypal)
    refresh("paypal", Ref(Kind.CHECKOUT, order))
    assert (raised(paypal), captures(paypal)) == (2500, ["25.00"])


def test_w12_without_any_notification_catching_up_ends_in_the_same_books(paypal: RunningSimulator) -> None:
    approved(paypal)
    assert catch_up("paypal", is_live=False, pages=99) > 0
    assert raised(paypal) == 2500
    paypal.advance(hours=5)
    with at(paypal):
        catch_up("paypal", is_live=False, pages=99)
        catch_up("paypal", is_live=False, pages=99)
    assert Journal.objects.count() == 1


def test_w12_years_of_history_are_read_month_by_month(client: CheckingClient, paypal: RunningSimulator) -> None:
    approved(paypal)
    hear(client, paypal)
    paypal.withdraw(100, "USD")  # is about no gift
    paypal.advance(days=70)
    with at(paypal):
        first = provider.changed_since("")
        pages = [first]
        while not pages[-1].is_last:
            pages.append(provider.changed_since(pages[-1].cursor))
    assert len(pages) > 30
    assert not first.refs
    payment = Payment.objects.get().external_id
    assert [ref for page in pages for ref in page.refs] == [Ref(Kind.PAYMENT, payment)]


def test_o3_a_second_click_opens_the_same_page(paypal: RunningSimulator) -> None:
    pledge = promised(paypal)
    first = open_checkout(pledge=pledge, title="Fund", success_url=SUCCESS, cancel_url=CANCEL)
    assert open_checkout(pledge=pledge, title="Other", success_url=CANCEL, cancel_url=CANCEL) == first
    assert first.startswith(f"{paypal.base}/checkoutnow?token=")


@pytest.mark.parametrize("fault", ["timeout_after_commit", "error_after_commit"])
def test_o1_o5_an_answer_that_never_came_makes_no_second_page(paypal: RunningSimulator, fault: str) -> None:
    pledge = promised(paypal)
    paypal.break_call(fault, "*checkout/orders*")
    open_checkout(pledge=pledge, title="Fund", success_url=SUCCESS, cancel_url=CANCEL)
    checkout = Checkout.objects.get()
    assert provider.read_checkout(checkout.external_id).pledge == pledge.public_id
    order = ordered(pledge)
    paypal.break_call(fault, "*checkout/orders*")
    assert provider.create_checkout(order) == provider.create_checkout(order)


@pytest.mark.parametrize("fault", ["timeout_after_commit", "error_after_commit"])
def test_o5_a_capture_whose_answer_never_came_is_taken_once(
    client: CheckingClient, paypal: RunningSimulator, fault: str
) -> None:
    order = approved(paypal)
    paypal.break_call(fault, "*capture")
    with in_a_hurry(), pytest.raises(ProviderAway):
        refresh("paypal", Ref(Kind.CHECKOUT, order))
    hear(client, paypal)
    assert (raised(paypal), captures(paypal)) == (2500, ["25.00"])


def test_o2_a_processor_that_is_away_is_asked_the_same_again(paypal: RunningSimulator) -> None:
    pledge = promised(paypal)
    paypal.break_call("hang_up", "*checkout/orders*", times=9)
    with in_a_hurry(), pytest.raises(ProviderAway):
        open_checkout(pledge=pledge, title="Fund", success_url=SUCCESS, cancel_url=CANCEL)
    order = Checkout.objects.get().order
    paypal.control("DELETE", "/rules")
    open_checkout(pledge=pledge, title="Other words", success_url=CANCEL, cancel_url=CANCEL)
    assert Checkout.objects.get().order == order
    assert provider.find_checkout(ordered(pledge)) is None


def test_a_declined_card_takes_nothing_and_the_same_page_takes_another(
    client: CheckingClient, paypal: RunningSimulator
) -> None:
    order = approved(paypal, "declined")
    hear(client, paypal)
    assert not Journal.objects.exists()
    assert provider.read_checkout(order).is_open
    paypal.advance(minutes=1)
    approve(paypal, order)
    hear(client, paypal)
    assert (raised(paypal), captures(paypal)) == (2500, ["25.00"])


def test_an_order_nobody_approves_is_over_hours_later(paypal: RunningSimulator) -> None:
    order = opened(promised(paypal))
    assert provider.read_checkout(order).is_open
    paypal.advance(hours=3)
    with at(paypal):
        refresh("paypal", Ref(Kind.CHECKOUT, order))
    assert Checkout.objects.get().state == "over"


@pytest.mark.parametrize(
    ("instrument", "status", "sum_"), [("echeck", "succeeded", 2500), ("echeck_fails", "failed", 0)]
)
def test_w10_a_bank_that_answers_days_later(
    client: CheckingClient, paypal: RunningSimulator, instrument: str, status: str, sum_: int
) -> None:
    approved(paypal, instrument)
    hear(client, paypal)
    assert (Payment.objects.get().status, raised(paypal)) == ("open", 0)
    paypal.advance(days=5)
    hear(client, paypal)
    payment = Payment.objects.get()
    assert (payment.status, raised(paypal)) == (status, sum_)
    assert bool(payment.failure) is (status == "failed")


def test_c6_what_paypal_exchanged_counts_as_it_arrived(client: CheckingClient, paypal: RunningSimulator) -> None:
    paypal.set_paypal_account(settles_in="USD", rate="1.10")
    approved(paypal, amount=euros(2000))
    hear(client, paypal)
    payment = Payment.objects.get()
    settled = payment.facts["capture"]["settlement"]
    # 20.00 EUR less 1.19 EUR are 18.81 EUR, 20.69 USD; the fee is 1.31 USD.
    assert (settled[1], settled[2], raised(paypal)) == ([2200, "USD"], [131, "USD"], 2200)
    ask_refund(payment=payment, amount=euros(1000), reason="asked by mail")
    work()
    hear(client, paypal)
    assert raised(paypal) == 2200  # the refund does not say what it took: nothing is guessed (rule L8)
    paypal.advance(hours=4)
    with at(paypal):
        catch_up("paypal", is_live=False, pages=99)
    assert raised(paypal) == 1100
    assert ledger_problems() == []


def test_r1_r2_refunds_from_here_and_from_there_add_up(client: CheckingClient, paypal: RunningSimulator) -> None:
    approved(paypal)
    hear(client, paypal)
    payment = Payment.objects.get()
    ask_refund(payment=payment, amount=Money(1000, "USD"), reason="asked by mail")
    work()
    hear(client, paypal)
    assert raised(paypal) == 1500
    part = {"amount": {"currency_code": "USD", "value": "3.00"}}
    call("POST", f"/v2/payments/captures/{payment.external_id}/refund", part, key="at-paypal")
    hear(client, paypal)
    payment.refresh_from_db()
    assert (raised(paypal), refundable(payment)) == (1200, Money(1200, "USD"))
    ask_refund(payment=payment, amount=Money(1200, "USD"), reason="all of it")
    work()
    assert (raised(paypal), Gift.objects.get().is_returned) == (0, True)


def test_o1_a_refund_whose_answer_never_came_is_sent_once(client: CheckingClient, paypal: RunningSimulator) -> None:
    approved(paypal)
    hear(client, paypal)
    paypal.break_call("timeout_after_commit", "*refund", times=9)
    ask_refund(payment=Payment.objects.get(), amount=Money(1000, "USD"), reason="asked by mail")
    work()
    paypal.control("DELETE", "/rules")
    work(hours=1)
    hear(client, paypal)
    assert raised(paypal) == 1500
    assert len(Payment.objects.get().facts["refunds"]) == 1


@pytest.mark.parametrize("every", ["once", "month"])
def test_o2_a_refund_whose_key_is_forgotten_is_found(
    client: CheckingClient, paypal: RunningSimulator, every: str
) -> None:
    approved(paypal, every=every)
    hear(client, paypal)
    payment = Payment.objects.get().external_id
    order = RefundOrder("refund-key", payment, payment, Money(1000, "USD"), "asked by mail")
    assert not provider.find_refund(order)
    provider.refund(order)
    paypal.advance(hours=4)
    with at(paypal):
        assert provider.find_refund(order)
        assert not provider.find_refund(replace(order, key="another"))
        assert not provider.find_refund(replace(order, capture="UNKNOWN"))


def test_a_token_that_paypal_no_longer_takes_is_renewed_once(paypal: RunningSimulator) -> None:
    call("GET", "/v1/billing/plans")
    paypal.advance(hours=10)
    assert call("GET", "/v1/billing/plans")["plans"] == []


def test_an_answer_that_is_no_json_is_none(paypal: RunningSimulator) -> None:
    with pytest.raises(ProviderAway):
        call("GET", "/_control/")


def test_wrong_keys_are_said_in_paypals_words(paypal: RunningSimulator) -> None:
    wrong = replace(settings.MASTHEAD, funding=replace(settings.MASTHEAD.funding, paypal_secret="wrong"))
    with override_settings(MASTHEAD=wrong), pytest.raises(ProviderNotReady, match="Client Authentication failed"):
        provider.read_payment("C1")


def test_x1_the_history_is_told_as_lines_and_withdrawals(client: CheckingClient, paypal: RunningSimulator) -> None:
    approved(paypal)
    hear(client, paypal)
    withdrawal = paypal.withdraw(2000, "USD")
    since = datetime.fromtimestamp(paypal.now(), tz=UTC) - timedelta(days=1)
    paypal.advance(hours=4)
    with at(paypal):
        lines = list(provider.balance_lines())
        assert list(provider.payouts_since(since)) == []
        assert list(provider.balance_lines(payout=withdrawal)) == []
        assert [line.external_id for line in provider.balance_lines(since=since)] == [line.source for line in lines]
    assert [(line.amount, line.fee) for line in lines] == [
        (Money(2500, "USD"), Money(136, "USD")),
        (Money(-2000, "USD"), Money(0, "USD")),
    ]
    payment = Payment.objects.get().external_id
    assert [(line.fact, line.key, line.payment) for line in lines] == [
        ("gift", payment, payment),
        ("payout", withdrawal, ""),
    ]


def test_an_order_captured_elsewhere_is_not_captured_again(paypal: RunningSimulator) -> None:
    order = approved(paypal)
    paypal.break_call("error_after_commit", f"*{order}/capture")
    with in_a_hurry(), pytest.raises(ProviderAway):
        provider.read_checkout(order)
    facts = provider.read_checkout(order)
    assert (facts.is_open, bool(facts.payment)) == (False, True)


def test_two_readings_at_once_take_the_money_once(paypal: RunningSimulator) -> None:
    order = approved(paypal)
    row = call("GET", f"/v2/checkout/orders/{order}")
    call("POST", f"/v2/checkout/orders/{order}/capture", {}, key="somebody else's")
    assert orders.captured(row)["status"] == "COMPLETED"
    assert captures(paypal) == ["25.00"]


def test_what_paypal_will_not_capture_is_said(paypal: RunningSimulator) -> None:
    first, second = (ordered(promised(paypal), key=key) for key in ("one", "two"))
    pages = [provider.create_checkout(first), provider.create_checkout(second)]
    for page in pages:
        approve(paypal, page.external_id)
    rows = [call("GET", f"/v2/checkout/orders/{page.external_id}") for page in pages]
    orders.captured(rows[0])
    paypal.advance(hours=3)
    with pytest.raises(Refused, match="No such order"):
        orders.captured(rows[1])


def test_what_paypal_does_not_know_is_nobodys(paypal: RunningSimulator) -> None:
    make_campaign()
    for kind in Kind:
        refresh("paypal", Ref(kind, "UNKNOWN"))
    refresh("paypal", Ref(Kind.CHECKOUT, "I-UNKNOWN"))
    assert not Payment.objects.exists()
    assert not Recurring.objects.exists()


def test_the_page_of_automatic_payments_is_paypals(paypal: RunningSimulator) -> None:
    assert provider.card_page("I-1", SUCCESS) == f"{paypal.base}/myaccount/autopay/"
    with override_settings(MASTHEAD=MASTHEAD):
        assert provider.card_page("I-1", SUCCESS) == "https://www.paypal.com/myaccount/autopay/"
