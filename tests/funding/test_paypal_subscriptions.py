"""PayPal's subscriptions behind the port: begun, renewed, changed, paused, ended, given back; against the simulator."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from masthead.core.money import Money
from masthead.funding.models import Checkout, Gift, Payment, Recurring
from masthead.funding.ports import Kind, ProviderAway, ProviderRefused, Ref
from masthead.funding.providers import provider_named
from masthead.funding.providers.paypal import plans
from masthead.funding.providers.paypal.calls import call
from masthead.funding.services import ask_refund, care, catch_up, refresh
from masthead.simulator.testing import RunningSimulator
from tests.client import CheckingClient
from tests.funding.rehearsing import SUCCESS, at, opened, raised, work
from tests.funding.rehearsing_paypal import approved, hear, ordered, paypal, promised

__all__ = ["paypal"]
pytestmark = pytest.mark.django_db(transaction=True)
provider = provider_named("paypal")


@pytest.mark.parametrize(("every", "days"), [("month", 31), ("year", 366)])
def test_s1_each_payment_of_a_subscription_is_one_gift(
    client: CheckingClient, paypal: RunningSimulator, every: str, days: int
) -> None:
    approved(paypal, every=every)
    hear(client, paypal)
    recurring = Recurring.objects.get()
    assert (recurring.status, recurring.amount_minor, recurring.every) == ("active", 2500, every)
    assert (Gift.objects.get().recurring, Checkout.objects.get().state) == (recurring, "done")
    paypal.advance(days=days)
    hear(client, paypal, backwards=True)
    assert Gift.objects.filter(recurring=recurring).count() == 2
    assert len({gift.journal.month for gift in Gift.objects.select_related("journal")}) == 2


def test_one_plan_serves_all_amounts_of_a_rhythm(client: CheckingClient, paypal: RunningSimulator) -> None:
    for amount in (2500, 4000):
        approved(paypal, every="month", amount=Money(amount, "USD"))
    approved(paypal, every="year")
    hear(client, paypal)
    found = {row["name"] for row in call("GET", "/v1/billing/plans", page_size="20")["plans"]}
    assert found == {"The Saltmere Ledger (USD, month)", "The Saltmere Ledger (USD, year)"}
    assert sorted(Recurring.objects.values_list("amount_minor", flat=True)) == [2500, 2500, 4000]


def test_w12_a_subscription_is_caught_up_with_its_renewals(paypal: RunningSimulator) -> None:
    approved(paypal, every="month")
    paypal.advance(days=62)
    with at(paypal):
        catch_up("paypal", is_live=False, pages=99)
    assert Gift.objects.count() == 3
    assert Recurring.objects.get().status == "active"


def test_a_page_of_a_subscription_that_nobody_approves_is_over(paypal: RunningSimulator) -> None:
    subscription = opened(promised(paypal, every="month"))
    refresh("paypal", Ref(Kind.CHECKOUT, subscription))
    assert (Checkout.objects.get().state, Recurring.objects.exists()) == ("open", False)
    paypal.advance(hours=3)
    with at(paypal):
        refresh("paypal", Ref(Kind.CHECKOUT, subscription))
    assert Checkout.objects.get().state == "over"


def test_another_amount_is_taken_once_the_giver_has_agreed_at_paypal(
    client: CheckingClient, paypal: RunningSimulator
) -> None:
    approved(paypal, every="month")
    hear(client, paypal)
    recurring = Recurring.objects.get()
    page = care.change_amount(recurring=recurring, gift=Money(4000, "USD"), return_url=SUCCESS)
    assert page.startswith(paypal.base)
    paypal.advance(days=31)
    hear(client, paypal)
    recurring.refresh_from_db()
    assert (recurring.amount_minor, raised(paypal)) == (2500, 2500)
    paypal.agree(recurring.external_id)
    paypal.advance(days=31)
    hear(client, paypal)
    recurring.refresh_from_db()
    assert (recurring.amount_minor, raised(paypal)) == (4000, 4000)
    assert not Payment.objects.exclude(problem="").exists()


def test_pausing_resuming_and_cancelling_are_shown_when_paypal_says_so(
    client: CheckingClient, paypal: RunningSimulator
) -> None:
    approved(paypal, every="month")
    hear(client, paypal)
    recurring = Recurring.objects.get()
    id_, seen = recurring.external_id, []
    acts: list[Callable[[], None]] = [
        lambda: provider.pause(id_, None, key="care-1"),
        lambda: provider.resume(id_, key="care-2"),
        lambda: provider.cancel(id_, key="care-3"),
        lambda: provider.cancel(id_, key="care-4"),
    ]
    for act in acts:
        act()
        paypal.advance(seconds=1)
        hear(client, paypal)
        recurring.refresh_from_db()
        seen.append(recurring.status)
    assert seen == ["paused", "active", "ended", "ended"]
    assert recurring.ended_at is not None
    with pytest.raises(ProviderRefused):
        provider.resume(id_, key="care-5")
    with pytest.raises(ProviderRefused):
        provider.pause(id_, datetime.now(UTC), key="care-6")


def test_s4_a_subscription_that_fails_too_often_is_past_due(client: CheckingClient, paypal: RunningSimulator) -> None:
    approved(paypal, "fails_later", every="month")
    hear(client, paypal)
    paypal.advance(days=31)
    hear(client, paypal)
    assert Recurring.objects.get().status == "past_due"
    paypal.advance(days=31)
    hear(client, paypal)
    assert (Recurring.objects.get().status, Gift.objects.count()) == ("past_due", 1)


def test_r2_refunds_of_a_renewal_are_found_by_what_paypal_tells_and_by_its_history(
    client: CheckingClient, paypal: RunningSimulator
) -> None:
    """R5: the repeated gift itself goes on."""
    approved(paypal, every="month")
    hear(client, paypal)
    payment = Payment.objects.get().external_id
    for value in ("4.00", "6.00"):
        part = {"amount": {"currency_code": "USD", "value": value}}
        call("POST", f"/v2/payments/captures/{payment}/refund", part, key=value)
    with at(paypal), pytest.raises(ProviderAway):
        provider.read_payment(payment)  # which refunds is in no list yet
    hear(client, paypal)
    assert raised(paypal) == 1500
    paypal.advance(hours=4)
    with at(paypal):
        found = provider.read_payment(payment)
    assert [refund.amount.amount_minor for refund in found.refunds.values()] in ([400, 600], [600, 400])
    assert Recurring.objects.get().status == "active"  # rule R5


def test_a_renewal_refunded_once_is_known_by_the_one_refund(client: CheckingClient, paypal: RunningSimulator) -> None:
    approved(paypal, every="month")
    hear(client, paypal)
    ask_refund(payment=Payment.objects.get(), amount=Money(2500, "USD"), reason="asked by mail")
    work()
    hear(client, paypal)
    assert (raised(paypal), Gift.objects.get().is_returned) == (0, True)


def test_a_plan_that_was_left_half_made_is_finished(paypal: RunningSimulator) -> None:
    order = ordered(promised(paypal, every="month"))
    paypal.break_call("hang_up", "POST */billing/plans", times=9)
    with pytest.raises(ProviderAway):
        provider.create_checkout(order)
    paypal.control("DELETE", "/rules")
    with at(paypal):
        paypal.advance(days=60)  # PayPal has forgotten the key of the product by then
        page = provider.create_checkout(order)
    assert page.url.startswith(paypal.base)
    plans._plan.cache_clear()
    assert provider.create_checkout(order) == page


def test_a_product_that_paypal_refuses_is_said(paypal: RunningSimulator) -> None:
    order = ordered(promised(paypal, every="month"))
    product = plans.product_id("The Saltmere Ledger", "USD", order.every)
    call("POST", "/v1/catalogs/products", {"name": "Other"}, key=f"product-{product}")
    with pytest.raises(ProviderRefused, match="already been used"):
        provider.create_checkout(order)


def test_r2_w12_a_refund_that_nobody_told_of_is_in_the_history(
    client: CheckingClient, paypal: RunningSimulator
) -> None:
    approved(paypal, every="month")
    hear(client, paypal)
    payment = Payment.objects.get().external_id
    call("POST", f"/v2/payments/captures/{payment}/refund", {}, key="at-paypal")
    paypal.advance(hours=4)
    with at(paypal):
        refs = provider.changed_since("").refs
        cursor = provider.changed_since("")
        while not cursor.is_last:
            cursor = provider.changed_since(cursor.cursor)
            refs += cursor.refs
        for ref in refs:
            refresh("paypal", ref)
    assert raised(paypal) == 0
    assert any("/" in ref.external_id for ref in refs)
