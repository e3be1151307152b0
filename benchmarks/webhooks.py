"""How many notifications of processors are accepted a second while the worker is away, and that none is lost.

    python -m benchmarks.webhooks [--seconds 4] [--clients 8 32] [--workers N] [--rounds 4] [--store NAME] [--json]

A site of ``masthead init`` that rehearses on the simulator, served with as many workers as it has by itself and without
background work. Distinct signed notifications of Stripe and of PayPal are posted over keep-alive connections; counted
is what was answered 204. Beside each run: the same rows (notification, event, delivery) committed by one connection
with nothing around them, all promises kept. Then the server is killed in the middle of the load, round after round, and
at last the worker is let in: every accepted notification must be in the tables, and be worked on to its end.
PostgreSQL: as :mod:`benchmarks.accepted_comments` finds it.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks import machine, posting, sites
from benchmarks.accepted_comments import STORES, Store, has_postgresql, store_named
from benchmarks.figures import Figure, Result, Target, emit, from_json
from benchmarks.freshness import percentile
from benchmarks.notices import PROVIDERS, Notice, Sender, sender

_RATE = Target("at least", 300)
_NONE = Target("exactly", 0)
_KEPT = frozenset({204})
_WARM_SECONDS = 1.0
# More than any run so far took: a load that runs out of notifications ends with an error.
_HIGHEST_RATE = 1_500
_FIRST_KILL_SECONDS, _KILL_STEP_SECONDS = 0.6, 0.3
_WORKER_SECONDS = 900.0
_TABLES = ("funding_providerevent", "outbox_event", "outbox_delivery")
_SAMPLES = 50


@dataclass
class Found:
    """One site under load: what was accepted on it so far."""

    store: Store
    site: Path
    tells: Sender
    accepted: set[str] = field(default_factory=set)

    def post(self, notices: list[Notice], port: int, clients: int, seconds: float) -> posting.Tally:
        """Post as fast as is answered; remember what was accepted."""
        tally = posting.drive(
            port,
            lambda number: notices[number].request,
            clients=clients,
            seconds=seconds,
            accepted=_KEPT,
            numbers=itertools.count(0),
        )
        self.accepted |= {notices[number].external_id for number in tally.accepted}
        return tally

    def lost(self) -> int:
        """Return how many accepted notifications are not in the tables, or are there without their way to a worker."""
        kept = {name for (name,) in self.store.rows("SELECT external_id FROM funding_providerevent")}
        events = self.store.rows("SELECT CAST(payload AS text) FROM outbox_event WHERE type = 'funding.provider-told'")
        told = {json.loads(payload)["notification"] for (payload,) in events}
        waiting = self.store.rows("SELECT id FROM funding_providerevent WHERE state = 'to_do'")
        return len(self.accepted - kept) + len({key for (key,) in waiting} - told)

    def undone(self) -> int:
        """Return how many notifications wait for a worker."""
        ((left,),) = self.store.rows("SELECT count(*) FROM funding_providerevent WHERE state <> 'done'")
        return int(left)


def commits(store: Store, seconds: float) -> float:
    """Return how many times a second one connection commits the rows of one notification: copies of what is there."""
    keys = {table: [key for (key,) in store.rows(f"SELECT id FROM {table} LIMIT {_SAMPLES}")] for table in _TABLES}  # noqa: S608
    database = store.connect()
    try:
        for table in _TABLES:
            database.execute(f"CREATE TABLE IF NOT EXISTS benchmark_{table} AS SELECT * FROM {table} WHERE 1 = 0")  # noqa: S608
        ends, done = time.perf_counter() + seconds, 0
        while time.perf_counter() < ends:
            database.execute("BEGIN")
            for table in _TABLES:
                copy = f"INSERT INTO benchmark_{table} SELECT * FROM {table} WHERE id = {store.mark}"  # noqa: S608
                database.execute(copy, (keys[table][done % len(keys[table])],))
            database.execute("COMMIT")
            done += 1
        return done / seconds
    finally:
        database.close()


def loads(found: Found, chosen: argparse.Namespace) -> Iterator[Figure]:
    """Post from each number of connections for each processor."""
    for provider, clients in itertools.product(PROVIDERS, chosen.clients):
        label = f"{found.store.name}, {provider}, {clients} connections"
        with sites.serving(found.site, workers=chosen.workers, background=False) as server:
            warm = found.tells.notices(provider, server.port, int(_WARM_SECONDS * _HIGHEST_RATE))
            found.post(warm, server.port, clients, _WARM_SECONDS)
            notices = found.tells.notices(provider, server.port, int(chosen.seconds * _HIGHEST_RATE))
            used = machine.family_seconds(server.pid)
            with machine.Watch() as watch:
                tally = found.post(notices, server.port, clients, chosen.seconds)
            used = machine.family_seconds(server.pid) - used
        bare = commits(found.store, chosen.seconds / 2)
        foreign = (watch.foreign,)
        yield Figure(label, "notifications/s", (tally.rate,), foreign, _RATE)
        yield Figure(f"{label}: p50", "ms", (percentile(tally.milliseconds, 0.5),), foreign)
        yield Figure(f"{label}: p99", "ms", (percentile(tally.milliseconds, 0.99),), foreign)
        cpu = used / max(1, len(tally.accepted)) * 1000
        yield Figure(f"{label}: processor time of the server", "ms/notification", (cpu,), foreign)
        yield Figure(f"{label}: refused or broken off", "", (sum(tally.refused.values()) + tally.broken,), foreign)
        yield Figure(f"{label}: accepted and lost", "", (found.lost(),), foreign, _NONE)
        yield Figure(f"{label}: bare commits of the same rows beside it", "/s", (bare,), foreign)
        yield Figure(f"{label}: to bare commits of the same rows", "", (tally.rate / bare,), foreign)


def kills(found: Found, chosen: argparse.Namespace) -> Iterator[Figure]:
    """Kill the server in the middle of the load, round after round, both processors in turn."""
    acknowledged, lost = [], []
    for number in range(chosen.rounds):
        before = len(found.accepted)
        after = _FIRST_KILL_SECONDS + number * _KILL_STEP_SECONDS
        kill(found, PROVIDERS[number % len(PROVIDERS)], chosen.workers, max(chosen.clients), after)
        acknowledged.append(len(found.accepted) - before)
        lost.append(found.lost())
    if acknowledged:
        name = found.store.name
        yield Figure(f"{name}: kills in the middle of the load", "", (len(lost),))
        yield Figure(f"{name}: acknowledged in a round", "notifications", tuple(acknowledged))
        every = Target("exactly", 0, every=True)
        yield Figure(f"{name}: acknowledged and lost after kill -9", "", tuple(lost), target=every)


def kill(found: Found, provider: str, workers: int, clients: int, after: float) -> None:
    """Serve, post, kill; remember what was acknowledged."""
    port = sites.free_port()
    notices = found.tells.notices(provider, port, int((after + 1) * _HIGHEST_RATE))
    process = sites.start(found.site, workers=workers, port=port, background=False)
    blow = threading.Timer(after, os.killpg, (process.pid, signal.SIGKILL))
    try:
        sites.wait_for(f"http://127.0.0.1:{port}/healthz", process)
        blow.start()
        tally = found.post(notices, port, clients, after + 60)
    finally:
        blow.cancel()
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    if tally.refused or tally.broken != clients:
        raise RuntimeError(f"the load ended in another way: {tally.refused} refused, {tally.broken} broken off")


def work(found: Found, workers: int) -> Iterator[Figure]:
    """Let the worker in, and wait until nothing is left to do."""
    name, waiting = found.store.name, found.undone()
    began = time.monotonic()
    with sites.serving(found.site, workers=workers):
        while found.undone() and time.monotonic() - began < _WORKER_SECONDS:
            time.sleep(0.5)  # a bounded look at a worker that works through its row
        seconds = time.monotonic() - began
    ((failed,),) = found.store.rows("SELECT count(*) FROM outbox_delivery WHERE status = 'failed'")
    ((held,),) = found.store.rows("SELECT count(*) FROM funding_held")
    yield Figure(f"{name}: waited for the worker", "notifications", (waiting,))
    yield Figure(f"{name}: worked on to the end once it was back", "/s", ((waiting - found.undone()) / seconds,))
    yield Figure(f"{name}: not worked on to the end", "", (found.undone() + failed + held,), target=_NONE)


def on_store(name: str, chosen: argparse.Namespace) -> Result:
    """Measure one store in this process."""
    with tempfile.TemporaryDirectory(prefix="masthead-notices-") as folder, store_named(name, Path(folder)) as made:
        store, settings = made
        os.environ.update(settings)
        with sender(Path(folder)) as tells, sites.new_site() as site:
            tells.let_people_pay()
            found = Found(store, site, tells)
            figures = [*loads(found, chosen), *kills(found, chosen), *work(found, chosen.workers)]
            from django.db import connections

            connections.close_all()
    return Result("webhooks", f"Notifications accepted on {name}", tuple(figures))


def in_own_process(name: str, chosen: argparse.Namespace) -> Result:
    """Measure one store in a process of its own: Django can be set up on one site only."""
    command = [sys.executable, "-m", "benchmarks.webhooks", "--store", name, "--json"]
    command += ["--seconds", str(chosen.seconds), "--clients", *map(str, chosen.clients)]
    command += ["--workers", str(chosen.workers), "--rounds", str(chosen.rounds)]
    run = subprocess.run(
        command, env=sites.environment(), cwd=sites.ROOT, stdout=subprocess.PIPE, text=True, check=True
    )
    return from_json("webhooks", json.loads(run.stdout))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=4)
    parser.add_argument("--clients", type=int, nargs="+", default=[8, 32])
    parser.add_argument("--workers", type=int, default=min(len(os.sched_getaffinity(0)), 4))
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--store", choices=STORES)
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    if chosen.store:
        emit(on_store(chosen.store, chosen), as_json=chosen.json)
        return
    names = [name for name in STORES if name != "postgresql" or has_postgresql()]
    results = [in_own_process(name, chosen) for name in names]
    notes = () if len(names) == len(STORES) else ("No PostgreSQL answered, so it was not measured.",)
    figures = tuple(figure for result in results for figure in result.figures)
    emit(Result("webhooks", "Notifications of processors accepted", figures, notes), as_json=chosen.json)


if __name__ == "__main__":
    main()
