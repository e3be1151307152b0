"""The page of results shows every figure, and hides none that falls short."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import surroundings
from benchmarks.report import Run, render, sections
from benchmarks.run import FOLDER, MEASUREMENTS, Measurement, measure, perform

RECORDED = json.loads((Path(__file__).parent / "recorded.json").read_text(encoding="utf-8"))
LIMITS = "# Why\n\nWords before.\n\n## hot_page\n\nThe lock.\n\n    62 % send\n\n## import_rate\n\nOther.\n"


@pytest.fixture
def page() -> str:
    """What the recorded run gives."""
    return render(Run.of_json(RECORDED), LIMITS)


def rows(page: str, start: str) -> list[str]:
    return [line for line in page.splitlines() if line.startswith(start)]


def test_date_machine_and_versions_stand_on_the_page(page: str) -> None:
    for text in ("22 November 2026, 19:00 UTC, commit 0ed80c9", "Intel Xeon, 2 cores", "| nginx | 1.22.1 |"):
        assert text in page


def test_every_figure_is_shown_with_its_spread_and_the_disturbance(page: str) -> None:
    assert rows(page, "| 1 worker: nginx") == [
        "| 1 worker: nginx | 79,194 (74,200-84,934) | requests/s | 0 % |  |",
    ]


def test_a_target_is_told_with_what_was_measured(page: str) -> None:
    assert rows(page, "| hot_page |") == [
        "| hot_page | 1 worker: hot page / nginx | at least 0.30 | 0.33 (0.31-0.35) | 4-31 % | reached, disturbed |",
        "| hot_page | 1 worker: masthead: p99 | below 10 | 14 (12.5-90) ms | 4-31 % | **falls short**, disturbed |",
    ]


def test_a_verdict_on_a_busy_machine_is_marked_and_one_on_a_quiet_machine_is_not(page: str) -> None:
    quiet = {**RECORDED, "outcomes": [json.loads(json.dumps(RECORDED["outcomes"][0]))]}
    for figure in quiet["outcomes"][0]["result"]["figures"]:
        figure["foreign_percent"] = [0.5, 1.0, 80.0]
    assert "reached, disturbed" in page
    assert "disturbed |" not in render(Run.of_json(quiet), LIMITS)


def test_what_falls_short_is_told_with_its_cause_or_that_none_is_known(page: str) -> None:
    limits = page.split("## What limits what falls short")[1]
    assert "### hot_page" in limits
    assert "    62 % send" in limits
    assert "### accepted_comments\n\nShort of the target: lost | of acknowledged.\n\nNobody has looked yet" in limits
    assert "Other." not in limits


def test_a_measurement_that_is_missing_is_said_to_be(page: str) -> None:
    assert "## cold_page\n\n**Not measured.** There is no benchmarks/cold_page.py yet." in page


def test_a_bar_in_a_name_does_not_break_the_table(page: str) -> None:
    assert rows(page, "| accepted_comments |")[0].startswith("| accepted_comments | lost \\| of acknowledged | exactly")


def test_a_run_survives_the_way_through_json() -> None:
    run = Run.of_json(RECORDED)
    assert Run.of_json(json.loads(json.dumps(run.as_json()))) == run


def test_limits_are_known_by_the_names_of_measurements() -> None:
    written = sections((FOLDER / "limits.md").read_text(encoding="utf-8"))
    assert written.keys() <= {measurement.name for measurement in MEASUREMENTS}


def test_a_missing_script_is_an_outcome_and_not_an_error() -> None:
    outcome = perform(Measurement("never_written", ()), quick=True)
    assert outcome.result is None
    assert outcome.problem == "There is no benchmarks/never_written.py yet."


def test_an_unknown_name_is_refused_with_those_that_exist() -> None:
    command = [sys.executable, "-m", "benchmarks.run", "hot_pages"]
    run = subprocess.run(command, cwd=FOLDER.parent, capture_output=True, text=True, check=False)
    assert run.returncode == 2
    assert "there is no measurement hot_pages" in run.stderr
    assert "hot_while_posting" in run.stderr


@pytest.mark.nightly
def test_every_measurement_works(tmp_path: Path) -> None:
    page = tmp_path / "quick.md"
    command = [sys.executable, "-m", "benchmarks.run", "--quick", "--output", str(page)]
    run = subprocess.run(command, cwd=FOLDER.parent, capture_output=True, text=True, check=False)
    assert "Not measured" not in page.read_text(encoding="utf-8"), run.stdout
    assert run.returncode == 0


def test_what_is_measured_alone_takes_its_place_among_the_rest() -> None:
    former = Run.of_json({**RECORDED, "machine": surroundings.machine()})
    broken = Measurement("hot_page", ("--no-such-option",))
    (run,) = measure([broken], quick=True, former=former)
    assert [outcome.name for outcome in run.outcomes] == [outcome.name for outcome in former.outcomes]
    assert run.outcomes[0].problem
    assert run.outcomes[1:] == former.outcomes[1:]


def test_figures_of_another_machine_do_not_stay() -> None:
    (run,) = measure([Measurement("hot_page", ("--no-such-option",))], quick=True, former=Run.of_json(RECORDED))
    assert [outcome.name for outcome in run.outcomes] == ["hot_page"]
