"""Facts survive the journey through JSON, and hearing one twice is the same as hearing it once."""

from __future__ import annotations

import importlib
import json
from typing import Any

import pytest
from django.apps import apps
from django.core import mail, serializers

from masthead.core import events
from masthead.outbox import registry
from tests.architecture.samples import sample
from tests.architecture.source import APPS, app_of, files

# Tests of the outbox declare facts of their own; only the product's are judged here.
for path in files("events.py"):
    importlib.import_module(f"masthead.{app_of(path)}.events")
EVENTS = sorted(item for item in events.registered().items() if item[1].__module__.startswith("masthead."))
HEARD = [(name, hearer) for name, _ in EVENTS for hearer in sorted(registry.subscribers(name))]


@pytest.mark.parametrize(("name", "cls"), EVENTS, ids=[name for name, _ in EVENTS])
def test_event_survives_json(name: str, cls: type[Any]) -> None:
    event = sample(cls)
    assert events.from_payload(name, json.loads(json.dumps(events.to_payload(event)))) == event


@pytest.mark.parametrize(("name", "cls"), EVENTS, ids=[name for name, _ in EVENTS])
def test_event_is_named_after_its_app(name: str, cls: type[Any]) -> None:
    app = cls.__module__.split(".")[1]
    assert name.startswith(f"{app}.")
    assert cls.__module__ == f"masthead.{app}.events"


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "hearer"), HEARD, ids=[f"{name} to {hearer}" for name, hearer in HEARD])
def test_hearing_a_fact_of_something_gone_changes_nothing_the_second_time(name: str, hearer: str) -> None:
    """A fact may arrive after its rows were erased: the hearer must neither fail nor act twice."""
    handler = registry.subscribers(name)[hearer]
    event = sample(events.registered()[name])
    handler(event, "evt-once")
    first = everything()
    handler(event, "evt-once")
    assert everything() == first


def everything() -> tuple[str, int]:
    """Return all rows of the house and the number of mails sent."""
    rows = [
        row
        for model in apps.get_models()
        if model._meta.app_label in APPS
        for row in model._default_manager.order_by("pk")
    ]
    return serializers.serialize("json", rows), len(mail.outbox)
