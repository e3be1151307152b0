"""Facts that apps tell each other: frozen dataclasses, past tense, ids and plain values only."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any, TypeVar

_types: dict[str, type[Any]] = {}
EventClass = TypeVar("EventClass", bound=type[Any])


def event(name: str) -> Callable[[EventClass], EventClass]:
    """Register a frozen dataclass as the event type ``name`` (``app.fact-in-past-tense``).

    Refuses a second class under the same name and a class that is not a frozen dataclass.
    """

    def register(cls: EventClass) -> EventClass:
        if not dataclasses.is_dataclass(cls) or not cls.__dataclass_params__.frozen:  # type: ignore[attr-defined]
            raise TypeError(f"{cls.__name__} must be a frozen dataclass to be an event")
        if _types.setdefault(name, cls) is not cls:
            raise ValueError(f"event type {name!r} is taken by {_types[name].__name__}")
        cls.event_type = name
        return cls

    return register


def type_name(event_: object) -> str:
    """Return the registered name of an event or of its class."""
    name: str = event_.event_type  # type: ignore[attr-defined]
    return name


def to_payload(event_: Any) -> dict[str, Any]:
    """Return the event as values that JSON can carry."""
    return dataclasses.asdict(event_)


def from_payload(name: str, payload: dict[str, Any]) -> Any:
    """Rebuild an event. Fields that this version no longer knows are dropped.

    Raises ``KeyError`` for an unknown type: the worker keeps such an event and says so.
    """
    cls = _types[name]
    known = {field.name for field in dataclasses.fields(cls)}
    return cls(**{key: value for key, value in payload.items() if key in known})


def registered() -> dict[str, type[Any]]:
    """Return all event types by name."""
    return dict(_types)
