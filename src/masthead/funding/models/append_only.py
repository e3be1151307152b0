"""Triggers that make the books append only, for SQLite and PostgreSQL.

They stand beside the models because they are part of the tables: a migration that rebuilds one of these tables on
SQLite drops its triggers and must call :func:`install` again. ``missing`` lets the doctor see that.
"""

from __future__ import annotations

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

TABLES = (
    "funding_account",
    "funding_auditentry",
    "funding_campaigngoal",
    "funding_entry",
    "funding_journal",
    "funding_receipt",
    "funding_sealedmonth",
)
# SQLite's INSERT OR REPLACE deletes the old row without asking delete triggers, so inserts look for it themselves.
_SAME_ROW = {
    "funding_account": "id = NEW.id OR code = NEW.code",
    "funding_auditentry": "id = NEW.id",
    "funding_campaigngoal": "id = NEW.id",
    "funding_entry": "id = NEW.id",
    "funding_journal": (
        "id = NEW.id OR reverses_id = NEW.reverses_id "
        "OR (source = NEW.source AND external_id = NEW.external_id AND kind = NEW.kind)"
    ),
    "funding_receipt": (
        "id = NEW.id OR public_id = NEW.public_id OR instead_of_id = NEW.instead_of_id "
        "OR (series = NEW.series AND number = NEW.number) "
        "OR (kind = 'receipt' AND NEW.kind = 'receipt' AND gift_id = NEW.gift_id)"
    ),
    "funding_sealedmonth": "id = NEW.id OR month = NEW.month OR previous = NEW.previous OR hash = NEW.hash",
}
_MESSAGE = "the books are append only: post a reversing journal"

_MIXED = "money of a rehearsal and of the paper never meet in one journal"
_OTHER_MODE = """EXISTS (
    SELECT 1 FROM funding_entry AS sibling JOIN funding_account AS its ON its.id = sibling.account_id
    WHERE sibling.journal_id = NEW.journal_id
      AND its.is_live <> (SELECT is_live FROM funding_account WHERE id = NEW.account_id))"""

_POSTGRESQL_REFUSE = f"""
CREATE OR REPLACE FUNCTION funding_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '{_MESSAGE}' USING ERRCODE = 'integrity_constraint_violation'; END $$
"""
_POSTGRESQL_BALANCE = """
CREATE OR REPLACE FUNCTION funding_journal_balances() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM funding_entry WHERE journal_id = NEW.journal_id
             GROUP BY currency HAVING SUM(amount_minor) <> 0) THEN
    RAISE EXCEPTION 'journal % does not sum to zero', NEW.journal_id USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NULL;
END $$
"""

_POSTGRESQL_MODES = f"""
CREATE OR REPLACE FUNCTION funding_journal_has_one_mode() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF {_OTHER_MODE} THEN
    RAISE EXCEPTION '{_MIXED}' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$
"""
_ONE_MODE = "funding_journal_has_one_mode"


def install(connection: BaseDatabaseWrapper) -> None:
    """Create the triggers of all tables that are there: earlier migrations run before later tables are made.

    Refuses a store other than the two that the product supports.
    """
    if connection.vendor not in {"sqlite", "postgresql"}:
        raise NotImplementedError(f"the books cannot be protected on {connection.vendor}")
    remove(connection)
    with connection.cursor() as cursor:
        for statement in _statements(connection.vendor, _present(connection)):
            cursor.execute(statement)


def remove(connection: BaseDatabaseWrapper) -> None:
    """Drop all triggers: only for taking the tables themselves away, and for emptying a test's database."""
    with connection.cursor() as cursor:
        present = _present(connection)
        for name, table in _names(connection.vendor).items():
            if table not in present:
                continue
            on_table = f" ON {table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on_table}")


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """Return the names of triggers that should be there and are not."""
    catalogue = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'",
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(catalogue)
        present = {row[0] for row in cursor.fetchall()}
    return sorted(_names(connection.vendor).keys() - present)


def forward(apps: Any, schema_editor: Any) -> None:
    """Install; for migrations."""
    install(schema_editor.connection)


def backward(apps: Any, schema_editor: Any) -> None:
    """Remove; for migrations."""
    remove(schema_editor.connection)


def _present(connection: BaseDatabaseWrapper) -> list[str]:
    known = set(connection.introspection.table_names())
    return [table for table in TABLES if table in known]


def _names(vendor: str) -> dict[str, str]:
    names = {f"{table}_is_append_only": table for table in TABLES}
    if vendor == "postgresql":  # pragma: no cover - not reached on SQLite
        emptied = {f"{table}_is_not_emptied": table for table in TABLES}
        return {**names, **emptied, "funding_journal_sums_to_zero": "funding_entry", _ONE_MODE: "funding_entry"}
    by_verb = {f"{name}_{verb}": table for name, table in names.items() for verb in ("update", "delete", "insert")}
    return {**by_verb, _ONE_MODE: "funding_entry"}


def _statements(vendor: str, tables: list[str]) -> list[str]:
    if vendor == "postgresql":  # pragma: no cover - not reached on SQLite
        return [
            _POSTGRESQL_REFUSE,
            _POSTGRESQL_BALANCE,
            _POSTGRESQL_MODES,
            *(
                f"CREATE TRIGGER {table}_is_append_only BEFORE UPDATE OR DELETE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION funding_append_only()"
                for table in tables
            ),
            # TRUNCATE asks no row's trigger.
            *(
                f"CREATE TRIGGER {table}_is_not_emptied BEFORE TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION funding_append_only()"
                for table in tables
            ),
            "CREATE CONSTRAINT TRIGGER funding_journal_sums_to_zero AFTER INSERT ON funding_entry "
            "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION funding_journal_balances()",
            f"CREATE TRIGGER {_ONE_MODE} BEFORE INSERT ON funding_entry FOR EACH ROW EXECUTE FUNCTION {_ONE_MODE}()",
        ]
    return [
        *(statement for table in tables for statement in _sqlite_triggers(table)),
        f"CREATE TRIGGER {_ONE_MODE} BEFORE INSERT ON funding_entry WHEN {_OTHER_MODE} "
        f"BEGIN SELECT RAISE(ABORT, '{_MIXED}'); END",
    ]


def _sqlite_triggers(table: str) -> list[str]:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{_MESSAGE}'); END"
    same_row = f"EXISTS (SELECT 1 FROM {table} WHERE {_SAME_ROW[table]})"  # noqa: S608 - constants of this file
    return [
        f"CREATE TRIGGER {table}_is_append_only_update BEFORE UPDATE ON {table} {refuse}",
        f"CREATE TRIGGER {table}_is_append_only_delete BEFORE DELETE ON {table} {refuse}",
        f"CREATE TRIGGER {table}_is_append_only_insert BEFORE INSERT ON {table} WHEN {same_row} {refuse}",
    ]
