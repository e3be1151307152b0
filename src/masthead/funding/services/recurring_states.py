"""Keep how a repeated gift stood, so that months can be compared."""

from __future__ import annotations

from masthead.funding.models import Recurring, RecurringState
from masthead.funding.ports import SubscriptionFacts


def keep_state(recurring: Recurring, facts: SubscriptionFacts) -> None:
    """Write down how it stands now, if that is not how it stood. Runs in the caller's transaction, with the row locked.

    It is active since it began and has ended when the processor says; anything else since it was read. No state
    begins before the one that it follows.
    """
    before = recurring.states.order_by("since", "pk").last()
    stands = (str(recurring.status), _gift_minor(recurring), recurring.currency, str(recurring.every))
    if before and stands == (before.status, before.gift_minor, before.currency, before.every):
        return
    since = facts.read_at
    if recurring.status == Recurring.Status.ENDED and facts.ended_at:
        since = facts.ended_at
    elif recurring.status == Recurring.Status.ACTIVE and (before is None or before.status == Recurring.Status.PENDING):
        since = facts.started_at
    since = max(since, before.since) if before else since
    status, gift_minor, currency, every = stands
    RecurringState.objects.create(
        recurring=recurring, since=since, status=status, gift_minor=gift_minor, currency=currency, every=every
    )


def _gift_minor(recurring: Recurring) -> int:
    """Return the gift without its cover: by the latest terms that make the sum which is taken, else all of it."""
    for terms in recurring.terms.order_by("-since", "-pk"):
        if terms.total_minor == recurring.amount_minor:
            return terms.gift_minor
    return recurring.amount_minor
