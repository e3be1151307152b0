"""Pieces of public pages that are kept apart, so that a change re-renders the piece and not the page.

::

    return fragments.kept(request, "page.top", "", tags=("meter",), make=lambda: render_to_string(...))

A piece is the same for every visitor. Keeps nothing until :func:`masthead.edge.fragments.open_store` is called: only a
process that hears of every change may keep anything.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable

from django.http import HttpRequest
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from masthead.core.http import made_of
from masthead.edge.store import TagStore

store: TagStore[SafeString] = TagStore(budget=0)
made: Counter[str] = Counter()


def open_store(budget: int) -> None:
    """Keep up to ``budget`` bytes of pieces from now on."""
    store.budget = budget


def kept(request: HttpRequest, name: str, key: str, *, tags: Iterable[str], make: Callable[[], str]) -> SafeString:
    """Return the piece ``name`` for ``key``, made anew only when something it was made of has changed.

    ``make`` returns safe HTML that depends on nothing but ``name``, ``key``, the language and what ``tags`` name; all
    its queries belong inside it. The page that shows the piece gets its tags (:func:`~masthead.core.http.made_of`).
    """
    labels = tuple(tags)
    made_of(request, labels)
    full_key = (name, key, get_language())
    found = store.get(full_key)
    if found is not None:
        return found
    mark = store.mark()
    made[name] += 1
    piece = mark_safe(make())  # noqa: S308 - the promise of ``make``
    store.put(full_key, piece, tags=labels, size=len(piece), mark=mark)
    return piece
