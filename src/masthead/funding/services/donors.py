"""Know a giver again by the address of the receipt."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import F, QuerySet, Value
from django.db.models.functions import Lower

from masthead.core.clock import now
from masthead.funding.models import Donor, Gift, Pledge
from masthead.funding.services.supporters import turn_badge


def donor_of(pledge: Pledge) -> Donor | None:
    """Return who pledged, entered now if he is new; None for a pledge without an address.

    Runs in the caller's transaction. The same address in other letters is the same person; a donor that was merged
    into another is that other one, however the pledge knows him. When two enter the same person at once, the store
    refuses the second row and both know the first. Nobody is known by his name alone.
    """
    if pledge.donor is not None:
        return pledge.donor.as_now()
    address = pledge.email.strip()
    if not address:
        return None
    donor = _at(address) or _enter(pledge.name, address)
    Pledge.objects.filter(pk=pledge.pk).update(donor=donor)
    pledge.donor = donor
    return donor


def donor_of_gift(gift: Gift) -> Donor | None:
    """Return who gave, and let the gift know him: he who pledged, else who has the mail address that staff noted.

    Runs in the caller's transaction. None where no address is known.
    """
    if gift.donor is not None:
        return gift.donor
    donor = donor_of(gift.pledge) if gift.pledge else None
    if donor is None and _is_address(gift.contact):
        address = gift.contact.strip()
        donor = _at(address) or _enter(gift.donor_name, address)
    if donor is not None:
        Gift.objects.filter(pk=gift.pk).update(donor=donor)
        gift.donor = donor
        turn_badge(donor)
    return donor


def _at(address: str) -> Donor | None:
    """Return whose address it is: of one who still stands for himself first."""
    found = _with(address).order_by(F("merged_into").desc(nulls_first=True), "-pk").first()
    return found.as_now() if found else None


def _enter(name: str, address: str) -> Donor:
    """Enter a giver, or find who was entered meanwhile: the store waits for the other transaction and keeps one row."""
    Donor.objects.bulk_create([Donor(name=name, email=address, created_at=now())], ignore_conflicts=True)
    return _with(address).get(merged_into=None)


def _with(address: str) -> QuerySet[Donor]:
    """Compare addresses as the store's own rule does."""
    return Donor.objects.annotate(lowered=Lower("email")).filter(lowered=Lower(Value(address)))


def _is_address(text: str) -> bool:
    try:
        validate_email(text.strip())
    except ValidationError:
        return False
    return True
