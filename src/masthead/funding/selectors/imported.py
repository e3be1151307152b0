"""What earlier imports booked, by the key that a gift has in the system it came from."""

from __future__ import annotations

from django.db.models import OuterRef, Subquery

from masthead.core.money import Money
from masthead.funding.models import Account, Campaign, Entry, Gift, Journal
from masthead.funding.rules.imported import Booked

MOST_CORRECTIONS = 40


def campaign_by_slug(slug: str) -> Campaign | None:
    """Return a campaign by its short name."""
    return Campaign.objects.filter(slug=slug).first()


def bookings_of(source: str, key: str) -> list[Gift]:
    """Return all gifts booked under a key, the first one first: corrections stand under ``key#2`` and so on."""
    income = Entry.objects.filter(journal=OuterRef("journal"), account__kind=Account.Kind.INCOME)
    return list(
        Gift.objects.filter(
            journal__external_id__in=[key, *(f"{key}#{number}" for number in range(2, MOST_CORRECTIONS))],
            journal__source=source,
            journal__kind=Journal.Kind.GIFT,
        )
        .select_related("campaign", "journal", "journal__reversal")
        .annotate(credited_minor=Subquery(income.values("amount_minor")[:1]))
        .order_by("id")
    )


def booked_before(source: str, key: str) -> Booked | None:
    """Return what stands of a gift that came over before, or None when it never did."""
    gifts = bookings_of(source, key)
    if not gifts:
        return None
    last = gifts[-1]
    credited: int = last.credited_minor  # type: ignore[attr-defined]  # annotated by bookings_of
    is_standing = getattr(last.journal, "reversal", None) is None
    standing = Money(-credited, last.campaign.currency) if is_standing else None
    return Booked(campaign=last.campaign.slug, standing=standing, bookings=len(gifts))
