"""What happens by itself when time passes: each kind of timer has one handler."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from masthead.simulator.book import Book

Handler = Callable[..., None]
_HANDLERS: dict[str, Handler] = {}


def on_timer(name: str) -> Callable[[Handler], Handler]:
    """Declare what happens when a timer of this name is due: a function of the book and the timer's payload."""

    def register(handler: Handler) -> Handler:
        _HANDLERS[name] = handler
        return handler

    return register


def run(name: str, book: Book, payload: dict[str, Any]) -> None:
    """Do what a timer stands for."""
    _HANDLERS[name](book, **payload)
