"""Photos of slips: for staff only."""

from __future__ import annotations

from masthead.funding.models import GiftSlip


def slip_of(public_id: str) -> GiftSlip | None:
    """Return the photo beside a gift, or None."""
    return GiftSlip.objects.filter(gift__public_id=public_id).first()
