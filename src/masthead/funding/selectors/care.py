"""What a giver sees of his own gifts through the care link."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet
from django.utils.crypto import constant_time_compare

from masthead.core.money import Money
from masthead.funding import conf
from masthead.funding.models import Account, Donor, Entry, Gift, Recurring


@dataclass(frozen=True)
class Given:
    """One gift as its giver sees it: what he paid, less what went back."""

    received_at: datetime
    paid: Money
    is_returned: bool
    is_repeated: bool


def giver_of(donor_id: str, key: str) -> Donor | None:
    """Return the giver of a care link while its key holds; of one that was merged, the one he is now."""
    donor = Donor.objects.filter(public_id=donor_id).first()
    if donor is None or not donor.care_key or not constant_time_compare(donor.care_key, key):
        return None
    return donor.as_now()


def giver_with(donor_id: str) -> Donor | None:
    """Return a giver by his id, while he stands for himself and has an address."""
    return Donor.objects.filter(public_id=donor_id, merged_into=None).exclude(email="").first()


def giver_at(address: str) -> Donor | None:
    """Return who gives from an address."""
    return Donor.objects.filter(email__iexact=address.strip(), merged_into=None).first() if address.strip() else None


def repeated_gifts(donor: Donor) -> QuerySet[Recurring]:
    """Return the repeated gifts of a giver in the site's mode: those that run first."""
    return (
        Recurring.objects.filter(own(donor), is_live=conf.is_live())
        .select_related("pledge")
        .order_by("ended_at", "-started_at", "-pk")
    )


def running_gifts(donor: Donor) -> QuerySet[Recurring]:
    """Return the repeated gifts of a giver that have not ended."""
    return repeated_gifts(donor).exclude(status=Recurring.Status.ENDED)


def given_by(donor: Donor, *, year: int | None = None) -> list[Given]:
    """Return a giver's gifts in the site's mode, the latest first; two queries. ``year`` is in the site's time zone."""
    gifts = Gift.objects.filter(own(donor), is_live=conf.is_live(), journal__reversal__isnull=True)
    if year:
        begin, end = (datetime.combine(date(of, 1, 1), datetime.min.time(), conf.zone()) for of in (year, year + 1))
        gifts = gifts.filter(journal__value_at__gte=begin, journal__value_at__lt=end)
    found = list(gifts.select_related("journal", "pledge").order_by("-journal__value_at", "-pk"))
    paid = _paid([gift.journal_id for gift in found])
    return [
        Given(gift.journal.value_at, paid[gift.journal_id], gift.is_returned, gift.recurring_id is not None)
        for gift in found
        if gift.journal_id in paid
    ]


def covers_fee(recurring: Recurring) -> bool:
    """Tell whether the giver also pays the fee, by the latest terms."""
    latest = recurring.terms.order_by("-since", "-pk").first()
    return bool(latest and latest.cover_minor)


def gift_part(recurring: Recurring) -> Money:
    """Return what of each payment is the gift itself."""
    latest = recurring.terms.order_by("-since", "-pk").first()
    return Money(latest.gift_minor, recurring.currency) if latest else recurring.amount


def own(donor: Donor) -> Q:
    """Return the condition that a row is of this giver, or of one who was merged into him."""
    return Q(donor=donor) | Q(donor__merged_into=donor)


def _paid(journals: list[int]) -> dict[int, Money]:
    """Return what is left of each gift with its cover, as the books say: what went back is taken off."""
    sums: dict[int, Money] = {}
    rows = Entry.objects.filter(
        Q(journal__in=journals) | Q(journal__about__in=journals),
        account__kind__in=[Account.Kind.INCOME, Account.Kind.COVER],
    )
    for journal, about, minor, currency in rows.values_list("journal", "journal__about", "amount_minor", "currency"):
        key = about or journal
        sums[key] = sums.get(key, Money.zero(currency)) - Money(minor, currency)
    return sums
