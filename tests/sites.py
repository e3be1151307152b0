"""Sites made once for a whole run, however many processes it has, and copied for whoever changes them."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.project.site_process import masthead

NAME = 'The "Test" Ledger'


def made_once(factory: pytest.TempPathFactory, name: str, *arguments: str) -> Path:
    """Return a site that ``masthead init`` made with these arguments, the first process that asks making it.

    Whole or not at all. Nobody may change it: take a :func:`copy`.
    """

    def make(folder: Path) -> None:
        made = masthead("init", str(folder), *arguments, timeout=600)
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
            make(half)
            half.rename(made)
    return made


def copy(site: Path, folder: Path) -> Path:
    """Return a copy of a site in a folder that does not exist yet."""
    shutil.copytree(site, folder)
    return folder
