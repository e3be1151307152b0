"""Closed months: what their seals cover, and whether it still is what was sealed (rule X4)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Exists, Min, OuterRef, QuerySet
from django.utils.translation import gettext as _

from masthead.funding import conf
from masthead.funding.models import CampaignGoal, Entry, Journal, SealedMonth
from masthead.funding.rules import sealing
from masthead.funding.rules.months import month_of, month_start, next_month

# Journals that are read at once: a store takes only so many values in one question.
_AT_ONCE = 500


@dataclass(frozen=True)
class SealCheck:
    """One closed month and what is wrong with it; nothing when all is as it was sealed."""

    month: date
    hash: str
    problems: tuple[str, ...]


def seal_of(month: date) -> SealedMonth | None:
    """Return the seal of a month, or None while it is open."""
    return SealedMonth.objects.filter(month=month).first()


def zone_of(month: date) -> ZoneInfo:
    """Return the time zone by which a month is counted: a closed one keeps that of its closing (rule M4)."""
    closed = SealedMonth.objects.filter(month=month).values_list("zone", flat=True).first()
    return ZoneInfo(closed) if closed else conf.zone()


def seals() -> list[SealedMonth]:
    """Return all seals, the latest first."""
    return list(SealedMonth.objects.order_by("-month"))


def seal_hashes() -> dict[date, str]:
    """Return the hash of each closed month, the latest first. One query."""
    return dict(SealedMonth.objects.order_by("-month").values_list("month", "hash"))


def next_to_close(now: datetime) -> date | None:
    """Return the month whose turn it is, or None while it is not over or nothing was ever booked."""
    last = SealedMonth.objects.order_by("-month").first()
    if last is not None:
        month = next_month(last.month)
    else:
        first = _live().aggregate(first=Min("month"))["first"]
        if first is None:
            return None
        month = first
    return month if month < month_of(now, conf.zone()) else None


def closes_at(month: date) -> datetime:
    """Return when a month is closed without anybody's doing: its end and the days that late news gets."""
    return month_start(next_month(month), conf.zone()) + timedelta(days=conf.close_after_days())


def unsealed(month: date) -> tuple[list[int], list[int]]:
    """Return the journals and the goals that a seal of ``month`` has to cover: those up to it that none covers yet."""
    sealed_journals: set[int] = set()
    sealed_goals: set[int] = set()
    for journals, goals in SealedMonth.objects.values_list("journals", "goals"):
        sealed_journals.update(journals)
        sealed_goals.update(goals)
    booked = _live().filter(month__lte=month).order_by("pk").values_list("pk", flat=True)
    until = month_start(next_month(month), conf.zone())
    asked = CampaignGoal.objects.filter(since__lt=until).order_by("pk").values_list("pk", flat=True)
    return [pk for pk in booked if pk not in sealed_journals], [pk for pk in asked if pk not in sealed_goals]


def sealed_text(seal: SealedMonth) -> str:
    """Return the public text of a seal, made afresh from the books as they stand now."""
    head = sealing.Seal(
        month=seal.month, zone=seal.zone, sealed_at=seal.sealed_at, salt=seal.salt, previous=seal.previous
    )
    return sealing.public_text(head, list(_facts(seal.journals)), _goals(seal.goals))


def changes_after(seal: SealedMonth) -> list[sealing.SealedFact]:
    """Return what was booked for a month after it was closed, in the order in which it was booked."""
    covered = set(seal.journals)
    booked = _live().filter(month=seal.month).order_by("pk").values_list("pk", flat=True)
    return list(_facts(pk for pk in booked if pk not in covered))


def check_seals() -> Iterator[SealCheck]:
    """Look at every closed month, the oldest first: the chain, each hash, and that nothing is covered twice."""
    previous, month = sealing.FIRST, None
    seen: set[int] = set()
    for seal in SealedMonth.objects.order_by("month"):
        name = sealing.month_text(seal.month)
        problems = []
        if seal.previous != previous or (month and seal.month != next_month(month)):
            problems.append(_("The seal of %(month)s does not follow the one before it.") % {"month": name})
        if sealing.sha256(sealed_text(seal)) != seal.hash:
            problems.append(_("The books of %(month)s are not what was sealed.") % {"month": name})
        if seen.intersection(seal.journals):
            problems.append(_("The seal of %(month)s covers what another one covers.") % {"month": name})
        seen.update(seal.journals)
        previous, month = seal.hash, seal.month
        yield SealCheck(seal.month, seal.hash, tuple(problems))


def seal_problems() -> list[str]:
    """Return one sentence per thing that is wrong with the closed months."""
    return [problem for check in check_seals() for problem in check.problems]


def _live() -> QuerySet[Journal]:
    return Journal.objects.filter(Exists(Entry.objects.filter(journal=OuterRef("pk"), account__is_live=True)))


def _facts(numbers: Iterable[int]) -> Iterator[sealing.SealedFact]:
    wanted = list(numbers)
    for start in range(0, len(wanted), _AT_ONCE):
        rows = (
            Journal.objects.filter(pk__in=wanted[start : start + _AT_ONCE])
            .order_by("pk")
            .prefetch_related("entries__account")
        )
        for row in rows:
            yield _fact(row)


def _fact(row: Journal) -> sealing.SealedFact:
    return sealing.SealedFact(
        number=row.pk,
        month=row.month,
        kind=row.kind,
        entries=tuple(
            sealing.SealedEntry(side.account.code, side.amount_minor, side.currency) for side in row.entries.all()
        ),
        private={
            "source": row.source,
            "external_id": row.external_id,
            "value_at": sealing.instant(row.value_at),
            "reverses": row.reverses_id,
            "about": row.about_id,
            "note": row.note,
            "recorded_by": row.recorded_by,
            "recorded_at": sealing.instant(row.recorded_at),
        },
    )


def _goals(numbers: list[int]) -> list[sealing.SealedGoal]:
    rows = CampaignGoal.objects.filter(pk__in=numbers).select_related("campaign")
    return [sealing.SealedGoal(row.campaign.slug, row.amount_minor, row.campaign.currency, row.since) for row in rows]
