"""What open pages are told of facts: public ids and figures, the same for everybody."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Protocol

from django.conf import settings
from django.utils import translation

from masthead.core.clock import now
from masthead.discussion import selectors as discussion
from masthead.discussion.events import (
    CommentEdited,
    CommentHeld,
    CommentPosted,
    CommentRemoved,
    CommentRestored,
    VoteCast,
)
from masthead.edge.hub import Message, message
from masthead.edge.live import hub
from masthead.funding import presenters as funding
from masthead.funding import selectors as figures
from masthead.funding.events import GiftChanged, GiftRecorded, GiftReversed, GoalChanged

METER = "meter"
_MOVES = (GiftRecorded, GiftReversed, GiftChanged, GoalChanged)
# Held: an edit may have taken back what was public.
_CHANGES: dict[type[Any], str] = {
    CommentEdited: "edited",
    CommentRestored: "edited",
    CommentRemoved: "removed",
    CommentHeld: "removed",
}


class Fact(Protocol):
    """A committed event; ``pk`` is its row's number."""

    @property
    def pk(self) -> int:
        """Grows with every event."""
        ...

    @property
    def event(self) -> object:
        """What happened."""
        ...


def thread_topic(thread_key: str) -> str:
    """Return the topic under which a thread's news go."""
    return f"thread:{thread_key}"


def campaign_topic(slug: str) -> str:
    """Return the topic under which a campaign's figures go."""
    return f"campaign:{slug}"


def tell(facts: Sequence[Fact]) -> None:
    """Pass to the open pages of this process what these facts mean for them."""
    for item in messages(facts):
        hub.publish(item)


def messages(facts: Sequence[Fact]) -> list[Message]:
    """Return what to tell, in the order of the facts.

    One query where somebody voted, two for each campaign whose money moved, none else: votes and figures are read
    once, as they stand now, and told with the last fact that concerns them.
    """
    parts: list[Callable[[Sequence[Fact]], Iterator[Message]]] = [_comments, _votes, _meter]
    return sorted((item for part in parts for item in part(facts)), key=lambda item: item.id)


def _comments(facts: Sequence[Fact]) -> Iterator[Message]:
    for fact in facts:
        event = fact.event
        if isinstance(event, CommentPosted):
            data = {"comment": event.comment_id, "parent": event.parent_id, "passage": event.passage_id}
            yield message(fact.pk, thread_topic(event.thread_key), "comment", data)
        elif isinstance(event, CommentHeld) and not event.was_public:
            continue  # nobody else ever saw it, and its writer has it before him
        elif isinstance(event, (CommentEdited, CommentRestored, CommentRemoved, CommentHeld)):
            topic = thread_topic(event.thread_key)
            yield message(fact.pk, topic, _CHANGES[type(event)], {"comment": event.comment_id})


def _votes(facts: Sequence[Fact]) -> Iterator[Message]:
    last = {fact.event.comment_id: (fact.pk, fact.event) for fact in facts if isinstance(fact.event, VoteCast)}
    if not last:
        return
    tallies = discussion.tallies_of(last)
    for comment_id, (pk, event) in last.items():
        tally = tallies.get(comment_id)
        if tally is not None:
            data = {"comment": comment_id, "up": tally.up, "down": tally.down, "score": tally.score}
            yield message(pk, thread_topic(event.thread_key), "vote", data)


def _meter(facts: Sequence[Fact]) -> Iterator[Message]:
    """Tell of each campaign whose money or goal moved: under its own name, and as the meter if it is the active one."""
    moved = {fact.event.campaign: fact.pk for fact in facts if isinstance(fact.event, _MOVES)}
    for slug, pk in moved.items():
        current = figures.meter_of_campaign(slug, now())
        if current is None:
            continue
        with translation.override(settings.LANGUAGE_CODE):
            shown = funding.meter_values(current, site_name=settings.MASTHEAD.site.name)
            told = {name: str(shown[name]) for name in _SHOWN}
            data = {**funding.meter_json(current)["meter"], "shown": told}
            yield message(pk, campaign_topic(slug), "meter", data)
            if current.is_main:
                yield message(pk, METER, "meter", data)


# What the bar shows, beside the figures for machines: the page's script writes these where they stand.
_SHOWN = ("now", "goal", "percent", "rest", "raised_text", "half_text", "goal_text", "left_text", "sentence")
