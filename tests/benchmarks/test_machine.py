"""What others use of the machine is told apart from what we use."""

from __future__ import annotations

import os
import subprocess
import sys

from benchmarks.machine import Process, Ticks, family, family_memory, family_seconds, foreign_percent, machine_ticks


def test_waiting_is_not_work_and_stolen_time_is_others() -> None:
    ticks = machine_ticks("cpu  10 1 5 100 20 1 2 7 3 0\ncpu0 1 1 1 1 1 1 1 1 1 1\n")
    assert ticks == Ticks(busy=10 + 1 + 5 + 1 + 2 + 7, total=146)


def test_a_name_with_brackets_and_spaces_does_not_shift_the_fields() -> None:
    line = "42 (a) b (c) S 7 1 1 0 -1 0 0 0 0 0 100 20 3 4 20 0 1 0 5 6 7"
    assert Process.parse(line) == Process(pid=42, parent=7, ticks=127)


def test_a_family_is_a_process_and_all_that_came_from_it() -> None:
    everybody = {pid: Process(pid, parent, 1) for pid, parent in ((1, 0), (2, 1), (3, 2), (4, 1), (5, 0))}
    assert {process.pid for process in family(2, everybody)} == {2, 3}
    assert {process.pid for process in family(1, everybody)} == {1, 2, 3, 4}
    assert family(99, everybody) == []


def test_others_have_what_is_busy_and_not_ours() -> None:
    before, after = Ticks(100, 1_000), Ticks(180, 1_100)
    assert foreign_percent(before, after, own=30) == 50.0
    assert foreign_percent(before, after, own=90) == 0.0
    assert foreign_percent(before, before, own=0) == 0.0


def test_the_time_of_an_ended_child_stays_with_its_family() -> None:
    before = family_seconds(os.getpid())
    subprocess.run([sys.executable, "-c", "sum(range(10_000_000))"], check=True)
    assert family_seconds(os.getpid()) - before > 0.05


def test_memory_is_told_by_process() -> None:
    resident, proportional = family_memory(os.getpid())[os.getpid()]
    assert resident >= proportional > 1
