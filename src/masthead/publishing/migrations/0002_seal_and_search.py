"""Editions that cannot be changed, and the rows of the public search: both in the words of each database.

A later migration that rebuilds the table of editions on SQLite drops the trigger there and must make it again;
tests/publishing/test_seal_edition.py notices.
"""

from typing import Any

from django.db import migrations

SQLITE = [
    """
    CREATE TRIGGER publishing_edition_is_sealed
    BEFORE UPDATE OF thread_key, number, title, standfirst, html, text, passages, picture, picture_ids, word_count,
        sha256, text_sha256, sealed_at, sealed_by_name
    ON publishing_edition
    BEGIN SELECT RAISE(ABORT, 'a sealed edition cannot be changed'); END
    """,
    """
    CREATE VIRTUAL TABLE publishing_searchrow
    USING fts5(title, standfirst, names, body, tokenize = "unicode61 remove_diacritics 2")
    """,
]
SQLITE_BACK = ["DROP TRIGGER publishing_edition_is_sealed", "DROP TABLE publishing_searchrow"]

POSTGRESQL = [
    """
    CREATE FUNCTION publishing_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'a sealed edition cannot be changed' USING ERRCODE = 'integrity_constraint_violation';
    END $$
    """,
    """
    CREATE TRIGGER publishing_edition_is_sealed
    BEFORE UPDATE OF thread_key, number, title, standfirst, html, text, passages, picture, picture_ids, word_count,
        sha256, text_sha256, sealed_at, sealed_by_name
    ON publishing_edition
    FOR EACH ROW EXECUTE FUNCTION publishing_refuse_change()
    """,
    """
    CREATE TABLE publishing_searchrow (
        story_id bigint PRIMARY KEY REFERENCES publishing_publishedstory (id) ON DELETE CASCADE
            DEFERRABLE INITIALLY DEFERRED,
        title text NOT NULL,
        standfirst text NOT NULL,
        names text NOT NULL,
        body text NOT NULL,
        vector tsvector GENERATED ALWAYS AS (
            setweight(to_tsvector('simple', title), 'A') || setweight(to_tsvector('simple', standfirst), 'B')
            || setweight(to_tsvector('simple', names), 'C') || setweight(to_tsvector('simple', left(body, 400000)), 'D')
        ) STORED
    )
    """,
    "CREATE INDEX publishing_searchrow_by_vector ON publishing_searchrow USING gin (vector)",
]
POSTGRESQL_BACK = [
    "DROP TRIGGER publishing_edition_is_sealed ON publishing_edition",
    "DROP FUNCTION publishing_refuse_change()",
    "DROP TABLE publishing_searchrow",
]


def forwards(apps: Any, schema_editor: Any) -> None:
    """Make what the database at hand needs."""
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL:
        schema_editor.execute(statement)


def backwards(apps: Any, schema_editor: Any) -> None:
    """Take it away again."""
    for statement in SQLITE_BACK if schema_editor.connection.vendor == "sqlite" else POSTGRESQL_BACK:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("publishing", "0001_initial")]
    operations = [migrations.RunPython(forwards, backwards)]
