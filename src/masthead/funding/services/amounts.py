"""Refuse amounts before a processor would."""

from __future__ import annotations

from masthead.core.money import Money
from masthead.funding.errors import AmountNotPositive
from masthead.funding.paying_errors import AmountTooSmall, AmountTooUneven, TotalTooLarge
from masthead.funding.ports import PaymentProvider


def check_amount(*, provider: PaymentProvider, gift: Money, total: Money) -> None:
    """Refuse a gift below what ``provider`` takes, a total above it, and one between its steps."""
    limits = provider.limits(gift.currency)
    if gift.amount_minor <= 0:
        raise AmountNotPositive()
    if gift < limits.least:
        raise AmountTooSmall(name=provider.label, least=limits.least)
    if total > limits.most:
        raise TotalTooLarge(name=provider.label, most=limits.most)
    if gift.amount_minor % limits.step_minor:
        raise AmountTooUneven(name=provider.label, step=Money(limits.step_minor, gift.currency))
