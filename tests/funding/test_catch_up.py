"""Asking the processors what changed: without notifications, past bad references, over gaps (rules W11, W12, X3)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
import stripe
from django.conf import settings
from django.test import override_settings

from masthead.funding.models import Cursor, Gift, Held, Journal, Payment, Pledge, ProviderEvent, Recurring
from masthead.funding.ports import ProviderAway
from masthead.funding.selectors import ledger_problems
from masthead.funding.services import catch_up, catch_up_with_all, try_held_again
from masthead.outbox import chores
from masthead.project.doctor import processors
from masthead.simulator.testing import RunningSimulator
from tests.client import CheckingClient
from tests.funding.rehearsing import SUCCESS, at, deliver, hear, opened, promised, raised, work

pytestmark = pytest.mark.django_db(transaction=True)
CARD = "4242424242424242"


def dashboard(simulator: RunningSimulator) -> stripe.StripeClient:
    """Return what somebody else with the same account does there."""
    return stripe.StripeClient(simulator.key, base_addresses=simulator.base_addresses)


def weekly(simulator: RunningSimulator, *, mark: str = "") -> str:
    """Let somebody begin a subscription that repeats every week, and return its id."""
    price: Any = {"currency": "usd", "unit_amount": 700, "product_data": {"name": "Box"}}
    price["recurring"] = {"interval": "week"}
    given: Any = {"mode": "subscription", "success_url": SUCCESS, "line_items": [{"quantity": 1, "price_data": price}]}
    if mark:
        given["subscription_data"] = {"metadata": {"masthead_pledge": mark}}
    api = dashboard(simulator).v1
    session = api.checkout.sessions.create(given)
    simulator.pay(session.id, card_number=CARD)
    return str(api.checkout.sessions.retrieve(session.id).subscription)


def paid(simulator: RunningSimulator, pledge: Pledge) -> str:
    """Pay a pledge, tell nobody, and return its payment's id."""
    session = opened(pledge)
    simulator.pay(session, card_number=CARD)
    return str(dashboard(simulator).v1.checkout.sessions.retrieve(session).payment_intent)


def test_w12_the_worker_s_chore_catches_up_and_goes_on_after_it_was_away(
    simulator: RunningSimulator, pledge: Pledge
) -> None:
    paid(simulator, pledge)
    chores.run_due()
    assert raised(simulator) == 2500
    simulator.advance(days=3)
    with at(simulator):
        paid(simulator, promised(simulator))
        chores.run_due()
        assert raised(simulator) == 5000
    assert Cursor.objects.get().caught_up_at is not None


def test_w11_a_foreign_subscription_of_any_rhythm_is_ignored(
    client: CheckingClient, simulator: RunningSimulator, pledge: Pledge
) -> None:
    weekly(simulator)
    paid(simulator, pledge)
    hear(client, simulator)
    catch_up("stripe", is_live=False)
    assert not Held.objects.exists()
    assert not Recurring.objects.exists()
    assert not ProviderEvent.objects.filter(state="to_do").exists()
    assert raised(simulator) == 2500


def test_one_reference_that_cannot_be_read_holds_up_no_other(
    simulator: RunningSimulator, pledge: Pledge, mailoutbox: list[Any]
) -> None:
    """W5: it is kept, tried again by itself, and then a person is asked, once."""
    spoiled = weekly(simulator, mark=pledge.public_id)
    paid(simulator, promised(simulator))
    catch_up("stripe", is_live=False)
    assert raised(simulator) == 2500
    row = Held.objects.get()
    assert (row.external_id, row.reason, row.state) == (spoiled, "refused", "waiting")
    assert "every week" in row.sentence
    money = replace(settings.MASTHEAD.funding, newsroom_mail="money@paper.example")
    with override_settings(MASTHEAD=replace(settings.MASTHEAD, funding=money)):
        for _ in range(3):
            simulator.advance(days=1)
            with at(simulator):
                try_held_again()
            work()
    assert Held.objects.get().state == "person"
    letters = [letter for letter in mailoutbox if spoiled in letter.body]
    assert [letter.to for letter in letters] == [["money@paper.example"]]
    assert "payments wait for your decision" in next(processors()).text


def test_one_payment_that_goes_unanswered_is_tried_again_and_counted(
    simulator: RunningSimulator, pledge: Pledge
) -> None:
    first = paid(simulator, pledge)
    paid(simulator, promised(simulator))
    simulator.break_call("error", f"*payment_intents/{first}*", times=0)
    catch_up("stripe", is_live=False)
    assert raised(simulator) == 2500
    assert Held.objects.get().reason == "away"
    catch_up("stripe", is_live=False)
    assert Held.objects.get(kind="payment").tries == 1  # its own time has not come
    simulator.control("DELETE", "/rules")
    simulator.advance(minutes=6)
    with at(simulator):
        try_held_again()
    assert raised(simulator) == 5000
    assert not Held.objects.exists()


def test_a_processor_that_is_away_is_said_so_until_it_answers(simulator: RunningSimulator, pledge: Pledge) -> None:
    paid(simulator, pledge)
    simulator.break_call("error", "*", times=0)
    with pytest.raises(ProviderAway):
        catch_up("stripe", is_live=False)
    catch_up_with_all()
    assert Cursor.objects.get().problem
    assert [finding.level for finding in processors()] == ["bad"]
    simulator.control("DELETE", "/rules")
    catch_up_with_all()
    assert raised(simulator) == 2500
    assert [finding.level for finding in processors()] == ["ok"]


def test_where_nothing_at_all_was_answered_the_cursor_stays(simulator: RunningSimulator, pledge: Pledge) -> None:
    first = paid(simulator, pledge)
    simulator.break_call("error", f"*payment_intents/{first}*", times=0)
    with pytest.raises(ProviderAway):
        catch_up("stripe", is_live=False)
    assert (Cursor.objects.get().value, Held.objects.get().external_id) == ("", first)


def test_three_in_a_row_without_an_answer_end_the_run_and_the_cursor_stays(simulator: RunningSimulator) -> None:
    for _ in range(4):
        paid(simulator, promised(simulator))
    simulator.break_call("error", "*payment_intents/*", times=0)
    with pytest.raises(ProviderAway):
        catch_up("stripe", is_live=False)
    assert Held.objects.count() == 3
    assert Cursor.objects.get().value == ""
    simulator.control("DELETE", "/rules")
    simulator.advance(minutes=6)
    with at(simulator):
        catch_up("stripe", is_live=False)
    assert raised(simulator) == 10_000


def test_a_key_that_is_refused_loses_nothing_and_has_a_sentence_for_staff(
    client: CheckingClient, simulator: RunningSimulator, pledge: Pledge
) -> None:
    paid(simulator, pledge)
    other = promised(simulator)
    wrong = replace(settings.MASTHEAD.funding, stripe_key="sk_test_sim_nobody")
    with override_settings(MASTHEAD=replace(settings.MASTHEAD, funding=wrong)):
        catch_up_with_all()
        assert client.post(f"/support/pay/{other.reference}/").status_code == 503
        assert "Invalid API Key" in next(processors()).text
    catch_up_with_all()
    assert raised(simulator) == 2500


def test_a_long_account_is_read_page_by_page(simulator: RunningSimulator, monkeypatch: pytest.MonkeyPatch) -> None:
    """X3: bounded however much there is, and a run that is cut goes on where it was."""
    monkeypatch.setattr("masthead.funding.providers.stripe.changes.PAGE", 2)
    for _ in range(5):
        paid(simulator, promised(simulator))
    catch_up("stripe", is_live=False, pages=1)
    assert raised(simulator) == 5000
    assert Cursor.objects.get().caught_up_at is None
    for _ in range(5):
        catch_up("stripe", is_live=False, pages=1)
    assert raised(simulator) == 12_500
    for _ in range(3):
        paid(simulator, promised(simulator))
    for _ in range(30):
        catch_up("stripe", is_live=False, pages=1)
    assert raised(simulator) == 20_000
    assert Journal.objects.count() == 8
    assert ledger_problems() == []


def test_a_gap_longer_than_stripe_remembers_is_said_and_listed_anew(
    simulator: RunningSimulator, pledge: Pledge
) -> None:
    catch_up("stripe", is_live=False)
    paid(simulator, pledge)
    simulator.advance(days=45)
    with at(simulator):
        assert catch_up("stripe", is_live=False) > 0
        assert Gift.objects.count() == 1
        cursor = Cursor.objects.get()
        assert cursor.gap_from is not None
        assert any("everything was listed anew" in finding.text for finding in processors())
        assert catch_up("stripe", is_live=False) == 0


def test_the_cursor_follows_the_clock_where_nothing_happens(simulator: RunningSimulator) -> None:
    for _ in range(4):
        simulator.advance(days=20)
        with at(simulator):
            catch_up("stripe", is_live=False)
    assert Cursor.objects.get().gap_from is None
    assert datetime.fromtimestamp(int(Cursor.objects.get().value), tz=UTC) > datetime(2027, 1, 15, tzinfo=UTC)


def test_a_worker_that_stands_still_is_noticed(simulator: RunningSimulator) -> None:
    catch_up("stripe", is_live=False)
    assert [finding.level for finding in processors()] == ["ok"]
    simulator.advance(hours=7)
    with at(simulator):
        assert "Is a worker running?" in next(processors()).text


def test_what_the_worker_gave_up_is_heard_in_the_end(
    client: CheckingClient, simulator: RunningSimulator, pledge: Pledge
) -> None:
    """W5: a notification stays to do until all it names is settled, or kept by itself."""
    paid(simulator, pledge)
    for told in simulator.waiting():
        deliver(client, told)
    ProviderEvent.objects.update(received_at=datetime(2026, 11, 1, tzinfo=UTC))
    catch_up_with_all()
    assert not ProviderEvent.objects.filter(state="to_do").exists()
    assert Payment.objects.get().status == "succeeded"
