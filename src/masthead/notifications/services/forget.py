"""Keep no address longer than it is of use."""

from __future__ import annotations

from django.db import transaction

from masthead.core.clock import now
from masthead.notifications import conf
from masthead.notifications.models import Delivery, Recipient, Subscription


def forget_old() -> None:
    """Delete requests never confirmed, rows of old deliveries, and addresses that then have neither."""
    moment = now()
    with transaction.atomic():
        Subscription.objects.filter(
            confirmed_at__isnull=True, created_at__lt=moment - conf.FORGET_UNCONFIRMED_AFTER
        ).delete()
        Delivery.objects.filter(created_at__lt=moment - conf.FORGET_DELIVERIES_AFTER).delete()
        Recipient.objects.filter(subscriptions__isnull=True, deliveries__isnull=True).delete()


def forget_address(*, address: str) -> None:
    """Forget one address with its subscriptions and what was sent there, at its owner's wish; twice is once."""
    Recipient.objects.filter(address=address).delete()
