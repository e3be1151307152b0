"""Send again what was not taken, or something to try a receiver with."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from masthead.core.clock import now
from masthead.core.ids import new_id
from masthead.hooks.errors import HookIsOff, OnItsWay
from masthead.hooks.models import Act, Delivery, Hook
from masthead.hooks.rules.messages import TEST, Message, body_of
from masthead.hooks.services._acts import note_act
from masthead.hooks.services._queue import queue

_NOT_TAKEN = (Delivery.State.FAILED, Delivery.State.DROPPED)


def send_test(*, hook: Hook, by: Any) -> Delivery:
    """Send a message of the type ``hook.tested``, also to a receiver that is switched off."""
    message = Message(TEST, {"hook": hook.public_id}, now(), new_id(), hook.is_live)
    with transaction.atomic():
        row = Delivery.objects.create(hook=hook, message_id=message.id, type=TEST, body=body_of(message), told_at=now())
        queue(hook, [row])
    return row


def send_again(*, delivery: Delivery, by: Any) -> None:
    """Send one message again, under the same ``webhook-id``, also one that was taken.

    Refuses one that waits (``hooks.on_its_way``), so a button pressed twice sends once, and receivers that are switched
    off (``hooks.hook_is_off``).
    """
    if delivery.hook.state != Hook.State.ON:
        raise HookIsOff()
    with transaction.atomic():
        rows = Delivery.objects.filter(pk=delivery.pk).exclude(state=Delivery.State.WAITING)
        if not rows.update(state=Delivery.State.WAITING, tries=0):
            raise OnItsWay()
        queue(delivery.hook, [delivery])
        note_act(Act.What.SENT_AGAIN, delivery.hook, by=by, detail=delivery.message_id)


def send_all_again(*, hook: Hook, since: datetime, by: Any) -> int:
    """Send all again that was told since then and not taken; return how many. Refuses ``hooks.hook_is_off``."""
    if hook.state != Hook.State.ON:
        raise HookIsOff()
    with transaction.atomic():
        rows = Delivery.objects.select_for_update().filter(hook=hook, state__in=_NOT_TAKEN, told_at__gte=since)
        chosen = list(rows.order_by("pk"))
        Delivery.objects.filter(pk__in=[row.pk for row in chosen]).update(state=Delivery.State.WAITING, tries=0)
        queue(hook, chosen)
        if chosen:
            note_act(Act.What.SENT_AGAIN, hook, by=by, detail=str(len(chosen)))
    return len(chosen)
