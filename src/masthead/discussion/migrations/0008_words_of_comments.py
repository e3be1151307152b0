"""On PostgreSQL the words of public comments are found by an index; on SQLite a bounded number of texts is read."""

from typing import Any

from django.db import migrations

_CREATE = """
    CREATE INDEX IF NOT EXISTS comments_by_words ON discussion_comment
    USING gin (to_tsvector('simple', source)) WHERE status = 'published'
"""


def create(apps: Any, schema_editor: Any) -> None:
    """Make the index."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(_CREATE)


def drop(apps: Any, schema_editor: Any) -> None:
    """Drop it."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP INDEX IF EXISTS comments_by_words")


class Migration(migrations.Migration):
    dependencies = [("discussion", "0007_number_pages")]
    operations = [migrations.RunPython(create, drop)]
