"""A sample of each kind of event, made from its annotations."""

from __future__ import annotations

import dataclasses
import types
import typing
from typing import Any

_PLAIN: dict[type, Any] = {str: "k3v9", int: 7, bool: True, dict: {"id": "p1", "quote": "the words"}}


def sample(cls: type[Any]) -> Any:
    """Return an instance of an event class. Refuses fields that JSON cannot carry with ``TypeError``."""
    hints = typing.get_type_hints(cls)
    return cls(**{field.name: _value(hints[field.name], field.name) for field in dataclasses.fields(cls)})


def _value(hint: Any, name: str) -> Any:
    origin = typing.get_origin(hint) or hint
    arguments = typing.get_args(hint)
    if origin in {typing.Union, types.UnionType}:
        return _value(arguments[0], name)
    if origin is typing.Literal:
        return arguments[0]
    if origin is list:
        return [_value(arguments[0], name)]
    if origin not in _PLAIN:
        raise TypeError(f"{name}: {hint} is neither an id nor a plain value")
    return _PLAIN[origin]
