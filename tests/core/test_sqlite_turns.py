"""Writers queue before SQLite's lock instead of sleeping in front of it."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connection, connections, transaction

from masthead.core.sqlite.turns import Turn, turn_of
from masthead.outbox.models import Event

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has many writers"),
]


def in_threads(count: int, work: Callable[[], None]) -> list[BaseException]:
    """Run the same work in several threads at once; return what went wrong in them."""
    errors: list[BaseException] = []
    start = threading.Barrier(count)

    def run() -> None:
        try:
            start.wait(30)
            work()
        except BaseException as error:  # noqa: BLE001 - handed to the test
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return errors


def write() -> None:
    with transaction.atomic():
        Event.objects.create(type="test.turn", payload={})


@pytest.fixture
def short_patience() -> Iterator[None]:
    """Let connections of this test wait a tenth of a second for their turn."""
    options = connection.settings_dict["OPTIONS"]
    before = options["timeout"]
    options["timeout"] = 0.1
    yield
    options["timeout"] = before


def test_writers_wait_for_each_other_without_asking_sqlite_again() -> None:
    def work() -> None:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA busy_timeout=0")
        for _time in range(10):
            write()

    assert in_threads(8, work) == []
    assert Event.objects.filter(type="test.turn").count() == 80


def fail_after(end: Callable[[], Any]) -> None:
    with transaction.atomic():
        Event.objects.create(type="test.turn", payload={})
        end()
        raise RuntimeError


@pytest.mark.parametrize("end", [lambda: None, connection.close], ids=["rollback", "closed"])
def test_a_turn_ends_with_its_transaction(end: Callable[[], Any], short_patience: None) -> None:
    with pytest.raises(RuntimeError):
        fail_after(end)
    assert in_threads(1, write) == []


def test_a_turn_ends_with_a_transaction_that_the_database_refuses(short_patience: None) -> None:
    with pytest.raises(OperationalError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT nothing FROM nowhere")
    assert in_threads(1, write) == []


def test_who_waits_too_long_is_told_that_the_database_is_locked(short_patience: None) -> None:
    with transaction.atomic():
        errors = in_threads(1, write)
    assert [str(error) for error in errors] == ["database is locked"]
    assert isinstance(errors[0], OperationalError)
    assert in_threads(1, write) == []


HOLDS = """
import sys
from masthead.core.sqlite.turns import turn_of
assert turn_of(sys.argv[1]).acquire(10)
print("held", flush=True)
sys.stdin.read()
"""


def test_processes_wait_for_each_other_and_a_dead_one_holds_nothing(tmp_path: Path) -> None:
    database = str(tmp_path / "site.sqlite3")
    with subprocess.Popen(
        [sys.executable, "-c", HOLDS, database], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        mine = turn_of(database)
        assert not mine.acquire(0.05)
        other.kill()
        other.wait()
        assert mine.acquire(10)
        mine.release()


def test_without_a_place_for_the_file_threads_still_take_turns(tmp_path: Path) -> None:
    turn = Turn(str(tmp_path / "missing" / "site.sqlite3"))
    assert turn.acquire(1)
    assert not turn.acquire(0.01)
    turn.release()
    assert turn.acquire(1)
