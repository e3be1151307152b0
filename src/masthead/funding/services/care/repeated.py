"""Change, pause and end repeated gifts: the processor first, and what it then says is what stands here (rule S2).

Each raises what the provider raises, and then nothing is claimed: the gift stands as it was last read.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from masthead.core.clock import now
from masthead.core.ids import new_id
from masthead.core.money import Money
from masthead.funding import conf
from masthead.funding.care_errors import GiftHasEnded, NothingToSkip
from masthead.funding.models import Recurring
from masthead.funding.ports import Kind, Ref
from masthead.funding.providers import provider_named
from masthead.funding.rules.fees import gross_up
from masthead.funding.rules.months import months_later
from masthead.funding.selectors.care import covers_fee
from masthead.funding.services.amounts import check_amount
from masthead.funding.services.recurring import agree_on
from masthead.funding.services.refresh import refresh


def change_amount(*, recurring: Recurring, gift: Money, return_url: str) -> str:
    """Take another amount from the next time on; who pays the fee goes on paying it.

    What was agreed is committed before the processor is asked, so that a payment of the new amount is known for what
    it is whenever it comes. Returns the processor's page where the giver must agree first, and comes back to
    ``return_url``; empty where it asks nobody. Refuses what the processor does not take, and a gift that has ended.
    """
    _must_run(recurring)
    provider = provider_named(recurring.provider)
    limits = provider.limits(gift.currency)
    total = gift
    if covers_fee(recurring):
        rate = conf.fee_rate(provider.name)
        total = Money(gross_up(gift.amount_minor, rate, step_minor=limits.step_minor), gift.currency)
    check_amount(provider=provider, gift=gift, total=total)
    with transaction.atomic():
        terms = agree_on(recurring, gift, total - gift)
    key = f"terms-{terms.pk}-{recurring.public_id}"
    page = provider.change_amount(recurring.external_id, total, key=key, return_url=return_url)
    _read_again(recurring)
    return page


def pause_gift(*, recurring: Recurring, months: int | None) -> None:
    """Take nothing for so many months, or until the giver goes on. Refuses a gift that has ended."""
    _must_run(recurring)
    until = months_later(now(), months) if months else None
    _pause(recurring, until)


def skip_next(*, recurring: Recurring) -> None:
    """Leave out the next payment alone. Refuses a gift of which no next payment is known."""
    _must_run(recurring)
    if recurring.next_at is None or recurring.status != Recurring.Status.ACTIVE:
        raise NothingToSkip()
    _pause(recurring, recurring.next_at + timedelta(days=1))


def resume_gift(*, recurring: Recurring) -> None:
    """Go on after a pause. Refuses a gift that has ended."""
    _must_run(recurring)
    provider_named(recurring.provider).resume(recurring.external_id, key=new_id())
    _read_again(recurring)


def end_gift(*, recurring: Recurring) -> None:
    """End a repeated gift at the processor; it is shown as ended when the processor says so. Ended twice is once."""
    if recurring.status == Recurring.Status.ENDED:
        return
    provider_named(recurring.provider).cancel(recurring.external_id, key=f"end-{recurring.public_id}")
    _read_again(recurring)


def card_page(*, recurring: Recurring, return_url: str) -> str:
    """Return the processor's own page where the card is changed. Refuses a gift that has ended."""
    _must_run(recurring)
    return provider_named(recurring.provider).card_page(recurring.external_id, return_url)


def _pause(recurring: Recurring, until: datetime | None) -> None:
    provider_named(recurring.provider).pause(recurring.external_id, until, key=new_id())
    recurring.failures.filter(over_at=None).update(is_quiet=True)
    _read_again(recurring)


def _read_again(recurring: Recurring) -> None:
    refresh(recurring.provider, Ref(Kind.SUBSCRIPTION, recurring.external_id))


def _must_run(recurring: Recurring) -> None:
    if recurring.status == Recurring.Status.ENDED:
        raise GiftHasEnded()
