"""Who hears about which event: filled by the project's wiring when it starts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any, TypeVar

from masthead.core import events

EventType = TypeVar("EventType")
Handler = Callable[[Any, str], None]

_subscribers: dict[str, dict[str, Handler]] = defaultdict(dict)


def subscribe(event_class: type[EventType], handler: Callable[[EventType, str], None], *, name: str) -> None:
    """Call ``handler(event, event_id)`` for each event of this class, at least once.

    ``name`` identifies the subscriber in delivery rows, so it must stay the same between releases. Handlers are
    idempotent by ``event_id``. A second subscription under the same name replaces the first.
    """
    _subscribers[events.type_name(event_class)][name] = handler


def subscribers(event_type: str) -> dict[str, Handler]:
    """Return the handlers of an event type by subscriber name."""
    return dict(_subscribers[event_type])
