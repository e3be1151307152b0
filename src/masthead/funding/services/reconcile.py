"""Compare the books with the processors' own: each night, and with ``masthead reconcile``."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Min

from masthead.core.clock import now
from masthead.funding import conf
from masthead.funding.events import BooksDiffer
from masthead.funding.models import Difference, Payment, Pledge, Reconciliation
from masthead.funding.ports import BalanceLine, Kind, ProviderAway, ProviderRefused, Ref
from masthead.funding.providers import provider_named, ready_providers
from masthead.funding.rules.reconciling import Found, compared, key_of, payout_difference
from masthead.funding.selectors import reconciled
from masthead.funding.services.catch_up import catch_up
from masthead.funding.services.held import attempt
from masthead.outbox.services import record

# Lines are read again for as long as one may appear late (rule X3).
_OVERLAP = timedelta(days=7)
_ALL = 1_000_000


def reconcile_with_all() -> None:
    """Compare with every processor that is ready. A chore; one that is away holds up no other, and the row says so."""
    for provider in ready_providers():
        try:
            reconcile(provider.name, is_live=conf.is_live())
        except (ProviderAway, ProviderRefused) as error:
            Reconciliation.objects.create(
                provider=provider.name, is_live=conf.is_live(), since=now(), began_at=now(), problem=str(error) or "?"
            )


def reconcile(provider: str, *, is_live: bool) -> Reconciliation:
    """Bring the books to what the processor says, compare both to the last line, and keep what does not agree.

    What is missing here is read once more and booked as any other reading: with no notification at all this alone
    reaches the same books (rule W12). What then still differs is listed, and nothing is posted for it but by a person
    (rule X2). Twice in a row changes nothing (rule X3). Raises what the provider raises; then nothing is kept.
    Records ``BooksDiffer`` for differences that were not known.
    """
    began = now()
    catch_up(provider, is_live=is_live, pages=_ALL)
    since = _since(provider, is_live=is_live)
    lines, payouts, wrong = _read(provider, since)
    _settle_missing(provider, lines, is_live=is_live)
    own = _own(provider, lines)
    booked = reconciled.booked(provider, [key_of(line) for line in own], since=since, is_live=is_live)
    found, sums = compared(own, booked, journals_since=since)
    row = Reconciliation(
        provider=provider, is_live=is_live, since=since, began_at=began, lines=len(lines), payouts=payouts
    )
    row.foreign, row.sums = len(lines) - len(own), sums
    _keep(row, [*found, *wrong])
    return row


def _since(provider: str, *, is_live: bool) -> datetime:
    """Return from when on to compare: before the last whole comparison, and before what is still open."""
    done = Reconciliation.objects.filter(provider=provider, is_live=is_live, problem="").order_by("-began_at").first()
    waiting = Difference.objects.filter(provider=provider, is_live=is_live, state=Difference.State.OPEN)
    first = Pledge.objects.filter(method=provider, is_live=is_live).aggregate(first=Min("noted_at"))["first"]
    begin: datetime = done.began_at if done else first or now()
    oldest: datetime | None = waiting.aggregate(first=Min("at"))["first"]
    return min(begin, oldest or begin) - _OVERLAP


def _read(provider: str, since: datetime) -> tuple[list[BalanceLine], int, list[Found]]:
    """Return all lines since an instant and those of payouts since then, how many payouts, and which are wrong."""
    asked = provider_named(provider)
    known = {line.external_id: line for line in asked.balance_lines(since=since)}
    payouts, wrong = 0, []
    for payout in asked.payouts_since(since):
        payouts += 1
        gathered = list(asked.balance_lines(payout=payout.external_id))
        known |= {line.external_id: line for line in gathered}
        difference = payout_difference(payout, gathered)
        if difference is not None:
            wrong.append(difference)
    lines = [line for line in known.values() if line.fact != "payout"]
    return sorted(lines, key=lambda line: (line.at, line.external_id)), payouts, wrong


def _settle_missing(provider: str, lines: list[BalanceLine], *, is_live: bool) -> None:
    """Read once more the payments whose lines are not booked."""
    there = reconciled.booked(provider, [key_of(line) for line in lines], since=None, is_live=is_live)
    payments = {line.payment: None for line in lines if line.payment and key_of(line) not in there}
    for payment in payments:
        attempt(provider, Ref(Kind.PAYMENT, payment), is_live=is_live)


def _own(provider: str, lines: list[BalanceLine]) -> list[BalanceLine]:
    """Return the lines that are the newsroom's: of payments it asked for, or of none (rule W11)."""
    known = set(Payment.objects.filter(provider=provider).values_list("external_id", flat=True))
    return [line for line in lines if not line.payment or line.payment in known]


def _keep(row: Reconciliation, found: list[Found]) -> None:
    """Write down the comparison; what was open and is not found any more has gone by itself."""
    with transaction.atomic():
        row.save()
        new, seen = 0, []
        for each in found:
            difference, is_new = Difference.objects.update_or_create(
                provider=row.provider,
                is_live=row.is_live,
                kind=each.kind,
                external_id=each.external_id,
                defaults={"theirs_minor": each.theirs.amount_minor, "ours_minor": each.ours.amount_minor},
                create_defaults={
                    "theirs_minor": each.theirs.amount_minor,
                    "ours_minor": each.ours.amount_minor,
                    "currency": each.theirs.currency,
                    "at": each.at,
                    "what": each.what[:300],
                    "payment": each.payment,
                    "first_seen_at": row.began_at,
                },
            )
            new += is_new
            seen.append(difference.pk)
        again = Difference.objects.filter(pk__in=seen, state=Difference.State.GONE)
        new += again.update(state=Difference.State.OPEN)
        waiting = Difference.objects.filter(provider=row.provider, is_live=row.is_live, state=Difference.State.OPEN)
        waiting.exclude(pk__in=seen).update(state=Difference.State.GONE)
        if new:
            record(BooksDiffer(reconciliation=row.pk, count=new))
