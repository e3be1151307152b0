"""How soon a started site answers, and how much memory it holds idle and after many distinct pages.

    python -m benchmarks.start_and_memory [--pages 10000] [--rounds 3] [--json]

The pages are those of single comments (?comment=...) under one story: each is rendered apart and is a whole page.
Proportional megabytes count memory that processes share once; resident megabytes count it in each process.
"""

from __future__ import annotations

import argparse
import http.client
import statistics
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks import machine, sites
from benchmarks.figures import Figure, Result, Target, emit
from benchmarks.sites import Server

# DESIGN section 6: answers in under 3 s, under 200 MB resident with one worker, background work included.
START_TARGET = Target("below", 3)
MEMORY_TARGET = Target("below", 200)


def start_seconds(site: Path, path: str) -> tuple[float, float, float]:
    """Start ``masthead serve`` and ask for a story until it comes.

    Returns the seconds that took, the processor time of it, and what share of the machine others used meanwhile.
    """
    port = sites.free_port()
    with machine.Watch() as watch:
        begin = time.perf_counter()
        process = sites.start(site, port=port)
        try:
            sites.wait_for(f"http://127.0.0.1:{port}{path}", process)
            seconds = time.perf_counter() - begin
            used = machine.family_seconds(process.pid)
        finally:
            sites.stop(process)
    return seconds, used, watch.foreign


def memory(name: str, server: Server, target: Target | None = None) -> Iterator[Figure]:
    """Say what all processes of a server hold."""
    found = machine.family_memory(server.pid)
    yield Figure(f"{name}: proportional", "MB", (sum(pss for _rss, pss in found.values()),), (), target)
    yield Figure(f"{name}: resident, main process", "MB", (found.pop(server.pid)[0],))
    for number, (rss, _pss) in enumerate(found.values(), start=1):
        yield Figure(f"{name}: resident, process {number}", "MB", (rss,))


def read_all(server: Server, path: str, ids: Sequence[str]) -> tuple[float, int, int]:
    """Read the page of each comment once; return seconds, bytes and how many replies came from the page cache."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    size = hits = 0
    begin = time.perf_counter()
    for public_id in ids:
        connection.request("GET", f"{path}?comment={public_id}", headers={"Accept-Encoding": "gzip"})
        reply = connection.getresponse()
        if reply.status != 200:
            raise RuntimeError(f"the page of comment {public_id} was answered with {reply.status}")
        size += len(reply.read())
        hits += reply.headers.get("X-Masthead-Cache") == "hit"
    connection.close()
    return time.perf_counter() - begin, size, hits


def comment_ids(thread_key: str) -> list[str]:
    """Return the public ids of all comments of a thread, oldest first."""
    from masthead.discussion.models import Comment

    return list(Comment.objects.filter(thread__key=thread_key).order_by("pk").values_list("public_id", flat=True))


def memory_figures(site: Path, path: str, ids: Sequence[str]) -> tuple[list[Figure], list[str]]:
    """Read ever more distinct pages and look at the memory in between."""
    few = ids[: len(ids) // 10]
    with sites.serving(site, ready=path) as server:
        found = list(memory("idle after the first story", server, MEMORY_TARGET))
        read_all(server, path, few)
        found += memory(f"after {len(few):,} distinct pages", server)
        seconds, size, _hits = read_all(server, path, ids[len(few) :])
        found += memory(f"after {len(ids):,} distinct pages", server)
        _seconds, _size, hits = read_all(server, path, ids[-500:])
        found += memory("after the last 500 of them again", server)
    notes = [
        f"Each page has about {size // (len(ids) - len(few)):,} bytes packed; "
        f"one reader got {(len(ids) - len(few)) / seconds:.0f} new pages a second.",
        f"Of the last {min(500, len(ids))} pages, {hits} came from the page cache when read again.",
    ]
    return found, notes


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    with sites.new_site() as site:
        story = sites.write_story(chosen.pages)
        ids = comment_ids(story.thread_key)
        starts = [start_seconds(site, story.path) for _round in range(chosen.rounds)]
        seconds, used, foreign = (tuple(part) for part in zip(*starts, strict=True))
        found, notes = memory_figures(site, story.path, ids)
    first = Figure("from the command to the first story", "s", seconds, foreign, START_TARGET)
    second = Figure("the same in processor time", "s", used, foreign)
    if statistics.median(foreign) > 20:
        notes.append("Others used much of the machine; starting takes that much longer.")
    result = Result("start_and_memory", "Start and memory, one worker", (first, second, *found), tuple(notes))
    emit(result, as_json=chosen.json)


if __name__ == "__main__":
    main()
