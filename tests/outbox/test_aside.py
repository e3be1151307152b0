"""Lines that wait for machines of strangers hold up neither each other nor anybody else."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connections, transaction

from masthead.core.clock import frozen
from masthead.outbox import claims, registry, services, worker
from masthead.outbox.aside import Turns
from masthead.outbox.errors import Unreachable
from masthead.outbox.models import Delivery
from tests.outbox.conftest import BellRung, Hearer, ring

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)


class Lines:
    """Hears bells, each tower in a line of its own; ``busy`` towers wait until they are let go."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.does: Callable[[str], None] = lambda _tower: None
        self.arrived = threading.Semaphore(0)

    def __call__(self, event: BellRung, _event_id: str) -> None:
        """Hear one."""
        self.does(event.tower)
        self.heard.append(event.tower)
        self.arrived.release()


def work_until(stop: threading.Event) -> None:
    """Be a site's worker in a thread, which leaves no connection behind."""
    try:
        worker.run_forever(stop, poll_seconds=0.01)
    finally:
        connections.close_all()


@pytest.fixture
def lines() -> Iterator[Lines]:
    """One subscriber told aside, ``tests.lines``, with a line for each tower."""
    before = registry.subscribers("outbox.bell-rung")
    one = Lines()
    registry.subscribe_aside(BellRung, one, line=lambda event: event.tower, name="tests.lines")
    yield one
    registry._subscribers["outbox.bell-rung"] = before


@pytest.mark.django_db(transaction=True)
def test_a_slow_line_delays_neither_other_lines_nor_other_subscribers(lines: Lines, hearer: Hearer) -> None:
    let_go = threading.Event()

    def wait(tower: str) -> None:
        if tower == "slow":
            let_go.wait(20)

    lines.does = wait
    others = threading.Semaphore(0)
    hearer.answers = [others.release] * 6
    stop = threading.Event()
    thread = threading.Thread(target=work_until, args=(stop,))
    for tower in ("slow", "slow", "quick", "slow", "quick", "other"):
        ring(tower)
    thread.start()
    try:
        assert all(lines.arrived.acquire(timeout=10) for _ in range(3)), "the quick lines are through"
        assert all(others.acquire(timeout=10) for _ in range(6)), "and so is the subscriber that is told in turn"
        assert sorted(lines.heard) == ["other", "quick", "quick"]
        let_go.set()
        assert all(lines.arrived.acquire(timeout=10) for _ in range(3))
    finally:
        let_go.set()
        stop.set()
        thread.join(20)
    assert not thread.is_alive()
    assert Delivery.objects.filter(subscriber="tests.lines/slow", status="done").count() == 3


@pytest.mark.django_db(transaction=True)
def test_what_is_in_hand_is_finished_before_the_worker_stops(lines: Lines) -> None:
    begun, let_go, stop = threading.Event(), threading.Event(), threading.Event()

    def wait(_tower: str) -> None:
        begun.set()
        let_go.wait(20)

    lines.does = wait
    ring()
    thread = threading.Thread(target=work_until, args=(stop,))
    thread.start()
    assert begun.wait(10)
    stop.set()
    let_go.set()
    thread.join(20)
    assert Delivery.objects.get(subscriber="tests.lines/north").status == "done"


@pytest.mark.django_db
def test_who_does_not_answer_rests_and_only_what_was_tried_counts_as_tried(lines: Lines) -> None:
    def refuse(tower: str) -> None:
        if tower == "dead":
            raise Unreachable("nobody there", rest=timedelta(minutes=3))

    lines.does = refuse
    with frozen(NOON):
        for tower in ("dead", "dead", "dead", "alive"):
            ring(tower)
        worker.run_pending()
    dead = Delivery.objects.filter(subscriber="tests.lines/dead").order_by("id")
    assert [row.attempts for row in dead] == [1, 0, 0]
    assert {row.next_attempt_at for row in dead[1:]} == {NOON + timedelta(minutes=3)}
    assert lines.heard == ["alive"]


@pytest.mark.django_db
def test_a_fact_can_wait_for_a_line_that_rests(lines: Lines) -> None:
    with frozen(NOON), transaction.atomic():
        services.record(BellRung("later"), not_before=NOON + timedelta(minutes=1))
    with frozen(NOON):
        assert worker.run_pending() == 0
    with frozen(NOON + timedelta(minutes=1)):
        assert worker.run_pending() == 1


@pytest.mark.django_db
def test_a_replay_finds_the_line_again(lines: Lines) -> None:
    event = ring("east")
    Delivery.objects.all().delete()
    assert services.replay(event_ids=[event.public_id]) == 1
    assert claims.subscribers_due() == ["tests.lines/east"]
    worker.run_pending()
    assert lines.heard == ["east"]


def test_with_more_lines_than_threads_every_line_gets_its_turn() -> None:
    turns, let_go = Turns(most=2), threading.Event()
    assert turns.in_order(["c", "a", "b"]) == ["a", "b", "c"]
    assert [turns.begin(line, let_go.wait) for line in ("a", "b", "c", "a")] == [True, True, False, False]
    let_go.set()
    turns.finish(10)
    assert turns.in_order(["a", "b", "c"])[0] == "c"
    assert turns.begin("c", lambda: None)
    turns.finish(10)


def test_a_turn_that_fails_frees_its_thread() -> None:
    turns = Turns(most=1)
    assert turns.begin("a", lambda: 1 // 0)
    turns.finish(10)
    assert turns.begin("b", lambda: None)
    turns.finish(10)
