"""An event of these tests' own, and hearers that can be told how to behave."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from django.db import transaction

from masthead.core import events
from masthead.outbox import chores, registry, services
from masthead.outbox.models import Event


@events.event("outbox.bell-rung")
@dataclass(frozen=True)
class BellRung:
    """A fact of these tests."""

    tower: str


@dataclass
class Hearer:
    """Notes what it was called with; ``answers`` are called first, one per call, and may raise."""

    heard: list[tuple[str, str]] = field(default_factory=list)
    answers: list[Callable[[], None]] = field(default_factory=list)

    def __call__(self, event: BellRung, event_id: str) -> None:
        """Hear a bell."""
        if self.answers:
            self.answers.pop(0)()
        self.heard.append((event.tower, event_id))


@pytest.fixture
def hearer() -> Iterator[Hearer]:
    """One subscriber of the bell, named ``tests.hearer``."""
    before = registry.subscribers("outbox.bell-rung")
    one = Hearer()
    registry.subscribe(BellRung, one, name="tests.hearer")
    yield one
    registry._subscribers["outbox.bell-rung"] = before


@pytest.fixture
def no_chores() -> Iterator[None]:
    """Keep the product's own chores out of a test about chores."""
    before = dict(chores._entries)
    chores._entries.clear()
    yield
    chores._entries.clear()
    chores._entries.update(before)


def ring(tower: str = "north") -> Event:
    """Record one bell."""
    with transaction.atomic():
        return services.record(BellRung(tower))
