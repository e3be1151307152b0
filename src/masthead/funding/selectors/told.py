"""What other programs are told of money beside the fact itself: nobody's name, no address and no id of a giver."""

from __future__ import annotations

from dataclasses import dataclass

from masthead.funding.models import Gift, Pledge, Receipt, Recurring


@dataclass(frozen=True)
class GiftFacts:
    """How a gift came. ``every`` is ``once``, ``month`` or ``year``; the others are public ids, empty for none."""

    is_live: bool
    method: str
    every: str
    recurring: str
    pledge: str


def gift_facts(gift_id: str) -> GiftFacts | None:
    """Return what is known of a gift; one query."""
    gift = Gift.objects.select_related("recurring", "pledge").filter(public_id=gift_id).first()
    if gift is None:
        return None
    agreed = gift.recurring or gift.pledge
    return GiftFacts(
        is_live=gift.is_live,
        method=gift.method,
        every=agreed.every if agreed else Pledge.Every.ONCE.value,
        recurring=gift.recurring.public_id if gift.recurring else "",
        pledge=gift.pledge.public_id if gift.pledge else "",
    )


def is_pledge_live(pledge_id: str) -> bool | None:
    """Tell whether a pledge is about real money; None where there is none."""
    return Pledge.objects.filter(public_id=pledge_id).values_list("is_live", flat=True).first()


def is_recurring_live(recurring_id: str) -> bool | None:
    """Tell whether a repeated gift is one of real money; None where there is none."""
    return Recurring.objects.filter(public_id=recurring_id).values_list("is_live", flat=True).first()


def gift_of_receipt(receipt_id: str) -> tuple[str, bool] | None:
    """Return the public id of the gift that a receipt is about, and whether that is real money."""
    rows = Receipt.objects.filter(public_id=receipt_id).values_list("gift__public_id", "gift__is_live")
    return rows.first()
