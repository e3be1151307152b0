"""All journals in the order of their numbers, to be written for other programs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.db.models import Min

from masthead.core.money import Money
from masthead.funding import conf
from masthead.funding.models import Account, Journal
from masthead.funding.rules.ledger import Posting
from masthead.funding.rules.ledger_export import Written

_AT_ONCE = 1000


def journals(*, first: date | None = None, last: date | None = None) -> Iterator[Written]:
    """Return the journals of the site's mode whose day lies between both, in the order they were written."""
    rows = Journal.objects.filter(entries__account__is_live=conf.is_live()).distinct().order_by("pk")
    for row in rows.prefetch_related("entries__account").iterator(chunk_size=_AT_ONCE):
        written = _written(row)
        if (first is None or first <= written.day) and (last is None or written.day <= last):
            yield written


def accounts_opened() -> dict[str, date]:
    """Return each account of the site's mode that was ever used, with the first day."""
    used = Account.objects.filter(is_live=conf.is_live(), entries__isnull=False)
    begun = used.annotate(begun=Min("entries__journal__value_at")).values_list("code", "begun")
    return {code: at.astimezone(conf.zone()).date() for code, at in begun}


def _written(row: Journal) -> Written:
    entries = sorted(row.entries.all(), key=lambda entry: entry.pk)
    return Written(
        number=row.pk,
        day=row.value_at.astimezone(conf.zone()).date(),
        at=row.value_at.astimezone(conf.zone()),
        month=row.month,
        kind=row.kind,
        source=row.source,
        key=row.external_id,
        about=row.about_id or row.reverses_id,
        note=row.note,
        postings=tuple(Posting(entry.account.code, Money(entry.amount_minor, entry.currency)) for entry in entries),
    )
