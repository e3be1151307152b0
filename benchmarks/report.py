"""Writes benchmarks/RESULTS.md from what was measured. Knows nothing of how."""

from __future__ import annotations

import re
import statistics
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from benchmarks.figures import Figure, Result, from_json

_QUIET_PERCENT = 15
_INTRODUCTION = """\
Written by `make bench`; do not edit. Each figure is as measured: the median, in brackets the lowest and highest of the
rounds. What is compared was measured in one run of one script; the scripts may have run apart. *Others* is the share of
the whole machine that processes foreign to the measurement had meanwhile. Above 15 % a verdict is marked *disturbed*:
it decides nothing, for the scheduler then favours one side or the other; measure again on a quiet machine. Load
generator and servers share the machine. Targets are those of issue 3 and of section 6 of the design.
"""


@dataclass(frozen=True)
class Outcome:
    """What became of one measurement: its result, or in one sentence why there is none."""

    name: str
    result: Result | None = None
    problem: str = ""
    foreign: float = 0.0
    seconds: float = 0.0
    measured: str = ""


@dataclass(frozen=True)
class Run:
    """All measurements of one run, and where it took place."""

    began: str
    kind: str
    machine: Mapping[str, str]
    versions: Mapping[str, str]
    outcomes: tuple[Outcome, ...] = field(default_factory=tuple)

    def as_json(self) -> dict[str, Any]:
        """Return plain values for ``json``."""
        outcomes = [
            {
                "name": outcome.name,
                "result": outcome.result.as_json() if outcome.result else None,
                "problem": outcome.problem,
                "foreign": outcome.foreign,
                "seconds": outcome.seconds,
                "measured": outcome.measured,
            }
            for outcome in self.outcomes
        ]
        return {
            "began": self.began,
            "kind": self.kind,
            "machine": dict(self.machine),
            "versions": dict(self.versions),
            "outcomes": outcomes,
        }

    @staticmethod
    def of_json(document: Mapping[str, Any]) -> Run:
        """Read what :meth:`as_json` made."""
        outcomes = tuple(
            Outcome(
                name=item["name"],
                result=from_json(item["name"], item["result"]) if item["result"] else None,
                problem=item["problem"],
                foreign=item["foreign"],
                seconds=item["seconds"],
                measured=item["measured"],
            )
            for item in document["outcomes"]
        )
        return Run(document["began"], document["kind"], document["machine"], document["versions"], outcomes)


def sections(limits: str) -> dict[str, str]:
    """Split benchmarks/limits.md into what is said under each measurement's name."""
    parts = re.split(r"^## +(\S+)\s*$", limits, flags=re.MULTILINE)
    return {name: text.strip() for name, text in zip(parts[1::2], parts[2::2], strict=True)}


def render(run: Run, limits: str) -> str:
    """Return the page. ``limits`` says, by measurement, what keeps a figure from its target."""
    lines = ["# Results", "", _INTRODUCTION]
    lines += [f"Last run {run.began}, {run.kind}.", ""]
    lines += _table(("Machine", ""), run.machine.items())
    lines += _table(("Version", ""), run.versions.items())
    lines += ["## Targets", ""]
    lines += _table(("Measurement", "Figure", "Target", "Measured", "Others", ""), _targets(run))
    for outcome in run.outcomes:
        lines += _measurement(outcome)
    lines += _what_limits(run, sections(limits))
    return "\n".join(lines).rstrip() + "\n"


def _targets(run: Run) -> Iterator[tuple[str, ...]]:
    for outcome in run.outcomes:
        for figure in outcome.result.figures if outcome.result else ():
            if figure.target:
                measured = f"{figure.spread()} {figure.unit}".strip()
                yield outcome.name, figure.name, str(figure.target), measured, _others(figure), _verdict(figure)


def _measurement(outcome: Outcome) -> list[str]:
    if outcome.result is None:
        return [f"## {outcome.name}", "", f"**Not measured.** {outcome.problem}", ""]
    rows = (
        (figure.name, figure.spread(), figure.unit, _others(figure), _verdict(figure))
        for figure in outcome.result.figures
    )
    heading = [f"## {outcome.result.title}", "", f"`python -m benchmarks.{outcome.name}`, {outcome.seconds:.0f} s; "]
    heading[-1] += f"others used {outcome.foreign:.0f} % of the machine. Measured {outcome.measured}."
    notes = [f"- {note}" for note in outcome.result.notes]
    return [*heading, *([""] if notes else []), *notes, "", *_table(("Figure", "", "", "Others", ""), rows)]


def _what_limits(run: Run, known: Mapping[str, str]) -> list[str]:
    lines = ["## What limits what falls short", ""]
    for outcome in run.outcomes:
        short = [figure.name for figure in outcome.result.figures if figure.is_met is False] if outcome.result else []
        if short:
            said = known.get(outcome.name, "Nobody has looked yet: profile it and say so in benchmarks/limits.md.")
            lines += [f"### {outcome.name}", "", f"Short of the target: {'; '.join(short)}.", "", said, ""]
    if len(lines) == 2:
        lines += ["Nothing fell short.", ""]
    return lines


def _others(figure: Figure) -> str:
    return figure.disturbance()


def _verdict(figure: Figure) -> str:
    said = f"**{figure.verdict}**" if figure.is_met is False else figure.verdict
    is_disturbed = bool(figure.foreign) and statistics.median(figure.foreign) > _QUIET_PERCENT
    return f"{said}, disturbed" if said and is_disturbed else said


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> list[str]:
    lines = [_row(head), _row(("---",) * len(head)), *map(_row, rows)]
    return [*lines, ""]


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
