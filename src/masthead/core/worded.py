"""What a process made of phrases and keeps: forgotten when the site says them otherwise."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

_Arguments = ParamSpec("_Arguments")
_Made = TypeVar("_Made", bound=object)

_forgetters: list[Callable[[], None]] = []


def kept(make: Callable[_Arguments, _Made]) -> Callable[_Arguments, _Made]:
    """Keep what ``make`` returns for each of its arguments, as :func:`functools.cache` does, until :func:`forget`.

    What was begun before is not kept after: it may still hold former words.
    """
    shelves: list[dict[Any, _Made]] = [{}]

    def call(*arguments: _Arguments.args, **named: _Arguments.kwargs) -> _Made:
        shelf, key = shelves[0], (arguments, *named.items())
        if key not in shelf:
            shelf[key] = make(*arguments, **named)
        return shelf[key]

    def clear() -> None:
        # A new one: whoever makes something just now lays it on the former, which nobody looks at any more.
        shelves[0] = {}

    on_new_words(clear)
    call.__doc__ = make.__doc__
    return call


def on_new_words(forget: Callable[[], None]) -> None:
    """Have ``forget`` called whenever phrases are worded anew, for as long as the process lives."""
    _forgetters.append(forget)


def forget() -> None:
    """Forget everything that was made of phrases."""
    for forget_one in _forgetters:
        forget_one()
    Edition.number += 1


class Edition:
    """Counts how often phrases were worded anew: for whoever keeps what he made beside it."""

    number = 0
