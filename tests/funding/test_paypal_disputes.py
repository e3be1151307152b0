"""What disputes and exchanges do to PayPal's balance; the books say the same to the last line (D1 to D4, X1)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from masthead.core.money import Money
from masthead.funding.models import Difference, Entry, Gift, Journal, Payment
from masthead.funding.providers.paypal import history
from masthead.funding.providers.paypal.calls import Refused, call
from masthead.funding.providers.paypal.history import Line
from masthead.funding.selectors import ledger_problems
from masthead.funding.services import ask_refund, catch_up, reconcile
from masthead.simulator.testing import RunningSimulator
from tests.client import CheckingClient
from tests.funding.rehearsing import at, raised, work
from tests.funding.rehearsing_paypal import approved, euros, hear, paypal

__all__ = ["paypal"]
pytestmark = pytest.mark.django_db(transaction=True)
PAYER, SELLER = "RESOLVED_BUYER_FAVOUR", "RESOLVED_SELLER_FAVOUR"
DISPUTES, EXCHANGE = "rehearsal:expenses:disputes:fund", "rehearsal:expenses:exchange:fund"


def given(client: CheckingClient, paypal: RunningSimulator, **more: Any) -> str:
    """Let a gift of 25 dollars, or as asked, be paid and heard of; return the payment's id at PayPal."""
    approved(paypal, **more)
    hear(client, paypal)
    return Payment.objects.get().external_id


def agree(paypal: RunningSimulator) -> None:
    """Wait until the history tells all, compare with it, and find nothing (rule X1)."""
    paypal.advance(hours=4)
    with at(paypal):
        done = reconcile("paypal", is_live=False)
    assert list(Difference.objects.filter(state="open").values_list("kind", "what", "theirs_minor", "ours_minor")) == []
    assert all(theirs == ours for theirs, ours in done.sums.values())
    assert ledger_problems() == []


def on(account: str) -> int:
    """Return what stands on an account, in minor units of dollars."""
    return sum(Entry.objects.filter(account__code=account, currency="USD").values_list("amount_minor", flat=True))


def kinds() -> list[str]:
    """Return which journals there are, the first booked first."""
    return list(Journal.objects.order_by("pk").values_list("kind", flat=True))


@pytest.mark.parametrize("every", ["once", "month"])
@pytest.mark.parametrize("hold", [True, False])
def test_d1_a_claim_lost_at_paypal_takes_the_amount_and_the_fee_apart(
    client: CheckingClient, paypal: RunningSimulator, every: str, hold: bool
) -> None:
    payment = given(client, paypal, every=every)
    dispute = paypal.paypal_dispute(payment, hold=hold)
    agree(paypal)
    assert (raised(paypal), Payment.objects.get().has_open_dispute) == (0 if hold else 2500, True)
    paypal.resolve_paypal_dispute(dispute["dispute_id"], PAYER)
    agree(paypal)
    assert (raised(paypal), on(DISPUTES), Gift.objects.get().is_returned) == (0, 1500, True)
    assert kinds().count("withdrawn") == (3 if hold else 2)
    hear(client, paypal)  # what PayPal told of it late changes nothing more
    assert (raised(paypal), on(DISPUTES)) == (0, 1500)


def test_d1_a_claim_won_gives_back_what_was_held(client: CheckingClient, paypal: RunningSimulator) -> None:
    dispute = paypal.paypal_dispute(given(client, paypal))
    agree(paypal)
    assert raised(paypal) == 0
    paypal.resolve_paypal_dispute(dispute["dispute_id"], SELLER)
    agree(paypal)
    assert (raised(paypal), on(DISPUTES), kinds()) == (2500, 0, ["gift", "withdrawn", "reinstated"])


@pytest.mark.parametrize(("outcome", "left"), [(PAYER, 0), (SELLER, 2500)])
def test_d1_a_bank_takes_the_money_at_once_and_its_fee_stays(
    client: CheckingClient, paypal: RunningSimulator, outcome: str, left: int
) -> None:
    dispute = paypal.paypal_dispute(given(client, paypal), channel="EXTERNAL")
    agree(paypal)
    assert (raised(paypal), on(DISPUTES)) == (0, 2000)
    paypal.resolve_paypal_dispute(dispute["dispute_id"], outcome)
    agree(paypal)
    assert (raised(paypal), on(DISPUTES)) == (left, 2000)
    if outcome == PAYER:  # lost changes nothing more
        assert kinds() == ["gift", "withdrawn", "withdrawn"]


def test_d1_an_inquiry_moves_nothing_until_it_becomes_a_claim(client: CheckingClient, paypal: RunningSimulator) -> None:
    dispute = paypal.paypal_dispute(given(client, paypal), stage="INQUIRY")
    hear(client, paypal)
    agree(paypal)
    assert (raised(paypal), Payment.objects.get().has_open_dispute) == (2500, True)
    paypal.escalate_paypal_dispute(dispute["dispute_id"])
    hear(client, paypal)
    agree(paypal)
    assert raised(paypal) == 0
    paypal.resolve_paypal_dispute(dispute["dispute_id"], "CANCELED_BY_BUYER")
    agree(paypal)
    assert (raised(paypal), Payment.objects.get().has_open_dispute) == (2500, False)


def test_d1_an_inquiry_that_the_newsroom_accepts_costs_no_fee(client: CheckingClient, paypal: RunningSimulator) -> None:
    dispute = paypal.paypal_dispute(given(client, paypal), stage="INQUIRY")["dispute_id"]
    part = {"currency_code": "USD", "value": "10.00"}
    call("POST", f"/v1/customer/disputes/{dispute}/accept-claim", {"note": "Sorry", "refund_amount": part})
    agree(paypal)
    assert (raised(paypal), on(DISPUTES)) == (1500, 0)


def test_d2_refund_and_dispute_together_take_no_more_than_was_captured(
    client: CheckingClient, paypal: RunningSimulator
) -> None:
    payment = given(client, paypal)
    ask_refund(payment=Payment.objects.get(), amount=Money(1000, "USD"), reason="asked by mail")
    work()
    hear(client, paypal)
    dispute = paypal.paypal_dispute(payment)
    part = {"amount": {"currency_code": "USD", "value": "1.00"}}
    with pytest.raises(Refused, match="open dispute"):
        call("POST", f"/v2/payments/captures/{payment}/refund", part)
    paypal.resolve_paypal_dispute(dispute["dispute_id"], PAYER)
    agree(paypal)
    assert (raised(paypal), on(DISPUTES)) == (0, 1500)


def test_d3_a_dispute_pauses_the_repeated_gift_once(client: CheckingClient, paypal: RunningSimulator) -> None:
    payment = given(client, paypal, every="month")
    dispute = paypal.paypal_dispute(payment)["dispute_id"]
    hear(client, paypal, copies=3)
    subscription = Payment.objects.get().recurring
    assert subscription is not None
    told = call("GET", f"/v1/billing/subscriptions/{subscription.external_id}")
    assert told["status"] == "SUSPENDED"
    paypal.resolve_paypal_dispute(dispute, PAYER)
    paypal.advance(days=40)
    hear(client, paypal)
    agree(paypal)
    assert (Payment.objects.count(), raised(paypal)) == (1, 0)


@pytest.mark.parametrize(("outcome", "left"), [(PAYER, 1500), (SELLER, 2500)])
@pytest.mark.parametrize("channel", ["INTERNAL", "EXTERNAL"])
def test_d4_a_partial_dispute_works_by_amount(
    client: CheckingClient, paypal: RunningSimulator, channel: str, outcome: str, left: int
) -> None:
    dispute = paypal.paypal_dispute(given(client, paypal), amount=1000, channel=channel)
    agree(paypal)
    assert raised(paypal) == 1500
    paypal.resolve_paypal_dispute(dispute["dispute_id"], outcome)
    agree(paypal)
    assert raised(paypal) == left


def test_two_disputes_one_after_the_other_are_kept_apart(client: CheckingClient, paypal: RunningSimulator) -> None:
    payment = given(client, paypal)
    for outcome in (SELLER, PAYER):
        dispute = paypal.paypal_dispute(payment, amount=1000)
        paypal.advance(days=5)
        paypal.resolve_paypal_dispute(dispute["dispute_id"], outcome)
        paypal.advance(days=1)
    agree(paypal)
    assert raised(paypal) == 1500
    won, lost = sorted(Payment.objects.get().facts["disputes"], key=lambda told: str(told["opened_at"]))
    assert (len(won["movements"]), len(lost["movements"])) == (2, 4)


@pytest.mark.parametrize("every", ["once", "month"])
def test_a_reversal_that_no_dispute_explains_is_booked_too(
    client: CheckingClient, paypal: RunningSimulator, every: str
) -> None:
    payment = given(client, paypal, every=every)
    paypal.reverse_paypal(payment, 1000)
    hear(client, paypal)
    agree(paypal)
    assert (raised(paypal), Payment.objects.get().has_open_dispute) == (1500, False)


# What PayPal exchanges (rules C6 and L8)


def test_c6_a_gift_that_paypal_exchanged_is_one_line(client: CheckingClient, paypal: RunningSimulator) -> None:
    paypal.set_paypal_account(settles_in="USD", rate="1.10")
    given(client, paypal, amount=euros(2000))
    agree(paypal)
    assert (raised(paypal), on("rehearsal:assets:paypal")) == (2200, 2069)


def test_l8_what_a_refund_took_is_the_processors_figure_at_that_days_rate(
    client: CheckingClient, paypal: RunningSimulator
) -> None:
    paypal.set_paypal_account(settles_in="USD", rate="1.10")
    given(client, paypal, amount=euros(2000))
    paypal.set_paypal_account(rate="1.20")
    ask_refund(payment=Payment.objects.get(), amount=euros(1000), reason="asked by mail")
    work()
    hear(client, paypal)
    agree(paypal)
    assert (raised(paypal), on("rehearsal:assets:paypal"), on(EXCHANGE)) == (1100, 2069 - 1200, 100)


@pytest.mark.parametrize(("outcome", "left", "held"), [(PAYER, 1100, 869), (SELLER, 2200, 2069)])
def test_c6_a_dispute_in_another_currency_goes_at_that_days_rate(
    client: CheckingClient, paypal: RunningSimulator, outcome: str, left: int, held: int
) -> None:
    paypal.set_paypal_account(settles_in="USD", rate="1.10", fee_dispute=0)
    payment = given(client, paypal, amount=euros(2000))
    paypal.set_paypal_account(rate="1.20")
    dispute = paypal.paypal_dispute(payment, amount=1000)
    agree(paypal)
    assert raised(paypal) == 1100
    paypal.resolve_paypal_dispute(dispute["dispute_id"], outcome)
    agree(paypal)
    assert (raised(paypal), on("rehearsal:assets:paypal")) == (left, held)


def test_c6_the_fee_of_a_dispute_about_another_currency_is_a_cost_of_its_own(
    client: CheckingClient, paypal: RunningSimulator
) -> None:
    paypal.set_paypal_account(settles_in="USD", rate="1.10")
    dispute = paypal.paypal_dispute(given(client, paypal, amount=euros(2000)), amount=500)
    paypal.resolve_paypal_dispute(dispute["dispute_id"], PAYER)
    agree(paypal)
    assert (raised(paypal), on(DISPUTES)) == (1650, 1500)


def test_w12_catching_up_alone_books_what_a_dispute_moved(client: CheckingClient, paypal: RunningSimulator) -> None:
    payment = given(client, paypal)
    paypal.advance(hours=5)
    with at(paypal):
        catch_up("paypal", is_live=False, pages=99)
    paypal.paypal_dispute(payment, channel="EXTERNAL")
    paypal.advance(hours=4)
    with at(paypal):
        catch_up("paypal", is_live=False, pages=99)
        assert raised(paypal) == 0
        catch_up("paypal", is_live=False, pages=99)
    assert kinds() == ["gift", "withdrawn", "withdrawn"]


# The lines themselves

MOMENT = datetime(2026, 11, 3, tzinfo=UTC)


def line(key: str, code: str, minor: int, currency: str = "EUR", *, about: str = "", fee: int = 0) -> Line:
    """Return a line as PayPal told it."""
    amount = Money(minor, currency)
    return Line(key, code, about, "", amount, Money(fee, currency), MOMENT + timedelta(hours=1))


def test_x3_a_line_that_two_windows_show_is_one() -> None:
    assert len(history.folded([line("P", "T0006", 2000), line("P", "T0006", 2000)])) == 1


def test_an_exchange_that_does_not_take_just_that_line_stays_as_it_was_told() -> None:
    own = [line("A", "T0201", -900), line("B", "T0201", 1000, "USD")]
    odd = [line("C", "T0200", -900, about="P"), line("D", "T0200", 1000, "USD", about="P")]
    told = [line("P", "T0006", 2000, fee=100), *own, *odd]
    assert history.folded(told) == told
    whole = [line("E", "T0200", -1900, about="P"), line("F", "T0200", 2000, "USD", about="P")]
    [folded] = history.folded([told[0], *whole])
    assert (folded.net, folded.fact) == (Money(2000, "USD"), "gift")


def test_what_is_about_a_hold_is_about_its_payment() -> None:
    hold, release = line("H", "T1110", -2000, about="P"), line("R", "T1111", 2000, about="H")
    found = history.folded([hold, release])
    assert [(each.payment, each.fact) for each in found] == [("P", "withdrawn"), ("P", "reinstated")]


def test_a_fee_for_nothing_that_is_known_is_a_line_without_a_payment() -> None:
    fee = line("F", "T0100", -300)
    assert (fee.fact, fee.payment) == ("", "")
