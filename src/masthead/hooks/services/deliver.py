"""Send one message to one receiver, and note what came of it."""

from __future__ import annotations

import time
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from masthead.core import ports
from masthead.core.clock import now
from masthead.core.outgoing import NoReply, Reply
from masthead.hooks import conf
from masthead.hooks.events import DeliveryQueued
from masthead.hooks.models import Delivery, Hook
from masthead.hooks.ports import Carrier
from masthead.hooks.rules import signing
from masthead.hooks.rules.answers import Verdict, rest_after, verdict, wait_of
from masthead.hooks.rules.messages import TEST
from masthead.hooks.services.stop import stop
from masthead.outbox.errors import Gone, Retry, Unreachable
from masthead.outbox.rules import MAX_ATTEMPTS


def deliver(event: DeliveryQueued, event_id: str) -> None:
    """Send it once more unless it was taken; the try is counted before, the answer noted after, outside the request.

    Whoever dies between the receiver's yes and the note sends again, under the same ``webhook-id``. Raises ``Retry``,
    ``Unreachable`` when the receiver takes nothing at all just now, ``Gone`` when no further try follows.
    """
    row = _begun(event.delivery_id)
    if row is None:
        return
    body = row.body.encode()
    began = time.monotonic()
    try:
        reply = ports.get(Carrier).post(row.hook.address, body, _headers(row, body))
    except NoReply as silence:
        _note(row, _since(began), trouble=silence.why.value)
        _missed(row, Verdict.BUSY, silence.why.value, timedelta(0))
    else:
        _note(row, _since(began), reply=reply)
        _answered(row, reply)


def _begun(delivery_id: str) -> Delivery | None:
    """Return what is to be sent, its try counted; None for what was taken, or whose receiver is switched off."""
    with transaction.atomic():
        rows = Delivery.objects.select_for_update(of=("self",)).select_related("hook")
        row = rows.filter(public_id=delivery_id).exclude(state=Delivery.State.DONE).first()
        if row is None:
            return None
        is_wanted = row.hook.state == Hook.State.ON or row.type == TEST
        row.state = Delivery.State.WAITING if is_wanted else Delivery.State.DROPPED
        row.tries, row.tried_at = (row.tries + 1, now()) if is_wanted else (row.tries, row.tried_at)
        row.save(update_fields=["state", "tries", "tried_at"])
    return row if is_wanted else None


def _headers(row: Delivery, body: bytes) -> dict[str, str]:
    in_force = row.hook.secrets.filter(Q(until__isnull=True) | Q(until__gt=now())).order_by("-pk")
    valid = list(in_force.values_list("text", flat=True))
    signed = signing.headers(valid, row.message_id, int(now().timestamp()), body)
    return {"Content-Type": "application/json", "User-Agent": "Masthead webhook", **signed}


def _since(began: float) -> int:
    return int((time.monotonic() - began) * 1000)


def _note(row: Delivery, took_ms: int, *, reply: Reply | None = None, trouble: str = "") -> None:
    """Keep what came back, also where it is the last try."""
    row.took_ms, row.trouble = took_ms, trouble
    row.status = reply.status if reply else None
    row.answer = reply.body[: conf.ANSWER_BYTES].decode(errors="replace").replace("\x00", "") if reply else ""
    row.save(update_fields=["took_ms", "trouble", "status", "answer"])


def _answered(row: Delivery, reply: Reply) -> None:
    found = verdict(reply.status)
    if found is Verdict.TAKEN:
        _taken(row)
    elif found is Verdict.GONE:
        _close(row)
        stop(row.hook, Hook.State.GONE, detail="410")
        raise Gone("the receiver wants nothing any more")
    else:
        wait = wait_of(reply.retry_after, now(), longest=conf.LONGEST_WAIT)
        _missed(row, found, f"HTTP {reply.status}", wait)


def _taken(row: Delivery) -> None:
    with transaction.atomic():
        Delivery.objects.filter(pk=row.pk).update(state=Delivery.State.DONE)
        Hook.objects.filter(pk=row.hook_id).exclude(failing_since=None).update(
            failures=0, failing_since=None, failed_at=None, rests_until=None
        )


def _missed(row: Delivery, found: Verdict, reason: str, wait: timedelta) -> None:
    """Count a failure, and say when to come again: a receiver that is busy rests for all that waits for it."""
    rest = max(rest_after(row.hook.failures + 1), wait) if found is Verdict.BUSY or wait else timedelta(0)
    _count_failure(row.hook, rest)
    if row.tries >= MAX_ATTEMPTS:
        _close(row)
        raise Gone(f"gave up after {row.tries} tries: {reason}")
    raise Unreachable(reason, rest=rest, after=wait) if rest else Retry(reason)


def _count_failure(hook: Hook, rest: timedelta) -> None:
    moment = now()
    with transaction.atomic():
        row = Hook.objects.select_for_update().filter(pk=hook.pk, state=Hook.State.ON).first()
        if row is None:
            return
        is_new = row.failed_at is None or row.failed_at < moment - conf.SILENCE
        row.failing_since = moment if is_new or row.failing_since is None else row.failing_since
        row.failures, row.failed_at = row.failures + 1, moment
        row.rests_until = _later(row.rests_until, moment + rest) if rest else row.rests_until
        row.save(update_fields=["failing_since", "failures", "failed_at", "rests_until"])
        if moment - row.failing_since >= conf.SWITCH_OFF_AFTER:
            stop(row, Hook.State.FAILING, detail=str(row.failures))


def _later(one: datetime | None, other: datetime) -> datetime:
    return max(one, other) if one else other


def _close(row: Delivery) -> None:
    Delivery.objects.filter(pk=row.pk).update(state=Delivery.State.FAILED)
