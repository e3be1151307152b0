"""``masthead statements send`` as a publisher runs it: counted, sent, cut, run by two at once, and never twice."""

from __future__ import annotations

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

GIVERS = 450
# One real gift, and its giver many times over: each gift is booked as any other.
GIVES = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from masthead.project.cli.site import start_django
start_django(Path(sys.argv[1]))
from django.db import transaction
from masthead.core.money import Money
from masthead.funding.models import Donor, Gift
from masthead.funding.services import put_campaign, record_gift
campaign = put_campaign(slug="fund", goal=Money(500_000, "USD"), title="", active=True)
with transaction.atomic():
    for number in range(int(sys.argv[2])):
        donor = Donor.objects.create(name=f"Giver {number}", email=f"{number}@example.org")
        gift = record_gift(
            campaign=campaign, amount=Money(2500, "USD"), method="cash", donor_name=donor.name,
            received_at=datetime(2025, 6, 1, tzinfo=UTC),
        )
        Gift.objects.filter(pk=gift.pk).update(donor=donor)
    record_gift(
        campaign=campaign, amount=Money(700, "USD"), method="cash", donor_name="Eve Secret",
        received_at=datetime(2025, 3, 4, 12, tzinfo=UTC),
    )
"""


def given(new_site: Path, folder: Path, count: int) -> Path:
    """Return a site to which so many gave in 2025, and one more without an address."""
    site = sites.copy(new_site, folder)
    command = [sys.executable, "-c", GIVES, str(site), str(count)]
    done = subprocess.run(command, env=environment(), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return site


def asked(site: Path) -> tuple[int, int, int]:
    """Return how many rows, different givers and events there are."""
    with sqlite3.connect(next((site / "data").glob("*.sqlite3"))) as store:
        rows, givers = store.execute(
            "SELECT count(*), count(DISTINCT donor_id) FROM funding_annualstatement"
        ).fetchone()
        (events,) = store.execute("SELECT count(*) FROM outbox_event WHERE type = 'funding.statement-asked'").fetchone()
    return rows, givers, events


@pytest.fixture(scope="module")
def site(new_site: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site with two givers."""
    return given(new_site, tmp_path_factory.mktemp("sites") / "few", 2)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--year", "last"], "not a valid integer"),
        (["--year", "0"], "0 is not in the range"),
        ([], "Missing option '--year'"),
        (["--year", "2999"], "2999 has not begun yet."),
        (["--year", "2025", "--to", "nobody@example.org"], "Nobody with this address gave in 2025."),
    ],
)
def test_what_cannot_be_sent_ends_with_a_clear_sentence_and_2(site: Path, arguments: list[str], said: str) -> None:
    done = masthead("statements", "send", *arguments, "--site", str(site))
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert asked(site) == (0, 0, 0)


def test_counted_sent_once_and_said_so_again(site: Path) -> None:
    send = ["statements", "send", "--year", "2025", "--site", str(site)]
    dry = masthead(*send, "--dry-run")
    assert "Dry run: nothing was written. 2 statements of 2025 would be sent." in dry.stdout, dry.stderr
    assert asked(site) == (0, 0, 0)
    one = masthead(*send, "--to", "1@example.org")
    assert one.stdout == "1 statement of 2025 on the way; the worker sends them.\n"
    done = masthead(*send)
    assert "1 statement of 2025 on the way; the worker sends them.\nAlready sent to 1.\n" in done.stdout
    assert "No mail tells of 1 gift, for no address is known:\n  2025-03-04  7 USD  " in done.stdout
    assert "Secret" not in done.stdout + dry.stdout
    again = masthead(*send)
    assert again.stdout.startswith("0 statements of 2025 on the way; the worker sends them.\nAlready sent to 2.\n")
    masthead("worker", "--once", "--site", str(site))
    masthead("worker", "--once", "--site", str(site))
    letters = [path.read_text() for path in (site / "data" / "mail").iterdir()]
    told = [letter for letter in letters if "in 2025" in letter and "application/pdf" in letter]
    assert sorted(letter.split("\nTo: ")[1].split("\n")[0] for letter in told) == ["0@example.org", "1@example.org"]


def test_a_rehearsal_is_refused(site: Path) -> None:
    done = masthead(
        "statements", "send", "--year", "2025", "--site", str(site), settings={"MASTHEAD_FUNDING_MODE": "rehearsal"}
    )
    assert done.returncode == 2
    assert "statements tell of real money only" in done.stderr


def test_killed_in_the_middle_and_run_by_two_at_once_each_giver_is_asked_for_once(
    new_site: Path, tmp_path: Path
) -> None:
    site = given(new_site, tmp_path / "many", GIVERS)
    command = [sys.executable, "-m", "masthead", "statements", "send", "--year", "2025", "--site", str(site)]

    def begun() -> subprocess.Popen[str]:
        return subprocess.Popen(command, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    first, deadline = begun(), time.monotonic() + 60
    while asked(site)[0] == 0 and first.poll() is None and time.monotonic() < deadline:
        time.sleep(0.002)  # a bounded poll of a process that works
    os.kill(first.pid, signal.SIGKILL)
    first.communicate()
    rows, givers, events = asked(site)
    assert 0 < rows == givers == events, "whole transactions only"
    two = [begun(), begun()]
    ends = [process.communicate(timeout=120) for process in two]
    assert [process.returncode for process in two] == [0, 0], ends
    assert asked(site) == (GIVERS, GIVERS, GIVERS)
    assert sum(int(out.split()[0]) for out, _error in ends) == GIVERS - rows
