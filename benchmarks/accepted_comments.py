"""How many comments are accepted a second, on SQLite and on PostgreSQL.

    python -m benchmarks.accepted_comments [--seconds 5] [--clients 1 4 16 64] [--workers 1 2] [--store NAME] [--json]

Guests post as the page's script does, each a new text under a new name into one story. All are counted in the database
afterwards. Beside every run, in the same minute: single rows committed to the same store with nothing around them, and
Isso 0.14 (gunicorn, four gevent workers, SQLite, its guard off) under the same load.
PostgreSQL: the server that MASTHEAD_BENCHMARK_POSTGRESQL names, else the one on 127.0.0.1; a database is made there and
dropped.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import isso, machine, posting, sites
from benchmarks.figures import Figure, Result, Target, emit, from_json
from benchmarks.freshness import percentile

SERVER = os.environ.get("MASTHEAD_BENCHMARK_POSTGRESQL", "postgresql://postgres@127.0.0.1:5432/postgres")
STORES = ("sqlite", "postgresql")
# Issue 3: at 16 clients ahead of Isso on SQLite, at least as many on PostgreSQL; p99 below 250 ms.
_JUDGED_CLIENTS = 16
_AHEAD = {"sqlite": Target("at least", 1.0001), "postgresql": Target("at least", 1)}
_P99 = Target("below", 250)
_NONE = Target("exactly", 0)
_ROW = "INSERT INTO benchmark_row (name, words) VALUES ({0}, {0})"


@dataclass(frozen=True)
class Store:
    """Where a site keeps its rows, and how to get at them past the product."""

    name: str
    connect: Callable[[], Any]
    mark: str

    def rows(self, query: str) -> list[Any]:
        """Ask the database."""
        database = self.connect()
        try:
            found: list[Any] = database.execute(query).fetchall()
            return found
        finally:
            database.close()

    def count(self, table: str) -> int:
        """Return how many rows a table of the product has."""
        ((found,),) = self.rows(f"SELECT count(*) FROM {table}")  # noqa: S608 - our own names
        return int(found)

    def commits(self, seconds: float) -> float:
        """Return how many single rows a second one connection commits, with all its promises kept."""
        database = self.connect()
        try:
            database.execute("CREATE TABLE IF NOT EXISTS benchmark_row (name text, words text)")
            ends, done = time.perf_counter() + seconds, 0
            while time.perf_counter() < ends:
                database.execute(_ROW.format(self.mark), (f"Reader {done}", posting.text(done)))
                done += 1
            return done / seconds
        finally:
            database.close()


@contextmanager
def store_named(name: str, folder: Path) -> Iterator[tuple[Store, dict[str, str]]]:
    """Return a store and the settings of a site on it; what was made is removed afterwards."""
    if name == "sqlite":
        yield Store(name, lambda: _sqlite(Path(os.environ["MASTHEAD_SITE"])), "?"), {}
        return
    import psycopg

    own = f"masthead_benchmark_{os.getpid()}"
    url = f"{SERVER.rpartition('/')[0]}/{own}"
    with psycopg.connect(SERVER, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {own}".encode())
        try:
            yield Store(name, lambda: psycopg.connect(url, autocommit=True), "%s"), {"MASTHEAD_DATABASE_URL": url}
        finally:
            server.execute(f"DROP DATABASE {own} WITH (FORCE)".encode())


def _sqlite(site: Path) -> sqlite3.Connection:
    database = sqlite3.connect(site / "data" / "masthead.sqlite3", isolation_level=None, timeout=30)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("PRAGMA synchronous=FULL")
    return database


@dataclass(frozen=True)
class Run:
    """One load on one server."""

    tally: posting.Tally
    stored: int
    cpu_ms: float
    foreign: float


def load(
    server: sites.Server, make: Callable[[int], bytes], count: Callable[[], int], clients: int, seconds: float
) -> Run:
    """Post for some seconds and count what is there afterwards."""
    make_number = itertools.count(time.time_ns() // 1000)
    before, used = count(), machine.family_seconds(server.pid)
    with machine.Watch() as watch:
        tally = posting.drive(server.port, make, clients=clients, seconds=seconds, numbers=make_number)
    used = machine.family_seconds(server.pid) - used
    return Run(tally, count() - before, used / max(1, len(tally.accepted)) * 1000, watch.foreign)


def figures(label: str, run: Run, p99: Target | None = None) -> Iterator[Figure]:
    """Return what a run says."""
    foreign = (run.foreign,)
    tally = run.tally
    yield Figure(label, "comments/s", (tally.rate,), foreign)
    yield Figure(f"{label}: p50", "ms", (percentile(tally.milliseconds, 0.5),), foreign)
    yield Figure(f"{label}: p99", "ms", (percentile(tally.milliseconds, 0.99),), foreign, p99)
    yield Figure(f"{label}: processor time of the server", "ms/comment", (run.cpu_ms,), foreign)
    yield Figure(f"{label}: refused or broken off", "", (sum(tally.refused.values()) + tally.broken,), foreign)
    yield Figure(f"{label}: accepted, but not stored", "", (len(tally.accepted) - run.stored,), foreign, _NONE)


def measure(store: Store, story: sites.Story, chosen: argparse.Namespace, has_isso: bool) -> Iterator[Figure]:
    """Play every load on one store."""
    site = Path(os.environ["MASTHEAD_SITE"])
    unlimited = {"MASTHEAD_DISCUSSION_POSTS_PER_MINUTE": "0", "MASTHEAD_DISCUSSION_VOTES_PER_MINUTE": "0"}
    for workers, clients in itertools.product(chosen.workers, chosen.clients):
        label = (
            f"{store.name}, {workers} worker{'s' if workers > 1 else ''}, {clients} client{'s' if clients > 1 else ''}"
        )
        is_judged = clients == _JUDGED_CLIENTS
        commits = store.commits(chosen.seconds / 4)
        with sites.serving(site, workers=workers, ready=story.path, background=True, **unlimited) as server:
            make = posting.masthead_post(server.port, story.thread_key)
            load(server, make, lambda: 0, clients, chosen.seconds / 4)
            ours = load(server, make, lambda: store.count("discussion_comment"), clients, chosen.seconds)
        yield from figures(label, ours, _P99 if is_judged else None)
        yield Figure(f"{label}: to bare commits of one row", "", (ours.tally.rate / commits,), (ours.foreign,))
        yield Figure(f"{store.name}: bare commits of one row beside it", "/s", (commits,))
        if has_isso:
            peer = measure_isso(clients, chosen.seconds)
            yield from figures(f"Isso beside it, {clients} client{'s' if clients > 1 else ''}", peer)
            target = _AHEAD[store.name] if is_judged else None
            foreign = (max(ours.foreign, peer.foreign),)
            yield Figure(f"{label}: to Isso", "", (ours.tally.rate / peer.tally.rate,), foreign, target)


def measure_isso(clients: int, seconds: float) -> Run:
    """Play the same load on a new Isso."""
    with tempfile.TemporaryDirectory(prefix="masthead-isso-") as name:
        folder = Path(name)
        with isso.serving(folder) as server:
            make = isso.post(server.port)
            load(server, make, lambda: 0, clients, seconds / 4)
            return load(server, make, lambda: isso.stored(folder), clients, seconds)


def on_store(name: str, chosen: argparse.Namespace) -> Result:
    """Measure one store in this process."""
    problem = isso.install()
    with tempfile.TemporaryDirectory(prefix="masthead-store-") as folder, store_named(name, Path(folder)) as made:
        store, settings = made
        os.environ.update(settings)
        with sites.new_site():
            story = sites.write_story(0)
            found = tuple(measure(store, story, chosen, has_isso=not problem))
            from django.db import connections

            for connection in connections.all():
                connection.close()
    return Result("accepted_comments", f"Comments accepted on {name}", found, (problem,) if problem else ())


def in_own_process(name: str, chosen: argparse.Namespace) -> Result:
    """Measure one store in a process of its own: Django can be set up on one site only."""
    command = [
        sys.executable,
        str(Path(__file__).resolve()),
        "--store",
        name,
        "--json",
        "--seconds",
        str(chosen.seconds),
    ]
    command += ["--clients", *map(str, chosen.clients), "--workers", *map(str, chosen.workers)]
    run = subprocess.run(command, env=sites.environment(), stdout=subprocess.PIPE, text=True, check=True)
    return from_json("accepted_comments", json.loads(run.stdout))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--clients", type=int, nargs="+", default=[1, 4, 16, 64])
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--store", choices=STORES)
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    if chosen.store:
        emit(on_store(chosen.store, chosen), as_json=chosen.json)
        return
    results = [in_own_process(name, chosen) for name in STORES if name != "postgresql" or has_postgresql()]
    notes = {note for result in results for note in result.notes}
    if len(results) < len(STORES):
        notes.add("No PostgreSQL answered, so it was not measured.")
    found = tuple(figure for result in results for figure in result.figures)
    emit(Result("accepted_comments", "Comments accepted", found, tuple(sorted(notes))), as_json=chosen.json)


def has_postgresql() -> bool:
    """Tell whether there is a PostgreSQL to measure."""
    import psycopg

    try:
        psycopg.connect(SERVER, connect_timeout=3).close()
    except psycopg.Error:
        return False
    return True


if __name__ == "__main__":
    main()
