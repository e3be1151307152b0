"""Targets are judged as written, and what a measurement prints is read back as it was."""

from __future__ import annotations

import json

import pytest

from benchmarks.figures import Figure, Result, Side, Target, emit, from_json, shown
from benchmarks.load import Load, LoadFailed, ratio, read_report


@pytest.mark.parametrize(
    ("side", "met", "missed"),
    [("at least", 2.0, 1.9), ("at most", 2.0, 2.1), ("below", 1.9, 2.0), ("exactly", 2.0, 2.1)],
)
def test_a_target_is_met_on_its_own_side_only(side: Side, met: float, missed: float) -> None:
    target = Target(side, 2)
    assert target.met_by([met])
    assert not target.met_by([missed])


def test_one_bad_round_fails_a_target_for_every_round_but_not_one_for_the_median() -> None:
    readings = [0.0, 0.0, 3.0]
    assert Target("exactly", 0).met_by(readings)
    assert not Target("exactly", 0, every=True).met_by(readings)


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (12_345.6, "12,346"), (12.345, "12.3"), (0.3456, "0.35"), (0.00123, "0.00123"), (7.0, "7")],
)
def test_figures_are_written_with_the_digits_that_mean_something(value: float, text: str) -> None:
    assert shown(value) == text


def test_a_result_survives_the_way_through_json(capsys: pytest.CaptureFixture[str]) -> None:
    figures = (
        Figure("hot / nginx", "", (0.31, 0.33, 0.32), (1.0, 2.0, 40.0), Target("at least", 0.3)),
        Figure("size", "bytes", (61_440.0,)),
    )
    result = Result("hot_page", "Hot page", figures, ("wrk -t2 -c16",))
    emit(result, as_json=True)
    assert from_json("hot_page", json.loads(capsys.readouterr().out)) == result


def test_an_object_of_another_shape_gives_every_number_by_its_path() -> None:
    document = {"title": "Cold page", "sizes": [{"comments": 10, "ms": [7.5, 7.7]}], "flat": True, "store": "sqlite"}
    result = from_json("cold_page", document)
    assert result.title == "Cold page"
    assert [(figure.name, figure.readings) for figure in result.figures] == [
        ("sizes 1 comments", (10.0,)),
        ("sizes 1 ms", (7.5, 7.7)),
    ]


def test_a_load_with_failed_requests_has_no_speed() -> None:
    line = 'REPORT {"requests": 10, "seconds": 1.0, "p50": 1, "p99": 2, "highest": 3, "failed": %d}'
    assert read_report(f"Running 1s test\n\n{line % 0}\n")["requests"] == 10
    with pytest.raises(LoadFailed, match="3 of 10"):
        read_report(line % 3)
    with pytest.raises(LoadFailed, match="unable to connect"):
        read_report("unable to connect to 127.0.0.1:1")


def test_a_ratio_compares_the_runs_of_one_round() -> None:
    ours = [Load(rate, 1, 2, 3, 4, foreign) for rate, foreign in ((30, 0.0), (10, 60.0))]
    theirs = [Load(rate, 1, 2, 3, 4, foreign) for rate, foreign in ((100, 5.0), (30, 50.0))]
    found = ratio("hot / nginx", ours, theirs)
    assert found.readings == (0.3, 10 / 30)
    assert found.foreign == (5.0, 60.0)
