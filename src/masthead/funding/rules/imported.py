"""What to do with a gift that another system counted: compared with what stands in the books."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from masthead.core.money import Money


class Step(StrEnum):
    """What bringing a gift in does."""

    ADD = "added"
    KEEP = "unchanged"
    LOWER = "lowered"
    TAKE_BACK = "taken_back"
    LEAVE = "nothing_left"
    LATER_KNOWN = "later_known"
    OTHER_CAMPAIGN = "other_campaign"


@dataclass(frozen=True, slots=True)
class Booked:
    """What stands of a gift that came over before; ``standing`` is None once it was taken back."""

    campaign: str
    standing: Money | None
    bookings: int


def next_step(net: Money, campaign: str, booked: Booked | None) -> Step:
    """Return what makes the books say ``net``.

    A refund can only grow, so a file that tells of more than stands is an older one and changes nothing.
    """
    if booked is None:
        return Step.ADD if net.amount_minor > 0 else Step.LEAVE
    if booked.standing is None:
        return Step.LEAVE if net.amount_minor <= 0 else Step.LATER_KNOWN
    if booked.campaign != campaign:
        return Step.OTHER_CAMPAIGN
    if net == booked.standing:
        return Step.KEEP
    if net > booked.standing:
        return Step.LATER_KNOWN
    return Step.LOWER if net.amount_minor > 0 else Step.TAKE_BACK
