"""Record a gift together with the photo of its slip."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from masthead.core import pictures
from masthead.funding.bank_errors import SlipRefused
from masthead.funding.models import Gift, Match
from masthead.funding.models.slip import GiftSlip
from masthead.funding.services.gifts import record_gift
from masthead.funding.services.matches import record_sponsor_gift

MOST_BYTES = 15_000_000
MOST_PIXELS = 60_000_000
LONGEST_SIDE = 2000


def record_gift_with_slip(
    *, slip: bytes, match: Match | None = None, recorded_by: int | None = None, **facts: Any
) -> Gift:
    """Book a gift as :func:`record_gift` does, and keep the photo beside it, both or neither.

    The photo is decoded and drawn anew first, so that neither its file nor its metadata (place, time, camera) is
    kept. The same form sent twice keeps the first photo. Refuses what is too large or no picture
    (``funding.slip_refused``), and what :func:`record_gift` refuses; with ``match``, what :func:`record_sponsor_gift`
    refuses.
    """
    drawn = _drawn(slip)
    with transaction.atomic():
        if match is None:
            gift = record_gift(recorded_by=recorded_by, **facts)
        else:
            gift = record_sponsor_gift(match=match, recorded_by=recorded_by, **facts)
        GiftSlip.objects.get_or_create(
            gift=gift,
            defaults={
                "content": drawn.content,
                "width": drawn.width,
                "height": drawn.height,
                "added_by": recorded_by,
            },
        )
    return gift


def _drawn(slip: bytes) -> pictures.Redrawn:
    if len(slip) > MOST_BYTES:
        raise SlipRefused(why="bytes")
    try:
        return pictures.redraw(slip, most_pixels=MOST_PIXELS, longest_side=LONGEST_SIDE)
    except pictures.TooManyPixels:
        raise SlipRefused(why="pixels") from None
    except pictures.NotAPicture:
        raise SlipRefused(why="kind") from None
