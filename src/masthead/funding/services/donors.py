"""Know a giver again by the address of the receipt."""

from __future__ import annotations

from django.db.models import F, QuerySet, Value
from django.db.models.functions import Lower

from masthead.core.clock import now
from masthead.funding.models import Donor, Pledge


def donor_of(pledge: Pledge) -> Donor | None:
    """Return who pledged, entered now if he is new; None for a pledge without an address.

    Runs in the caller's transaction. The same address in other letters is the same person; a donor that was merged
    into another is that other one, however the pledge knows him. When two enter the same person at once, the store
    refuses the second row and both know the first. Nobody is known by his name alone.
    """
    if pledge.donor is not None:
        return _now(pledge.donor)
    address = pledge.email.strip()
    if not address:
        return None
    donor = _at(address) or _enter(pledge.name, address)
    Pledge.objects.filter(pk=pledge.pk).update(donor=donor)
    pledge.donor = donor
    return donor


def _now(donor: Donor) -> Donor:
    """Return who a donor is by now."""
    while donor.merged_into is not None:
        donor = donor.merged_into
    return donor


def _at(address: str) -> Donor | None:
    """Return whose address it is: of one who still stands for himself first."""
    found = _with(address).order_by(F("merged_into").desc(nulls_first=True), "-pk").first()
    return _now(found) if found else None


def _enter(name: str, address: str) -> Donor:
    """Enter a giver, or find who was entered meanwhile: the store waits for the other transaction and keeps one row."""
    Donor.objects.bulk_create([Donor(name=name, email=address, created_at=now())], ignore_conflicts=True)
    return _with(address).get(merged_into=None)


def _with(address: str) -> QuerySet[Donor]:
    """Compare addresses as the store's own rule does."""
    return Donor.objects.annotate(lowered=Lower("email")).filter(lowered=Lower(Value(address)))
