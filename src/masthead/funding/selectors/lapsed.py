"""Who gave once and does not any more: for staff."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Page, Paginator
from django.db.models import Count, Max, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from masthead.funding import conf
from masthead.funding.models import Donor, Gift, Recurring
from masthead.funding.rules.months import months_later
from masthead.funding.selectors.acts import inert

PER_PAGE = 50
MONTHS = 12
CSV_COLUMNS = ("donor", "name", "address", "gifts", "latest_gift", "repeated_gift_ended")
_PERSON = Coalesce("donor__merged_into", "donor")


@dataclass(frozen=True)
class Lapsed:
    """A donor, by the key of his row, with how often he gave, when last, and when his repeated gift ended."""

    donor: int
    gifts: int
    latest_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True)
class LapsedRow:
    """The same as staff read it."""

    public_id: str
    name: str
    email: str
    gifts: int
    latest_at: datetime
    ended_at: datetime | None


def lapsed(now: datetime) -> list[Lapsed]:
    """Return who lapsed, those who gave latest first. Two queries.

    Nothing came for twelve months, or a repeated gift ended and nothing came since; and no repeated gift runs, be it
    paused or failing. Only those whose donor is known, in the site's mode; what went back in full was no gift.
    """
    cut = months_later(now.astimezone(conf.zone()), -MONTHS)
    runs, ended = _repeated()
    gifts = Gift.objects.filter(is_live=conf.is_live(), is_returned=False, donor__isnull=False).order_by()
    rows = gifts.values(person=_PERSON).annotate(number=Count("pk"), latest=Max("journal__value_at"))
    found = [
        Lapsed(row["person"], row["number"], row["latest"], ended.get(row["person"]))
        for row in rows.iterator()
        if row["person"] not in runs
        and (row["latest"] < cut or (row["person"] in ended and row["latest"] <= ended[row["person"]]))
    ]
    return sorted(found, key=lambda each: (each.latest_at, each.donor), reverse=True)


def lapsed_page(now: datetime, *, number: int | str | None = 1) -> Page[Lapsed]:
    """Return a page of them."""
    return Paginator(lapsed(now), PER_PAGE).get_page(number)


def lapsed_rows(found: Sequence[Lapsed], *, names: bool) -> list[LapsedRow]:
    """Return what staff read of some, in one query; without ``names`` nobody is named."""
    people = Donor.objects.in_bulk([each.donor for each in found])
    return [
        LapsedRow(
            people[each.donor].public_id,
            people[each.donor].name if names else _("name hidden"),
            people[each.donor].email if names else "",
            each.gifts,
            each.latest_at,
            each.ended_at,
        )
        for each in found
    ]


def csv_rows(now: datetime) -> Iterator[list[str | int]]:
    """Yield all of them with names, for a table; instants in UTC."""
    for row in lapsed_rows(lapsed(now), names=True):
        ended = row.ended_at.isoformat() if row.ended_at else ""
        yield [row.public_id, inert(row.name), inert(row.email), row.gifts, row.latest_at.isoformat(), ended]


def _repeated() -> tuple[set[int], dict[int, datetime]]:
    """Return whose repeated gift runs, and when the last one of the others ended."""
    known = Recurring.objects.filter(is_live=conf.is_live(), donor__isnull=False).order_by()
    over = Q(status=Recurring.Status.ENDED)
    rows = known.exclude(status=Recurring.Status.PENDING).values(person=_PERSON)
    counted = rows.annotate(running=Count("pk", filter=~over), ended=Max("ended_at", filter=over))
    runs: set[int] = set()
    ended: dict[int, datetime] = {}
    for row in counted:
        if row["running"]:
            runs.add(row["person"])
        elif row["ended"]:
            ended[row["person"]] = row["ended"]
    return runs, ended
