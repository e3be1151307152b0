"""The test database: on SQLite migrated once for a whole run, copied for each process, and copied back after commits.

On PostgreSQL each process migrates its own; after a test that commits, the tables hold again what the migrations wrote.
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
from django.db import connection, transaction

from masthead.funding.models import append_only
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
    """Return what undoes the commits of a test: the database becomes what it is now."""
    if not is_copied():
        return _rows_keeper()
    kept = sqlite3.connect(":memory:", check_same_thread=False)
    connection.ensure_connection()
    connection.connection.backup(kept)

    def copy_back(*_case: object) -> None:
        connection.ensure_connection()
        kept.backup(connection.connection)

    return copy_back


def _rows_keeper() -> Callable[..., None]:
    tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
    kept = {}
    with connection.cursor() as cursor:
        for table in tables:
            with cursor.copy(f'COPY "{table}" TO STDOUT') as out:
                if rows := b"".join(out):
                    kept[table] = rows

    def write_back(*_case: object) -> None:
        empty_books()  # the triggers of the ledger refuse what empties all other tables
        append_only.remove(connection)
        call_command("flush", verbosity=0, interactive=False, reset_sequences=False, inhibit_post_migrate=True)
        append_only.install(connection)
        with transaction.atomic(), connection.cursor() as cursor:
            for table, rows in kept.items():
                with cursor.copy(f'COPY "{table}" FROM STDIN') as into:
                    into.write(rows)

    return write_back
