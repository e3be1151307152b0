"""All state in one SQLite file, or in memory: a restart forgets nothing, and a refused call leaves no trace."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

Json = dict[str, Any]

_SCHEMA = """
create table if not exists docs (
    seq integer primary key autoincrement, book text not null, kind text not null, id text not null,
    body text not null, unique (book, kind, id));
create table if not exists settings (name text primary key, value text not null);
create table if not exists timers (
    seq integer primary key autoincrement, due integer not null, name text not null, book text not null,
    payload text not null);
create table if not exists replies (
    book text not null, key text not null, digest text not null, status integer not null, body text not null,
    created integer not null, primary key (book, key));
create table if not exists deliveries (
    seq integer primary key autoincrement, place real not null, book text not null, due integer not null,
    state text not null, body text not null);
create index if not exists docs_by_kind on docs (book, kind, seq);
create index if not exists timers_by_due on timers (due, seq);
create index if not exists deliveries_by_state on deliveries (state, due, place);
"""


class Store:
    """Documents by book, kind and id, with settings; one writer at a time."""

    def __init__(self, path: Path | None = None) -> None:
        """Open a state file, or an empty store in memory."""
        self.lock = threading.RLock()
        self._depth = 0
        self.sql = sqlite3.connect(path or ":memory:", check_same_thread=False, isolation_level=None)
        if path:
            self.sql.execute("pragma journal_mode = wal")
        self.sql.executescript(_SCHEMA)

    def close(self) -> None:
        """Close the file."""
        with self.lock:
            self.sql.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Do all or nothing, alone. Blocks inside blocks belong to the outermost."""
        with self.lock:
            if self._depth == 0:
                self.sql.execute("begin immediate")
            self._depth += 1
            try:
                yield
            except BaseException:
                self._depth -= 1
                if self._depth == 0:
                    self.sql.execute("rollback")
                raise
            self._depth -= 1
            if self._depth == 0:
                self.sql.execute("commit")

    # Documents

    def put(self, book: str, kind: str, doc: Json) -> None:
        """Keep a document in place of an earlier one with its id."""
        with self.lock:
            self.sql.execute(
                "insert into docs (book, kind, id, body) values (?, ?, ?, ?)"
                " on conflict (book, kind, id) do update set body = excluded.body",
                (book, kind, doc["id"], json.dumps(doc)),
            )

    def get(self, book: str, kind: str, id_: str) -> Json | None:
        """Return a document, or nothing."""
        with self.lock:
            row = self.sql.execute(
                "select body from docs where book = ? and kind = ? and id = ?", (book, kind, id_)
            ).fetchone()
        return json.loads(row[0]) if row else None

    def find(self, book: str, kind: str, **equal: Any) -> list[Json]:
        """Return the documents of a kind whose fields have these values, oldest first."""
        where = "".join(f" and json_extract(body, '$.{name}') = ?" for name in equal)
        with self.lock:
            rows = self.sql.execute(
                f"select body from docs where book = ? and kind = ?{where} order by seq",  # noqa: S608 names are ours
                (book, kind, *equal.values()),
            ).fetchall()
        return [json.loads(row[0]) for row in rows]

    def locate(self, kind: str, id_: str) -> str | None:
        """Return the book that holds a document, for pages that know only its id."""
        with self.lock:
            row = self.sql.execute("select book from docs where kind = ? and id = ?", (kind, id_)).fetchone()
        return str(row[0]) if row else None

    def delete(self, book: str, kind: str, id_: str) -> None:
        """Forget a document."""
        with self.lock:
            self.sql.execute("delete from docs where book = ? and kind = ? and id = ?", (book, kind, id_))

    def books(self) -> list[str]:
        """Return the books in which there is anything."""
        with self.lock:
            return [row[0] for row in self.sql.execute("select distinct book from docs order by book")]

    # Settings

    def setting(self, name: str) -> Any:
        """Return a setting, or nothing."""
        with self.lock:
            row = self.sql.execute("select value from settings where name = ?", (name,)).fetchone()
        return json.loads(row[0]) if row else None

    def settings(self, prefix: str) -> list[str]:
        """Return the names of the settings that begin so."""
        with self.lock:
            rows = self.sql.execute("select name from settings order by name").fetchall()
        return [row[0] for row in rows if row[0].startswith(prefix)]

    def set_setting(self, name: str, value: Any) -> None:
        """Keep a setting."""
        with self.lock:
            self.sql.execute("insert or replace into settings values (?, ?)", (name, json.dumps(value)))

    # Timers

    def add_timer(self, due: int, name: str, book: str, payload: Json) -> None:
        """Remember what must happen at an instant."""
        with self.lock:
            self.sql.execute(
                "insert into timers (due, name, book, payload) values (?, ?, ?, ?)",
                (due, name, book, json.dumps(payload)),
            )

    def next_due(self) -> int | None:
        """Return the earliest instant at which something must happen."""
        with self.lock:
            row = self.sql.execute("select min(due) from timers").fetchone()
        return None if row[0] is None else int(row[0])

    def pop_timer(self, until: int) -> tuple[int, str, str, Json] | None:
        """Take the earliest timer that is due by an instant: when, what, in which book, with what."""
        with self.lock:
            row = self.sql.execute(
                "select seq, due, name, book, payload from timers where due <= ? order by due, seq limit 1", (until,)
            ).fetchone()
            if row is None:
                return None
            self.sql.execute("delete from timers where seq = ?", (row[0],))
        return row[1], row[2], row[3], json.loads(row[4])
