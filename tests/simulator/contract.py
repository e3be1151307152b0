"""Holds documents against the classes of the official client: no field unknown to it, none missing, no other type."""

from __future__ import annotations

import sys
import types
import typing
from collections.abc import Iterator
from typing import Any

from stripe._object_classes import get_object_class
from stripe._stripe_object import StripeObject

_PLAIN: dict[Any, set[type]] = {int: {int}, str: {str}, bool: {bool}, float: {int, float}}


def deviations(value: Any, hint: Any = None, path: str = "") -> Iterator[str]:
    """Yield what the client would not expect of a document, or of a value annotated so."""
    if isinstance(value, dict) and isinstance(value.get("object"), str):
        if value["object"] == "list":
            yield from _list(value, path)
            return
        cls = get_object_class("V1", value["object"])
        yield from _object(value, cls, path or value["object"])
        return
    yield from _annotated(value, hint, path)


def _list(value: dict[str, Any], path: str) -> Iterator[str]:
    if set(value) != {"object", "data", "has_more", "url"}:
        yield f"{path}: a list of {sorted(value)}"
    for number, item in enumerate(value["data"]):
        yield from deviations(item, None, f"{path}[{number}].{item.get('object')}")


def _object(value: dict[str, Any], cls: Any, path: str) -> Iterator[str]:
    known = _hints(cls)
    for name in value:
        if name not in known:
            yield f"{path}.{name} is unknown to {cls.__name__}"
    for name, hint in known.items():
        if name in value:
            yield from (
                deviations(value[name], hint, f"{path}.{name}")
                if value[name] is not None
                else _nothing(hint, f"{path}.{name}")
            )
        elif not _optional(hint):
            yield f"{path}.{name} is missing"


def _nothing(hint: Any, path: str) -> Iterator[str]:
    if not _optional(hint):
        yield f"{path} is null"


def _optional(hint: Any) -> bool:
    return hint is Any or type(None) in typing.get_args(hint)


def _hints(cls: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for base in reversed(cls.__mro__):
        scope = {**vars(typing), **vars(sys.modules[base.__module__])}
        for name, hint in vars(base).get("__annotations__", {}).items():
            if not name.startswith("_") and "ClassVar" not in str(hint):
                found[name] = _evaluated(hint, scope)
    return found


def _evaluated(hint: Any, scope: dict[str, Any]) -> Any:
    if isinstance(hint, str):
        try:
            return eval(hint, scope)  # noqa: S307 annotations of the installed client
        except NameError:
            return Any
    return hint


def _annotated(value: Any, hint: Any, path: str) -> Iterator[str]:
    if hint is None or hint is Any or value is None or isinstance(hint, typing.ForwardRef):
        return
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is typing.Union or isinstance(hint, types.UnionType):
        yield from _union(value, arguments, path)
    elif getattr(origin, "__name__", str(origin)).endswith("Literal"):
        if value not in arguments:
            yield f"{path} is {value!r}, not one of {arguments}"
    elif origin is list:
        yield from _items(value, arguments[0], path)
    elif isinstance(hint, type) and issubclass(hint, StripeObject):
        yield from _hash(value, hint, path)
    elif hint in _PLAIN and (type(value) not in _PLAIN[hint]):
        yield f"{path} is {value!r}, not {hint.__name__}"


def _items(value: Any, hint: Any, path: str) -> Iterator[str]:
    if not isinstance(value, list):
        yield f"{path} is {value!r}, not a list"
        return
    for number, item in enumerate(value):
        yield from deviations(item, hint, f"{path}[{number}]")


def _hash(value: Any, cls: Any, path: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{path} is {value!r}, not a hash"
    elif "Untyped" not in cls.__name__:
        yield from _object(value, cls, path)


def _union(value: Any, options: tuple[Any, ...], path: str) -> Iterator[str]:
    """A value fits one option at least; an enumeration that the client leaves open is closed here."""
    enumerated = any(str(typing.get_origin(item)).endswith("Literal") for item in options)
    left = [item for item in options if item is not type(None) and not (enumerated and item is str)]
    found = [list(deviations(value, item, path)) for item in left]
    if found and all(found):
        yield from min(found, key=len)


def optional_fields(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Yield the ways to all fields of a document that the client's own types call optional."""
    if isinstance(value, list):
        for number, item in enumerate(value):
            yield from optional_fields(item, (*path, number))
    elif isinstance(value, dict):
        hints = _hints(get_object_class("V1", value["object"])) if _has_class(value) else {}
        for name, item in value.items():
            if name in hints and _optional(hints[name]):
                yield (*path, name)
            yield from optional_fields(item, (*path, name))


def _has_class(value: dict[str, Any]) -> bool:
    return isinstance(value.get("object"), str) and value["object"] != "list"
