"""Wagtail's search on SQLite without rank. Its tables exist on SQLite only, so nothing else may import this."""

from __future__ import annotations

from typing import Any

from modelsearch.backends.database.sqlite.sqlite import (
    SQLiteAutocompleteQueryCompiler,
    SQLiteSearchBackend,
    SQLiteSearchQueryCompiler,
)


class NewestFirst(SQLiteSearchQueryCompiler):
    """Search without rank."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_by_relevance = False


class NewestFirstAutocomplete(SQLiteAutocompleteQueryCompiler):
    """Search by beginnings of words, without rank."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_by_relevance = False


class SQLiteNewestFirst(SQLiteSearchBackend):
    """The library's SQLite backend with both questions unranked."""

    query_compiler_class = NewestFirst
    autocomplete_query_compiler_class = NewestFirstAutocomplete
