"""What a call may say: read from the official client's parameter types, which are made from Stripe's own description.

An unknown parameter, a value outside its enumeration, a word where a number belongs are refused as Stripe refuses them.
What Stripe knows and this simulator does not play is refused too, by name: silence would teach a lie.
"""

from __future__ import annotations

import importlib
import re
import sys
import typing
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any

from masthead.simulator.stripe.errors import StripeError, malformed

_OPTIONS = "RequestOptions"


@cache
def params_class(name: str) -> type:
    """Return a parameter class of the client: ``RefundCreateParams`` or ``checkout.SessionCreateParams``."""
    package, _, cls = name.rpartition(".")
    module = importlib.import_module(f"stripe.params.{package}" if package else "stripe.params")
    return typing.cast("type", getattr(module, cls))


@cache
def fields(cls: type) -> dict[str, tuple[Any, bool]]:
    """Return the parameters of a class: the type of each, and whether it must be given."""
    scope = {**vars(typing), **vars(sys.modules[cls.__module__])}
    return {name: _resolved(hint, scope) for name, hint in _annotations(cls).items()}


def _annotations(cls: type) -> dict[str, Any]:
    """Return what a parameter class itself declares: the options of a request, which it inherits, are none."""
    declared = dict(cls.__annotations__)
    options = importlib.import_module("stripe").RequestOptions.__annotations__
    return {name: hint for name, hint in declared.items() if name not in options}


def _resolved(hint: Any, scope: dict[str, Any]) -> tuple[Any, bool]:
    required = True
    while True:
        if isinstance(hint, typing.ForwardRef):
            hint = hint.__forward_arg__
        if isinstance(hint, str):
            hint = eval(hint, scope)  # noqa: S307 annotations of the installed client
        elif getattr(typing.get_origin(hint), "__name__", str(typing.get_origin(hint))).endswith("NotRequired"):
            hint, required = typing.get_args(hint)[0], False
        else:
            return hint, required


def read(values: dict[str, Any], cls: type, *, plays: frozenset[str]) -> dict[str, Any]:
    """Return the parameters with their types, checked. Refuses with a :class:`StripeError`."""
    return _hash(values, cls, "", plays)


def _hash(values: Any, cls: type, path: str, plays: frozenset[str] | None) -> dict[str, Any]:
    if not isinstance(values, dict):
        raise malformed("Invalid object", param=path)
    known = fields(cls)
    for name in values:
        if name not in known:
            shown = _join(path, name)
            raise malformed(f"Received unknown parameter: {shown}", param=shown, code="parameter_unknown")
    for name, (_, required) in known.items():
        if required and name not in values:
            shown = _join(path, name)
            raise malformed(f"Missing required param: {shown}.", param=shown, code="parameter_missing")
    read: dict[str, Any] = {}
    for name, value in values.items():
        shown = _join(path, name)
        inner = _played(shown, plays) if plays is not None else None
        read[name] = _value(value, *_scoped(known[name][0], cls), shown, inner)
    return read


def _played(shown: str, plays: frozenset[str]) -> frozenset[str] | None:
    """Return what is played below a parameter (nothing: all); refuse one that is not played."""
    plain = re.sub(r"\[\d+\]", "", shown).replace("[", ".").replace("]", "")
    if any(plain == item or plain.startswith(f"{item}.") for item in plays) or plain == "expand":
        return None
    if any(item.startswith(f"{plain}.") for item in plays):
        return plays
    raise StripeError(
        400,
        "invalid_request_error",
        f"The simulator does not play the parameter {shown}. Leave it out, or teach it to the simulator.",
        kept=False,
        param=shown,
        code="simulator_parameter_not_played",
    )


def _scoped(hint: Any, cls: type) -> tuple[Any, dict[str, Any]]:
    return hint, {**vars(typing), **vars(sys.modules[cls.__module__])}


def _value(value: Any, hint: Any, scope: dict[str, Any], path: str, plays: frozenset[str] | None) -> Any:
    hint, _ = _resolved(hint, scope)
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if hasattr(hint, "__total__"):  # the client's TypedDict is not typing's own
        return _hash(value, hint, path, plays)
    if _is_union(hint):
        return _union(value, arguments, scope, path, plays)
    if _is_literal(origin):
        return _literal(value, arguments, path)
    if origin in {list, typing.List}:  # noqa: UP006 the client writes List
        items = [value] if isinstance(value, str) and value else value
        if not isinstance(items, list):
            raise malformed("Invalid array", param=path)
        return [_value(item, arguments[0], scope, f"{path}[{number}]", plays) for number, item in enumerate(items)]
    if origin is dict:
        return _mapping(value, arguments[1], scope, path, plays)
    return _scalar(value, hint, path)


def _is_union(hint: Any) -> bool:
    return typing.get_origin(hint) is typing.Union or type(hint).__name__ == "UnionType"


def _is_literal(origin: Any) -> bool:
    return getattr(origin, "__name__", str(origin)).endswith("Literal")


def _union(value: Any, options: tuple[Any, ...], scope: dict[str, Any], path: str, plays: frozenset[str] | None) -> Any:
    """Read by the first option that fits; an enumeration that the client leaves open is closed here."""
    resolved = [_resolved(option, scope)[0] for option in options]
    enumerated = any(_is_literal(typing.get_origin(item)) and typing.get_args(item) != ("",) for item in resolved)
    left = [
        item
        for item in resolved
        if item is not type(None) and "UntypedStripeObject" not in str(item) and not (enumerated and item is str)
    ]
    if value == "" and any("" in typing.get_args(item) for item in left if _is_literal(typing.get_origin(item))):
        return ""
    refusal: StripeError | None = None
    for item in left:
        try:
            return _value(value, item, scope, path, plays)
        except StripeError as error:
            refusal = error
    raise refusal or malformed(f"Invalid {path}", param=path)


def _literal(value: Any, allowed: tuple[Any, ...], path: str) -> Any:
    words = {str(item).lower() if isinstance(item, bool) else str(item): item for item in allowed}
    if isinstance(value, str) and value in words:
        return words[value]
    named = list(words)
    listed = named[0] if len(named) == 1 else f"{', '.join(named[:-1])}, or {named[-1]}"
    raise malformed(f"Invalid {path}: must be one of {listed}", param=path)


def _mapping(value: Any, hint: Any, scope: dict[str, Any], path: str, plays: frozenset[str] | None) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise malformed("Invalid object", param=path)
    if path.endswith("metadata") or path.endswith("metadata]"):
        return _metadata(value, path)
    return {name: _value(item, hint, scope, _join(path, name), plays) for name, item in value.items()}


def _metadata(value: dict[str, Any], path: str) -> dict[str, Any]:
    if len(value) > 50:
        raise malformed(f"You can have at most 50 keys in {path}.", param=path)
    for name, item in value.items():
        shown = _join(path, name)
        if not isinstance(item, str):
            raise malformed(f"Metadata values must be strings: {shown}", param=shown)
        if len(name) > 40:
            raise malformed(f"Metadata keys can have up to 40 characters, but you passed in {len(name)}.", param=path)
        if len(item) > 500:
            raise malformed(
                f"Metadata values can have up to 500 characters, but you passed in a value that is {len(item)}"
                f" characters. Invalid value: {shown}",
                param=shown,
            )
    return dict(value)


def _scalar(value: Any, hint: Any, path: str) -> Any:
    if not isinstance(value, str):
        raise malformed("Invalid string", param=path)
    if hint is bool:
        return _literal(value, (True, False), path) if value in {"true", "false"} else _refuse(value, "boolean", path)
    if hint is int:
        if not re.fullmatch(r"-?\d{1,18}", value):
            raise malformed(f"Invalid integer: {value}", param=path, code="parameter_invalid_integer")
        return int(value)
    if hint in {float, Decimal}:
        try:
            return str(Decimal(value)) if hint is Decimal else float(value)
        except (InvalidOperation, ValueError):
            return _refuse(value, "decimal", path)
    if value == "":
        raise malformed(
            f"You passed an empty string for '{path}'. We assume empty values are an attempt to unset a parameter;"
            f" however '{path}' cannot be unset. You should remove '{path}' from your request or supply a non-empty"
            " value.",
            param=path,
            code="parameter_invalid_empty",
        )
    return value


def _refuse(value: str, kind: str, path: str) -> typing.NoReturn:
    raise malformed(f"Invalid {kind}: {value}", param=path)


def _join(path: str, name: str) -> str:
    return f"{path}[{name}]" if path else name
