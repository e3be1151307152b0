"""The power goes in the middle of the load: what was acknowledged is there, once, with its event, and all is counted.

The server is killed with everything that came from it, so nothing of it can tidy up.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import secrets
import signal
import sqlite3
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from tests import sites
from tests.project.site_process import UNMEASURED, environment, free_port, masthead, wait_for

CLIENTS = 6
ENOUGH = 25
POSTGRESQL = os.environ.get("MASTHEAD_TEST_POSTGRESQL", "postgresql://postgres@127.0.0.1:5432/postgres")
UNLIMITED = {"MASTHEAD_DISCUSSION_POSTS_PER_MINUTE": "0", "MASTHEAD_DISCUSSION_GUESTS": "open", **UNMEASURED}


@dataclass
class Site:
    """A site of these tests' own and a way to its rows that does not go through the product."""

    folder: Path
    settings: dict[str, str]
    connect: Callable[[], Any]
    rounds: int = 0
    acknowledged: list[str] = field(default_factory=list)

    def rows(self, query: str) -> list[Any]:
        """Ask the database."""
        database = self.connect()
        try:
            found: list[Any] = database.execute(query).fetchall()
            return found
        finally:
            database.close()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.database)])
def site(request: pytest.FixtureRequest, new_site: Path, tmp_path: Path) -> Iterator[Site]:
    """A site with one open story, on each store."""
    sites.copy(new_site, tmp_path / "site")
    with _store(request.param, tmp_path / "site") as (settings, connect):
        if request.param == "postgresql":
            made = masthead("init", str(tmp_path / "site"), settings=settings, timeout=600)
            assert made.returncode == 0, made.stderr
        _run(WRITES_A_STORY, tmp_path / "site", settings)
        yield Site(tmp_path / "site", settings, connect)


@contextmanager
def _store(name: str, folder: Path) -> Iterator[tuple[dict[str, str], Callable[[], Any]]]:
    if name == "sqlite":
        yield UNLIMITED, lambda: sqlite3.connect(folder / "data" / "masthead.sqlite3", timeout=10)
        return
    psycopg = pytest.importorskip("psycopg")
    try:
        server = psycopg.connect(POSTGRESQL, autocommit=True, connect_timeout=3)
    except psycopg.OperationalError:
        pytest.skip("no PostgreSQL answers on this machine")
    own = f"masthead_kill_{os.getpid()}_{secrets.token_hex(3)}"
    url = f"{POSTGRESQL.rpartition('/')[0]}/{own}"
    server.execute(f"CREATE DATABASE {own}")
    try:
        yield {**UNLIMITED, "MASTHEAD_DATABASE_URL": url}, lambda: psycopg.connect(url, autocommit=True)
    finally:
        server.execute(f"DROP DATABASE {own} WITH (FORCE)")
        server.close()


def _run(program: str, folder: Path, settings: dict[str, str]) -> str:
    """Run a piece of the product in a process of its own and return what it printed."""
    run = subprocess.run(
        [sys.executable, "-c", program],
        env={**environment(), **settings, "MASTHEAD_SITE": str(folder)},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return run.stdout


_START = """
import os
os.environ["DJANGO_SETTINGS_MODULE"] = "masthead.project.settings"
import django
django.setup()
"""
WRITES_A_STORY = f"""{_START}
from masthead.publishing.services import put_article, put_section
put_article(section=put_section(title="Harbour"), title="The pumps", body=[("text", "<p>They came late.</p>")])
"""
RECOUNTS = f"""{_START}
from masthead.discussion.selectors import drift
from masthead.discussion.services import recount_thread
from masthead.publishing.models import PublishedStory
print("drift:", *drift())
for story in PublishedStory.objects.all():
    print("mended:", recount_thread(thread_key=story.thread_key))
"""


def test_nothing_acknowledged_is_lost_when_the_server_is_killed(site: Site) -> None:
    kill_in_the_middle(site, workers=1)
    assert_all_is_there(site)


@pytest.mark.nightly
def test_nothing_is_lost_in_twenty_kills(site: Site) -> None:
    for number in range(20):
        kill_in_the_middle(site, workers=1 + number % 2, enough=10 + 7 * number % 60)
        assert_all_is_there(site)


def kill_in_the_middle(site: Site, workers: int, enough: int = ENOUGH) -> None:
    """Serve, post from several clients at once, and kill everything as soon as enough was acknowledged."""
    ((key,),) = site.rows("SELECT thread_key FROM publishing_publishedstory")
    port = free_port()
    command = [sys.executable, "-m", "masthead", "serve", "--site", str(site.folder), "--port", str(port)]
    process = subprocess.Popen(
        [*command, "--workers", str(workers)],
        env={**environment(), **site.settings},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    site.rounds += 1
    posted = Counter[str]()
    is_enough = threading.Event()
    clients: list[threading.Thread] = []
    notes = {"goal": len(site.acknowledged) + enough, "is_enough": is_enough, "posted": posted}
    try:
        wait_for(process, f"http://127.0.0.1:{port}")
        clients = [
            threading.Thread(target=_post_until_the_end, args=(site, port, key, client), kwargs=notes)
            for client in range(CLIENTS)
        ]
        for thread in clients:
            thread.start()
        assert is_enough.wait(60), "too few comments were accepted"
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
    for thread in clients:
        thread.join(30)
        assert not thread.is_alive(), "something still answers"
    assert set(posted) <= {"200", "cut off"}, posted


def _post_until_the_end(
    site: Site, port: int, key: str, client: int, *, goal: int, is_enough: threading.Event, posted: Counter[str]
) -> None:
    """Post one text after the other until the server is gone; note each as soon as its reply is whole."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    number = 0
    headers = {"Content-Type": "application/x-www-form-urlencoded", "X-Masthead-Fragment": "1"}
    with contextlib.closing(connection):
        while True:
            number += 1
            text = f"round {site.rounds} client {client} number {number}"
            try:
                connection.request(
                    "POST",
                    "/-/comments/post/",
                    urlencode({"thread": key, "name": f"Reader {client}", "text": text, "website": ""}),
                    headers,
                )
                reply = connection.getresponse()
                reply.read()
            except (OSError, http.client.HTTPException):
                posted["cut off"] += 1
                return
            posted[str(reply.status)] += 1
            if reply.status != 200:
                return
            site.acknowledged.append(text)
            if len(site.acknowledged) >= goal:
                is_enough.set()


def assert_all_is_there(site: Site) -> None:
    """Look past the product first, then let it count again."""
    stored = Counter(source for (source,) in site.rows("SELECT source FROM discussion_comment"))
    assert set(stored.values()) == {1}
    assert set(site.acknowledged) <= set(stored), "acknowledged and lost"
    comments = Counter(public_id for (public_id,) in site.rows("SELECT public_id FROM discussion_comment"))
    facts = site.rows("SELECT CAST(payload AS text) FROM outbox_event WHERE type = 'discussion.comment-posted'")
    told = Counter(json.loads(payload)["comment_id"] for (payload,) in facts)
    assert told == comments, "each comment has its event, and each event its comment"
    assert _run(RECOUNTS, site.folder, site.settings).split("\n")[:2] == ["drift:", "mended: 0"]
