"""From the door to the books, for both processors: what must hold whatever is told, how often and when (W, R, D)."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import pytest
import stripe
from django.apps import apps
from django.core.cache import cache
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import Model

from masthead.core.money import Money
from masthead.funding.models import Gift, Journal, Payment, Pledge, ProviderEvent, Recurring
from masthead.funding.ports import Kind, Ref
from masthead.funding.selectors import Stage, ledger_problems, meter, stage_of
from masthead.funding.services import ask_refund, catch_up, reconcile, refresh, refundable
from masthead.outbox.models import Event
from masthead.simulator.testing import RunningSimulator
from tests.client import CheckingClient
from tests.funding import rehearsing, rehearsing_paypal
from tests.funding.books import balances
from tests.funding.rehearsing import at, opened, promised, raised, work
from tests.funding.rehearsing_paypal import approve
from tests.funding.rehearsing_paypal import promised as promised_paypal

pytestmark = pytest.mark.django_db(transaction=True)
CARD, DECLINED, FAILS = "4242424242424242", "4000000000000002", "DE62370400440532013001"


@dataclass(frozen=True)
class House:
    """A site that rehearses with one processor."""

    name: str
    simulator: RunningSimulator
    deliver: Callable[..., Any]
    hear: Callable[..., None]

    def promise(self, **more: Any) -> Pledge:
        """Return a pledge of 25 dollars."""
        return (promised if self.name == "stripe" else promised_paypal)(self.simulator, **more)

    def pay(self, **more: Any) -> Pledge:
        """Pledge and pay; nobody comes back, and nothing is heard yet."""
        pledge = self.promise(**more)
        page = opened(pledge)
        if self.name == "stripe":
            self.simulator.pay(page, card_number=CARD)
        else:
            approve(self.simulator, page)
        return pledge


@pytest.fixture(params=["stripe", "paypal"])
def house(request: pytest.FixtureRequest) -> Iterator[House]:
    """Both processors in turn."""
    if request.param == "stripe":
        found = request.getfixturevalue("simulator")
        yield House("stripe", found, rehearsing.deliver, rehearsing.hear)
        return
    with rehearsing_paypal.rehearsal(request.getfixturevalue("tmp_path")) as found:
        yield House("paypal", found, rehearsing_paypal.deliver, rehearsing_paypal.hear)


def everything() -> dict[str, list[Any]]:
    """Return every row of money and every fact on its way."""
    models: list[type[Model]] = [*apps.get_app_config("funding").get_models(), Event]
    return {model.__name__: list(model._default_manager.order_by("pk").values()) for model in models}


def test_w1_a_signature_of_another_secret_changes_no_row_and_sends_no_mail(
    client: CheckingClient, house: House, mailoutbox: list[Any]
) -> None:
    house.simulator.break_webhook("wrong_signature", "*", times=99)
    house.pay()
    before, waiting = everything(), house.simulator.waiting()
    assert waiting
    for told in waiting:
        assert house.deliver(client, told).status_code == 400
    work()
    assert everything() == before
    assert mailoutbox == []


@contextmanager
def a_store_that_refuses(table: str) -> Iterator[None]:
    """Let the database refuse every row for a table, as a full disk would."""

    def refuse(execute: Any, sql: str, params: Any, many: Any, context: Any) -> Any:
        if sql.startswith("INSERT") and table in sql:
            raise DatabaseError("disk full")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(refuse):
        yield


def test_w5_no_notification_is_acknowledged_before_it_is_kept(client: CheckingClient, house: House) -> None:
    house.pay()
    told = next(each for each in house.simulator.waiting() if '"checkout.' in each["body"].lower().replace(" ", ""))
    client.raise_request_exception = False
    for table in ("funding_providerevent", "outbox_event"):
        with a_store_that_refuses(table):
            assert house.deliver(client, told).status_code == 500
        assert not ProviderEvent.objects.exists()
    assert house.deliver(client, told).status_code == 204
    seen: list[int] = []

    def look() -> None:
        seen.append(ProviderEvent.objects.filter(state="to_do").count())
        connection.close()

    another = threading.Thread(target=look)
    another.start()
    another.join(30)
    assert seen == [1], "committed: another connection sees it"


def test_w6_the_same_notification_twenty_times_also_at_once_is_one(client: CheckingClient, house: House) -> None:
    house.pay()
    waiting = house.simulator.waiting()
    for told in waiting:
        house.deliver(client, told)
    rows = ProviderEvent.objects.count()
    codes: list[int] = []

    def again(told: dict[str, Any]) -> None:
        codes.extend(house.deliver(CheckingClient(), told).status_code for _ in range(5))
        connection.close()

    for told in waiting:
        threads = [threading.Thread(target=again, args=(told,)) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
    assert set(codes) == {204}
    assert len(codes) == 20 * len(waiting)
    assert ProviderEvent.objects.count() == rows
    house.hear(client, house.simulator)
    assert (raised(house.simulator), Journal.objects.count()) == (2500, 1)
    assert Event.objects.filter(type="funding.gift-recorded").count() == 1


@pytest.mark.parametrize("every", ["once", "month"])
def test_w7_all_that_tells_of_one_payment_and_the_giver_coming_back_make_one_gift(
    client: CheckingClient, house: House, every: str
) -> None:
    """Session, intent, charge and invoice, order and capture: and the page after paying, which asks by itself."""
    cache.clear()
    pledge = house.pay(every=every)
    client.get(f"/support/thanks/{pledge.reference}/")
    assert Gift.objects.count() == 1
    house.hear(client, house.simulator)
    client.get(f"/support/thanks/{pledge.reference}/")
    catch_up(house.name, is_live=False)
    gift = Gift.objects.select_related("journal", "payment").get()
    assert gift.payment is not None
    assert gift.journal.external_id == gift.payment.facts["capture"]["external_id"], "keyed by the charge or capture"
    assert len(set(ProviderEvent.objects.values_list("type", flat=True))) > 1
    with pytest.raises(IntegrityError), transaction.atomic():
        Journal.objects.create(
            kind="gift", source=gift.journal.source, external_id=gift.journal.external_id,
            value_at=gift.journal.value_at, month=gift.journal.month,
        )  # fmt: skip


def test_w10_a_debit_that_fails_closes_the_payment_and_counts_nothing(
    client: CheckingClient, simulator: RunningSimulator
) -> None:
    pledge = promised(simulator, amount=Money(2500, "EUR"))
    simulator.pay(opened(pledge), iban=FAILS)
    rehearsing.hear(client, simulator)
    assert (Payment.objects.get().status, stage_of(pledge)) == ("open", Stage.WAITING)
    simulator.advance(days=10)
    rehearsing.hear(client, simulator)
    assert "checkout.session.async_payment_failed" in ProviderEvent.objects.values_list("type", flat=True)
    assert (Payment.objects.get().status, stage_of(pledge), raised(simulator)) == ("failed", Stage.FAILED, 0)
    assert not Journal.objects.exists()


def test_o4_another_amount_than_was_pledged_is_kept_for_a_person(client: CheckingClient, house: House) -> None:
    pledge = house.pay()
    Pledge.objects.filter(pk=pledge.pk).update(amount_minor=2400)
    house.hear(client, house.simulator)
    assert (Payment.objects.get().problem, raised(house.simulator)) == ("amount_differs", 0)
    assert not Journal.objects.exists()


@pytest.mark.parametrize("count", [1, 2])
def test_r2_r4_one_refund_seen_by_every_road_counts_once_wherever_it_was_made(
    client: CheckingClient, simulator: RunningSimulator, count: int
) -> None:
    """``charge.refunded``, ``refund.updated``, the list of refunds and the balance: the key is the refund's id."""
    api = stripe.StripeClient(simulator.key, base_addresses=simulator.base_addresses).v1
    left = []
    for is_ours in (True, False):
        simulator.pay(opened(promised(simulator)), card_number=CARD)
        rehearsing.hear(client, simulator)
        payment = Payment.objects.latest("pk")
        for number in range(count):
            if is_ours:
                ask_refund(payment=payment, amount=Money(500 + number, "USD"), reason="asked by mail")
                work()
            else:
                api.refunds.create({"payment_intent": payment.external_id, "amount": 500 + number})
        rehearsing.hear(client, simulator, backwards=True, copies=2)
        catch_up("stripe", is_live=False)
        with at(simulator):
            reconcile("stripe", is_live=False)
        refresh("stripe", Ref(Kind.PAYMENT, payment.external_id))
        booked = Journal.objects.filter(about=Gift.objects.latest("pk").journal).order_by("pk")
        listed = [refund.id for refund in api.refunds.list({"payment_intent": payment.external_id}).data]
        assert sorted(booked.values_list("external_id", flat=True)) == sorted(listed)
        sums = booked.values_list("kind", "entries__account__code", "entries__amount_minor")
        left.append(sorted(map(str, sums)))
    assert left[0] == left[1], "made here or in the dashboard: the same books"
    heard = set(ProviderEvent.objects.values_list("type", flat=True))
    assert {"charge.refunded", "refund.created"} <= heard


def test_r5_refunding_a_renewal_leaves_the_repeated_gift_alone(
    client: CheckingClient, simulator: RunningSimulator
) -> None:
    simulator.pay(opened(promised(simulator, every="month")), card_number=CARD)
    rehearsing.hear(client, simulator)
    simulator.advance(days=31)
    rehearsing.hear(client, simulator)
    renewal = Payment.objects.latest("pk")
    ask_refund(payment=renewal, amount=Money(2500, "USD"), reason="asked by mail")
    work()
    rehearsing.hear(client, simulator)
    assert sorted(Gift.objects.values_list("is_returned", flat=True)) == [False, True]
    assert Recurring.objects.get().status == "active"
    simulator.advance(days=31)
    rehearsing.hear(client, simulator)
    assert Gift.objects.count() == 3


def test_d2_d4_a_dispute_of_a_part_takes_that_part_and_leaves_the_rest_to_refunds(
    client: CheckingClient, simulator: RunningSimulator, pledge: Pledge
) -> None:
    simulator.pay(opened(pledge), card_number=CARD)
    rehearsing.hear(client, simulator)
    payment = Payment.objects.get()
    dispute = simulator.dispute(payment.facts["capture"]["external_id"], amount=1000)
    rehearsing.hear(client, simulator)
    payment.refresh_from_db()
    assert (raised(simulator), refundable(payment)) == (1500, Money(1500, "USD"))
    simulator.close_dispute(dispute["id"], "lost")
    rehearsing.hear(client, simulator)
    assert raised(simulator) == 1500
    kinds = sorted(Journal.objects.values_list("kind", flat=True))
    assert kinds == ["gift", "withdrawn"], "lost changes nothing more (rule D1)"
    assert ledger_problems() == []


def test_d3_a_dispute_stops_the_next_payment_and_staff_hear_of_it_once(
    client: CheckingClient, house: House, mailoutbox: list[Any], newsroom: None
) -> None:
    house.pay(every="month")
    house.hear(client, house.simulator)
    mailoutbox.clear()
    payment = Payment.objects.get()
    if house.name == "stripe":
        house.simulator.dispute(payment.facts["capture"]["external_id"])
    else:
        house.simulator.paypal_dispute(payment.external_id)
    house.hear(client, house.simulator, copies=2)
    catch_up(house.name, is_live=False)
    work()
    assert [letter.to for letter in mailoutbox] == [["money@paper.example"]]
    house.simulator.advance(days=62)
    house.hear(client, house.simulator)
    assert Recurring.objects.get().status == "paused"
    assert Gift.objects.count() == 1, "nothing more was taken"


@pytest.fixture
def newsroom(house: House, settings: Any) -> None:
    """A site whose newsroom has an address for such mails."""
    config = settings.MASTHEAD
    settings.MASTHEAD = replace(config, funding=replace(config.funding, newsroom_mail="money@paper.example"))


def test_m3_money_that_is_told_late_counts_when_it_was_paid(client: CheckingClient, house: House) -> None:
    """The instant is the processor's: not when a notification came, a row was made or a page was looked at."""
    house.simulator.advance(days=27, hours=13)  # November 30, 22:30 UTC
    with at(house.simulator):
        house.pay(every="month")  # PayPal takes a single gift only when the site has heard of it
    house.simulator.advance(days=5)
    house.hear(client, house.simulator)
    months = {
        moment.month: found.raised.amount_minor
        for moment in (datetime(2026, 11, 30, 23, tzinfo=UTC), datetime(2026, 12, 5, tzinfo=UTC))
        if (found := meter(moment)) is not None
    }
    assert months == {11: 2500, 12: 0}


def test_m5_a_page_that_was_left_adds_nothing(client: CheckingClient, house: House) -> None:
    opened(house.promise())
    house.simulator.advance(days=3)
    house.hear(client, house.simulator)
    with at(house.simulator):
        catch_up(house.name, is_live=False)
    assert balances() == {}
    assert not Gift.objects.exists()


def test_c6_another_rate_of_today_changes_nothing_of_last_month(client: CheckingClient, tmp_path: Any) -> None:
    with rehearsing_paypal.rehearsal(tmp_path) as paypal:
        paypal.set_paypal_account(settles_in="USD", rate="1.10")
        rehearsing_paypal.approved(paypal, amount=Money(2000, "EUR"))
        rehearsing_paypal.hear(client, paypal)
        before = balances()
        assert raised(paypal) == 2200
        paypal.set_paypal_account(settles_in="USD", rate="2.00")
        paypal.advance(days=31)
        with at(paypal):
            refresh("paypal", Ref(Kind.PAYMENT, Payment.objects.get().external_id))
            catch_up("paypal", is_live=False)
    assert balances() == before
