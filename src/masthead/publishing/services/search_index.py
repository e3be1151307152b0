"""Rows of the public search: written when a story is sealed, removed when it is withdrawn.

SQLite keeps them in an FTS5 table, PostgreSQL in a table with a text search vector; migration 0002 makes both. Texts
are folded (lower case, no accents), as queries are.
"""

from __future__ import annotations

from django.db import connection

from masthead.publishing.models import PublishedStory
from masthead.publishing.rules.search_query import fold

TABLE = "publishing_searchrow"


def put(story: PublishedStory, text: str) -> None:
    """Write the row of a story anew."""
    remove(story.pk)
    names = ", ".join(line["name"] for line in story.bylines)
    subjects = ", ".join(tag["name"] for tag in story.tags)
    texts = [story.title, story.standfirst, f"{names}\n{subjects}", text]
    key = "rowid" if connection.vendor == "sqlite" else "story_id"
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {TABLE} ({key}, title, standfirst, names, body) VALUES (%s, %s, %s, %s, %s)",  # noqa: S608
            [story.pk, *(fold(value).replace("\x00", "") for value in texts)],
        )


def remove(story_id: int) -> None:
    """Remove the row of a story, if there is one."""
    key = "rowid" if connection.vendor == "sqlite" else "story_id"
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {TABLE} WHERE {key} = %s", [story_id])  # noqa: S608
