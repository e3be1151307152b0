"""How the books and the processors' own agree, in plain sentences for staff."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice

from django.core.paginator import Page, Paginator
from django.db.models import F, QuerySet, Sum
from django.utils.translation import gettext as _

from masthead.core.display import amount
from masthead.core.money import Money
from masthead.funding import conf
from masthead.funding.models import Difference, Entry, Reconciliation
from masthead.funding.rules.ledger import REHEARSAL, asset_account, scoped
from masthead.funding.rules.reconciling import Booked, Key

PER_PAGE = 50
_AT_ONCE = 500


def booked(provider: str, keys: Iterable[Key], *, since: datetime | None, is_live: bool) -> dict[Key, Booked]:
    """Return what the books say that a processor holds by each of these journals, and by all since an instant."""
    entries = Entry.objects.filter(
        account__code=scoped(asset_account(provider), is_live=is_live),
        journal__source=provider if is_live else f"{REHEARSAL}{provider}",
    )
    wanted = set(keys)
    found: dict[Key, Booked] = {}
    ids = iter({external_id for _kind, external_id in wanted})
    while some := list(islice(ids, _AT_ONCE)):
        known = _nets(entries.filter(journal__external_id__in=some))
        found |= {key: entry for key, entry in known if key in wanted}
    if since is not None:
        found |= dict(_nets(entries.filter(journal__value_at__gte=since)))
    return found


def _nets(entries: QuerySet[Entry]) -> Iterator[tuple[Key, Booked]]:
    rows = entries.values_list("journal__kind", "journal__external_id", "journal__value_at", "currency")
    for kind, external_id, at, currency, net in rows.annotate(net=Sum("amount_minor")).order_by("journal__value_at"):
        yield (kind, external_id), Booked(Money(net, currency), at)


def last_runs(number: int = 10) -> list[Reconciliation]:
    """Return the last comparisons in the site's mode, the latest first."""
    return list(Reconciliation.objects.filter(is_live=conf.is_live()).order_by("-began_at", "-pk")[:number])


def difference_page(*, number: str | None) -> Page[Difference]:
    """Return one page of differences in the site's mode: those that wait first, then the latest."""
    rows = Difference.objects.filter(is_live=conf.is_live())
    ordered = rows.exclude(state=Difference.State.GONE).order_by(F("decided_at").desc(nulls_first=True), "-at", "-pk")
    return Paginator(ordered, PER_PAGE).get_page(number)


def difference_for_staff(public_id: str) -> Difference | None:
    """Return one difference of the site's mode."""
    return Difference.objects.filter(public_id=public_id, is_live=conf.is_live()).first()


def open_differences() -> list[Difference]:
    """Return what waits for a person in the site's mode, the oldest first."""
    return list(Difference.objects.filter(is_live=conf.is_live(), state=Difference.State.OPEN).order_by("at", "pk"))


def said(run: Reconciliation) -> list[str]:
    """Say what a comparison found in all: both sums, in each currency."""
    if run.problem:
        return [_("%(provider)s could not be asked: %(problem)s") % {"provider": run.provider, "problem": run.problem}]
    facts = {"provider": run.provider}
    return [
        (
            _("%(provider)s says %(theirs)s, and so do we.")
            if theirs == ours
            else _("%(provider)s says %(theirs)s, we say %(ours)s.")
        )
        % {**facts, "theirs": amount(Money(theirs, currency)), "ours": amount(Money(ours, currency))}
        for currency, (theirs, ours) in sorted(run.sums.items())
    ] or [_("%(provider)s has no money of ours since then, and neither have the books.") % facts]


def sentence(row: Difference) -> str:
    """Say what does not agree."""
    facts = {"provider": row.provider, "key": row.external_id, "what": row.what, "payment": row.payment}
    facts |= {
        "theirs": amount(row.theirs),
        "ours": amount(row.ours),
        "day": f"{row.at.astimezone(conf.zone()):%Y-%m-%d}",
    }
    if row.kind == Difference.Kind.MISSING_HERE and row.payment:
        text = _("%(provider)s has %(theirs)s of %(day)s for the payment %(payment)s (%(what)s); the books lack it.")
    elif row.kind == Difference.Kind.MISSING_HERE:
        text = _("%(provider)s moved %(theirs)s on %(day)s for no payment (%(what)s); the books lack it.")
    elif row.kind == Difference.Kind.MISSING_THERE:
        text = _("The books have %(ours)s of %(day)s (%(key)s); %(provider)s does not list it.")
    elif row.kind == Difference.Kind.AMOUNT:
        text = _("%(provider)s says %(theirs)s for %(key)s of %(day)s (%(what)s), the books say %(ours)s.")
    else:
        text = _("The payout %(key)s of %(day)s is %(theirs)s, and its lines come to %(ours)s.")
    return text % facts
