"""Work by the clock, sending again, forgetting, and how it all stands."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from masthead.core import clock
from masthead.outbox import chores, registry, selectors, services, worker
from masthead.outbox.errors import NothingToReplay
from masthead.outbox.models import Delivery, Event
from masthead.outbox.rules import LONGEST_DELAY, backoff
from tests.outbox.conftest import BellRung, Hearer, ring

pytestmark = pytest.mark.django_db
NOON = datetime(2025, 11, 22, 12, tzinfo=UTC)


def test_a_chore_runs_at_once_and_then_at_its_interval(no_chores: None) -> None:
    runs: list[datetime] = []
    chores.every(60, "tests.sweep", lambda: runs.append(clock.now()))
    for seconds in (0, 30, 60, 90, 300):
        with clock.frozen(NOON + timedelta(seconds=seconds)):
            chores.run_due()
    assert [int((run - NOON).total_seconds()) for run in runs] == [0, 60, 300]
    assert selectors.lag().worker_seen_at == NOON + timedelta(seconds=300)


def test_a_failing_chore_is_shown_and_hinders_no_other(no_chores: None, caplog: pytest.LogCaptureFixture) -> None:
    runs: list[int] = []
    chores.every(60, "tests.bad", lambda: 1 // 0)
    chores.every(60, "tests.good", lambda: runs.append(1))
    with clock.frozen(NOON):
        assert chores.run_due() == 2
    assert runs == [1]
    assert [chore.name for chore in selectors.failing_chores()] == ["tests.bad"]
    assert "tests.bad" in caplog.text
    chores.every(60, "tests.bad", lambda: None)
    with clock.frozen(NOON + timedelta(minutes=1)):
        chores.run_due()
    assert not selectors.failing_chores().exists()


def test_a_chore_needs_an_interval(no_chores: None) -> None:
    with pytest.raises(ValueError, match="above 0"):
        chores.every(0, "tests.never", lambda: None)
    assert chores.names() == []


def test_events_can_be_sent_again_by_id(hearer: Hearer) -> None:
    first, _ = ring("a"), ring("b")
    worker.run_pending()
    assert services.replay(event_ids=[first.public_id]) == 1
    worker.run_pending()
    assert [tower for tower, _ in hearer.heard] == ["a", "b", "a"]


def test_a_new_subscriber_hears_of_what_was_before_it(hearer: Hearer) -> None:
    with clock.frozen(NOON):
        ring("old")
    with clock.frozen(NOON + timedelta(days=1)):
        ring("new")
    worker.run_pending()
    late = Hearer()
    registry.subscribe(BellRung, late, name="tests.late")
    assert services.replay(subscriber="tests.late", since=NOON + timedelta(hours=1)) == 1
    worker.run_pending()
    assert [tower for tower, _ in late.heard] == ["new"]
    assert len(hearer.heard) == 2


def test_what_was_given_up_can_be_sent_again(hearer: Hearer) -> None:
    ring("a")
    ring("b")
    Delivery.objects.filter(event__payload__tower="a").update(status="failed", attempts=16)
    worker.run_pending()
    assert services.replay(only_failed=True) == 1
    worker.run_pending()
    assert sorted(tower for tower, _ in hearer.heard) == ["a", "b"]


def test_a_replay_of_everything_is_refused() -> None:
    with pytest.raises(NothingToReplay):
        services.replay()


def test_old_events_are_forgotten_once_all_is_done(hearer: Hearer) -> None:
    with clock.frozen(NOON):
        done, failed, waiting = ring("done"), ring("failed"), ring("waiting")
        Delivery.objects.filter(event=done).update(status="done")
        Delivery.objects.filter(event=failed).update(status="failed")
    with clock.frozen(NOON + timedelta(days=91)):
        recent = ring("recent")
        Delivery.objects.filter(event=recent).update(status="done")
        assert services.prune() == 1
    assert set(Event.objects.values_list("pk", flat=True)) == {failed.pk, waiting.pk, recent.pk}


def test_the_lag_counts_what_is_due_apart_from_what_is_put_off(hearer: Hearer) -> None:
    assert selectors.lag().oldest_seconds == 0
    with clock.frozen(NOON):
        ring("a")
        ring("b")
        Delivery.objects.filter(event__payload__tower="b").update(next_attempt_at=NOON + timedelta(hours=1))
    with clock.frozen(NOON + timedelta(seconds=90)):
        lag = selectors.lag()
    assert (lag.pending, lag.due, lag.oldest_seconds, lag.failed) == (2, 1, 90, 0)


@given(attempt=st.integers(1, 10_000), draw=st.floats(0, 1, exclude_max=True))
def test_backoff_is_never_negative_nor_endless(attempt: int, draw: float) -> None:
    delay = backoff(attempt, draw=draw)
    assert timedelta(seconds=3) < delay <= LONGEST_DELAY * 1.25
    assert backoff(attempt, draw=0) <= delay
