"""The public search: own query on SQLite's FTS5 or PostgreSQL's text search, ranked, public stories only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import connection

from masthead.publishing import conf
from masthead.publishing.models import PublishedStory
from masthead.publishing.rules import search_query
from masthead.publishing.rules.search_query import Piece, Term

_SQLITE = """
    SELECT story.id FROM publishing_searchrow
    JOIN publishing_publishedstory AS story ON story.id = publishing_searchrow.rowid
    WHERE publishing_searchrow MATCH %s
    ORDER BY bm25(publishing_searchrow, 10.0, 5.0, 3.0, 1.0), story.published_at DESC, story.id DESC LIMIT %s OFFSET %s
"""
_SQLITE_COUNT = "SELECT count(*) FROM publishing_searchrow WHERE publishing_searchrow MATCH %s"
_POSTGRESQL = """
    SELECT story.id FROM publishing_searchrow AS row
    JOIN publishing_publishedstory AS story ON story.id = row.story_id,
    to_tsquery('simple', %s) AS question
    WHERE row.vector @@ question
    ORDER BY ts_rank(row.vector, question) DESC, story.published_at DESC, story.id DESC LIMIT %s OFFSET %s
"""
_POSTGRESQL_COUNT = "SELECT count(*) FROM publishing_searchrow WHERE vector @@ to_tsquery('simple', %s)"


@dataclass(frozen=True)
class Hit:
    """One found story and the part of it that answers."""

    story: PublishedStory
    snippet: list[Piece]


@dataclass(frozen=True)
class Hits:
    """One page of a search."""

    total: int
    hits: list[Hit]


def search(query: str, *, offset: int = 0, limit: int = conf.HITS_PER_PAGE) -> Hits:
    """Return the stories that contain all words of ``query``, best first. Three queries, whatever is asked.

    Any text is a valid query; one without a word finds nothing.
    """
    terms = search_query.parse(query[: conf.MAX_QUERY_CHARACTERS])
    if not terms:
        return Hits(0, [])
    total, ids = _matching(terms, offset, limit)
    stories = PublishedStory.objects.select_related("edition").defer("edition__html").in_bulk(ids)
    found = [stories[pk] for pk in ids if pk in stories]
    return Hits(total, [Hit(story, search_query.snippet(_words(story), terms)) for story in found])


def _words(story: PublishedStory) -> str:
    return " ".join(f"{story.standfirst} {story.edition.text}".split())


def _matching(terms: tuple[Term, ...], offset: int, limit: int) -> tuple[int, list[int]]:
    is_sqlite = connection.vendor == "sqlite"
    question = search_query.to_fts5(terms) if is_sqlite else search_query.to_tsquery(terms)
    with connection.cursor() as cursor:
        cursor.execute(_SQLITE_COUNT if is_sqlite else _POSTGRESQL_COUNT, [question])
        total: Any = cursor.fetchone()
        cursor.execute(_SQLITE if is_sqlite else _POSTGRESQL, [question, limit, offset])
        return int(total[0]), [int(row[0]) for row in cursor.fetchall()]
