"""Who hears about which event: filled by the project's wiring when it starts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from masthead.core import events

EventType = TypeVar("EventType")
Handler = Callable[[Any, str], None]

TogetherHandler = Callable[[Sequence[tuple[Any, str]]], None]


@dataclass(frozen=True)
class Together:
    """A handler that takes many events in one call."""

    many: TogetherHandler

    def __call__(self, event: Any, event_id: str) -> None:
        """Hear one event."""
        self.many([(event, event_id)])


_subscribers: dict[str, dict[str, Handler]] = defaultdict(dict)


def subscribe(event_class: type[EventType], handler: Callable[[EventType, str], None], *, name: str) -> None:
    """Call ``handler(event, event_id)`` for each event of this class, at least once.

    ``name`` identifies the subscriber in delivery rows, so it must stay the same between releases. Handlers are
    idempotent by ``event_id``. A second subscription under the same name replaces the first.
    """
    _subscribers[events.type_name(event_class)][name] = handler


def subscribe_together(event_class: type[Any], handler: TogetherHandler, *, name: str) -> None:
    """Call ``handler([(event, event_id), ...])`` with all that waits for it, up to some hundreds at a time.

    For work that costs little more for many events than for one. Each event is still heard at least once and retried
    alone: when the call raises, its events are told one by one, so ``handler`` is idempotent by ``event_id`` also
    after half of its work. What failed before is never told together with others.
    """
    subscribe(event_class, Together(handler), name=name)


def hears_together(name: str) -> bool:
    """Tell whether the subscriber of this name takes many events in one call."""
    return any(isinstance(hearers.get(name), Together) for hearers in _subscribers.values())


def subscribers(event_type: str) -> dict[str, Handler]:
    """Return the handlers of an event type by subscriber name."""
    return dict(_subscribers[event_type])
