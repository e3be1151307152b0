"""Django's SQLite with a queue of writers (:mod:`masthead.core.sqlite.base`)."""
