"""Who is thanked by name: those who said that they may be, and nobody else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from masthead.funding import conf
from masthead.funding.models import Gift

PER_PAGE = 60


@dataclass(frozen=True)
class Thanked:
    """One name, and when its latest gift arrived. Neither the sum nor anything else of the person."""

    name: str
    received_at: datetime


@dataclass(frozen=True)
class WallPage:
    """Some names, the newest gift first; ``after`` is where the next page begins, empty on the last one."""

    names: tuple[Thanked, ...]
    after: str


def wall(slug: str, *, before: str = "") -> WallPage | None:
    """Return the names of a campaign after the gift ``before``; None when there is no such gift. Two queries at most.

    Each giver stands there once, with the latest gift. Not shown: gifts without a public name, returned ones, those
    that staff hid, those of a rehearsal on a site that lives.
    """
    rows = _named(slug)
    if before:
        last = Gift.objects.filter(public_id=before, campaign__slug=slug).select_related("journal").first()
        if last is None:
            return None
        at = last.journal.value_at
        rows = rows.filter(Q(journal__value_at__lt=at) | Q(journal__value_at=at, pk__lt=last.pk))
    later = _named(slug).filter(donor=OuterRef("donor"), pk__gt=OuterRef("pk"))
    found = list(
        rows.filter(~Exists(later)).select_related("journal").order_by("-journal__value_at", "-pk")[: PER_PAGE + 1]
    )
    shown = found[:PER_PAGE]
    return WallPage(
        names=tuple(Thanked(gift.public_name, gift.journal.value_at) for gift in shown),
        after=shown[-1].public_id if len(found) > PER_PAGE else "",
    )


def _named(slug: str) -> QuerySet[Gift]:
    return Gift.objects.filter(campaign__slug=slug, is_live=conf.is_live(), is_returned=False, is_hidden=False).exclude(
        public_name=""
    )
