"""Stripe's form encoding: ``a[b]=1``, ``a[]=1``, ``a[0][b]=1`` to nested values."""

from __future__ import annotations

import re
import urllib.parse
from typing import Any

from masthead.simulator.stripe.errors import malformed

_NAME = re.compile(r"^([^\[\]]+)((?:\[[^\[\]]*\])*)$")


def decode(text: str) -> dict[str, Any]:
    """Return the nested parameters of a form or query. Lists are kept in the order of their indexes."""
    tree: dict[str, Any] = {}
    for name, value in urllib.parse.parse_qsl(text, keep_blank_values=True):
        match = _NAME.match(name)
        if match is None:
            raise malformed(f"Invalid parameter name: {name}", param=name)
        _insert(tree, [match[1], *re.findall(r"\[([^\[\]]*)\]", match[2])], value)
    return {name: _lists(value) for name, value in tree.items()}


def _insert(tree: dict[str, Any], path: list[str], value: str) -> None:
    here = tree
    for part in path[:-1]:
        here = here.setdefault(part or str(len(here)), {})
        if not isinstance(here, dict):
            raise malformed(f"Invalid object: {path[0]}", param=path[0])
    here[path[-1] or str(len(here))] = value


def _lists(value: Any) -> Any:
    """Make lists of the hashes that have only indexes."""
    if not isinstance(value, dict):
        return value
    if value and all(name.isdigit() for name in value):
        return [_lists(value[name]) for name in sorted(value, key=int)]
    return {name: _lists(item) for name, item in value.items()}
