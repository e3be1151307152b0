"""Statements of the busiest roads: the ORM writes them once per process, afterwards they are only executed.

Django builds a query's text anew each time, which costs several times what a one-row statement costs the database.
Here the text is kept, with gaps where values go::

    _BY_KEY = Select(lambda: Thread.objects.filter(key=Gap("key")).values_list("id", "comment_count"))
    rows = _BY_KEY.rows(key="article:12")

Tables, columns, converters and dialect stay the ORM's, so nothing here can disagree with the models. Only for
statements whose text does not depend on their values: no lists, and no ``None`` in a gap of a comparison.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.db import connection, connections, models
from django.db.models import Expression, Field, QuerySet
from django.db.models import sql as orm
from django.db.models.expressions import RawSQL
from django.db.models.sql.compiler import SQLInsertCompiler

Row = TypeVar("Row", bound=models.Model)
# Values of exactly these types go to these columns as they are; the ORM takes ten calls each to find that out.
_AS_IT_IS: dict[type[Any], type] = {
    models.BooleanField: bool,
    models.CharField: str,
    models.ForeignKey: int,
    models.IntegerField: int,
    models.PositiveIntegerField: int,
    models.SmallIntegerField: int,
    models.TextField: str,
}
# A text is kept for each number of rows up to this; beyond, writing it is the smaller part of the work.
_FEW = 8
_Converter = tuple[int, list[Callable[..., Any]], Any]


def literal(text: str) -> RawSQL:
    """Return a constant that is written out in the statement instead of being bound to it.

    SQLite uses a partial index only for a statement that spells its condition; where the value is bound it must
    compile the statement again at each execution to see whether it does. Refuses all but letters (``ValueError``).
    """
    if text and not text.isalpha():
        raise ValueError(f"{text!r} is not a plain constant")
    return RawSQL(f"'{text}'", ())  # noqa: S611 - letters only, see above


class Gap(Expression):
    """A place in a statement that gets its value at each execution.

    ``stored_as`` is needed where the database keeps a value in another form, as SQLite does moments.
    """

    def __init__(self, name: str, stored_as: Field[Any, Any] | None = None) -> None:
        super().__init__(output_field=stored_as)
        self.name = name
        self.stored_as = stored_as

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        """Write a placeholder, and stand in for its value."""
        return "%s", (self,)

    def value(self, given: dict[str, Any]) -> Any:
        """Return the given value as the database takes it."""
        value = given[self.name]
        return value if self.stored_as is None else self.stored_as.get_db_prep_value(value, connection)


class _Statement:
    """A text per kind of database, written at its first use; two threads that both write it write the same."""

    def __init__(self) -> None:
        self._written: dict[str, tuple[str, list[Any], list[_Converter]]] = {}

    def _write(self) -> tuple[str, Sequence[Any], list[_Converter]]:
        raise NotImplementedError

    def _text(self) -> tuple[str, list[Any], list[_Converter]]:
        known = self._written.get(connection.vendor)
        if known is None:
            text, values, converters = self._write()
            known = self._written[connection.vendor] = (text, list(values), converters)
        return known

    def _parameters(self, values: list[Any], given: dict[str, Any]) -> list[Any]:
        return [item.value(given) if isinstance(item, Gap) else item for item in values]


class Select(_Statement):
    """A query of ``values_list()``, given by a function that builds it with gaps.

    Locks belong to the query (``select_for_update``) and need a transaction, as always.
    """

    def __init__(self, build: Callable[[], QuerySet[Any, Any]]) -> None:
        super().__init__()
        self._build = build

    def rows(self, **given: Any) -> list[Any]:
        """Return all rows for these values, each a sequence of columns."""
        text, values, converters = self._text()
        with connection.cursor() as cursor:
            cursor.execute(text, self._parameters(values, given))
            found: list[Any] = cursor.fetchall()
        return [_converted(row, converters) for row in found] if converters else found

    def first(self, **given: Any) -> Any:
        """Return the first row, or ``None``."""
        found = self.rows(**given)
        return found[0] if found else None

    def _write(self) -> tuple[str, Sequence[Any], list[_Converter]]:
        compiler = self._build().query.get_compiler(connection=connection)
        text, values = compiler.as_sql()
        chosen = [item[0] for item in compiler.select[: compiler.col_count]]
        found = compiler.get_converters(chosen)
        return text, values, [(place, functions, column) for place, (functions, column) in found.items()]


def _converted(row: Sequence[Any], converters: list[_Converter]) -> list[Any]:
    values = list(row)
    for place, functions, column in converters:
        for function in functions:
            values[place] = function(values[place], column, connection)
    return values


class Update(_Statement):
    """An ``UPDATE`` of the rows of a query; both may hold gaps."""

    def __init__(self, build: Callable[[], QuerySet[Any, Any]], **changes: Any) -> None:
        super().__init__()
        self._build = build
        self._changes = changes

    def run(self, **given: Any) -> int:
        """Execute it and return how many rows it touched."""
        text, values, _none = self._text()
        with connection.cursor() as cursor:
            cursor.execute(text, self._parameters(values, given))
            return int(cursor.rowcount)

    def _write(self) -> tuple[str, Sequence[Any], list[_Converter]]:
        query: Any = self._build().query.chain(orm.UpdateQuery)
        query.add_update_values(self._changes)
        text, values = query.get_compiler(connection=connection).as_sql()
        return text, values, []


def update_returning(rows: QuerySet[Any, Any], **changes: Any) -> list[Any]:
    """Execute ``rows.update(**changes)`` and return the primary keys of exactly the rows that were touched."""
    query: Any = rows.query.chain(orm.UpdateQuery)
    query.add_update_values(changes)
    text, values = query.get_compiler(connection=connection).as_sql()
    operations: Any = connection.ops
    returning, _none = operations.return_insert_columns([rows.model._meta.pk])
    with connection.cursor() as cursor:
        cursor.execute(f"{text} {returning}", values)
        return [key for (key,) in cursor.fetchall()]


class Insert(Generic[Row]):
    """Inserts new rows of one model in one statement and tells them their keys.

    Like ``bulk_create``: every column is written, ``save()`` is not called and no signal is sent.
    """

    def __init__(self, model: type[Row]) -> None:
        self._model = model
        self._written: dict[tuple[str, int], str] = {}
        self._columns: list[tuple[Any, type | None, bool]] = []

    def add(self, rows: Sequence[Row]) -> None:
        """Insert ``rows``; afterwards each has its primary key. Nothing happens without rows."""
        if len(rows) > _FEW:
            self._model._base_manager.bulk_create(rows)
        elif rows:
            self._add_few(rows)

    def _add_few(self, rows: Sequence[Row]) -> None:
        self._columns = self._columns or [
            _column(field) for field in self._model._meta.concrete_fields if not field.primary_key
        ]
        fields = [field for field, _plain, _is_moment in self._columns]
        values = [value for row in rows for value in self._values(row)]
        with connection.cursor() as cursor:
            cursor.execute(self._text(rows, fields), values)
            keys = cursor.fetchall()
        for row, (key,) in zip(rows, keys, strict=True):
            row.pk = key
            row._state.adding = False
            row._state.db = connection.alias

    def _values(self, row: Row) -> Iterator[Any]:
        database: Any = connections[connection.alias]
        adapted = database.ops.adapt_datetimefield_value
        for field, plain, is_moment in self._columns:
            value = getattr(row, field.attname)
            if plain is not None and (value is None or type(value) is plain):
                yield value
            elif is_moment and type(value) is datetime and value.tzinfo is not None:
                yield adapted(value)
            else:
                yield field.get_db_prep_save(field.pre_save(row, add=True), database)

    def _text(self, rows: Sequence[Row], fields: Sequence[Any]) -> str:
        known = self._written.get((connection.vendor, len(rows)))
        if known is None:
            query = orm.InsertQuery(self._model)
            query.insert_values(fields, list(rows))
            # Not the compiler of PostgreSQL, which sends several rows as one array for each column.
            compiler: Any = SQLInsertCompiler(query, connection, connection.alias)
            compiler.returning_fields = [self._model._meta.pk]
            ((known, _values),) = compiler.as_sql()
            self._written[connection.vendor, len(rows)] = known
        return known


def _column(field: Any) -> tuple[Any, type | None, bool]:
    """Return a field, the type whose values need no preparing, and whether it takes a moment as it is given."""
    is_moment = type(field) is models.DateTimeField and not (field.auto_now or field.auto_now_add)
    return field, _AS_IT_IS.get(type(field)), is_moment
