"""What a story's page costs when nothing of it is kept: processor time, queries and bytes by length of the thread.

Run it in an environment with Masthead installed:

    python -m benchmarks.cold_page [--sizes 10 100 1000 10000 100000] [--rounds 5] [--requests 60] [--json]

It makes the demo paper in a temporary folder, copies its longest story (two authors, pictures, a question to readers)
once for each size, and gives each copy a thread of that many comments. Then it asks for the pages in turn, through
the whole of Django with all middleware, in one process, without the page cache. Figures are processor time
(``time.process_time``), the best of the rounds' medians:

- *page*: the uncompressed page, no piece of it kept (``edge.fragments`` off);
- *gzip*: the same, asked for by a browser that takes gzip;
- *after a comment*: pieces are kept, and the thread's has just been purged;
- *pieces kept*: pieces are kept, and nothing has changed.
"""

from __future__ import annotations

import argparse
import io
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.figures import Figure, Result, Target, emit

if TYPE_CHECKING:
    from masthead.discussion.services import ImportedComment

STORY = "/town-hall/the-pumps-were-bought-two-weeks-after-the-warning/"
SIZES = (10, 100, 1_000, 10_000, 100_000)
TARGETS = {"page_ms": Target("at most", 8), "queries": Target("at most", 20)}
FLAT = Target("at most", 1.2)
FRAGMENTS_BUDGET = 64 * 1024 * 1024
WORDS = (
    "<p>The pumps were bought two weeks after the warning, and nobody at the harbour office remembers who signed.</p>"
    "<p>I was there when they came. <em>Ask the engineer</em>, or read <a href='https://example.org/m'>the minutes</a>."
    "</p>"
)
Application = Callable[[dict[str, Any], Any], Any]


@dataclass(frozen=True)
class Story:
    """One copy of the story."""

    comments: int
    path: str
    thread_key: str


@dataclass
class Figures:
    """What one page costs. Milliseconds of processor time."""

    comments: int
    page_ms: float
    gzip_ms: float
    after_comment_ms: float
    pieces_kept_ms: float
    queries: int
    queries_after_comment: int
    queries_pieces_kept: int
    bytes: int
    bytes_gzip: int


def comments(count: int) -> Iterator[ImportedComment]:
    """Yield a thread in which every third comment answers the one before it."""
    from masthead.discussion.services import ImportedComment

    start = datetime.now(UTC) - timedelta(days=30)
    for number in range(1, count + 1):
        yield ImportedComment(
            source_id=str(number),
            author_name=f"Reader {number % 97}",
            body=f"<p>{number}.</p>{WORDS}",
            created_at=start + timedelta(seconds=number),
            parent_source_id=str(number - 1) if number % 3 == 0 else "",
        )


def make_story(count: int) -> Story:
    """Copy the demo's longest story, and give the copy a thread of ``count`` comments."""
    from masthead.discussion.services import import_comments
    from masthead.project.answers.discussion import take_over_questions
    from masthead.publishing.models import ArticlePage, PublishedStory
    from masthead.publishing.services.seal_edition import seal_edition, sealed_event

    original = PublishedStory.objects.get(path=STORY).article
    page = original.copy(update_attrs={"slug": f"{original.slug}-{count}"}, copy_revisions=False)
    edition = seal_edition(ArticlePage.objects.get(pk=page.pk))
    story = PublishedStory.objects.get(article_id=page.pk)
    if edition is None:
        raise RuntimeError("the copy of a public story is not public")
    take_over_questions(sealed_event(story, edition, before=None), "")
    import_comments(thread_key=story.thread_key, source="benchmark", comments=comments(count))
    return Story(count, story.path, story.thread_key)


def ask(application: Application, path: str, *, encoding: str = "") -> bytes:
    """Ask for a page as a server does; return the body as sent. Raises when the answer is no page."""
    answered: list[str] = []
    environ: dict[str, Any] = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "8000",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": "127.0.0.1:8000",
        "HTTP_ACCEPT": "text/html",
        "REMOTE_ADDR": "192.0.2.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    if encoding:
        environ["HTTP_ACCEPT_ENCODING"] = encoding
    reply = application(environ, lambda status, headers, error=None: answered.append(status))
    body = b"".join(reply)
    reply.close()
    if answered != ["200 OK"]:
        raise RuntimeError(f"{path}: {answered}")
    return body


class Bench:
    """Measures pages in turn, so that what else the machine does falls on all of them."""

    def __init__(self, application: Application, stories: list[Story], *, rounds: int, requests: int) -> None:
        self.application = application
        self.stories = stories
        self.rounds = rounds
        self.requests = requests

    def time(self, *, encoding: str = "", before: Callable[[Story], None] = lambda story: None) -> dict[int, float]:
        """Return milliseconds of processor time by size; ``before`` runs uncounted ahead of each request."""
        best: dict[int, float] = {}
        for _round in range(self.rounds + 1):  # the first round warms up
            taken: dict[int, list[float]] = {story.comments: [] for story in self.stories}
            for _request in range(self.requests):
                for story in self.stories:
                    before(story)
                    started = time.process_time()
                    ask(self.application, story.path, encoding=encoding)
                    taken[story.comments].append((time.process_time() - started) * 1000)
            medians = {size: statistics.median(times) for size, times in taken.items()}
            best = {size: min(median, best.get(size, median)) for size, median in medians.items()} if _round else {}
        return best

    def queries(self, *, before: Callable[[Story], None] = lambda story: None) -> dict[int, int]:
        """Return the number of queries by size."""
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        counted = {}
        for story in self.stories:
            before(story)
            with CaptureQueriesContext(connection) as captured:
                ask(self.application, story.path)
            counted[story.comments] = len(captured)
        return counted


@contextmanager
def pieces_kept() -> Iterator[None]:
    """Keep pieces of pages inside the block."""
    from masthead.edge import fragments

    fragments.open_store(FRAGMENTS_BUDGET)
    try:
        yield
    finally:
        fragments.store.clear()
        fragments.open_store(0)


def purge_thread(story: Story) -> None:
    """Do what a new comment does to the kept pieces."""
    from masthead.edge import fragments

    fragments.store.purge([f"thread:{story.thread_key}"])


def measure(bench: Bench) -> list[Figures]:
    """Measure all pages in all ways."""
    page, gzip = bench.time(), bench.time(encoding="gzip")
    queries = bench.queries()
    with pieces_kept():
        after, kept = bench.time(before=purge_thread), bench.time()
        queries_after, queries_kept = bench.queries(before=purge_thread), bench.queries()
    return [
        Figures(
            comments=story.comments,
            page_ms=round(page[story.comments], 3),
            gzip_ms=round(gzip[story.comments], 3),
            after_comment_ms=round(after[story.comments], 3),
            pieces_kept_ms=round(kept[story.comments], 3),
            queries=queries[story.comments],
            queries_after_comment=queries_after[story.comments],
            queries_pieces_kept=queries_kept[story.comments],
            bytes=len(ask(bench.application, story.path)),
            bytes_gzip=len(ask(bench.application, story.path, encoding="gzip")),
        )
        for story in bench.stories
    ]


def ratios(figures: list[Figures]) -> dict[str, float]:
    """Return each size's time as a multiple of the time at 100 comments (or at the smallest size)."""
    base = next((row for row in figures if row.comments == 100), figures[0])
    return {str(row.comments): round(row.page_ms / base.page_ms, 3) for row in figures}


def in_words(figures: list[Figures]) -> str:
    """Return the figures for people."""
    lines = [
        "processor time (ms)                                   queries             bytes",
        "comments     page   gzip  after a comment  pieces kept  page after kept     page    gzip  ratio",
    ]
    ratio = ratios(figures)
    lines += [
        f"{row.comments:>8,}  {row.page_ms:>7.2f}{row.gzip_ms:>7.2f}{row.after_comment_ms:>17.2f}"
        f"{row.pieces_kept_ms:>13.2f}{row.queries:>6}{row.queries_after_comment:>6}{row.queries_pieces_kept:>5}"
        f"{row.bytes:>9,}{row.bytes_gzip:>8,}{ratio[str(row.comments)]:>7.2f}"
        for row in figures
    ]
    return "\n".join(lines)


def as_result(figures: list[Figures]) -> Result:
    """Return the figures with the targets of issue 3, for benchmarks/run.py."""
    found = []
    ratio = ratios(figures)
    for row in figures:
        is_judged = row.comments == 1_000
        for name, value in asdict(row).items():
            target = TARGETS.get(name) if is_judged else None
            unit = "ms" if name.endswith("_ms") else "bytes" if name.startswith("bytes") else ""
            label = name.removesuffix("_ms").replace("_", " ")
            if name != "comments":
                found.append(Figure(f"{row.comments:,} comments: {label}", unit, (value,), (), target))
        largest = FLAT if row.comments == max(SIZES) else None
        found.append(
            Figure(f"{row.comments:,} comments: page / page of 100", "", (ratio[str(row.comments)],), (), largest)
        )
    notes = (
        "Processor time in one process through the whole of Django. With nothing kept: page; packed by gzip. "
        "With pieces kept: after a comment; when nothing changed.",
    )
    return Result("cold_page", "Cold article page", tuple(found), notes)


def main() -> None:
    """Make the site, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--requests", type=int, default=60)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="masthead-benchmark-") as name:
        site = Path(name) / "site"
        os.environ["MASTHEAD_SITE"] = str(site)
        from masthead.project.cli import main as cli

        with open(os.devnull, "w", encoding="utf-8") as quiet:
            said, sys.stdout = sys.stdout, quiet
            try:
                cli(["init", str(site), "--demo"], standalone_mode=False)
            finally:
                sys.stdout = said
        from django.core.wsgi import get_wsgi_application

        stories = [make_story(size) for size in sorted(set(chosen.sizes))]
        bench = Bench(get_wsgi_application(), stories, rounds=chosen.rounds, requests=chosen.requests)
        figures = measure(bench)
    if chosen.json:
        emit(as_result(figures), as_json=True)
        return
    sys.stdout.write(in_words(figures) + "\n")


if __name__ == "__main__":
    main()
