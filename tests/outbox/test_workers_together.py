"""Several workers on one database, in threads of their own and interleaved by hypothesis."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connections
from hypothesis import given, settings
from hypothesis import strategies as st

from masthead.core import clock
from masthead.outbox import claims, worker
from masthead.outbox.models import Delivery, Event
from tests.outbox.conftest import Hearer, ring
from tests.properties import examples

NOON = datetime(2025, 11, 22, 12, tzinfo=UTC)


@pytest.mark.django_db(transaction=True)
def test_two_workers_deliver_each_event_exactly_once_when_nothing_fails(hearer: Hearer) -> None:
    for number in range(60):
        ring(str(number))
    barrier = threading.Barrier(2)
    errors: list[BaseException] = []

    def work() -> None:
        try:
            barrier.wait()
            while worker.run_pending(5):
                pass
        except BaseException as error:  # noqa: BLE001 - the test below reports it
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert errors == []
    assert Counter(tower for tower, _ in hearer.heard) == {str(number): 1 for number in range(60)}
    assert not Delivery.objects.exclude(status=Delivery.Status.DONE).exists()


@pytest.mark.django_db(transaction=True)
def test_two_workers_that_claim_many_at_once_share_them_without_overlap(hearer: Hearer) -> None:
    for number in range(200):
        ring(str(number))
    barrier = threading.Barrier(2)
    hands: list[list[int]] = [[], []]

    def work(hand: list[int]) -> None:
        barrier.wait()
        while taken := claims.take_together(7, subscriber="tests.hearer"):
            hand.extend(claim.delivery for claim in taken)
        connections.close_all()

    threads = [threading.Thread(target=work, args=(hand,)) for hand in hands]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(hands[0] + hands[1]) == sorted(Delivery.objects.values_list("id", flat=True))


@pytest.mark.django_db(transaction=True)
def test_the_thread_of_a_small_site_starts_once_delivers_and_stops(hearer: Hearer) -> None:
    arrived = threading.Event()
    hearer.answers = [arrived.set]
    stop = worker.start_in_process(poll_seconds=0.01)
    try:
        assert worker.start_in_process() is stop
        assert sum(thread.name == "outbox" for thread in threading.enumerate()) == 1
        ring()
        assert arrived.wait(10)
    finally:
        stop()
    assert not any(thread.name == "outbox" for thread in threading.enumerate())
    assert len(hearer.heard) == 1


@pytest.mark.django_db(transaction=True)
def test_of_several_processes_one_works_and_another_takes_over_when_it_dies(hearer: Hearer, tmp_path: Path) -> None:
    turn = tmp_path / "worker.lock"
    holder = subprocess.Popen([sys.executable, "-c", HOLDS, str(turn)], stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    arrived = threading.Event()
    hearer.answers = [arrived.set]
    ring()
    stop = worker.start_in_process(poll_seconds=0.01, turn=turn)
    try:
        assert not arrived.wait(0.2), "another process has the turn"
        holder.kill()
        holder.communicate()
        assert arrived.wait(10)
    finally:
        holder.kill()
        stop()


HOLDS = """
import fcntl, sys, time
file = open(sys.argv[1], "ab")
fcntl.flock(file, fcntl.LOCK_EX)
print("held", flush=True)
time.sleep(60)
"""

STEPS = st.lists(
    st.tuples(
        st.sampled_from(["take", "done", "retry", "fail", "die", "wait"]),
        st.integers(0, 2),  # which worker
        st.integers(0, 400),  # seconds that pass before the step
    ),
    max_size=40,
)


@pytest.mark.django_db(transaction=True)
@settings(max_examples=examples(40))
@given(steps=STEPS)
def test_whatever_the_interleaving_no_two_workers_hold_one_row_and_none_is_lost(
    steps: list[tuple[str, int, int]],
) -> None:
    Event.objects.all().delete()
    moment = NOON
    with clock.frozen(moment):
        events = [Event.objects.create(type="outbox.bell-rung", payload={"tower": "x"}) for _ in range(2)]
        Delivery.objects.bulk_create(Delivery(event=event, subscriber="tests.hearer") for event in events)
    hands: dict[int, tuple[claims.Claim, datetime]] = {}
    failed: set[int] = set()
    for step, who, seconds in steps:
        moment += timedelta(seconds=seconds)
        with clock.frozen(moment):
            _step(step, who, hands, failed)
        live = [claim.delivery for claim, until in hands.values() if until > moment]
        assert len(live) == len(set(live)), "two workers hold one row"
    with clock.frozen(moment + timedelta(days=1)):
        waiting = {candidate.delivery for candidate in claims.due(10)}
    finished = set(Delivery.objects.exclude(status="pending").values_list("id", flat=True))
    assert waiting | finished == set(Delivery.objects.values_list("id", flat=True)), "a row is neither due nor done"
    assert failed >= set(Delivery.objects.filter(status="failed").values_list("id", flat=True))


def _step(step: str, who: int, hands: dict[int, tuple[claims.Claim, datetime]], failed: set[int]) -> None:
    if step == "take" and who not in hands:
        for candidate in claims.due(1):
            if taken := claims.take(candidate):
                hands[who] = (taken, clock.now() + claims.CLAIM_TIME)
    elif step == "die":
        hands.pop(who, None)
    elif step in {"done", "retry", "fail"} and who in hands:
        claim, _ = hands.pop(who)
        if step == "done":
            claims.mark_done(claim)
        elif step == "retry":
            claims.mark_retry(claim, timedelta(seconds=30), "later")
        else:
            claims.mark_failed(claim, "no")
            failed.add(claim.delivery)
