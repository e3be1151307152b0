"""Prove that an address is one's own."""

from __future__ import annotations

from django.db import transaction

from masthead.core.clock import now
from masthead.notifications import selectors
from masthead.notifications.models import Recipient, Subscription
from masthead.notifications.rules.kinds import widest


def confirm(*, token: str) -> Subscription:
    """Put the subscription of a mail's link in force, for the kind that the mail named.

    Done twice it is done once. An address that was refused before is trusted again. Refuses
    ``LinkNotValid``.
    """
    with transaction.atomic():
        row, kind = selectors.subscription_for(token)
        row.kind = widest(kind, row.kind) if row.confirmed_at else kind
        row.confirmed_at = row.confirmed_at or now()
        row.save(update_fields=["kind", "confirmed_at"])
        Recipient.objects.filter(pk=row.recipient_id).update(refused_at=None)
    return row
