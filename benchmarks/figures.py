"""What a measurement hands on: figures with every single reading, and the target each has to meet.

A measurement is a script in this folder. It prints lines for people, or with ``--json`` one object that
:meth:`Result.as_json` makes. ``benchmarks/run.py`` collects these objects.
"""

from __future__ import annotations

import json
import statistics
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

Side = Literal["at least", "at most", "below", "exactly"]


def _holds(side: Side, reading: float, value: float) -> bool:
    if side == "exactly":
        return reading == value
    if side == "at least":
        return reading >= value
    return reading <= value if side == "at most" else reading < value


@dataclass(frozen=True)
class Target:
    """What issue 3 asks of a figure. ``every`` reading has to meet it, or the median of them."""

    side: Side
    value: float
    every: bool = False

    def met_by(self, readings: Sequence[float]) -> bool:
        """Tell whether the readings are as asked."""
        judged = readings if self.every else [statistics.median(readings)]
        return all(_holds(self.side, reading, self.value) for reading in judged)

    def __str__(self) -> str:
        return f"{self.side} {shown(self.value)}"


@dataclass(frozen=True)
class Figure:
    """One thing measured: each reading, and how much of the machine others used during it (percent)."""

    name: str
    unit: str
    readings: tuple[float, ...]
    foreign: tuple[float, ...] = ()
    target: Target | None = None

    @property
    def median(self) -> float:
        """The reading in the middle."""
        return statistics.median(self.readings)

    @property
    def is_met(self) -> bool | None:
        """Whether the target is reached; None without one."""
        return None if self.target is None else self.target.met_by(self.readings)

    @property
    def verdict(self) -> str:
        """What to print about the target."""
        return {None: "", True: "reached", False: "falls short"}[self.is_met]

    def spread(self) -> str:
        """Return the median, with the lowest and highest reading where there are several."""
        if len(self.readings) == 1:
            return shown(self.median)
        return f"{shown(self.median)} ({shown(min(self.readings))}-{shown(max(self.readings))})"

    def disturbance(self) -> str:
        """Return the share of the machine that others had during the readings."""
        if not self.foreign:
            return ""
        low, high = round(min(self.foreign)), round(max(self.foreign))
        return f"{low} %" if low == high else f"{low}-{high} %"


@dataclass(frozen=True)
class Result:
    """All that one measurement found. ``notes`` are sentences that a reader of the figures needs."""

    name: str
    title: str
    figures: tuple[Figure, ...]
    notes: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return plain values for ``json``."""
        figures = [
            {
                "name": figure.name,
                "unit": figure.unit,
                "readings": list(figure.readings),
                "foreign_percent": [round(share, 1) for share in figure.foreign],
                "target": _target_as_json(figure.target),
            }
            for figure in self.figures
        ]
        return {"name": self.name, "title": self.title, "figures": figures, "notes": list(self.notes)}

    def lines(self) -> list[str]:
        """Return the figures as lines for people."""
        width = max((len(figure.name) for figure in self.figures), default=0)
        rows = [f"{figure.name:<{width}}  {_line(figure)}" for figure in self.figures]
        return [self.title, *rows, *(f"note: {note}" for note in self.notes)]


def _target_as_json(target: Target | None) -> dict[str, Any] | None:
    return None if target is None else {"side": target.side, "value": target.value, "every": target.every}


def _line(figure: Figure) -> str:
    parts = [f"{figure.spread()} {figure.unit}".strip()]
    if figure.foreign:
        parts.append(f"others used {figure.disturbance()}")
    if figure.target:
        parts.append(f"target {figure.target}: {figure.verdict}")
    return "; ".join(parts)


def shown(value: float) -> str:
    """Write a figure with as many digits as mean something."""
    if value == int(value) and abs(value) < 1e15:
        return f"{int(value):,}"
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}" if abs(value) >= 0.1 else f"{value:.3g}"


def emit(result: Result, *, as_json: bool) -> None:
    """Print what was found."""
    text = json.dumps(result.as_json()) if as_json else "\n".join(result.lines())
    sys.stdout.write(text + "\n")


def from_json(name: str, document: Mapping[str, Any]) -> Result:
    """Read what a measurement printed.

    An object of another shape is taken as it is: every number in it becomes a figure, named by its path.
    """
    rows = document.get("figures")
    if not isinstance(rows, list) or not all(isinstance(row, dict) and "readings" in row for row in rows):
        return Result(name, str(document.get("title", name)), tuple(_numbers("", document)))
    figures = tuple(
        Figure(
            name=item["name"],
            unit=item.get("unit", ""),
            readings=tuple(item["readings"]),
            foreign=tuple(item.get("foreign_percent", ())),
            target=Target(**item["target"]) if item.get("target") else None,
        )
        for item in rows
    )
    return Result(name, document.get("title", name), figures, tuple(document.get("notes", ())))


def _numbers(path: str, value: Any) -> list[Figure]:
    if isinstance(value, bool):
        return []
    if isinstance(value, int | float):
        return [Figure(path, "", (float(value),))]
    if isinstance(value, Mapping):
        parts = [(str(key), item) for key, item in value.items()]
    elif isinstance(value, list):
        if value and all(isinstance(item, int | float) and not isinstance(item, bool) for item in value):
            return [Figure(path, "", tuple(map(float, value)))]
        parts = [(str(number), item) for number, item in enumerate(value, start=1)]
    else:
        return []
    return [figure for key, item in parts for figure in _numbers(f"{path} {key}".strip(), item)]
