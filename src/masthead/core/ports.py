"""Questions one app must ask: a Protocol in the asking app, bound to an answer by the project."""

from __future__ import annotations

from typing import Any, TypeVar, cast

_bound: dict[type[Any], Any] = {}
Port = TypeVar("Port")


class PortNotBound(LookupError):
    """Nobody answers this port: the project's wiring forgot it."""


def bind(port: type[Port], implementation: Port) -> None:
    """Let ``implementation`` answer ``port`` from now on (the last one wins)."""
    _bound[port] = implementation


def get(port: type[Port]) -> Port:
    """Return the bound implementation. Raises :class:`PortNotBound` when there is none."""
    try:
        return cast("Port", _bound[port])
    except KeyError:
        raise PortNotBound(f"{port.__module__}.{port.__qualname__} is not bound") from None
