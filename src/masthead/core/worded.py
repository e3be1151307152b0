"""What a process made of phrases and keeps: forgotten when the site says them otherwise."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import ParamSpec, TypeVar

_Arguments = ParamSpec("_Arguments")
_Made = TypeVar("_Made", bound=object)

_forgetters: list[Callable[[], None]] = []


def kept(make: Callable[_Arguments, _Made]) -> Callable[_Arguments, _Made]:
    """Keep what ``make`` returns for each of its arguments, as :func:`functools.cache` does, until :func:`forget`."""
    cached = lru_cache(maxsize=None)(make)
    on_new_words(cached.cache_clear)

    def call(*arguments: _Arguments.args, **named: _Arguments.kwargs) -> _Made:
        return cached(*arguments, **named)  # type: ignore[arg-type]

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
