"""Who gives, and who of them is called so: asked by others for addresses, answered with nobody who did not wish it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.db.models.functions import Lower

from masthead.funding import conf
from masthead.funding.models import Donor, Gift, Recurring
from masthead.funding.rules.months import months_later
from masthead.funding.selectors.care import own, running_gifts

# So long after his last gift somebody is still one who gives.
MONTHS_A_GIFT_COUNTS = 12
# A browser learns on the giver's own pages that a gift goes on, and is told nowhere else that it ended: so for a good
# while beyond the next payment, and not for good.
_DAYS_UNASKED = {"once": 31, "month": 100, "year": 400}


def supporters(addresses: Collection[str]) -> frozenset[str]:
    """Return those among these proven addresses, in lower case, whose givers are called supporters. One query.

    An address counts for him alone whose it is: of who was merged into another only the other's own does.
    """
    rows = Donor.objects.annotate(address=Lower("email")).filter(has_badge=True, address__in=list(addresses))
    return frozenset(rows.values_list("address", flat=True)) if addresses else frozenset()


def gives(donor: Donor, moment: datetime) -> bool:
    """Tell whether somebody gives: whether a live gift repeats, or a live one came within twelve months and stands."""
    return Donor.objects.filter(_giving(moment), pk=donor.pk).exists()


def badges_to_turn(moment: datetime) -> QuerySet[Donor]:
    """Return donors who are called supporters and should not be any more, or the other way round."""
    due = Q(wants_badge=True, merged_into__isnull=True) & ~Q(email="") & _giving(moment)
    return Donor.objects.filter((Q(has_badge=True) & ~due) | (Q(has_badge=False) & due))


def days_unasked(donor: Donor, moment: datetime) -> int:
    """Return for how many days from now stories ask this giver for nothing; 0 where he may be asked.

    In the site's mode, so that a rehearsal shows it too. A gift that repeats and rests is one still.
    """
    goes_on = Q(status__in=[Recurring.Status.ACTIVE, Recurring.Status.PAUSED])
    every = set(running_gifts(donor).filter(goes_on).order_by().values_list("every", flat=True))
    if every:
        return max(days_after(each) for each in every)
    came = Gift.objects.filter(own(donor), is_live=conf.is_live(), is_returned=False)
    latest = came.aggregate(latest=Max("journal__value_at"))["latest"]
    return max(0, days_after("once") - (moment - latest).days) if latest else 0


def days_after(every: str) -> int:
    """Return for how many days a payment of a gift that comes so often is answered by asking no more."""
    return _DAYS_UNASKED.get(every, _DAYS_UNASKED["once"])


def _giving(moment: datetime) -> Q:
    """Money of a rehearsal is none (rule L7), whatever mode the site is in; what was sent back or disputed is none."""
    his = Q(donor=OuterRef("pk")) | Q(donor__merged_into=OuterRef("pk"))
    since = months_later(moment, -MONTHS_A_GIFT_COUNTS)
    came = Gift.objects.filter(his, is_live=True, is_returned=False, journal__value_at__gte=since)
    repeats = Recurring.objects.filter(his, is_live=True, status=Recurring.Status.ACTIVE)
    return Q(Exists(came)) | Q(Exists(repeats))
