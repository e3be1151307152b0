"""Keep the log within bounds."""

from __future__ import annotations

from django.db import transaction

from masthead.core.clock import now
from masthead.hooks import conf
from masthead.hooks.models import Delivery, Secret

_BATCH = 500


def forget_old() -> int:
    """Forget deliveries 30 days after their message and secrets that sign no more; return how many deliveries.

    A chore. Whatever waits longer than that will not be taken any more.
    """
    Secret.objects.filter(until__lte=now()).delete()
    old = Delivery.objects.filter(told_at__lt=now() - conf.KEEP)
    gone = 0
    while batch := list(old.values_list("pk", flat=True)[:_BATCH]):
        # Short transactions: readers' posts must not wait behind the broom.
        with transaction.atomic():
            Delivery.objects.filter(pk__in=batch).delete()
        gone += len(batch)
    return gone
