"""The worker delivers at least once, retries with patience and gives up loudly."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError

from masthead.core import clock
from masthead.outbox import claims, registry, selectors, services, worker
from masthead.outbox.errors import Gone, Retry
from masthead.outbox.models import Delivery, Event
from masthead.outbox.rules import MAX_ATTEMPTS
from masthead.outbox.testing import deliver_all
from tests.outbox.conftest import BellRung, Hearer, ring

pytestmark = pytest.mark.django_db
NOON = datetime(2025, 11, 22, 12, tzinfo=UTC)


class Killed(BaseException):
    """What the end of a process looks like to the code it interrupts."""


def raising(error: BaseException) -> Callable[[], None]:
    def answer() -> None:
        raise error

    return answer


def test_an_event_reaches_each_subscriber_once(hearer: Hearer) -> None:
    second = Hearer()
    registry.subscribe(BellRung, second, name="tests.second")
    event = ring()
    assert worker.run_pending() == 2
    assert worker.run_pending() == 0
    assert hearer.heard == second.heard == [("north", event.public_id)]


def test_nothing_is_recorded_outside_a_transaction(transactional_db: None) -> None:
    with pytest.raises(RuntimeError, match="inside the transaction"):
        services.record(BellRung("north"))
    assert not Event.objects.exists()


def test_the_limit_holds_and_the_rest_waits(hearer: Hearer) -> None:
    for tower in "abc":
        ring(tower)
    assert worker.run_pending(limit=2) == 2
    assert [tower for tower, _ in hearer.heard] == ["a", "b"]
    assert worker.run_pending() == 1


def test_a_crash_in_the_handler_is_retried_later_and_longer_each_time(hearer: Hearer) -> None:
    hearer.answers = [raising(ValueError("boom"))] * 2
    with clock.frozen(NOON):
        ring()
        worker.run_pending()
        first = Delivery.objects.get()
        assert worker.run_pending() == 0
    assert first.last_error == "ValueError: boom"
    assert timedelta(seconds=3) < first.next_attempt_at - NOON < timedelta(seconds=7)
    with clock.frozen(first.next_attempt_at):
        worker.run_pending()
        second = Delivery.objects.get()
    assert second.next_attempt_at - first.next_attempt_at > timedelta(seconds=7)
    with clock.frozen(second.next_attempt_at):
        worker.run_pending()
    assert Delivery.objects.get().status == Delivery.Status.DONE
    assert len(hearer.heard) == 1


def test_one_subscribers_failure_does_not_hold_up_another(hearer: Hearer) -> None:
    second = Hearer(answers=[raising(ValueError())])
    registry.subscribe(BellRung, second, name="tests.second")
    ring()
    worker.run_pending()
    assert len(hearer.heard) == 1
    assert Delivery.objects.get(status="pending").subscriber == "tests.second"


def test_one_subscribers_long_row_does_not_hold_up_another(hearer: Hearer) -> None:
    order: list[str] = []
    hearer.answers = [lambda: order.append("many")] * 60
    for number in range(60):
        ring(str(number))
    second = Hearer(answers=[lambda: order.append("one")])
    registry.subscribe(BellRung, second, name="tests.second")
    ring("last")
    worker.run_pending()
    assert order.index("one") <= 20, "it waits for one turn, not for the whole row"
    assert len(hearer.heard) == 61


def test_a_slow_subscriber_ends_its_turn_early(hearer: Hearer) -> None:
    """The clock moves on by two seconds with each delivery."""
    moment = [NOON]
    order: list[str] = []

    def slow() -> None:
        moment[0] += timedelta(seconds=2)
        order.append("slow")

    hearer.answers = [slow] * 5
    second = Hearer(answers=[lambda: order.append("quick")])
    with clock.frozen(NOON):
        for number in range(4):
            ring(str(number))
        registry.subscribe(BellRung, second, name="tests.second")
        ring("last")
    with pytest.MonkeyPatch.context() as patch:
        for module in (worker, claims):
            patch.setattr(module, "now", lambda: moment[0])
        worker.run_pending()
    assert order[:3] == ["slow", "quick", "slow"]


def test_a_handlers_wish_to_wait_is_honoured(hearer: Hearer) -> None:
    hearer.answers = [raising(Retry("greylisted", after=timedelta(hours=1)))]
    with clock.frozen(NOON):
        ring()
        worker.run_pending()
    delivery = Delivery.objects.get()
    assert delivery.next_attempt_at == NOON + timedelta(hours=1)
    assert delivery.last_error == "greylisted"


def test_gone_is_given_up_quietly(hearer: Hearer, caplog: pytest.LogCaptureFixture) -> None:
    hearer.answers = [raising(Gone("address refused"))]
    ring()
    worker.run_pending()
    delivery = Delivery.objects.get()
    assert (delivery.status, delivery.last_error) == (Delivery.Status.DONE, "given up: address refused")
    assert not caplog.records


def test_after_the_last_attempt_it_is_given_up_loudly(hearer: Hearer, caplog: pytest.LogCaptureFixture) -> None:
    hearer.answers = [raising(ValueError("boom"))] * MAX_ATTEMPTS
    moment = NOON
    with clock.frozen(moment):
        event = ring()
    for _ in range(MAX_ATTEMPTS):
        with clock.frozen(moment):
            assert worker.run_pending() == 1
        moment += timedelta(days=1)
    delivery = selectors.failed_deliveries().get()
    assert delivery.last_error == f"gave up after {MAX_ATTEMPTS} attempts: ValueError: boom"
    assert any(event.public_id in record.message and record.levelno == logging.ERROR for record in caplog.records)
    with clock.frozen(moment):
        assert worker.run_pending() == 0


def test_an_event_type_this_version_does_not_know_is_kept_with_its_reason(hearer: Hearer) -> None:
    event = ring()
    Event.objects.filter(pk=event.pk).update(type="outbox.of-tomorrow")
    assert deliver_all() == 1
    assert Delivery.objects.get().last_error == "this version knows no event type outbox.of-tomorrow"
    assert selectors.lag().failed == 1


def test_a_payload_that_no_longer_fits_is_kept_with_its_reason(hearer: Hearer) -> None:
    event = ring()
    Event.objects.filter(pk=event.pk).update(payload={"belfry": "north"})
    deliver_all()
    assert "the payload does not fit outbox.bell-rung" in Delivery.objects.get().last_error


def test_a_subscriber_that_left_is_named(hearer: Hearer) -> None:
    ring()
    Delivery.objects.update(subscriber="tests.gone")
    deliver_all()
    assert Delivery.objects.get().last_error == "nobody is subscribed to outbox.bell-rung as tests.gone"


def test_a_worker_killed_in_the_handler_leaves_a_claim_that_expires(hearer: Hearer) -> None:
    hearer.answers = [raising(Killed())]
    with clock.frozen(NOON):
        ring()
        with pytest.raises(Killed):
            worker.run_pending()
        assert worker.run_pending() == 0, "the claim still stands"
    with clock.frozen(NOON + claims.CLAIM_TIME):
        assert worker.run_pending() == 1
    assert len(hearer.heard) == 1


def test_a_worker_killed_between_delivery_and_mark_delivers_again_under_the_same_id(
    hearer: Hearer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with clock.frozen(NOON):
        event = ring()
        with monkeypatch.context() as patch:
            patch.setattr(claims, "mark_done", lambda claim: (_ for _ in ()).throw(Killed()))
            with pytest.raises(Killed):
                worker.run_pending()
    with clock.frozen(NOON + claims.CLAIM_TIME):
        worker.run_pending()
    assert hearer.heard == [("north", event.public_id)] * 2
    assert Delivery.objects.get().status == Delivery.Status.DONE


def test_a_delivery_that_kills_every_worker_is_given_up(hearer: Hearer) -> None:
    ring()
    Delivery.objects.update(attempts=MAX_ATTEMPTS)
    worker.run_pending()
    assert not hearer.heard
    assert Delivery.objects.get().last_error == "the worker died each time it tried"


def test_an_overtaken_worker_cannot_postpone_what_another_has_in_hand(hearer: Hearer) -> None:
    with clock.frozen(NOON):
        ring()
        slow = claims.take(claims.due(1)[0])
    with clock.frozen(NOON + claims.CLAIM_TIME):
        quick = claims.take(claims.due(1)[0])
        assert slow is not None
        assert quick is not None
        claims.mark_failed(slow, "too late")
        claims.mark_retry(slow, timedelta(days=1), "too late")
        claims.mark_done(quick)
    delivery = Delivery.objects.get()
    assert (delivery.status, delivery.last_error) == (Delivery.Status.DONE, "")


class Waiter:
    """Counts pauses instead of making them; sets ``stop`` after ``rounds``."""

    def __init__(self, stop: threading.Event, rounds: int) -> None:
        self.stop, self.rounds, self.pauses = stop, rounds, list[float]()

    def __call__(self, seconds: float) -> None:
        self.pauses.append(seconds)
        if len(self.pauses) >= self.rounds:
            self.stop.set()


def test_the_loop_works_until_it_is_stopped_and_pauses_only_when_idle(hearer: Hearer, no_chores: None) -> None:
    for tower in "abc":
        ring(tower)
    stop = threading.Event()
    waiter = Waiter(stop, rounds=2)
    worker.run_forever(stop, poll_seconds=0.1, wait=waiter)
    assert len(hearer.heard) == 3
    assert waiter.pauses == [0.1, 0.1]


def test_the_loop_outlives_a_database_that_does_not_answer(
    hearer: Hearer, no_chores: None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    ring()
    answers = iter([DatabaseError("gone away")])
    waiting = claims.subscribers_due

    def sometimes() -> list[str]:
        for error in answers:
            raise error
        return waiting()

    monkeypatch.setattr(claims, "subscribers_due", sometimes)
    stop = threading.Event()
    waiter = Waiter(stop, rounds=2)
    worker.run_forever(stop, wait=waiter)
    assert len(hearer.heard) == 1
    assert "could not reach its tables" in caplog.text


@dataclass
class Choir:
    """Hears many bells in one call; ``answers`` as a hearer's, one per call."""

    calls: list[list[str]] = field(default_factory=list)
    answers: list[Callable[[], None]] = field(default_factory=list)

    def __call__(self, told: Sequence[tuple[BellRung, str]]) -> None:
        self.calls.append([event.tower for event, _event_id in told])
        if self.answers:
            self.answers.pop(0)()


@pytest.fixture
def choir(hearer: Hearer) -> Choir:
    """The only subscriber of the bell."""
    registry._subscribers["outbox.bell-rung"] = {}
    one = Choir()
    registry.subscribe_together(BellRung, one, name="tests.choir")
    return one


def test_who_hears_many_together_is_called_once_for_all_that_waits(
    choir: Choir, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    for tower in "abcde":
        ring(tower)
    with django_assert_max_num_queries(6):
        assert worker.run_round(100) == worker.Round(tried=5, is_full=False)
    assert choir.calls == [list("abcde")]
    assert set(Delivery.objects.values_list("status", "attempts", "claimed_until")) == {("done", 1, None)}
    assert worker.run_pending() == 0


def test_where_a_call_for_many_fails_each_is_told_alone_and_only_the_bad_one_waits(choir: Choir) -> None:
    choir.answers = [raising(ValueError("one of them")), lambda: None, raising(ValueError("b is cracked"))]
    with clock.frozen(NOON):
        for tower in "abc":
            ring(tower)
        worker.run_pending()
    assert choir.calls == [["a", "b", "c"], ["a"], ["b"], ["c"]]
    assert Delivery.objects.get(status="pending").last_error == "ValueError: b is cracked"
    with clock.frozen(NOON + timedelta(minutes=1)):
        ring("d")
        ring("e")
        worker.run_pending()
    assert choir.calls[4:] == [["d", "e"], ["b"]], "what failed before is told alone"


def test_a_worker_killed_while_it_tells_many_leaves_claims_that_expire(choir: Choir) -> None:
    choir.answers = [raising(Killed())]
    with clock.frozen(NOON):
        for tower in "ab":
            ring(tower)
        with pytest.raises(Killed):
            worker.run_pending()
        assert worker.run_pending() == 0, "the claims still stand"
    with clock.frozen(NOON + claims.CLAIM_TIME):
        worker.run_pending()
    assert choir.calls == [["a", "b"], ["a"], ["b"]]
    assert not Delivery.objects.exclude(status="done").exists()


def test_a_row_that_cannot_be_read_keeps_no_other_from_being_told(choir: Choir) -> None:
    ring("a")
    Event.objects.filter(pk=ring("x").pk).update(payload={"belfry": "north"})
    deliver_all()
    assert choir.calls == [["a"]]
    assert "the payload does not fit" in Delivery.objects.get(status="failed").last_error


def test_a_turn_of_many_ends_at_the_limit_and_says_so(choir: Choir) -> None:
    for tower in "abc":
        ring(tower)
    assert worker.run_round(2) == worker.Round(tried=2, is_full=True)
    assert choir.calls == [["a", "b"]]
