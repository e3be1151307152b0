"""The hot article page against nginx serving the same bytes from a file, both read by wrk.

    python -m benchmarks.hot_page [--seconds 5] [--rounds 3] [--comments 1000] [--workers 1 2] [--json]

In each round every server is read in turn, so that the two runs of a ratio had about the same machine. The servers
that are not read are idle.
"""

from __future__ import annotations

import argparse
import http.client
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks import limit, load, sites
from benchmarks.figures import Figure, Result, Target, emit
from benchmarks.load import Load
from benchmarks.sites import Server

IDENTITY_TARGET = Target("at least", 0.30)
GZIP_TARGET = Target("at least", 0.22)
P99_TARGET = Target("below", 10)
_GZIP = {"Accept-Encoding": "gzip"}
_SAMPLE = 20


@dataclass(frozen=True)
class Reply:
    """One answer, as it came."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Reading:
    """What is read: from whom, which page, asked how."""

    server: Server
    path: str
    headers: Mapping[str, str] = field(default_factory=dict)

    def once(self) -> Reply:
        """Ask once, without load."""
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=20)
        try:
            connection.request("GET", self.path, headers=dict(self.headers))
            reply = connection.getresponse()
            headers = {name.lower(): value for name, value in reply.getheaders()}
            return Reply(reply.status, headers, reply.read())
        finally:
            connection.close()

    def under_load(self, seconds: int) -> Load:
        """Ask as fast as answers come."""
        url = self.server.address + self.path
        return load.run(url, seconds=seconds, server=self.server.pid, headers=self.headers)


@dataclass(frozen=True)
class Page:
    """The page in both forms, and its mark."""

    plain: Reply
    packed: Reply


def read_page(server: Server, path: str) -> Page:
    """Read a page often enough that the server holds whatever it will hold of it."""
    for headers in ({}, _GZIP):
        for _number in range(_SAMPLE):
            Reading(server, path, headers).once()
    return Page(Reading(server, path).once(), Reading(server, path, _GZIP).once())


def hits(server: Server, path: str) -> Figure:
    """Tell how many replies of a sample came from the page cache."""
    replies = [Reading(server, path).once() for _number in range(_SAMPLE)]
    found = sum(reply.headers.get("x-masthead-cache") == "hit" for reply in replies)
    return Figure("replies from the page cache in a sample", "%", (100 * found / _SAMPLE,), (), Target("exactly", 100))


@contextmanager
def rivals(page: Page, path: str, ours: Server, *, workers: int) -> Iterator[dict[str, Reading]]:
    """Start the others, and name all that is read in a round."""
    with tempfile.TemporaryDirectory(prefix="masthead-limit-") as name:
        folder = Path(name)
        nginx = limit.nginx(folder / "nginx", plain=page.plain.body, packed=page.packed.body)
        with nginx as static, limit.fixed_body(folder, page.plain.body, workers=workers) as fixed:
            mark = Reading(static, "/page.html").once().headers["etag"]
            yield {
                "nginx": Reading(static, "/page.html"),
                "masthead": Reading(ours, path),
                "nginx gzip": Reading(static, "/page.html", _GZIP),
                "masthead gzip": Reading(ours, path, _GZIP),
                "nginx 304": Reading(static, "/page.html", {"If-None-Match": mark}),
                "masthead 304": Reading(ours, path, {"If-None-Match": page.plain.headers.get("etag", '"none"')}),
                "fixed body": Reading(fixed, "/"),
            }


def measure(site: Path, path: str, *, workers: int, seconds: int, rounds: int) -> tuple[list[Figure], list[str]]:
    """Read everybody in turn."""
    with sites.serving(site, workers=workers, ready=path) as ours:
        page = read_page(ours, path)
        sample = hits(ours, path)
        runs: dict[str, list[Load]] = {}
        with rivals(page, path, ours, workers=workers) as readings:
            conditional = readings["masthead 304"].once().status
            if conditional != 304:
                del readings["masthead 304"]
            for _round in range(rounds):
                for name, reading in readings.items():
                    runs.setdefault(name, []).append(reading.under_load(seconds))
    notes = [
        f"{_processes(workers)}: the page has {len(page.plain.body):,} bytes, {len(page.packed.body):,} packed by gzip."
    ]
    if conditional != 304:
        notes.append(f"{_processes(workers)}: a question with If-None-Match was answered {conditional}, not 304.")
    return [_named(figure, workers) for figure in [*_ratios(runs), sample, *_raw(runs)]], notes


def _processes(workers: int) -> str:
    return f"{workers} worker{'s' if workers > 1 else ''}"


def _named(figure: Figure, workers: int) -> Figure:
    name = f"{_processes(workers)}: {figure.name}"
    return Figure(name, figure.unit, figure.readings, figure.foreign, figure.target)


def _ratios(runs: dict[str, list[Load]]) -> Iterator[Figure]:
    yield load.ratio("hot page / nginx", runs["masthead"], runs["nginx"], IDENTITY_TARGET)
    yield load.ratio("hot page gzip / nginx gzip_static", runs["masthead gzip"], runs["nginx gzip"], GZIP_TARGET)
    if "masthead 304" in runs:
        yield load.ratio("304 / hot page", runs["masthead 304"], runs["masthead"], Target("at least", 1))
        yield load.ratio("304 / nginx 304", runs["masthead 304"], runs["nginx 304"])
    yield load.ratio("fixed body from granian / nginx", runs["fixed body"], runs["nginx"])
    yield load.ratio("hot page / fixed body from granian", runs["masthead"], runs["fixed body"])


def _raw(runs: dict[str, list[Load]]) -> Iterator[Figure]:
    for name, loads in runs.items():
        yield from load.figures(name, loads, p99=P99_TARGET if name.startswith("masthead") else None)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--comments", type=int, default=1_000)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    figures: list[Figure] = []
    notes = [f"wrk -t2 -c{load.CONNECTIONS} -d{chosen.seconds}s, {chosen.rounds} rounds; {chosen.comments} comments."]
    with sites.new_site() as site:
        story = sites.write_story(chosen.comments)
        for workers in chosen.workers:
            found, said = measure(site, story.path, workers=workers, seconds=chosen.seconds, rounds=chosen.rounds)
            figures += found
            notes += said
    emit(Result("hot_page", "Hot article page", tuple(figures), tuple(notes)), as_json=chosen.json)


if __name__ == "__main__":
    main()
