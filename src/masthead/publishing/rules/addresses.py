"""Addresses of the site."""

from __future__ import annotations

import re

_TRAILING_NUMBER = re.compile(r"-[0-9]{1,6}$")


def free_slug(wanted: str, taken: frozenset[str] | set[str]) -> str:
    """Return ``wanted``, or ``wanted-2``, ``wanted-3`` ... : the first that is not taken. At most 255 characters."""
    base = wanted[:240].strip("-") or "story"
    if base not in taken:
        return base
    stem = _TRAILING_NUMBER.sub("", base) or base
    number = int(base[len(stem) + 1 :] or 1) + 1
    while f"{stem}-{number}" in taken:
        number += 1
    return f"{stem}-{number}"
