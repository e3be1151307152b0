"""Forget in this process what a change has made untrue."""

from __future__ import annotations

from collections.abc import Iterable

from masthead.edge import fragments, pages


def purge(tags: Iterable[str], *, forget: bool = False) -> int:
    """Make every kept page and piece of any of ``tags`` stale; with ``forget`` drop it. Return how many.

    After this returned no page made of an older state is sent as current by this process. Pieces go first: a page
    begun after that cannot take in an old piece and be newer than the purge.
    """
    labels = frozenset(tags)
    return fragments.store.purge(labels, forget=forget) + pages.store.purge(labels, forget=forget)
