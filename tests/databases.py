"""The test database: on SQLite migrated once for a whole run, copied for each process, and copied back after commits.

On PostgreSQL each process migrates its own, and the tables are emptied after a test that commits.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection

from masthead.funding.testing import empty_books
from tests import sites

ROOT = Path(__file__).resolve().parents[1]
# Migrating makes and drops models without end: collecting them would take as long as all the rest.
MIGRATES = """
import gc, sys
gc.disable()
import django
django.setup()
from django.db import connection
from django.test.utils import setup_databases
connection.settings_dict["TEST"]["NAME"] = sys.argv[1]
setup_databases(verbosity=0, interactive=False, aliases={"default"}, serialized_aliases=set())
connection.close()
"""


def migrated(factory: pytest.TempPathFactory) -> Path:
    """Return the migrated SQLite file of this run, the first process that asks making it. To be copied only."""

    def make(file: Path) -> None:
        kept = {key: value for key, value in os.environ.items() if not key.startswith("COV")}
        done = subprocess.run(
            [sys.executable, "-c", MIGRATES, str(file)],
            env={**kept, "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)])},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"the migrations failed: {done.stderr}"

    return sites.once(factory, "migrated.sqlite3", make)


def is_copied() -> bool:
    """Say whether test databases are copies of one that was migrated."""
    return connection.vendor == "sqlite"


def put(factory: pytest.TempPathFactory) -> None:
    """Put a migrated database where the test database of this process is to be."""
    shutil.copy(migrated(factory), str(connection.settings_dict["TEST"]["NAME"]))


def keeper() -> Callable[..., None]:
    """Return what undoes the commits of a test.

    SQLite's database becomes what it is now. PostgreSQL's tables are emptied, of what the migrations wrote too.
    """
    if not is_copied():
        return _empty
    kept = sqlite3.connect(":memory:", check_same_thread=False)
    connection.ensure_connection()
    connection.connection.backup(kept)

    def copy_back(*_case: object) -> None:
        connection.ensure_connection()
        kept.backup(connection.connection)

    return copy_back


def _empty(*_case: object) -> None:
    empty_books()  # the triggers of the ledger refuse what empties all other tables
    call_command("flush", verbosity=0, interactive=False, reset_sequences=False)
