"""What is there after ``kill -9`` of the server in the middle of the load, round after round on the same site.

    python -m benchmarks.kill_nine [--rounds 20] [--clients 16] [--store NAME] [--json]

In each round the server starts again on what the last one left (one and two workers in turn), sixteen clients post as
fast as they are answered, and after a moment that differs from round to round everything that came from the server is
killed at once. Then the rows are compared with the replies that had come whole: past the product, by its tables.
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
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks import posting, sites
from benchmarks.accepted_comments import STORES, Store, has_postgresql, store_named
from benchmarks.figures import Figure, Result, Target, emit, from_json

_NONE = Target("exactly", 0, every=True)
# How long the load runs before the blow: from the first replies on to well within the flow.
_FIRST_SECONDS, _STEP_SECONDS, _STEPS = 0.2, 0.15, 8
# A round ends by itself: the clients end with the server, and this is far above what one needs.
_PATIENCE_SECONDS = 60.0


@dataclass
class Found:
    """What each round found."""

    acknowledged: list[int] = field(default_factory=list)
    lost: list[int] = field(default_factory=list)
    twice: list[int] = field(default_factory=list)
    without_event: list[int] = field(default_factory=list)
    miscounted: list[int] = field(default_factory=list)

    def figures(self, label: str) -> Iterator[Figure]:
        """Return them as figures: all rounds have to be without fault."""
        yield Figure(f"{label}: kills in the middle of the load", "", (len(self.lost),))
        yield Figure(f"{label}: acknowledged in a round", "comments", tuple(self.acknowledged))
        yield Figure(f"{label}: acknowledged and lost", "", tuple(self.lost), target=_NONE)
        yield Figure(f"{label}: stored twice", "", tuple(self.twice), target=_NONE)
        yield Figure(f"{label}: comments without event, or the reverse", "", tuple(self.without_event), target=_NONE)
        yield Figure(f"{label}: off by in the thread's counter", "", tuple(self.miscounted), target=_NONE)


def kill(site: Path, story: sites.Story, *, workers: int, clients: int, after: float) -> list[int]:
    """Serve, post, kill; return the numbers of the posts that were acknowledged."""
    unlimited = {"MASTHEAD_DISCUSSION_POSTS_PER_MINUTE": "0"}
    port = sites.free_port()
    process = sites.start(site, workers=workers, port=port, background=True, **unlimited)
    blow = threading.Timer(after, os.killpg, (process.pid, signal.SIGKILL))
    try:
        sites.wait_for(f"http://127.0.0.1:{port}{story.path}", process)
        blow.start()
        numbers = itertools.count(time.time_ns() // 1000)
        make = posting.masthead_post(port, story.thread_key)
        tally = posting.drive(port, make, clients=clients, seconds=_PATIENCE_SECONDS, numbers=numbers)
    finally:
        blow.cancel()
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    if tally.refused or tally.broken != clients:
        raise RuntimeError(f"the load ended in another way: {tally.refused} refused, {tally.broken} broken off")
    return tally.accepted


def look(store: Store, acknowledged: set[str], found: Found) -> None:
    """Compare what was acknowledged in all rounds so far with what the tables hold."""
    stored = Counter(text for (text,) in store.rows("SELECT source FROM discussion_comment"))
    comments = {name for (name,) in store.rows("SELECT public_id FROM discussion_comment")}
    facts = store.rows("SELECT CAST(payload AS text) FROM outbox_event WHERE type = 'discussion.comment-posted'")
    told = {json.loads(payload)["comment_id"] for (payload,) in facts}
    ((counted,),) = store.rows("SELECT SUM(comment_count) FROM discussion_thread")
    found.lost.append(len(acknowledged - set(stored)))
    found.twice.append(sum(count - 1 for count in stored.values()))
    found.without_event.append(len(comments ^ told))
    found.miscounted.append(abs(int(counted) - len(comments)))


def on_store(name: str, chosen: argparse.Namespace) -> Result:
    """Play all rounds on one store in this process."""
    found, acknowledged = Found(), set[str]()
    with tempfile.TemporaryDirectory(prefix="masthead-kill-") as folder, store_named(name, Path(folder)) as made:
        store, settings = made
        os.environ.update(settings)
        with sites.new_site() as site:
            story = sites.write_story(0)
            for number in range(chosen.rounds):
                after = _FIRST_SECONDS + number % _STEPS * _STEP_SECONDS
                accepted = kill(site, story, workers=1 + number % 2, clients=chosen.clients, after=after)
                acknowledged |= {posting.text(number) for number in accepted}
                found.acknowledged.append(len(accepted))
                look(store, acknowledged, found)
            from django.db import connections

            connections.close_all()
    return Result("kill_nine", f"Killed on {name}", tuple(found.figures(name)))


def in_own_process(name: str, chosen: argparse.Namespace) -> Result:
    """Play the rounds in a process of their own: Django can be set up on one site only."""
    command = [sys.executable, "-m", "benchmarks.kill_nine", "--store", name, "--json"]
    command += ["--rounds", str(chosen.rounds), "--clients", str(chosen.clients)]
    run = subprocess.run(
        command, env=sites.environment(), cwd=sites.ROOT, stdout=subprocess.PIPE, text=True, check=True
    )
    return from_json("kill_nine", json.loads(run.stdout))


def main() -> None:
    """Kill and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--clients", type=int, default=16)
    parser.add_argument("--store", choices=STORES)
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    if chosen.store:
        emit(on_store(chosen.store, chosen), as_json=chosen.json)
        return
    names = [name for name in STORES if name != "postgresql" or has_postgresql()]
    results = [in_own_process(name, chosen) for name in names]
    notes = () if len(names) == len(STORES) else ("No PostgreSQL answered, so nothing was killed on it.",)
    figures = tuple(figure for result in results for figure in result.figures)
    emit(Result("kill_nine", "Killed in the middle of the load", figures, notes), as_json=chosen.json)


if __name__ == "__main__":
    main()
