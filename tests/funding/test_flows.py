"""Refunds, reversals, readiness and givers: what must hold before anybody takes real money."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from typing import Any

import pytest
import stripe
from django.conf import settings
from django.core import checks
from django.db import connection, transaction
from django.test import override_settings

from masthead.core.clock import now
from masthead.core.money import Money
from masthead.funding import presenters
from masthead.funding.errors import AmountNotPositive, CurrencyDiffers, GiftOfAProcessor, ReasonMissing
from masthead.funding.events import RefundAsked
from masthead.funding.forms import PledgeForm
from masthead.funding.models import BankLine, BankStatement, Donor, Gift, Payment, Pledge, RefundRequest
from masthead.funding.paying_errors import AmountTooUneven, ProcessorNotReady
from masthead.funding.providers import provider_named
from masthead.funding.rules.facts import RefundStatus
from masthead.funding.services import (
    ask_refund,
    care,
    note_pledge,
    on_its_way_back,
    open_checkout,
    refundable,
    reverse_gift,
    send_asked_refunds,
    send_refund,
    settle_payment,
)
from masthead.funding.services.donors import donor_of
from masthead.funding.staff_errors import NothingToRefund, RefundTooLarge
from masthead.funding.testing import make_campaign
from masthead.outbox.models import Event
from masthead.simulator.testing import RunningSimulator
from tests.client import CheckingClient
from tests.funding.lives import declined, paid, refunded, usd
from tests.funding.lives import opened as begun
from tests.funding.reading import shown
from tests.funding.rehearsing import CANCEL, SUCCESS, at, hear, opened, raised, sessions, work

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def payment(client: CheckingClient, simulator: RunningSimulator, pledge: Pledge) -> Payment:
    """25 dollars that came by card."""
    simulator.pay(opened(pledge), card_number="4242424242424242")
    hear(client, simulator)
    return Payment.objects.get()


def refunds_at(simulator: RunningSimulator) -> int:
    """Return how many refunds there are at the processor."""
    api = stripe.StripeClient(simulator.key, base_addresses=simulator.base_addresses)
    return len(api.v1.refunds.list().data)


def test_o2_a_refund_is_looked_for_when_its_key_is_forgotten(simulator: RunningSimulator, payment: Payment) -> None:
    ask_refund(payment=payment, amount=usd(1000), reason="asked by mail")
    work()
    RefundRequest.objects.update(state="asked")  # the worker died before it noted the answer
    simulator.advance(hours=30)
    with at(simulator):
        send_asked_refunds()
    assert RefundRequest.objects.get().state == "sent"
    assert refunds_at(simulator) == 1
    assert raised(simulator) == 1500


def test_o1_a_refund_that_never_reached_the_processor_is_sent_by_the_chore(
    simulator: RunningSimulator, payment: Payment
) -> None:
    simulator.break_call("error", "*refunds*", times=0)
    ask_refund(payment=payment, amount=usd(1000), reason="asked by mail")
    work()
    simulator.advance(hours=1)
    with at(simulator):
        send_asked_refunds()
        assert RefundRequest.objects.get().state == "asked"
        simulator.control("DELETE", "/rules")
        send_asked_refunds()
        send_asked_refunds()
    assert refunds_at(simulator) == 1
    assert raised(simulator) == 1500


@pytest.mark.parametrize(
    ("amount", "refusal"),
    [(usd(2501), RefundTooLarge), (usd(0), AmountNotPositive), (Money(100, "EUR"), CurrencyDiffers)],
)
def test_r1_a_refund_that_cannot_be_is_refused_before_it_is_noted(
    payment: Payment, amount: Money, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        ask_refund(payment=payment, amount=amount, reason="asked by mail")
    assert not RefundRequest.objects.exists()


def test_r1_a_refund_needs_a_reason_and_money_that_came(payment: Payment) -> None:
    with pytest.raises(ReasonMissing):
        ask_refund(payment=payment, amount=usd(100), reason=" ")
    ask_refund(payment=payment, amount=usd(2500), reason="asked by mail")
    with pytest.raises(NothingToRefund):
        ask_refund(payment=payment, amount=usd(1), reason="asked by mail")


def test_r1_of_a_payment_that_took_nothing_there_is_nothing_to_send_back() -> None:
    payment = settle_payment(declined(begun(pledged().public_id)))
    assert payment
    assert (payment.status, refundable(payment), on_its_way_back(payment)) == ("failed", None, None)
    with pytest.raises(NothingToRefund):
        ask_refund(payment=payment, amount=usd(1), reason="asked by mail")
    assert not RefundRequest.objects.exists()


def test_r1_a_refund_that_the_processor_refuses_is_refused_for_good(
    simulator: RunningSimulator, payment: Payment
) -> None:
    ask_refund(payment=payment, amount=usd(2500), reason="asked by mail")
    api = stripe.StripeClient(simulator.key, base_addresses=simulator.base_addresses)
    api.v1.refunds.create({"payment_intent": payment.external_id, "amount": 2500})
    work()
    asked = RefundRequest.objects.get()
    assert asked.state == "refused"
    assert "already been refunded" in asked.answer
    send_refund(RefundAsked(request=asked.pk), "evt")
    assert refunds_at(simulator) == 1


def test_heard_twice_a_refund_is_sent_once(simulator: RunningSimulator, payment: Payment) -> None:
    asked = ask_refund(payment=payment, amount=usd(100), reason="asked by mail")
    for _ in range(2):
        send_refund(RefundAsked(request=asked.pk), "evt")
    assert refunds_at(simulator) == 1
    assert raised(simulator) == 2400


def test_c3_a_refund_between_the_processor_s_steps_is_refused() -> None:
    pledge = note_pledge(campaign=make_campaign(), amount=Money(5120, "KWD"), name="Don", method="stripe")
    payment = settle_payment(paid(begun(pledge.public_id), Money(5120, "KWD")))
    assert payment
    with pytest.raises(AmountTooUneven):
        ask_refund(payment=payment, amount=Money(5, "KWD"), reason="asked by mail")
    assert ask_refund(payment=payment, amount=Money(10, "KWD"), reason="asked by mail").amount_minor == 10


def test_a_gift_of_a_processor_is_not_reversed_here(payment: Payment) -> None:
    """R7: a reversal here would lower the meter and send nobody his money."""
    with pytest.raises(GiftOfAProcessor) as refusal:
        reverse_gift(gift=Gift.objects.get(), reason="asked by mail")
    assert "came through Stripe" in refusal.value.message()
    assert not Gift.objects.get().is_returned


@pytest.mark.parametrize("wrong", [{"stripe_webhook_secret": ""}, {"mode": "live"}, {"stripe_key": "sk_live_sim_x"}])
def test_l7_no_page_is_opened_whose_money_would_be_counted_nowhere(
    simulator: RunningSimulator, pledge: Pledge, wrong: dict[str, str]
) -> None:
    broken = replace(settings.MASTHEAD.funding, **wrong)  # type: ignore[arg-type]
    with override_settings(MASTHEAD=replace(settings.MASTHEAD, funding=broken)), pytest.raises(ProcessorNotReady):
        open_checkout(pledge=pledge, title="Fund", success_url=SUCCESS, cancel_url=CANCEL)
    assert sessions(simulator) == []


def test_l7_the_page_before_paying_says_that_nothing_was_taken(
    client: CheckingClient, simulator: RunningSimulator, pledge: Pledge
) -> None:
    broken = replace(settings.MASTHEAD.funding, stripe_webhook_secret="")
    with override_settings(MASTHEAD=replace(settings.MASTHEAD, funding=broken)):
        reply = client.post(f"/support/pay/{pledge.reference}/")
    assert reply.status_code == 503
    assert "Stripe cannot be used here at the moment. Nothing was taken; a bank transfer still works." in shown(reply)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"mode": "live", "stripe_key": "sk_test_1", "stripe_webhook_secret": "x"}, "funding.E002"),
        ({"mode": "rehearsal", "stripe_key": "sk_live_1", "stripe_webhook_secret": "x"}, "funding.E002"),
        ({"mode": "rehearsal", "stripe_key": "sk_test_1", "stripe_webhook_secret": ""}, "funding.W002"),
        ({"mode": "rehearsal", "stripe_key": "sk_test_1", "stripe_webhook_secret": "x"}, None),
    ],
)
def test_w4_keys_of_the_other_mode_are_named_by_the_checks(given: dict[str, str], expected: str | None) -> None:
    with override_settings(MASTHEAD=replace(settings.MASTHEAD, funding=replace(settings.MASTHEAD.funding, **given))):  # type: ignore[arg-type]
        found = [item.id for item in checks.run_checks() if (item.id or "").startswith("funding.")]
    assert found == ([expected] if expected else [])


def pledged(**more: Any) -> Pledge:
    """Return a pledge by card of somebody with an address."""
    values: dict[str, Any] = {"amount": usd(2500), "name": "Don", "email": "don@example.org", **more}
    return note_pledge(campaign=make_campaign(), method="stripe", **values)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
def test_two_who_enter_the_same_giver_at_once_know_the_same_one() -> None:
    one, other = pledged(), pledged(email="DON@example.org")
    found: list[int] = []

    def enter() -> None:
        with transaction.atomic():
            donor = donor_of(other)
            found.append(donor.pk if donor else 0)
        connection.close()

    second = threading.Thread(target=enter)
    with transaction.atomic():
        first = donor_of(one)
        second.start()
        _until_somebody_waits()
    second.join(10)
    assert first is not None
    assert found == [first.pk]
    assert Donor.objects.count() == 1


def _until_somebody_waits() -> None:
    """Wait until the other connection waits for a lock of this one."""
    ends = time.monotonic() + 10
    while time.monotonic() < ends:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
    raise AssertionError("nobody waits")


def test_gifts_go_to_whom_a_giver_was_merged_into() -> None:
    first = pledged()
    old = donor_of(first)
    now_one = Donor.objects.create(name="Don Venn", email="venn@example.org")
    last = Donor.objects.create(name="Don A. Venn", email="a.venn@example.org")
    assert old
    Donor.objects.filter(pk=old.pk).update(merged_into=now_one)
    Donor.objects.filter(pk=now_one.pk).update(merged_into=last)
    first.refresh_from_db()
    assert donor_of(first) == last
    assert donor_of(pledged(email="Don@Example.org")) == last
    settle_payment(paid(begun(first.public_id), usd(2500)))
    assert Gift.objects.get().donor == last
    assert donor_of(pledged(email="")) is None


def test_m11_every_change_of_a_gift_is_told_the_cover_too() -> None:
    """The deltas of the events are what the meter moved by, when more went back than the gift."""
    pledge = pledged(cover=usd(110))
    facts = paid(begun(pledge.public_id), usd(2610))
    settle_payment(facts)
    settle_payment(refunded(facts, "re_1", usd(2610), RefundStatus.SUCCEEDED))
    told = Event.objects.filter(type="funding.gift-changed").values_list("payload", flat=True)
    assert sum(each["delta_minor"] for each in told) == -2500
    assert {each["why"] for each in told} == {"refund", "cover"}


def test_the_code_for_a_transfer_is_for_transfers_alone() -> None:
    bank = {"holder": "Ledger", "iban": "DE02 1203 0000 0000 2020 51", "bic": ""}
    card = pledged(amount=Money(2500, "EUR"))
    assert presenters.transfer_code(card, bank) is None
    card.method = "bank_transfer"
    assert presenters.transfer_code(card, bank) is not None


def test_the_address_is_not_called_optional_where_cards_need_it(client: CheckingClient, pledge: Pledge) -> None:
    page = client.get("/support/").content.decode()
    label = page[page.index('for="id_email"') :].partition("</label>")[0]
    assert "Mail address" in label
    assert "optional" not in label
    form = PledgeForm("USD", providers=[provider_named("stripe")], data={"amount": "25", "method": "bank_transfer"})
    assert "email" not in form.errors


def test_who_is_forgotten_is_forgotten_in_bank_statements_too() -> None:
    pledge = pledged()
    donor = donor_of(pledge)
    day = now().date()
    statement = BankStatement.objects.create(
        file_digest="x", format="camt", account="DE1", first_day=day, last_day=day, lines_read=3
    )
    common = {"statement": statement, "account": "DE1", "amount_minor": 100, "currency": "EUR", "booked_on": day}
    common |= {"valued_on": day, "payer_name": "Don Venn", "text": "Gift of Don", "end_to_end_id": "Don-1"}
    BankLine.objects.create(fingerprint="a", pledge=pledge, payer_iban="DE9", **common)
    BankLine.objects.create(fingerprint="b", payer_iban="DE9", **common)
    BankLine.objects.create(fingerprint="c", payer_iban="DE7", **{**common, "payer_name": "Ada"})
    BankLine.objects.create(fingerprint="d", payer_iban="", **{**common, "payer_name": "Ben"})
    assert donor
    care.forget_giver(donor=donor)
    left = BankLine.objects.order_by("fingerprint").values_list("payer_name", "payer_iban", "text", "end_to_end_id")
    assert list(left)[:2] == [("", "", "", "")] * 2
    assert [row[0] for row in left[2:]] == ["Ada", "Ben"]
