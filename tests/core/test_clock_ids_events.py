"""The small things everything stands on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from masthead.core import clock, events, ids, ports


def test_a_frozen_clock_stands_still_and_runs_again() -> None:
    moment = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
    with clock.frozen(moment):
        assert clock.now() == moment
    assert clock.now() > moment - timedelta(days=1)


def test_a_naive_moment_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"), clock.frozen(datetime(2026, 1, 1)):  # noqa: DTZ001
        pass


def test_ids_sort_by_time_and_never_collide() -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    made = []
    for step in range(50):
        with clock.frozen(start + timedelta(milliseconds=step)):
            made.append(ids.new_id())
    assert made == sorted(made)
    assert len(set(made)) == 50
    assert all(len(item) == ids.LENGTH for item in made)


def test_an_event_survives_the_round_trip_through_json() -> None:
    @events.event("core.test-noted")
    @dataclass(frozen=True)
    class TestNoted:
        number: int
        text: str

    noted = TestNoted(number=3, text="x")
    again = events.from_payload("core.test-noted", {**events.to_payload(noted), "gone_field": 1})
    assert again == noted


def test_only_frozen_dataclasses_are_events() -> None:
    with pytest.raises(TypeError, match="frozen"):
        events.event("core.bad")(dict)


def test_an_unbound_port_says_its_name() -> None:
    class Unbound:
        pass

    with pytest.raises(ports.PortNotBound, match="Unbound"):
        ports.get(Unbound)
