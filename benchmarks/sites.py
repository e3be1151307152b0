"""Sites to measure: made in a temporary folder by the product's own commands and services, and served by them."""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
_WORDS = (
    "the pumps were bought two weeks after warning and nobody at harbour office remembers who signed for them "
    "water board minutes engineer report eleven pages long council vote public money spring flood older type"
)
_START_SECONDS = 60


@dataclass(frozen=True)
class Story:
    """A story of a site made here."""

    path: str
    thread_key: str


@dataclass(frozen=True)
class Server:
    """A running ``masthead serve``; ``pid`` is the process that all its others came from."""

    address: str
    pid: int

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self.address.rpartition(":")[2])


@contextmanager
def new_site() -> Iterator[Path]:
    """Make an empty site and set Django up on it in this process, which can therefore do so only once."""
    with tempfile.TemporaryDirectory(prefix="masthead-benchmark-") as name:
        site = Path(name) / "site"
        os.environ["MASTHEAD_SITE"] = str(site)
        # What is measured is a comment's way to the page, not a mail's.
        os.environ["MASTHEAD_DISCUSSION_GUESTS"] = "open"
        from masthead.project.cli import main as cli

        with open(os.devnull, "w") as quiet:
            former, sys.stdout = sys.stdout, quiet
            try:
                cli(["init", str(site), "--name", "Benchmark Ledger"], standalone_mode=False)
            finally:
                sys.stdout = former
        yield site


def words(count: int, source: random.Random) -> str:
    """Return a sentence of that many words."""
    return " ".join(source.choices(_WORDS.split(), k=count)).capitalize() + "."


def write_story(comments: int, *, title: str = "The pumps came late") -> Story:
    """Publish a story of 500 words under a running campaign, with comments as threads of readers grow.

    40 % of the comments stand at the top, 40 % answer one of those, 20 % answer an answer; 10 to 100 words each.
    """
    from masthead.core.clock import now
    from masthead.core.money import Money
    from masthead.funding.services import put_campaign, record_gift
    from masthead.publishing.services import put_article, put_author, put_section

    source = random.Random(len(title))  # noqa: S311 - the same words in every run
    campaign = put_campaign(slug="newsroom", goal=Money(500_000, "USD"))
    record_gift(
        campaign=campaign,
        amount=Money(163_900, "USD"),
        method="bank_transfer",
        received_at=now(),
        donor_name="Ada Venn",
        external_id="benchmark",
    )
    paragraphs = [("text", f"<p>{words(100, source)}</p>") for _number in range(5)]
    article: Any = put_article(
        section=put_section(title="Harbour"),
        title=title,
        body=paragraphs,
        standfirst=words(20, source),
        authors=[put_author(name="Marit Oyelaran")],
        tags=["water"],
    )
    key = f"article:{article.pk}"
    if comments:
        import_thread(key, comments, source)
    return Story(path=article.url, thread_key=key)


def import_thread(key: str, count: int, source: random.Random) -> None:
    """Fill a thread."""
    from masthead.core.clock import now
    from masthead.discussion.services.import_comments import ImportedComment, import_comments

    first = now() - timedelta(days=30)
    levels: list[list[str]] = [[], [], []]
    items = []
    for number in range(count):
        level = source.choices((0, 1, 2), weights=(40, 40, 20))[0] if number > 10 else 0
        level = level if level == 0 or levels[level - 1] else 0
        parent = source.choice(levels[level - 1][-60:]) if level else ""
        levels[level].append(str(number))
        items.append(
            ImportedComment(
                source_id=str(number),
                author_name=f"Reader {number % 200}",
                body=f"<p>{words(source.randint(10, 100), source)}</p>",
                created_at=first + timedelta(seconds=number * 20 * 86400 // count),
                parent_source_id=parent,
                votes_up=min(5, int(source.expovariate(1))),
            )
        )
    import_comments(thread_key=key, source="benchmark", comments=items)


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def environment(**settings: str) -> dict[str, str]:
    """Return the environment for a server: this one's, and settings as ``MASTHEAD_...`` names."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)]), **settings}


def start(
    site: Path, *, workers: int = 1, port: int = 0, background: bool = True, **settings: str
) -> subprocess.Popen[bytes]:
    """Start ``masthead serve`` and return at once. What it says goes to ``server.log`` beside the site."""
    command = [sys.executable, "-m", "masthead", "serve", "--site", str(site), "--workers", str(workers)]
    command += [] if background else ["--no-background"]
    with (site.parent / "server.log").open("ab") as log:
        return subprocess.Popen(
            [*command, "--port", str(port or free_port())],
            env=environment(**settings),
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


@contextmanager
def serving(
    site: Path, *, workers: int = 1, ready: str = "/healthz", background: bool = True, **settings: str
) -> Iterator[Server]:
    """Serve a site until the block ends. ``ready`` is the page whose first answer is waited for."""
    port = free_port()
    process = start(site, workers=workers, port=port, background=background, **settings)
    try:
        address = f"http://127.0.0.1:{port}"
        wait_for(address + ready, process)
        yield Server(address, process.pid)
    except RuntimeError as error:
        said = (site.parent / "server.log").read_text(encoding="utf-8", errors="replace").strip()
        raise RuntimeError(f"{error}; the server said: {said[-2000:]}") from None
    finally:
        stop(process)


def wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    """Return as soon as a page answers; raises ``RuntimeError`` when the server ended or never answers."""
    deadline = time.monotonic() + _START_SECONDS
    last: OSError | None = None
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with code {process.returncode}")
        try:
            with urllib.request.urlopen(url, timeout=5) as reply:
                reply.read()
                return
        except OSError as error:
            last = error
            time.sleep(0.01)  # a bounded poll of a process that is starting
    raise RuntimeError(f"{url} did not answer in {_START_SECONDS} s: {last}")


def stop(process: subprocess.Popen[bytes]) -> None:
    """End a server, with all that came from it."""
    process.send_signal(signal.SIGINT)
    try:
        process.wait(timeout=20)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
