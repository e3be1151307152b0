"""The test database: migrated once for a whole run, copied for each process, and brought back after tests that commit.

On SQLite a copy is a file; on PostgreSQL it is made from the migrated one as a template, by a role that may do
everything there, as the server's own and that of ``scripts/test-postgres`` may.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction

from tests import sites

ROOT = Path(__file__).resolve().parents[1]
_NAMES = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD"}
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
    """Return the migrated SQLite file of this run, the first process that asks making it. To be copied only.

    On PostgreSQL the file only says that the template is there.
    """

    def make(file: Path) -> None:
        kept = {key: value for key, value in os.environ.items() if not key.startswith("COV")}
        done = subprocess.run(
            [sys.executable, "-c", MIGRATES, str(file) if _is_file() else _template()],
            env={**kept, "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)])},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"the migrations failed: {done.stderr}"
        file.touch()

    return sites.once(factory, "migrated.sqlite3", make)


def put(factory: pytest.TempPathFactory) -> None:
    """Put a migrated database where the test database of this process is to be."""
    creation: Any = connection.creation
    made, name = migrated(factory), creation._get_test_db_name()
    if _is_file():
        shutil.copy(made, name)
        return
    with _server() as server:
        server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'.encode())
        server.execute(f'CREATE DATABASE "{name}" TEMPLATE "{_template()}"'.encode())


def remove() -> None:
    """Remove the test database of this process: Django keeps what it found made."""
    if not _is_file():
        _drop(str(connection.settings_dict["NAME"]))


def remove_template() -> None:
    """Remove what all processes copied."""
    if not _is_file():
        _drop(_template())


def keeper() -> Callable[..., None]:
    """Return what undoes the commits of a test: the database becomes what it is now."""
    if not _is_file():
        return _rows_keeper()
    kept = sqlite3.connect(":memory:", check_same_thread=False)
    connection.ensure_connection()
    connection.connection.backup(kept)

    def copy_back(*_case: object) -> None:
        connection.ensure_connection()
        kept.backup(connection.connection)

    return copy_back


def _rows_keeper() -> Callable[..., None]:
    """Write only to tables that a test changed: to empty all of them takes longer than most tests."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        kept = {table: rows for table in tables if (rows := _rows(cursor, table))}
    asks = [f"SELECT '{table}' WHERE EXISTS (SELECT FROM \"{table}\")" for table in tables if table not in kept]  # noqa: S608
    filled = " UNION ALL ".join(asks)

    def write_back(*_case: object) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(filled)
            changed = [table for (table,) in cursor.fetchall()]
            changed += [table for table, rows in kept.items() if _rows(cursor, table) != rows]
            # Neither foreign keys nor the triggers of the ledger have a say here.
            cursor.execute("SET LOCAL session_replication_role = replica")
            for table in changed:
                cursor.execute(f'DELETE FROM "{table}"')  # noqa: S608 - names of our own tables
                if table in kept:
                    with cursor.copy(f'COPY "{table}" FROM STDIN') as into:
                        into.write(kept[table])

    return write_back


def _rows(cursor: Any, table: str) -> bytes:
    with cursor.copy(f'COPY "{table}" TO STDOUT') as out:
        return b"".join(out)


def _is_file() -> bool:
    return bool(connection.vendor == "sqlite")


def _template() -> str:
    return f"test_{settings.DATABASES['default']['NAME']}_migrated"


def _drop(name: str) -> None:
    connection.close()
    with _server() as server:
        server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'.encode())


@contextmanager
def _server() -> Iterator[Any]:
    """Connect to the server beside the test database."""
    import psycopg

    known = settings.DATABASES["default"]
    values = {name: known[key] for name, key in _NAMES.items() if known[key]}
    with psycopg.connect(dbname="postgres", autocommit=True, **values) as server:
        yield server
