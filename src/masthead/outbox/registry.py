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


@dataclass(frozen=True)
class Aside:
    """A handler that waits for machines of strangers, with one line for each of them."""

    one: Handler
    line: Callable[[Any], str]

    def __call__(self, event: Any, event_id: str) -> None:
        """Hear one event."""
        self.one(event, event_id)


_LINE = "/"
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


def subscribe_aside(
    event_class: type[EventType],
    handler: Callable[[EventType, str], None],
    *,
    line: Callable[[EventType], str],
    name: str,
) -> None:
    """Call ``handler`` in threads of its own: for what may take seconds because somebody else's machine does.

    ``line(event)`` names whom it waits for: each line takes turns like a subscriber, under ``name/line``, and a slow
    one delays neither other lines nor other subscribers.
    """
    subscribe(event_class, Aside(handler, line), name=name)


def names(event_type: str, event: Any) -> list[str]:
    """Return under which names an event is delivered: those of its subscribers, with the line where there are lines."""
    return [
        f"{name}{_LINE}{handler.line(event)}" if isinstance(handler, Aside) else name
        for name, handler in _subscribers[event_type].items()
    ]


def handler_of(event_type: str, name: str) -> Handler | None:
    """Return who hears an event under a name of :func:`names`; None where nobody does any more."""
    return _subscribers[event_type].get(name.partition(_LINE)[0])


def hears_aside(name: str) -> bool:
    """Tell whether the subscriber of this name is told in threads of its own."""
    return any(isinstance(hearers.get(name.partition(_LINE)[0]), Aside) for hearers in _subscribers.values())


def hears_together(name: str) -> bool:
    """Tell whether the subscriber of this name takes many events in one call."""
    return any(isinstance(hearers.get(name), Together) for hearers in _subscribers.values())


def subscribers(event_type: str) -> dict[str, Handler]:
    """Return the handlers of an event type by subscriber name."""
    return dict(_subscribers[event_type])
