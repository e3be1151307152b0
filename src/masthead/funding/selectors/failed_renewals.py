"""Repeated gifts whose payment failed, what was written about it, and what was paid after all: for staff."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import DateTimeField, ExpressionWrapper, F, OuterRef, Prefetch, Q, QuerySet, Subquery, Sum
from django.utils.translation import gettext as _

from masthead.core.money import Money
from masthead.funding import conf
from masthead.funding.models import Account, Entry, Gift, RecoveryMail, Recurring, RenewalFailure
from masthead.funding.rules.months import months_later
from masthead.funding.rules.recovery import CLOCKS_DIFFER

MOST_SHOWN = 50
MONTHS = 12


@dataclass(frozen=True)
class FailedRow:
    """One repeated gift that is owed. ``since`` is None where the failure is older than what is kept of it."""

    donor: str
    name: str
    amount: Money
    every: str
    since: datetime | None
    retry_at: datetime | None
    written_at: list[datetime]
    is_quiet: bool
    has_address: bool


@dataclass(frozen=True)
class Recovered:
    """Of the failures that began in the last twelve months: paid after all, with their sums, and how the rest stand."""

    failures: int
    paid: int
    sums: list[Money]
    waiting: int


def failed_count() -> int:
    """Return how many repeated gifts are owed."""
    return _owed().count()


def failed_rows(*, names: bool) -> list[FailedRow]:
    """Return the repeated gifts that are owed, the latest first, fifty at most. Three queries."""
    mails = Prefetch("mails", RecoveryMail.objects.exclude(sent_at=None).order_by("sent_at"))
    failures = RenewalFailure.objects.filter(over_at=None).prefetch_related(mails)
    rows = _owed().select_related("donor__merged_into", "pledge").order_by("-read_at", "-pk")[:MOST_SHOWN]
    shown = rows.prefetch_related(Prefetch("failures", failures, to_attr="open_failures"))
    return [_row(row, names=names) for row in shown]


def recovered(now: datetime) -> Recovered:
    """Return what became of the payments that failed in the last twelve months. Three queries.

    One is recovered when its gift came between the day on which it was due and the end of its arrears; the sums are
    what is left of those gifts in the books, without what was added for fees.
    """
    since = months_later(now.astimezone(conf.zone()), -MONTHS)
    known = RenewalFailure.objects.filter(recurring__is_live=conf.is_live(), due_at__gte=since)
    ends = ExpressionWrapper(OuterRef("over_at") + CLOCKS_DIFFER, output_field=DateTimeField())
    gifts = Gift.objects.filter(
        recurring=OuterRef("recurring"), journal__value_at__gte=OuterRef("due_at"), journal__value_at__lte=ends
    ).order_by("journal__value_at", "pk")
    over = known.filter(over_at__isnull=False).alias(came=Subquery(gifts.values("journal")[:1]))
    journals = list(over.filter(came__isnull=False).values_list(F("came"), flat=True))
    return Recovered(
        failures=known.count(),
        paid=len(journals),
        sums=_left(journals),
        waiting=known.filter(over_at=None).count(),
    )


def _owed() -> QuerySet[Recurring]:
    return Recurring.objects.filter(status=Recurring.Status.PAST_DUE, is_live=conf.is_live())


def _row(row: Recurring, *, names: bool) -> FailedRow:
    failure: RenewalFailure | None = next(iter(row.open_failures), None)  # type: ignore[attr-defined]  # prefetched
    donor = row.donor.as_now() if row.donor else None
    return FailedRow(
        donor=donor.public_id if donor else "",
        name=(donor.name or donor.email if donor else "") if names else _("name hidden"),
        amount=row.amount,
        every=row.pledge.get_every_display(),
        since=failure.due_at if failure else None,
        retry_at=row.retry_at,
        written_at=[mail.sent_at for mail in failure.mails.all() if mail.sent_at] if failure else [],
        is_quiet=bool(failure and failure.is_quiet),
        has_address=bool(donor and donor.email),
    )


def _left(journals: list[int]) -> list[Money]:
    about = Q(journal__in=journals) | Q(journal__about__in=journals) | Q(journal__reverses__in=journals)
    entries = Entry.objects.filter(about, account__kind=Account.Kind.INCOME)
    sums = entries.values("currency").annotate(minor=Sum("amount_minor")).order_by("currency")
    return [Money(-row["minor"], row["currency"]) for row in sums]
