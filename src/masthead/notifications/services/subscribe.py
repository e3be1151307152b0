"""Ask to be told."""

from __future__ import annotations

from django.db import transaction

from masthead.core import ratelimit
from masthead.core.clock import now
from masthead.core.ids import new_id
from masthead.notifications import conf, selectors
from masthead.notifications.errors import TopicUnknown
from masthead.notifications.models import Delivery, Recipient, Subscription
from masthead.notifications.rules.kinds import widest
from masthead.notifications.services._queue import queue


def subscribe(*, topic: str, kind: str, address: str, network: str = "", user_id: int | None = None) -> None:
    """Ask that ``address`` be told about ``topic``.

    A guest's request takes effect when the button in the mail is pressed; a member's for the address they have proven
    takes effect at once. The wider kind wins; narrowing is done on the manage page. Nothing tells the caller a known
    address from an unknown one. Refuses :class:`TopicUnknown`, and ``TooManyRequests`` by network only.
    """
    if selectors.topic_named(topic) is None:
        raise TopicUnknown
    if network:
        ratelimit.allow("notify-subscribe", network, limit=conf.REQUESTS_PER_NETWORK_AND_HOUR, per_seconds=3600)
    address = address.strip().lower()
    proven = bool(user_id) and selectors.proven_address(user_id) == address
    with transaction.atomic():
        pk = Recipient.objects.get_or_create(address=address)[0].pk
        # Held until the end, so that two requests for one address count each other's mails.
        recipient = Recipient.objects.select_for_update().get(pk=pk)
        row, is_new = Subscription.objects.get_or_create(topic=topic, recipient=recipient, defaults={"kind": kind})
        if proven:
            _accept(row, kind, user_id)
        elif row.confirmed_at is None or widest(kind, row.kind) != row.kind:
            _ask(row, kind, is_new=is_new)


def _accept(row: Subscription, kind: str, user_id: int | None) -> None:
    row.kind = widest(kind, row.kind) if row.confirmed_at else kind
    row.confirmed_at = row.confirmed_at or now()
    row.save(update_fields=["kind", "confirmed_at"])
    Recipient.objects.filter(pk=row.recipient_id).update(user=user_id, refused_at=None)


def _ask(row: Subscription, kind: str, *, is_new: bool) -> None:
    if row.confirmed_at is None and not is_new:
        row.kind = kind = widest(kind, row.kind)
        row.save(update_fields=["kind"])
    if _may_write_to(row.recipient_id):
        queue([row.recipient_id], cause=new_id(), kind="confirmation", subject_id=row.public_id, detail=kind)


def _may_write_to(recipient_id: int) -> bool:
    sent = Delivery.objects.filter(recipient=recipient_id, kind="confirmation")
    moment = now()
    return all(
        sent.filter(created_at__gt=moment - window).count() < limit for limit, window in conf.CONFIRMATIONS_PER_ADDRESS
    )
