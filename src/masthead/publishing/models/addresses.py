"""Addresses that the site itself answers."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.urls import URLResolver, get_resolver

_PLAIN = re.compile(r"[\w-]+")


@functools.cache
def reserved_slugs() -> frozenset[str]:
    """Return the first parts of all addresses that are no pages: a page there would never be seen."""
    files = [str(settings.STATIC_URL).strip("/"), str(settings.MEDIA_URL).strip("/")]
    return frozenset([*_first_parts(get_resolver().url_patterns), *files])


def _first_parts(patterns: Iterable[Any]) -> Iterable[str]:
    for item in patterns:
        first = str(item.pattern).partition("/")[0]
        if isinstance(item, URLResolver) and not first:
            yield from _first_parts(item.url_patterns)
        elif _PLAIN.fullmatch(first):
            yield first
