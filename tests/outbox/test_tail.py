"""The tail: each process hears of each committed fact once."""

from __future__ import annotations

import dataclasses
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.conf import settings as current
from django.db import connection, connections, transaction

from masthead.core.events import event
from masthead.outbox import services, wake
from masthead.outbox.models import Event
from masthead.outbox.tail import Cursor, Fact, Tail, tail
from masthead.project.config import Config


@event("tests.rang")
@dataclass(frozen=True)
class Rang:
    """A bell rang."""

    times: int


pytestmark = pytest.mark.django_db(transaction=True)


class Heard:
    """An observer that can be waited for."""

    def __init__(self) -> None:
        self.facts: list[Fact] = []
        self._changed = threading.Condition()

    def __call__(self, facts: list[Fact]) -> None:
        with self._changed:
            self.facts.extend(facts)
            self._changed.notify_all()

    @property
    def times(self) -> list[int]:
        """What rang, in the order of hearing."""
        return [fact.event.times for fact in self.facts if isinstance(fact.event, Rang)]

    def wait_for(self, times: list[int]) -> None:
        """Wait until exactly this was heard, at most ten seconds."""
        with self._changed:
            self._changed.wait_for(lambda: len(self.times) >= len(times), timeout=10)
        assert self.times == times


def with_valkey(address: str) -> Config:
    """Return the site's settings with a Valkey server."""
    config: Config = current.MASTHEAD
    return dataclasses.replace(config, edge=dataclasses.replace(config.edge, valkey=address))


def ring(times: int) -> None:
    """Commit one fact."""
    with transaction.atomic():
        services.record(Rang(times))


@pytest.fixture
def listening() -> Iterator[Callable[[], tuple[Tail, Heard, Heard]]]:
    started: list[Tail] = []

    def start() -> tuple[Tail, Heard, Heard]:
        made = Tail()
        at_once, in_turn = Heard(), Heard()
        made.observe(at_once, at_once=True)
        made.observe(in_turn)
        made.start()
        started.append(made)
        return made, at_once, in_turn

    yield start
    for each in started:
        each.stop()


def test_what_another_process_commits_is_heard_once_and_in_order(
    listening: Callable[[], tuple[Tail, Heard, Heard]],
) -> None:
    _tail, at_once, in_turn = listening()
    for times in range(5):
        ring(times)
    in_turn.wait_for([0, 1, 2, 3, 4])
    at_once.wait_for([0, 1, 2, 3, 4])


def test_what_was_committed_before_is_not_told(listening: Callable[[], tuple[Tail, Heard, Heard]]) -> None:
    ring(1)
    _tail, _at_once, in_turn = listening()
    ring(2)
    in_turn.wait_for([2])


def test_own_facts_are_told_before_the_writing_call_returns_and_never_twice() -> None:
    at_once, in_turn = Heard(), Heard()
    tail.observe(at_once, at_once=True)
    tail.observe(in_turn)
    tail.start()
    try:
        with transaction.atomic():
            services.record(Rang(7))
            assert at_once.times == []
        assert at_once.times == [7]
        in_turn.wait_for([7])
        ring(8)
        in_turn.wait_for([7, 8])
        assert at_once.times == [7, 8]
    finally:
        tail.stop()
        tail.forget_observers()


def test_what_is_rolled_back_is_never_told(listening: Callable[[], tuple[Tail, Heard, Heard]]) -> None:
    _tail, _at_once, in_turn = listening()
    with transaction.atomic():
        services.record(Rang(1))
        transaction.set_rollback(True)
    ring(2)
    in_turn.wait_for([2])


def test_an_observer_that_fails_does_not_keep_the_others_from_hearing(
    listening: Callable[[], tuple[Tail, Heard, Heard]], caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_facts: list[Fact]) -> None:
        raise RuntimeError("deaf")

    made, _at_once, _in_turn = listening()
    made.observe(fail)
    last = Heard()
    made.observe(last)
    ring(1)
    last.wait_for([1])
    assert "an observer failed" in caplog.text


def test_it_is_sure_while_it_listens_and_not_afterwards(listening: Callable[[], tuple[Tail, Heard, Heard]]) -> None:
    made, _at_once, _in_turn = listening()
    assert made.is_sure()
    made.stop()
    assert not made.is_sure()


def test_trouble_with_the_store_skips_nothing(
    listening: Callable[[], tuple[Tail, Heard, Heard]], monkeypatch: pytest.MonkeyPatch
) -> None:
    failures = iter([True, True])
    read = Cursor.read

    def sometimes(self: Cursor) -> list[Fact]:
        if next(failures, False):
            raise OSError("the disk is away")
        return read(self)

    monkeypatch.setattr(Cursor, "read", sometimes)
    _tail, _at_once, in_turn = listening()
    ring(1)
    in_turn.wait_for([1])


def test_facts_of_a_newer_version_are_left_to_it(listening: Callable[[], tuple[Tail, Heard, Heard]]) -> None:
    _tail, _at_once, in_turn = listening()
    Event.objects.create(type="tests.from-the-future", payload={})
    ring(3)
    in_turn.wait_for([3])


@pytest.mark.skipif(connection.vendor != "postgresql", reason="numbers are committed in order on SQLite")
def test_a_smaller_number_that_is_committed_later_is_still_read() -> None:
    cursor = Cursor()
    cursor.start()
    begun, may_end = threading.Event(), threading.Event()

    def slow_writer() -> None:
        try:
            with transaction.atomic():
                services.record(Rang(1))
                begun.set()
                assert may_end.wait(10)
        finally:
            connections.close_all()

    writer = threading.Thread(target=slow_writer)
    writer.start()
    assert begun.wait(10)
    ring(2)
    assert [fact.event.times for fact in cursor.read()] == [2]
    assert cursor.read() == []
    may_end.set()
    writer.join(10)
    assert [fact.event.times for fact in cursor.read()] == [1]
    assert cursor.read() == []


def test_valkey_wakes_when_it_is_configured(settings: Any) -> None:
    settings.MASTHEAD = with_valkey("redis://127.0.0.1:6379/0")
    alarm = wake.alarm()
    try:
        wake.everybody()
        assert any(alarm.wait(1.0) for _ in range(5))
    finally:
        alarm.close()


def test_without_valkey_at_its_address_the_database_is_listened_to(settings: Any) -> None:
    settings.MASTHEAD = with_valkey("redis://127.0.0.1:1/0")
    alarm = wake.alarm()
    ringer = threading.Thread(target=_ring_elsewhere)
    try:
        ringer.start()
        ends = time.monotonic() + 10
        woken = False
        while not woken and time.monotonic() < ends:
            woken = alarm.wait(0.2)
        assert woken
    finally:
        ringer.join(30)  # else it writes while the next test runs
        alarm.close()


def _ring_elsewhere() -> None:
    try:
        ring(1)
    finally:
        connections.close_all()
