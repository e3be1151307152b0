"""Notifications of processors: kept first, worked on by the worker, and never lost (rule W5)."""

from __future__ import annotations

from django.db import transaction

from masthead.core.clock import now
from masthead.funding.events import ProviderTold
from masthead.funding.models import ProviderEvent
from masthead.funding.ports import Kind, Notification, Ref
from masthead.funding.rules.states import sources
from masthead.funding.services.held import attempt
from masthead.outbox.services import record


def take_notification(*, provider: str, notification: Notification, body: bytes) -> ProviderEvent:
    """Keep a believed notification as it came; the worker does the rest.

    The same notification again changes nothing (rule W6). One of a kind that nobody here handles is kept and listed
    (rule W11). Records ``ProviderTold`` in the same transaction, so that the answer 2xx is only given for what is kept.
    """
    with transaction.atomic():
        state = ProviderEvent.State.TO_DO if notification.refs else ProviderEvent.State.UNKNOWN
        row, is_new = ProviderEvent.objects.get_or_create(
            provider=provider,
            external_id=notification.external_id,
            defaults={
                "type": notification.type,
                "is_live": notification.is_live,
                "body": body.decode("utf-8", errors="replace"),
                "refs": [[ref.kind.value, ref.external_id] for ref in notification.refs],
                "state": state,
                "received_at": now(),
            },
        )
        if is_new and notification.refs:
            record(ProviderTold(notification=row.pk, provider=provider))
    return row


def hear_provider(event: ProviderTold, event_id: str) -> None:
    """Read again all that a notification is about, and bring the books to it.

    The notification's own words are not believed: the processor is asked how things are now (rule W9). Raises
    :class:`~masthead.funding.ports.ProviderAway`, and the worker tries again; until it is done the row says so. What
    cannot be settled otherwise is kept by itself and tried again, and the rest goes on.
    """
    row = ProviderEvent.objects.filter(pk=event.notification, state=ProviderEvent.State.TO_DO).first()
    if row is None:
        return
    for kind, external_id in row.refs:
        attempt(row.provider, Ref(Kind(kind), external_id), is_live=row.is_live)
    done(row)


def done(row: ProviderEvent) -> None:
    """Note that all a notification names is settled, or kept by itself."""
    state = ProviderEvent.State.DONE
    waiting = ProviderEvent.objects.filter(pk=row.pk, state__in=sources("notification", state))
    waiting.update(state=state, done_at=now())
