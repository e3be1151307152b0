"""Switch off a receiver that nobody can reach or that wants nothing any more, and say so once."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.urls import reverse

from masthead.core import mail, ports
from masthead.core.http import absolute_url
from masthead.hooks.events import HookStopped
from masthead.hooks.models import Act, Hook
from masthead.hooks.ports import Newsroom
from masthead.hooks.services._acts import note_act
from masthead.outbox.mail import send
from masthead.outbox.services import record


def stop(hook: Hook, state: Hook.State, *, detail: str) -> None:
    """Send it nothing any more. Records ``HookStopped``, once however many deliveries find out."""
    with transaction.atomic():
        if Hook.objects.filter(pk=hook.pk, state=Hook.State.ON).update(state=state):
            note_act(Act.What.STOPPED, hook, by=None, detail=detail)
            record(HookStopped(hook_id=hook.public_id, why=state.value))


def write_of_stop(event: HookStopped, event_id: str) -> None:
    """Write to the newsroom while it is so; a worker that dies before its mark repeats the same ``Message-ID``."""
    hook = Hook.objects.filter(public_id=event.hook_id, state=event.why).first()
    address = ports.get(Newsroom).address_for(hook.made_by_id) if hook else ""
    if hook is None or not address:
        return
    values: dict[str, Any] = {
        "hook": hook,
        "is_gone": hook.state == Hook.State.GONE,
        "url": absolute_url(reverse("hooks:hook", args=[hook.public_id])),
    }
    headers = {"Message-ID": f"<{event_id}@{mail.host()}>", "Auto-Submitted": "auto-generated"}
    send(mail.compose("hooks/mail/stopped", values, to=address, headers=headers), name=event_id)
