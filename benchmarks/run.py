"""All measurements in one run, and benchmarks/RESULTS.md from them.

    python -m benchmarks.run [NAME ...] [--quick] [--output FILE] [--again]

Without names all are run; with names the others keep what the last run on this machine found. ``--quick`` only shows
that everything works: its figures mean nothing, so it writes its page beside the raw figures in benchmarks/.cache/.
``--again`` measures nothing and writes the page from the last run's figures, after a change of benchmarks/limits.md.
The exit code is 1 when a measurement failed or is missing.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import machine, surroundings
from benchmarks.figures import from_json
from benchmarks.report import Outcome, Run, render

FOLDER = Path(__file__).resolve().parent
CACHE = FOLDER / ".cache"
RAW = CACHE / "results.json"
_LIMIT_SECONDS = 3600


@dataclass(frozen=True)
class Measurement:
    """A script of this folder, and what makes it short."""

    name: str
    quick: tuple[str, ...]

    @property
    def file(self) -> Path:
        """Where it is."""
        return FOLDER / f"{self.name}.py"


MEASUREMENTS = (
    Measurement("hot_page", ("--seconds", "1", "--rounds", "1", "--comments", "50")),
    Measurement("hot_while_posting", ("--seconds", "2", "--rounds", "1", "--comments", "50", "--rates", "20")),
    Measurement("cold_page", ("--sizes", "10", "100")),
    Measurement("accepted_comments", ("--seconds", "1")),
    Measurement("kill_nine", ("--rounds", "2")),
    Measurement("webhooks", ("--seconds", "1", "--clients", "8", "--rounds", "1")),
    Measurement("live_streams", ("--streams", "50")),
    Measurement("start_and_memory", ("--pages", "50", "--rounds", "1")),
    Measurement("anchoring", ("--ahead", "1")),
    Measurement("import_rate", ("--comments", "300", "--stories", "3")),
)


def perform(measurement: Measurement, *, quick: bool) -> Outcome:
    """Run one script and read what it prints. Its failure is an outcome, not an error."""
    if not measurement.file.exists():
        return Outcome(measurement.name, problem=f"There is no benchmarks/{measurement.file.name} yet.")
    command = [sys.executable, "-m", f"benchmarks.{measurement.name}", "--json"]
    begin = time.monotonic()
    with machine.Watch() as watch:
        try:
            done = subprocess.run(
                [*command, *(measurement.quick if quick else ())],
                cwd=FOLDER.parent,
                env={**os.environ, "PYTHONPATH": os.pathsep.join([str(FOLDER.parent / "src"), str(FOLDER.parent)])},
                capture_output=True,
                text=True,
                check=False,
                timeout=_LIMIT_SECONDS,
            )
        except subprocess.TimeoutExpired:
            return Outcome(measurement.name, problem=f"It did not end within {_LIMIT_SECONDS // 60} minutes.")
    seconds = time.monotonic() - begin
    if done.returncode:
        last = next(iter(reversed(done.stderr.strip().splitlines())), "nothing")
        return Outcome(measurement.name, problem=f"It ended with code {done.returncode} and said: {last}")
    return _read(measurement.name, done.stdout, foreign=watch.foreign, seconds=seconds)


def _read(name: str, output: str, *, foreign: float, seconds: float) -> Outcome:
    line = next((line for line in reversed(output.splitlines()) if line.startswith("{")), "")
    try:
        # A whole output that is one object over many lines is as good as an object on the last line.
        document = json.loads(line if line.endswith("}") else output)
    except json.JSONDecodeError:
        return Outcome(name, problem="It did not print one JSON object.")
    return Outcome(name, from_json(name, document), foreign=foreign, seconds=seconds)


def measure(chosen: list[Measurement], *, quick: bool, former: Run | None = None) -> Iterator[Run]:
    """Run what was chosen, one after the other, telling what was found; yields what there is after each.

    What was not chosen stays as ``former`` has it, if that was measured on the same machine.
    """
    kind = "a quick run whose figures mean nothing" if quick else f"commit {surroundings.commit()}"
    run = Run(_moment(), kind, surroundings.machine(), {})
    if former is not None and former.machine == run.machine:
        run = replace(run, outcomes=former.outcomes)
    for measurement in chosen:
        _say(f"== {measurement.name}")
        outcome = replace(perform(measurement, quick=quick), measured=f"{_moment()}, {kind}")
        _say("\n".join(outcome.result.lines()) if outcome.result else f"NOT MEASURED: {outcome.problem}")
        # Versions are asked for afterwards: a measurement may have installed what it compares with.
        run = replace(run, versions=surroundings.versions(), outcomes=_with(run.outcomes, outcome))
        yield run


def _moment() -> str:
    return datetime.now(UTC).strftime("%-d %B %Y, %H:%M UTC")


def _with(outcomes: tuple[Outcome, ...], new: Outcome) -> tuple[Outcome, ...]:
    """Put an outcome in its place, instead of a former one of the same measurement."""
    order = [measurement.name for measurement in MEASUREMENTS]
    kept = [outcome for outcome in outcomes if outcome.name != new.name]
    return tuple(sorted([*kept, new], key=lambda outcome: order.index(outcome.name)))


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def write(run: Run, page: Path) -> None:
    """Write the page."""
    page.write_text(render(run, (FOLDER / "limits.md").read_text(encoding="utf-8")), encoding="utf-8")


def main() -> None:
    """Measure, or write the page again."""
    known = {measurement.name: measurement for measurement in MEASUREMENTS}
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(known))
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--output", type=Path)
    parser.add_argument("--again", action="store_true")
    chosen = parser.parse_args()
    unknown = [name for name in chosen.names if name not in known]
    if unknown:
        parser.error(f"there is no measurement {', '.join(unknown)}; there are: {', '.join(known)}")
    page = chosen.output or (CACHE / "quick.md" if chosen.quick else FOLDER / "RESULTS.md")
    CACHE.mkdir(exist_ok=True)
    if chosen.again:
        write(Run.of_json(json.loads(RAW.read_text(encoding="utf-8"))), page)
        return
    # Written after each, so that a run which is stopped has not been for nothing.
    former = None
    if chosen.names and not chosen.quick and RAW.exists():
        former = Run.of_json(json.loads(RAW.read_text(encoding="utf-8")))
    for run in measure([known[name] for name in chosen.names or known], quick=chosen.quick, former=former):
        if not chosen.quick:
            RAW.write_text(json.dumps(run.as_json(), indent=1), encoding="utf-8")
        write(run, page)
    _say(f"Written: {page}")
    raise SystemExit(any(outcome.result is None for outcome in run.outcomes))


if __name__ == "__main__":
    main()
