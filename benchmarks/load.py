"""Load from wrk, with the readings it takes."""

from __future__ import annotations

import json
import statistics
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks import machine, tools
from benchmarks.figures import Figure, Target

CONNECTIONS = 16
# Only an end-of-run function: wrk then stays as fast as without a script.
_REPORT = """
done = function(summary, latency, requests)
  local e = summary.errors
  io.write(string.format(
    '\\nREPORT {"requests": %d, "seconds": %f, "p50": %f, "p99": %f, "highest": %f, "failed": %d}\\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    latency.max / 1e3, e.connect + e.read + e.write + e.status + e.timeout))
end
"""


class LoadFailed(Exception):
    """The server answered some requests with an error, or not at all: its speed means nothing."""


@dataclass(frozen=True)
class Load:
    """One run of wrk: requests a second, milliseconds, the server's processor time per request, others' share."""

    rate: float
    p50: float
    p99: float
    highest: float
    server_us: float
    foreign: float


def read_report(output: str) -> dict[str, float]:
    """Find the report in wrk's output. Raises :class:`LoadFailed` when a request failed, or none was answered."""
    line = next((line for line in output.splitlines() if line.startswith("REPORT ")), "")
    if not line:
        raise LoadFailed(f"wrk said: {output.strip()[-500:]}")
    report: dict[str, float] = json.loads(line.removeprefix("REPORT "))
    if report["failed"]:
        raise LoadFailed(f"{report['failed']:.0f} of {report['requests']:.0f} requests failed")
    if not report["requests"]:
        raise LoadFailed("no request was answered in time")
    return report


def run(
    url: str, *, seconds: int, server: int, headers: Mapping[str, str] | None = None, connections: int = CONNECTIONS
) -> Load:
    """Read ``url`` for some seconds over keep-alive connections; ``server`` is the process that answers."""
    with tempfile.NamedTemporaryFile("w", suffix=".lua", encoding="ascii") as script:
        script.write(_REPORT)
        script.flush()
        command = [tools.path("wrk"), "-t2", f"-c{connections}", f"-d{seconds}s", "--timeout", "20s"]
        command += ["-s", script.name]
        for name, value in (headers or {}).items():
            command += ["-H", f"{name}: {value}"]
        used = machine.family_seconds(server)
        with machine.Watch() as watch:
            output = subprocess.run([*command, url], capture_output=True, text=True, check=False, cwd=Path("/"))
        used = machine.family_seconds(server) - used
    report = read_report(output.stdout + output.stderr)
    return Load(
        rate=report["requests"] / report["seconds"],
        p50=report["p50"],
        p99=report["p99"],
        highest=report["highest"],
        server_us=used / report["requests"] * 1e6,
        foreign=watch.foreign,
    )


def figures(name: str, runs: Sequence[Load], *, p99: Target | None = None) -> list[Figure]:
    """Return what several runs of the same load say."""
    foreign = tuple(run.foreign for run in runs)
    return [
        Figure(name, "requests/s", tuple(run.rate for run in runs), foreign),
        Figure(f"{name}: p50", "ms", tuple(run.p50 for run in runs), foreign),
        Figure(f"{name}: p99", "ms", tuple(run.p99 for run in runs), foreign, p99),
        Figure(f"{name}: processor time of the server", "µs/request", tuple(run.server_us for run in runs), foreign),
    ]


def ratio(name: str, ours: Sequence[Load], theirs: Sequence[Load], target: Target | None = None) -> Figure:
    """Return ours to theirs, round by round: both runs of a round had about the same machine."""
    pairs = list(zip(ours, theirs, strict=True))
    foreign = tuple(max(our.foreign, their.foreign) for our, their in pairs)
    return Figure(name, "", tuple(our.rate / their.rate for our, their in pairs), foreign, target)


def median_rate(runs: Sequence[Load]) -> float:
    """Return the requests a second of the run in the middle."""
    return statistics.median(run.rate for run in runs)
