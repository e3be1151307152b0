"""``masthead import`` as a publisher runs it, killed in the middle included."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests import sites
from tests.project.site_process import environment, masthead

from . import wxr

STORIES, COMMENTS = 40, 30


@pytest.fixture(scope="module")
def made_site(new_site: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site made by the command."""
    return sites.copy(new_site, tmp_path_factory.mktemp("sites") / "ledger")


def archive(folder: Path) -> Path:
    """Write an export with many stories, each discussed."""
    return wxr.write(
        folder,
        *(
            wxr.item(
                number,
                extra="".join(
                    wxr.comment(number * 1000 + each, parent=number * 1000 if each else 0) for each in range(COMMENTS)
                ),
            )
            for number in range(1, STORIES + 1)
        ),
    )


def stories_with_comments(site: Path) -> dict[int, int]:
    """Return how many comments each public story has, read beside the running import."""
    with sqlite3.connect(f"file:{site / 'data' / 'masthead.sqlite3'}?mode=ro", uri=True) as database:
        return dict(
            database.execute(
                "SELECT article_id, (SELECT count(*) FROM discussion_comment AS c JOIN discussion_thread AS t ON"
                " c.thread_id = t.id WHERE t.key = s.thread_key) FROM publishing_publishedstory AS s"
            )
        )


def test_a_file_that_is_no_export_is_refused_in_one_sentence(made_site: Path, tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("Dear diary")
    plain = masthead("import", "wordpress", str(path), "--site", str(made_site))
    assert (plain.returncode, plain.stdout) == (2, "")
    assert "line 1" in plain.stderr
    machine = masthead("import", "wordpress", str(path), "--json", "--site", str(made_site))
    assert machine.returncode == 2
    assert json.loads(machine.stdout) == {"error": plain.stderr.removeprefix("masthead: ").strip()}


@pytest.mark.skipif(bool(os.environ.get("DATABASE_URL")), reason="reads the SQLite file beside the running import")
def test_an_import_killed_in_the_middle_leaves_whole_stories_and_goes_on(made_site: Path, tmp_path: Path) -> None:
    path = archive(tmp_path)
    running = subprocess.Popen(
        [sys.executable, "-m", "masthead", "import", "wordpress", str(path), "--site", str(made_site)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=environment(),
    )
    until = time.monotonic() + 60
    while len(stories_with_comments(made_site)) < 3 and time.monotonic() < until and running.poll() is None:
        os.sched_yield()
    running.send_signal(signal.SIGKILL)
    running.wait()
    left = stories_with_comments(made_site)
    assert 3 <= len(left) < STORIES
    assert set(left.values()) == {COMMENTS}

    again = masthead("import", "wordpress", str(path), "--json", "--site", str(made_site))
    report = json.loads(again.stdout)
    assert (report["posts"], report["comments"]) == (STORIES, STORIES * COMMENTS)
    assert report["added"] == (STORIES - len(left)) * (1 + COMMENTS)
    assert stories_with_comments(made_site) == dict.fromkeys(stories_with_comments(made_site), COMMENTS)
    assert len(stories_with_comments(made_site)) == STORIES

    third = masthead("import", "wordpress", str(path), "--site", str(made_site))
    assert third.returncode == 0, third.stderr
    assert third.stdout.startswith(f"0 records were added, {STORIES * (1 + COMMENTS)} were already there.")


def test_a_dry_run_writes_nothing(made_site: Path, tmp_path: Path) -> None:
    path = wxr.write(tmp_path, wxr.item(9001, title="Only foretold"))
    said = masthead("import", "wordpress", str(path), "--dry-run", "--site", str(made_site))
    assert "nothing was written" in said.stdout
    real = masthead("import", "wordpress", str(path), "--json", "--site", str(made_site))
    assert json.loads(real.stdout)["added"] == 1


def test_a_folder_that_is_not_there_is_refused(made_site: Path, tmp_path: Path) -> None:
    path = wxr.write(tmp_path, wxr.item(1))
    said = masthead("import", "wordpress", str(path), "--media", str(tmp_path / "no"), "--site", str(made_site))
    assert said.returncode == 2
    assert "does not exist" in said.stderr
