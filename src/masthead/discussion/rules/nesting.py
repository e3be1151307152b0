"""Which comments are listed, and how many stand below each other.

A comment is *listed* when it is published, or when something listed hangs below it: then a tombstone holds its
place so that the replies still make sense.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Node:
    """One comment of a conversation, as far as counting goes. A parent stands before its children."""

    id: int
    parent_id: int | None
    is_public: bool
    by_newsroom: bool = False


@dataclass
class Tally:
    """What the columns of one comment must say."""

    is_listed: bool = False
    listed_children: int = 0
    reply_total: int = 0
    newsroom_total: int = 0


def tally(nodes: Iterable[Node]) -> dict[int, Tally]:
    """Count a whole thread bottom-up, to any depth without recursion.

    ``reply_total`` counts the listed descendants, ``newsroom_total`` the public comments of the newsroom in the whole
    conversation; both are kept for roots only. Refuses a child that stands before
    its parent with ``ValueError``.
    """
    ordered = list(nodes)
    result: dict[int, Tally] = {}
    root_of: dict[int, int] = {}
    for node in ordered:
        if node.parent_id is not None and node.parent_id not in result:
            raise ValueError(f"comment {node.id} stands before its parent {node.parent_id}")
        result[node.id] = Tally()
        root_of[node.id] = node.id if node.parent_id is None else root_of[node.parent_id]
    for node in reversed(ordered):
        own = result[node.id]
        if node.is_public and node.by_newsroom:
            result[root_of[node.id]].newsroom_total += 1
        own.is_listed = node.is_public or own.listed_children > 0
        if own.is_listed and node.parent_id is not None:
            result[node.parent_id].listed_children += 1
            result[root_of[node.id]].reply_total += 1
    return result


def parents_first(parents: Mapping[int, int | None]) -> list[int]:
    """Return all ids so that each stands after its parent; a circle is cut and its first member becomes a root.

    ``parents`` maps an id to its parent's id; a parent that is not among the keys counts as none. The given order
    is kept where it may be.
    """
    done: dict[int, None] = {}
    for start in parents:
        chain: dict[int, None] = {}
        current: int | None = start
        while current is not None and current in parents and current not in done and current not in chain:
            chain[current] = None
            current = parents[current]
        for item in reversed(chain):
            done[item] = None
    return list(done)
