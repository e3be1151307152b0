"""Which fact is told outside, and in which form: one line per event."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from masthead.core.ids import made_at
from masthead.discussion import events as discussion
from masthead.funding import events as funding
from masthead.hooks import services as hooks
from masthead.hooks.events import DeliveryQueued, HookStopped
from masthead.hooks.rules.messages import Message, hears
from masthead.outbox.registry import subscribe, subscribe_aside, subscribe_together
from masthead.project.answers import hooks as outside
from masthead.publishing import events as publishing

# The types that a fact may become, so that nothing is looked up where nobody asked for any of them.
TABLE: list[tuple[type[Any], tuple[str, ...], Callable[[Any], outside.Told | None]]] = [
    (funding.GiftRecorded, ("gift.recorded",), outside.gift_recorded),
    (funding.GiftChanged, ("gift.changed",), outside.gift_changed),
    (funding.GiftReversed, ("gift.reversed",), outside.gift_reversed),
    (funding.PledgeNoted, ("pledge.noted",), outside.pledge_noted),
    (
        funding.RecurringChanged,
        ("recurring.started", "recurring.changed", "recurring.ended"),
        outside.recurring_changed,
    ),
    (funding.ReceiptIssued, ("receipt.issued",), outside.receipt_issued),
    (funding.GoalChanged, ("goal.changed",), outside.goal_changed),
    (funding.MonthClosed, ("month.closed",), outside.month_closed),
    (publishing.EditionSealed, ("story.published", "story.updated"), outside.story_published),
    (publishing.ArticleWithdrawn, ("story.withdrawn",), outside.story_withdrawn),
    (discussion.CommentPosted, ("comment.posted",), outside.comment_posted),
    (discussion.CommentHeld, ("comment.held",), outside.comment_held),
    (discussion.CommentRemoved, ("comment.removed",), outside.comment_removed),
    (discussion.CommentRestored, ("comment.restored",), outside.comment_restored),
]
_BY_CLASS = {event_class: (types, present) for event_class, types, present in TABLE}


def tell(batch: Sequence[tuple[Any, str]]) -> None:
    """Tell those who asked for it what happened, in the form that is documented."""
    asked = hooks.asked_types()
    told = []
    for event, event_id in batch if asked else ():
        types, present = _BY_CLASS[type(event)]
        fact = present(event) if any(hears(asked, type_) for type_ in types) else None
        if fact is not None:
            told.append(Message(fact.type, fact.data, made_at(event_id), event_id, fact.is_live))
    hooks.tell(told)


def connect() -> None:
    """Bind them."""
    for event_class, _types, _present in TABLE:
        subscribe_together(event_class, tell, name="hooks.tell")
    subscribe_aside(DeliveryQueued, hooks.deliver, line=lambda event: event.hook_id, name="hooks.deliver")
    subscribe(HookStopped, hooks.write_of_stop, name="hooks.write_of_stop")
