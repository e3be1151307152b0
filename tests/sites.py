"""Sites made once for a whole run, however many processes it has, and copied for whoever changes them."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from tests.project.site_process import UNMEASURED, masthead

NAME = 'The "Test" Ledger'


def made_once(factory: pytest.TempPathFactory, name: str, *arguments: str) -> Path:
    """Return a site that ``masthead init`` made with these arguments, the first process that asks making it.

    Whole or not at all. Nobody may change it: take a :func:`copy`.
    """

    def make(folder: Path) -> None:
        measured = {} if "--demo" not in arguments else UNMEASURED  # the demo is measured where it is tested
        made = masthead("init", str(folder), *arguments, timeout=600, settings=measured)
        assert made.returncode == 0, f"masthead init: {made.stdout}{made.stderr}"

    return once(factory, name, make)


def once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """Return a folder or file of the run; the first process that asks makes it, whole or not at all."""
    shared = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    made = shared / name
    with (shared / f"{name}.lock").open("w") as handle:
        fcntl.flock(handle.fileno(), fcntl.LOCK_EX)
        if not made.exists():
            half = shared / f"{name}.half"
            shutil.rmtree(half, ignore_errors=True)
            half.unlink(missing_ok=True)
            make(half)
            half.rename(made)
    return made


def begin(factory: pytest.TempPathFactory, makers: list[Callable[[pytest.TempPathFactory], Path]]) -> None:
    """Let something that is made once be made beside the first tests, one after the other.

    Whoever needs it waits for it; what fails here is tried again there, and fails the test.
    """

    def work() -> None:
        for make in makers:
            with suppress(AssertionError, subprocess.TimeoutExpired):
                make(factory)

    factory.getbasetemp()  # made here: two threads that make it at once are told that it exists already
    threading.Thread(target=work, name="sites").start()


def new(factory: pytest.TempPathFactory) -> Path:
    """Return a site as ``masthead init`` makes it."""
    return made_once(factory, "new-site", "--name", NAME)


def demo(factory: pytest.TempPathFactory) -> Path:
    """Return the demo as ``masthead init --demo`` makes it."""
    return made_once(factory, "demo", "--demo")


def copy(site: Path, folder: Path) -> Path:
    """Return a copy of a site in a folder that does not exist yet."""
    shutil.copytree(site, folder)
    return folder
