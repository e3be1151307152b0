"""Statements of the busiest roads: the ORM writes them once per process, afterwards they are only executed.

Django builds a query's text anew each time, which costs several times what a one-row statement costs the database.
Here the text is kept, with gaps where values go::

    _BY_KEY = Select(lambda: Thread.objects.filter(key=Gap("key")).values_list("id", "comment_count"))
    rows = _BY_KEY.rows(key="article:12")

Tables, columns, converters and dialect stay the ORM's, so nothing here can disagree with the models. Only for
statements whose text does not depend on their values: no lists, and no ``None`` in a gap of a comparison.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, connections, models
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


class _Text:
    """A statement as Django writes it, and as the driver takes it."""

    __slots__ = ("django", "driver")

    def __init__(self, text: str) -> None:
        self.django = text
        self.driver = text
        if connection.vendor == "sqlite":
            database: Any = connections[DEFAULT_DB_ALIAS]
            database.ensure_connection()
            self.driver = database.create_cursor().convert_query(text)

    def rows(self, values: Sequence[Any]) -> list[Any]:
        """Execute it and return what it yields."""
        found: list[Any] = self._executed(values, lambda cursor: cursor.fetchall())
        return found

    def count(self, values: Sequence[Any]) -> int:
        """Execute it and return how many rows it touched."""
        return int(self._executed(values, lambda cursor: cursor.rowcount))

    def _executed(self, values: Sequence[Any], read: Callable[[Any], Any]) -> Any:
        """Hand it to the driver. Through all of Django's layers only where somebody listens there: logs and tests."""
        database: Any = connections[DEFAULT_DB_ALIAS]
        if database.execute_wrappers or database.queries_logged:
            with database.cursor() as cursor:
                cursor.execute(self.django, values)
                return read(cursor)
        database.ensure_connection()
        database.validate_no_broken_transaction()
        with database.wrap_database_errors:
            if database.vendor == "sqlite":
                return read(database.connection.execute(self.driver, values))
            with database.create_cursor() as cursor:
                cursor.execute(self.driver, values)
                return read(cursor)


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
        self._written: dict[str, tuple[_Text, list[Any], list[_Converter]]] = {}

    def _write(self) -> tuple[str, Sequence[Any], list[_Converter]]:
        raise NotImplementedError

    def _text(self) -> tuple[_Text, list[Any], list[_Converter]]:
        vendor = connection.vendor
        known = self._written.get(vendor)
        if known is None:
            text, values, converters = self._write()
            known = self._written[vendor] = (_Text(text), list(values), converters)
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
        found = text.rows(self._parameters(values, given))
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
        return text.count(self._parameters(values, given))

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
        self._written: dict[tuple[str, int], _Text] = {}
        self._columns: list[tuple[Any, str, type | None, bool]] = []

    def add(self, rows: Sequence[Row]) -> None:
        """Insert ``rows``; afterwards each has its primary key. Nothing happens without rows."""
        if len(rows) > _FEW:
            self._model._base_manager.bulk_create(rows)
        elif rows:
            self._add_few(rows)

    def _add_few(self, rows: Sequence[Row]) -> None:
        keys = self._text(rows).rows(self._values(rows))
        for row, (key,) in zip(rows, keys, strict=True):
            row.pk = key
            row._state.adding = False
            row._state.db = DEFAULT_DB_ALIAS

    def _values(self, rows: Sequence[Row]) -> list[Any]:
        database: Any = connections[DEFAULT_DB_ALIAS]
        adapted = database.ops.adapt_datetimefield_value
        values: list[Any] = []
        for row in rows:
            held = row.__dict__
            for field, name, plain, is_moment in self._columns:
                value = held[name]
                if plain is not None and (value is None or type(value) is plain):
                    values.append(value)
                elif is_moment and type(value) is datetime and value.tzinfo is not None:
                    values.append(adapted(value))
                else:
                    values.append(field.get_db_prep_save(field.pre_save(row, add=True), database))
        return values

    def _text(self, rows: Sequence[Row]) -> _Text:
        vendor = connection.vendor
        known = self._written.get((vendor, len(rows)))
        if known is None:
            self._columns = self._columns or [
                _column(field) for field in self._model._meta.concrete_fields if not field.primary_key
            ]
            query = orm.InsertQuery(self._model)
            query.insert_values([field for field, *_rest in self._columns], list(rows))
            # Not the compiler of PostgreSQL, which sends several rows as one array for each column.
            compiler: Any = SQLInsertCompiler(query, connection, DEFAULT_DB_ALIAS)
            compiler.returning_fields = [self._model._meta.pk]
            ((text, _values),) = compiler.as_sql()
            known = self._written[vendor, len(rows)] = _Text(text)
        return known


def _column(field: Any) -> tuple[Any, str, type | None, bool]:
    """Return a field, its name, the type whose values need no preparing, and whether it takes a moment as given."""
    is_moment = type(field) is models.DateTimeField and not (field.auto_now or field.auto_now_add)
    return field, field.attname, _AS_IT_IS.get(type(field)), is_moment
