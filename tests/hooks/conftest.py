"""Receivers, and a site that may speak to its own network."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from pytest_django import Settings

from masthead.core.clock import now
from masthead.core.ids import new_id
from masthead.hooks import services
from masthead.hooks.models import Hook
from masthead.hooks.rules.messages import Message
from masthead.project.sections import HooksConfig
from tests.hooks.receiver import Receiver, listening

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """One receiver."""
    with listening() as one:
        yield one


@pytest.fixture
def own_network(settings: Settings) -> None:
    """A site whose webhooks may lead into its own network."""
    settings.MASTHEAD = replace(settings.MASTHEAD, hooks=HooksConfig(allow_private=True))


Add = Callable[..., Hook]


@pytest.fixture
def add(own_network: None, db: None) -> Add:
    """Add a webhook of a receiver, told everything unless said otherwise."""

    def call(receiver: Receiver, **more: Any) -> Hook:
        hook, _secret = services.add_hook(**{"address": receiver.address, "types": ["*"], "by": None, **more})
        return hook

    return call


def bell(*, key: str = "", type_: str = "goal.changed", is_live: bool = True) -> Message:
    """Return something to tell."""
    return Message(type_, {"campaign": "harbour", "goal_minor": 500_000}, now(), key or new_id(), is_live)
