"""What receipts say, and which there are."""

from __future__ import annotations

from django.db.models import Count, Max, Min, Prefetch, Q, QuerySet, prefetch_related_objects
from django.utils.translation import gettext as _

from masthead.core.money import Money
from masthead.funding.models import Account, Donor, Entry, Gift, Pledge, Receipt
from masthead.funding.rules import receipts as rules
from masthead.funding.rules.facts_json import from_json
from masthead.funding.rules.receipts import Standing

# What of the books a standing is made of.
_BOOKED = Prefetch("journal__entries", queryset=Entry.objects.select_related("account"))


def with_standing(gifts: QuerySet[Gift]) -> QuerySet[Gift]:
    """Return the same gifts with all that :func:`standing_of` reads, in three queries however many they are."""
    related = ("campaign", "journal", "journal__reversal", "payment", "pledge", "recurring", "donor")
    return gifts.select_related(*related).prefetch_related(_BOOKED, "recurring__terms")


def standing_of(gift: Gift) -> Standing:
    """Return what a gift is now. A processor's money as its facts say, once they are booked; other as the books say."""
    reversal = getattr(gift.journal, "reversal", None)
    standing = _of_payment(gift) if gift.payment and gift.payment.facts else _of_books(gift)
    return rules.taken_back(standing, reversal.value_at) if reversal else standing


def last_receipt(gift: Gift) -> Receipt | None:
    """Return the receipt of a gift that is valid now, or None."""
    return Receipt.objects.filter(gift=gift).order_by("-pk").first()


def receipt_of_giver(donor: Donor, public_id: str) -> Receipt | None:
    """Return one receipt of a giver's own gifts, or None."""
    own = Q(gift__donor=donor) | Q(gift__donor__merged_into=donor)
    return Receipt.objects.filter(own, public_id=public_id, holder__isnull=False).first()


def receipt_problems() -> list[str]:
    """Return one sentence per series whose numbers do not run from one without a gap (rule S5)."""
    found = Receipt.objects.values("series").annotate(first=Min("number"), last=Max("number"), count=Count("pk"))
    return [
        _("The receipts of series %(series)s have gaps in their numbers.") % {"series": row["series"]}
        for row in found.order_by("series")
        if row["first"] != 1 or row["last"] != row["count"]
    ]


def _of_payment(gift: Gift) -> Standing:
    assert gift.payment is not None  # noqa: S101 - the caller has looked
    assert gift.pledge is not None  # noqa: S101 - no payment is settled without one
    facts = from_json(gift.payment.facts)
    paid = rules.paid_by(facts)
    return Standing(
        received_at=gift.journal.value_at,
        method=gift.method,
        paid=paid,
        cover=_cover(gift, gift.pledge, paid),
        settled=rules.settled_as(facts),
        back=rules.returns_of(facts),
    )


def _cover(gift: Gift, pledge: Pledge, paid: Money) -> Money:
    """Return what of a payment was added for the fee, by the terms that make this sum."""
    agreed = []
    if gift.recurring is not None:
        prefetch_related_objects([gift], "recurring__terms")
        terms = sorted(gift.recurring.terms.all(), key=lambda each: (each.since, each.pk), reverse=True)
        agreed = [(each.gift_minor, each.cover_minor) for each in terms]
    agreed.append((pledge.amount_minor, pledge.cover_minor))
    fitting = (cover for given, cover in agreed if given + cover == paid.amount_minor)
    return Money(next(fitting, 0), paid.currency)


def _of_books(gift: Gift) -> Standing:
    prefetch_related_objects([gift], _BOOKED)
    kinds = {Account.Kind.INCOME, Account.Kind.COVER}
    sides = [entry for entry in gift.journal.entries.all() if entry.account.kind in kinds]
    found = [Money(-entry.amount_minor, entry.currency) for entry in sides]
    paid = sum(found, start=Money.zero(found[0].currency))
    return Standing(gift.journal.value_at, gift.method, paid, Money.zero(paid.currency), None, ())
