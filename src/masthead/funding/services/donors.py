"""Know a giver again by the address of the receipt."""

from __future__ import annotations

from masthead.core.clock import now
from masthead.funding.models import Donor, Pledge


def donor_of(pledge: Pledge) -> Donor | None:
    """Return who pledged, entered now if he is new; None for a pledge without an address.

    Runs in the caller's transaction. The same address in other letters is the same person; a donor that was merged
    into another is that other one. Nobody is known by his name alone.
    """
    if pledge.donor is not None:
        return pledge.donor
    address = pledge.email.strip()
    if not address:
        return None
    donor = Donor.objects.filter(email__iexact=address, merged_into=None).first()
    if donor is None:
        donor = Donor.objects.create(name=pledge.name, email=address, created_at=now())
    Pledge.objects.filter(pk=pledge.pk).update(donor=donor)
    pledge.donor = donor
    return donor
