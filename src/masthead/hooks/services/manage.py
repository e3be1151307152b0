"""Add, change, switch and delete receivers, and give them new secrets. Each keeps who did it."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from typing import Any

from django.db import transaction

from masthead.core import outgoing, ports
from masthead.core.clock import now
from masthead.hooks import conf
from masthead.hooks.errors import AddressNotAllowed, TooManyHooks, TypesMissing
from masthead.hooks.models import Act, Hook, Secret
from masthead.hooks.ports import Catalogue
from masthead.hooks.rules.messages import EVERYTHING
from masthead.hooks.rules.signing import new_secret
from masthead.hooks.services._acts import note_act


def add_hook(*, address: str, types: Sequence[str], note: str = "", is_live: bool = True, by: Any) -> tuple[Hook, str]:
    """Add a receiver and return it with its secret, which is shown now and never again.

    Refuses addresses to which nothing is sent (``hooks.address_not_allowed``), no type or one that nobody tells
    (``hooks.types_missing``), and more receivers than there may be (``hooks.too_many``).
    """
    _check(address, types)
    with transaction.atomic():
        if Hook.objects.count() >= conf.MOST_HOOKS:
            raise TooManyHooks(most=conf.MOST_HOOKS)
        hook = Hook.objects.create(
            address=address, types=sorted(set(types)), note=note, is_live=is_live, made_at=now(), made_by=by
        )
        secret = Secret.objects.create(hook=hook, text=new_secret(), made_at=now())
        note_act(Act.What.ADDED, hook, by=by)
    return hook, secret.text


def change_hook(*, hook: Hook, address: str, types: Sequence[str], note: str, is_live: bool, by: Any) -> None:
    """Let a receiver stand elsewhere or be told other things. Refuses what :func:`add_hook` refuses."""
    _check(address, types)
    with transaction.atomic():
        detail = f"{hook.address} → {address}" if hook.address != address else ""
        hook.address, hook.types, hook.note, hook.is_live = address, sorted(set(types)), note, is_live
        hook.save(update_fields=["address", "types", "note", "is_live"])
        note_act(Act.What.CHANGED, hook, by=by, detail=detail)


def rotate_secret(*, hook: Hook, by: Any) -> str:
    """Return a new secret; the former one signs beside it for a day, so that the receiver can change over."""
    with transaction.atomic():
        Hook.objects.select_for_update().get(pk=hook.pk)
        Secret.objects.filter(hook=hook, until__lte=now()).delete()
        Secret.objects.filter(hook=hook, until__isnull=True).update(until=now() + conf.OVERLAP)
        secret = Secret.objects.create(hook=hook, text=new_secret(), made_at=now())
        note_act(Act.What.ROTATED, hook, by=by)
    return secret.text


def switch(*, hook: Hook, on: bool, by: Any) -> None:
    """Tell a receiver again, or nothing any more: what waits is not sent, what happens then not kept for it."""
    with transaction.atomic():
        values = {"failures": 0, "failing_since": None, "failed_at": None, "rests_until": None} if on else {}
        state = Hook.State.ON if on else Hook.State.OFF
        if Hook.objects.filter(pk=hook.pk).exclude(state=state).update(state=state, **values):
            note_act(Act.What.SWITCHED_ON if on else Act.What.SWITCHED_OFF, hook, by=by)


def delete_hook(*, hook: Hook, by: Any) -> None:
    """Forget a receiver with its secrets and all that was sent to it; that it was there stays in the log."""
    with transaction.atomic():
        note_act(Act.What.DELETED, hook, by=by)
        hook.delete()


def _check(address: str, types: Sequence[str]) -> None:
    known = {EVERYTHING, *(kind.type for kind in ports.get(Catalogue).kinds())}
    if not types or not known.issuperset(types):
        raise TypesMissing()
    try:
        target = outgoing.target_of(address)
        judge = outgoing.may_be_spoken_to(target, allow_own_network=conf.allow_private())
        if _is_number(target.host) and not judge(target.host):
            raise AddressNotAllowed()
    except outgoing.NoReply:
        raise AddressNotAllowed() from None


def _is_number(host: str) -> bool:
    """Tell whether a host is an address itself; what a name leads to is judged whenever something is sent."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
