"""Pieces of public pages that are kept apart, so that a change re-renders the piece and not the page.

::

    return fragments.kept(request, "page.top", "", tags=("meter",), make=lambda: render_to_string(...))

A piece is the same for every visitor. Keeps nothing until :func:`masthead.edge.fragments.open_store` is called: only a
process that hears of every change may keep anything.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.http import HttpRequest
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from masthead.core.clock import now
from masthead.core.http import made_of
from masthead.edge.store import TagStore

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a page, all that it was made of, and the moment at which it changes by itself."""

    html: SafeString
    tags: tuple[str, ...]
    until: datetime | None = None


# An empty piece takes room too: its key, its tags, its entry.
_ENTRY_BYTES = 512
store: TagStore[Piece] = TagStore(budget=0)
made: Counter[str] = Counter()


def open_store(budget: int) -> None:
    """Keep up to ``budget`` bytes of pieces from now on."""
    store.budget = budget


def kept(request: HttpRequest, name: str, key: str, *, tags: Iterable[str], make: Callable[[], str]) -> SafeString:
    """Return the piece ``name`` for ``key``, made anew only when something it was made of has changed.

    ``make`` returns safe HTML that depends on nothing but ``name``, ``key``, the language and what ``tags`` name; all
    its queries belong inside it. What it notes by :func:`~masthead.core.http.made_of`, as pieces inside it do, counts
    as a tag of its own, and as the moment until which it is kept. The page that shows the piece gets all of them.
    """
    return kept_many(request, name, [key], tags=lambda _key: tags, make=lambda _keys: {key: make()})[key]


def kept_many(
    request: HttpRequest,
    name: str,
    keys: Collection[str],
    *,
    tags: Callable[[str], Iterable[str]],
    make: Callable[[list[str]], Mapping[str, str]],
) -> dict[str, SafeString]:
    """Return the pieces ``name`` for all ``keys``; those that are not kept are made in one go.

    As :func:`kept`; ``make`` gets the missing keys and is not called without any.
    """
    language = get_language()
    found = {key: _standing(store.get((name, key, language))) for key in keys}
    missing = [key for key, piece in found.items() if piece is None]
    if missing:
        mark = store.mark()
        made[name] += len(missing)
        with _noting(request) as noted:
            fresh = make(missing)
        for key in missing:
            html = mark_safe(fresh[key])  # noqa: S308 - the promise of ``make``
            piece = Piece(html, tuple(dict.fromkeys([*tags(key), *noted.tags])), noted.until)
            store.put((name, key, language), piece, tags=piece.tags, size=len(html) + _ENTRY_BYTES, mark=mark)
            found[key] = piece
    pieces = {key: piece for key, piece in found.items() if piece is not None}
    for piece in pieces.values():
        made_of(request, piece.tags, until=piece.until)
    return {key: piece.html for key, piece in pieces.items()}


def _standing(piece: Piece | None) -> Piece | None:
    """Return a kept piece unless its moment has come."""
    return None if piece is None or (piece.until is not None and piece.until <= now()) else piece


@dataclass
class _Noted:
    tags: tuple[str, ...] = ()
    until: datetime | None = None


@contextmanager
def _noting(request: HttpRequest) -> Iterator[_Noted]:
    """Collect what is noted of the page inside the block, apart from what was noted before."""
    notes = request.__dict__
    before = notes.pop("edge_tags", []), notes.pop("edge_until", None)
    noted = _Noted()
    try:
        yield noted
        noted.tags, noted.until = tuple(notes.pop("edge_tags", ())), notes.pop("edge_until", None)
    finally:
        notes["edge_tags"], notes["edge_until"] = before
