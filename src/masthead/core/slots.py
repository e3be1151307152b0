"""Named places in templates where another app's piece is shown.

The owner of a page names the place; the project says who fills it. A filler answers for many keys at
once, so that twenty cards do not become twenty queries::

    slots.fill("card.meta", CommentCounts())
    ...
    slots.prepare(request, "card.meta", keys)      # in the view: one query per filler
    {% slot "card.meta" key=card.thread_key %}     # in the template: no query

A page that is kept between requests (``edge.fragments``) is kept with its slots open, so that another app's piece may
change without it: ``{% open_slot %}`` leaves a mark where :func:`leave_open` is in force, and :func:`fill_open` puts
the pieces in, all keys of a slot at once.
"""

from __future__ import annotations

import json
import secrets
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

# Stands around an open slot. Drawn anew by each process, so no stored text can hold it.
_MARK = f"\0{secrets.token_hex(8)}\0"
_LEFT_OPEN = "slots_left_open"


class Filler(Protocol):
    """One contribution to a slot."""

    def prepare(self, request: HttpRequest, keys: list[str]) -> Any:
        """Load what is needed for all ``keys`` in a bounded number of queries."""
        ...

    def render(self, request: HttpRequest, key: str, prepared: Any, **options: Any) -> str:
        """Return safe HTML for one key, or an empty string."""
        ...


_fillers: dict[str, list[Filler]] = defaultdict(list)


def fill(name: str, filler: Filler) -> None:
    """Add ``filler`` to the slot ``name``; several are rendered in the order of their filling."""
    if filler not in _fillers[name]:
        _fillers[name].append(filler)


def prepare(request: HttpRequest, name: str, keys: Iterable[str]) -> None:
    """Prepare all fillers of a slot for ``keys`` on this request."""
    wanted = list(dict.fromkeys(keys))
    state = _state(request)
    for filler in _fillers[name]:
        state[(name, id(filler))] = (set(wanted), filler.prepare(request, wanted))


def render(request: HttpRequest, name: str, key: str = "", **options: Any) -> SafeString:
    """Render all fillers of a slot for one key; prepares them if nobody has done so."""
    state = _state(request)
    parts = []
    for filler in _fillers[name]:
        keys, prepared = state.get((name, id(filler)), (set(), None))
        if key not in keys:
            prepared = filler.prepare(request, [key])
        parts.append((SafeString(filler.render(request, key, prepared, **options)),))
    return format_html_join("", "{}", parts)


@contextmanager
def leave_open(request: HttpRequest) -> Iterator[None]:
    """Let ``{% open_slot %}`` leave marks for :func:`fill_open` inside the block."""
    request.__dict__[_LEFT_OPEN] = True
    try:
        yield
    finally:
        del request.__dict__[_LEFT_OPEN]


def render_or_leave(request: HttpRequest, name: str, key: str, otherwise: str, **options: Any) -> SafeString:
    """Render a slot, or leave it open where that is wanted. ``otherwise`` (safe HTML) stands where nothing fills it."""
    if _LEFT_OPEN in request.__dict__:
        return SafeString(f"{_MARK}{json.dumps([name, key, otherwise, options])}{_MARK}")
    return render(request, name, key, **options) or SafeString(otherwise)


def fill_open(request: HttpRequest, html: str) -> SafeString:
    """Fill what was left open in ``html``; every filler is prepared once for all its keys."""
    parts = html.split(_MARK)
    marks = [json.loads(mark) for mark in parts[1::2]]
    keys: defaultdict[str, list[str]] = defaultdict(list)
    for name, key, _otherwise, _options in marks:
        keys[name].append(key)
    for name, wanted in keys.items():
        prepare(request, name, wanted)
    parts[1::2] = [render(request, name, key, **options) or otherwise for name, key, otherwise, options in marks]
    return SafeString("".join(parts))


def names() -> list[str]:
    """Return the names of all slots that somebody fills."""
    return sorted(name for name, fillers in _fillers.items() if fillers)


def _state(request: HttpRequest) -> dict[tuple[str, int], tuple[set[str], Any]]:
    state: dict[tuple[str, int], tuple[set[str], Any]] | None = getattr(request, "slot_state", None)
    if state is None:
        state = {}
        request.slot_state = state  # type: ignore[attr-defined]
    return state
