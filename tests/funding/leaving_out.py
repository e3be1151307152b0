"""Objects as a processor may send them: without what it may leave out."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Kind:
    """One thing that is read: in full, by what, and which of its optional fields are needed for that.

    ``needed``: by the names on the way to a field, why. Numbers in a way are left out.
    """

    full: dict[str, Any]
    read: Callable[[Any], Any]
    needed: dict[str, str]
    optional: Callable[[dict[str, Any]], Iterator[Path]]


def everything(value: Any, path: Path = ()) -> Iterator[Path]:
    """Yield the ways to all fields: PayPal calls few of an answer's fields required, but those of an amount."""
    items: list[tuple[str | int, Any]] = []
    if isinstance(value, dict) and "currency_code" not in value:
        items = list(value.items())
    elif isinstance(value, list):
        items = list(enumerate(value))
    for name, item in items:
        if isinstance(name, str):
            yield (*path, name)
        yield from everything(item, (*path, name))


def named(path: Path) -> str:
    """Return a way without the numbers in it."""
    return ".".join(part for part in path if isinstance(part, str))


def without(full: dict[str, Any], paths: list[Path], *, null: bool) -> dict[str, Any]:
    """Return an object without these fields, or with null there."""
    found = json.loads(json.dumps(full))  # no part of it twice, as in an answer
    for path in sorted(paths, key=len, reverse=True):
        here: Any = found
        for part in path[:-1]:
            here = here[part]
        if null:
            here[path[-1]] = None
        else:
            del here[path[-1]]
    return dict(found)


def spare(kind: Kind) -> list[Path]:
    """Return the ways to what may be missing, with all below it."""
    return [path for path in kind.optional(kind.full) if not _is_needed(kind, named(path))]


def _is_needed(kind: Kind, name: str) -> bool:
    return any(need == name or need.startswith(f"{name}.") for need in kind.needed)
