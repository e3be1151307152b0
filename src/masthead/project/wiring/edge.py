"""Which fact makes which kept pages untrue: one line per pair."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from masthead.discussion.events import (
    CommentEdited,
    CommentHeld,
    CommentPosted,
    CommentRemoved,
    CommentRestored,
    VoteCast,
)
from masthead.edge.purging import purge
from masthead.funding.events import GiftRecorded, GiftReversed, GoalChanged
from masthead.outbox.tail import Fact, tail
from masthead.publishing.events import ArticleWithdrawn, EditionSealed


@dataclass(frozen=True)
class Purge:
    """The tags of what is untrue now; ``forget`` what must not be shown again, not even in an outage."""

    tags: tuple[str, ...]
    forget: bool = False


def _thread(event: Any) -> Purge:
    return Purge((f"thread:{event.thread_key}",))


PURGES: list[tuple[type[Any], Callable[[Any], Purge]]] = [
    (CommentPosted, _thread),
    (CommentEdited, _thread),
    (CommentRestored, _thread),
    (VoteCast, _thread),
    (CommentHeld, lambda event: Purge((f"thread:{event.thread_key}",), forget=True)),
    (CommentRemoved, lambda event: Purge((f"thread:{event.thread_key}",), forget=True)),
    (GiftRecorded, lambda _event: Purge(("meter",))),
    (GiftReversed, lambda _event: Purge(("meter",))),
    (GoalChanged, lambda _event: Purge(("meter",))),
    (EditionSealed, lambda _event: Purge(("site",))),
    (ArticleWithdrawn, lambda _event: Purge(("site",), forget=True)),
]
_BY_CLASS = dict(PURGES)


def purge_for(facts: list[Fact]) -> None:
    """Purge what these facts make untrue."""
    for fact in facts:
        found = _BY_CLASS.get(type(fact.event))
        if found is not None:
            wanted = found(fact.event)
            purge(wanted.tags, forget=wanted.forget)


def connect() -> None:
    """Let this process's tail purge, before a writer is answered. Safe to call twice."""
    tail.forget_observers()
    tail.observe(purge_for, at_once=True)
