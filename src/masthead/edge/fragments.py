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
from typing import TYPE_CHECKING

from django.http import HttpRequest
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from masthead.core.http import made_of
from masthead.edge.store import TagStore

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a page, and all that it was made of."""

    html: SafeString
    tags: tuple[str, ...]


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
    as a tag of its own. The page that shows the piece gets all of them.
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
    found = {key: store.get((name, key, language)) for key in keys}
    missing = [key for key, piece in found.items() if piece is None]
    if missing:
        mark = store.mark()
        made[name] += len(missing)
        with _noting(request) as noted:
            fresh = make(missing)
        for key in missing:
            html = mark_safe(fresh[key])  # noqa: S308 - the promise of ``make``
            piece = Piece(html, tuple(dict.fromkeys([*tags(key), *noted])))
            store.put((name, key, language), piece, tags=piece.tags, size=len(html) + _ENTRY_BYTES, mark=mark)
            found[key] = piece
    pieces = {key: piece for key, piece in found.items() if piece is not None}
    made_of(request, [tag for piece in pieces.values() for tag in piece.tags])
    return {key: piece.html for key, piece in pieces.items()}


@contextmanager
def _noting(request: HttpRequest) -> Iterator[list[str]]:
    """Collect what is noted of the page inside the block, apart from what was noted before."""
    before = request.__dict__.get("edge_tags", [])
    noted: list[str] = []
    request.__dict__["edge_tags"] = noted
    try:
        yield noted
    finally:
        request.__dict__["edge_tags"] = before
