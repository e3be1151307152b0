"""Tell receivers what happened."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from masthead.hooks.models import Delivery, Hook
from masthead.hooks.rules.messages import Message, body_of, hears
from masthead.hooks.services._queue import queue


def asked_types() -> frozenset[str]:
    """Return what receivers asked for, together, so that nothing is looked up for nobody."""
    asked = Hook.objects.filter(state=Hook.State.ON).values_list("types", flat=True)
    return frozenset(type_ for types in asked for type_ in types)


def tell(messages: Sequence[Message]) -> None:
    """Note each message for each receiver that asked for its type, once for each ``key``, and have it sent.

    What is real goes to receivers of real money alone, and a rehearsal to those of rehearsals (rule L7). Telling the
    same again changes nothing; when two do so at once, one of them fails and is told again.
    """
    hooks = list(Hook.objects.filter(state=Hook.State.ON)) if messages else []
    if not hooks:
        return
    with transaction.atomic():
        known = _known(hooks, messages)
        for hook in hooks:
            rows = [
                Delivery(hook=hook, message_id=message.id, type=message.type, body=body_of(message))
                for message in messages
                if message.is_live == hook.is_live
                if hears(hook.types, message.type) and (hook.pk, message.id) not in known
            ]
            Delivery.objects.bulk_create(rows)
            queue(hook, rows)


def _known(hooks: Sequence[Hook], messages: Sequence[Message]) -> set[tuple[int, str]]:
    rows = Delivery.objects.filter(hook__in=hooks, message_id__in=[message.id for message in messages])
    return set(rows.values_list("hook_id", "message_id"))
