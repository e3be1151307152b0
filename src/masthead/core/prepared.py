"""Queries whose SQL is composed once per connection, for the pages that everybody reads.

Django composes the text of a query anew each time; on a story's page that took longer than the database needed to
answer all of them. A prepared query is an ordinary queryset, written as a function of its values::

    _STORY_AT = Prepared(lambda path: PublishedStory.objects.filter(path=path))
    ...
    _STORY_AT.rows(path="/harbour/the-pumps/")

The function is called once for each shape of its values with marks in their place: it must hand them to the queryset
as they are, and may not decide anything by them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any, Generic, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import QuerySet

Row = TypeVar("Row")
# A mark is a value that nobody stores; each is found again among the parameters by being equal to itself alone.
_FIRST_NUMBER = -(2**31)
_FIRST_MOMENT = datetime.fromisoformat("1900-01-01T00:00:00+00:00")


class PreparedQueryRefused(TypeError):
    """A query cannot be prepared: its function lost, changed or multiplied a value, or it is not of a known kind."""


class Prepared(Generic[Row]):
    """A query of texts, whole numbers, moments, days, and lists of them.

    Guaranteed: the same rows, of the same types, as the queryset itself gives. Refuses with
    :class:`PreparedQueryRefused`, at its first use, a function that does not hand on every value as it is. Not for
    ``prefetch_related``, and not for values that may be ``None``.
    """

    def __init__(self, build: Callable[..., QuerySet[Any, Row]]) -> None:
        self.build = build

    def rows(self, **values: Any) -> list[Row]:
        """Ask the database; return all rows."""
        connection = connections[DEFAULT_DB_ALIAS]
        plans: dict[Any, _Plan] = connection.__dict__.setdefault("masthead_prepared", {})
        shape = (self, *((name, _shape(value)) for name, value in values.items()))
        plan = plans.get(shape)
        if plan is None:
            plan = plans[shape] = _Plan(self.build, values, connection)
        return plan.rows(values)

    def first(self, **values: Any) -> Row | None:
        """Ask the database; return the first row, if any. The query should be limited to one."""
        found = self.rows(**values)
        return found[0] if found else None


def _shape(value: Any) -> object:
    """Return what decides the text of the query: the kind of a value, and how many there are of a list."""
    return len(value) if isinstance(value, (list, tuple)) else type(value)


class _Plan:
    """The SQL of one query for one shape of values on one connection, and how to read its rows."""

    def __init__(self, build: Callable[..., QuerySet[Any, Any]], values: dict[str, Any], connection: Any) -> None:
        numbers = count()
        marks = {name: _mark(value, numbers) for name, value in values.items()}
        queryset = build(**marks)
        self.connection = connection
        self.compiler: Any = queryset.query.get_compiler(connection=connection)
        try:
            self.sql, parameters = self.compiler.as_sql()
        except EmptyResultSet:
            self.sql = ""
            return
        self.template = self._template(parameters, marks)
        converters = self.compiler.get_converters([item[0] for item in self.compiler.select[: self.compiler.col_count]])
        self.compiler.get_converters = lambda _expressions: converters
        # The compiler reads rows as ever, but is asked for no more text. It belongs to one thread, as its connection.
        self.compiler.as_sql = lambda *_arguments, **_options: (self.sql, self.parameters)
        reader: Any = queryset._iterable_class
        self.reader = reader(_Prepared(queryset, self.compiler))

    def rows(self, values: dict[str, Any]) -> list[Any]:
        """Put the values in and ask."""
        if not self.sql:
            return []
        flat = {name: value if isinstance(value, (list, tuple)) else (value,) for name, value in values.items()}
        self.parameters = tuple(
            self._adapted(flat[place[0]][place[1]]) if place else constant for place, constant in self.template
        )
        return list(self.reader)

    def _template(self, parameters: Sequence[Any], marks: dict[str, Any]) -> list[tuple[Any, Any]]:
        """Return for each parameter which value stands there, or that it is always the same."""
        places = {
            self._adapted(mark): (name, index)
            for name, value in marks.items()
            for index, mark in enumerate(value if isinstance(value, list) else [value])
        }
        template = [(places.get(item), item) for item in parameters]
        if {place for place, _item in template if place} != set(places.values()):
            raise PreparedQueryRefused(f"of {sorted(marks)}, not every value reaches the database as it is: {self.sql}")
        return template

    def _adapted(self, value: Any) -> Any:
        if isinstance(value, datetime):
            return self.connection.ops.adapt_datetimefield_value(value)
        return self.connection.ops.adapt_datefield_value(value) if isinstance(value, date) else value


class _Prepared:
    """What Django's readers of rows ask of a queryset, with the compiler that is ready."""

    def __init__(self, queryset: Any, compiler: Any) -> None:
        self.model, self.db = queryset.model, queryset.db
        self._fields, self._known_related_objects = queryset._fields, queryset._known_related_objects
        self.query = _Query(queryset.query, compiler)


class _Query:
    def __init__(self, query: Any, compiler: Any) -> None:
        self.get_compiler = lambda *_arguments, **_options: compiler
        self.selected = query.selected
        self.extra_select, self.values_select = query.extra_select, query.values_select
        self.annotation_select = query.annotation_select


def _mark(value: Any, numbers: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return [_mark(item, numbers) for item in value]
    number = next(numbers)
    if isinstance(value, str):
        return f"\0mark {number}\0"
    if isinstance(value, datetime):
        return _FIRST_MOMENT + timedelta(minutes=number)
    if isinstance(value, date):
        return _FIRST_MOMENT.date() + timedelta(days=number)
    if isinstance(value, int) and not isinstance(value, bool):
        return _FIRST_NUMBER + number
    raise PreparedQueryRefused(f"a prepared query takes no {type(value).__name__}")
