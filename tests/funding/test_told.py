"""What processors told, and what became of it, stands where staff look (rules W5, W11, L9, L4, R3)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import stripe
from django.conf import settings
from django.db import connection
from django.test import override_settings

from masthead.core.clock import frozen, now
from masthead.core.money import Money
from masthead.funding.events import BooksDiffer, DisputeOpened, GiftChanged
from masthead.funding.models import Entry, Gift, Payment, Pledge, Receipt, append_only
from masthead.funding.selectors import unheard
from masthead.funding.services import care, catch_up, check_books, receipts, write_of_differences
from masthead.funding.services.check_books import BooksDoNotStand
from masthead.funding.testing import make_gift
from masthead.outbox import chores
from masthead.outbox.models import Chore
from masthead.project.doctor import processors
from masthead.simulator.testing import RunningSimulator
from tests.client import CheckingClient
from tests.funding.reading import shown
from tests.funding.rehearsing import at, deliver, hear, opened, promised, raised, work
from tests.funding.test_staff_screens import signed_in

pytestmark = pytest.mark.django_db(transaction=True)
HERE = "/admin/funding/held/"
CARD, IBAN = "4242424242424242", "DE89370400440532013000"


def test_w5_what_is_kept_and_not_worked_on_yet_stands_in_the_admin(
    client: CheckingClient, simulator: RunningSimulator, pledge: Pledge
) -> None:
    simulator.pay(opened(pledge), card_number=CARD)
    waiting = simulator.waiting()
    assert [deliver(client, each).status_code for each in waiting] == [204] * len(waiting)
    page = shown(signed_in("decide_held").get(HERE))
    assert "Told and not worked on yet" in page
    assert "stripe checkout.session.completed × 1, since" in page
    work()
    assert unheard.to_do() == []
    assert "Told and not worked on yet" not in shown(signed_in("decide_held").get(HERE))


def test_w11_kinds_that_nobody_handles_are_listed(client: CheckingClient, simulator: RunningSimulator) -> None:
    api = stripe.StripeClient(simulator.key, base_addresses=simulator.base_addresses).v1
    for name in ("Mug", "Box"):
        api.products.create({"name": name})
    hear(client, simulator)
    [found] = [each for each in unheard.unknown() if each.type == "product.created"]
    assert (found.provider, found.count) == ("stripe", 2)
    page = shown(signed_in("decide_held").get(HERE))
    assert "Told and of no concern here" in page
    assert "product.created × 2" in page


def test_l9_money_that_neither_arrives_nor_fails_is_listed_after_forty_days(
    client: CheckingClient, simulator: RunningSimulator
) -> None:
    pledge = promised(simulator, amount=Money(2500, "EUR"))
    simulator.pay(opened(pledge), iban=IBAN)
    catch_up("stripe", is_live=False)
    payment = Payment.objects.get()
    assert payment.status == "open"
    with frozen(payment.first_told_at + timedelta(days=40)):
        assert unheard.stuck() == []
    with frozen(payment.first_told_at + timedelta(days=40, seconds=1)):
        assert [each.external_id for each in unheard.stuck()] == [payment.external_id]
        page = shown(signed_in("decide_held").get(HERE))
        assert "On their way for a long time" in page
        assert f"{payment.external_id} , 25 €, {pledge.reference}" in page
        assert any("1 payment has been on the way for more than 40 days" in each.text for each in processors())
    simulator.advance(days=10)
    with at(simulator):
        catch_up("stripe", is_live=False)
    with frozen(payment.first_told_at + timedelta(days=60)):
        assert unheard.stuck() == []


def test_l4_every_night_the_books_are_counted_anew_and_a_fault_is_shown_until_it_is_mended() -> None:
    gift = make_gift()
    check_books()
    append_only.remove(connection)
    Entry.objects.filter(journal=gift.journal, amount_minor__gt=0).update(amount_minor=2600)
    append_only.install(connection)
    with pytest.raises(BooksDoNotStand, match="out by 100 minor units of USD"):
        check_books()
    assert "funding.check_books" in chores.names()
    with frozen(now() + timedelta(days=2)):
        chores.run_due()
    assert "BooksDoNotStand" in Chore.objects.get(name="funding.check_books").last_error


@pytest.mark.parametrize(
    ("hearer", "fact"),
    [
        (receipts.correct_receipt_of, GiftChanged("gone", "fund", -100, "USD", "2026-11-01", "refund")),
        (care.stop_at_dispute, DisputeOpened(payment_id="gone", dispute="dp_1")),
        (write_of_differences, BooksDiffer(reconciliation=0, count=1)),
    ],
)
def test_a_fact_about_what_is_gone_writes_to_nobody(hearer: Any, fact: object, mailoutbox: list[Any]) -> None:
    config = settings.MASTHEAD
    money = replace(config, funding=replace(config.funding, newsroom_mail="money@paper.example"))
    with override_settings(MASTHEAD=money):
        hearer(fact, "evt")
    assert mailoutbox == []
    assert not Receipt.objects.exists()


def test_r3_a_refund_on_its_way_is_shown_as_such(
    client: CheckingClient, simulator: RunningSimulator, pledge: Pledge
) -> None:
    simulator.pay(opened(pledge), card_number=CARD)
    hear(client, simulator)
    don = signed_in("refund_gift", "view_gift", "see_names")
    address = f"/admin/funding/gifts/{Gift.objects.get().public_id}/refund/"
    assert "On its way back" not in shown(don.get(address))
    don.post(address, {"amount": "10", "reason": "given twice"})
    page = shown(don.get(address))
    assert "On its way back: 10 $." in page
    assert "Of it 15 $ can still be sent back." in page
    assert raised(simulator) == 2500  # nothing has gone yet
    work()
    hear(client, simulator)
    assert "On its way back" not in shown(don.get(address))
    assert raised(simulator) == 1500
