"""The only way into the books."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from masthead.core.clock import now
from masthead.funding.errors import NotAJournal
from masthead.funding.models import Account, Campaign, Entry, Journal
from masthead.funding.rules.ledger import Posting, is_journal


def post_journal(
    *,
    kind: Journal.Kind,
    source: str,
    external_id: str,
    value_at: datetime,
    month: date,
    postings: Sequence[Posting],
    reverses: Journal | None = None,
    note: str = "",
    recorded_by: int | None = None,
) -> Journal:
    """Write one journal with its entries, in the caller's transaction or one of its own.

    Refuses sides that do not sum to zero per currency (``funding.not_a_journal``). The database refuses a second
    journal under the same key, and a second reversal of the same journal, with ``IntegrityError``.
    """
    if not is_journal(postings):
        raise NotAJournal()
    with transaction.atomic():
        journal = Journal.objects.create(
            kind=kind,
            source=source,
            external_id=external_id,
            value_at=value_at,
            month=month,
            reverses=reverses,
            note=note,
            recorded_by=recorded_by,
            recorded_at=now(),
        )
        accounts = Account.objects.in_bulk([posting.account for posting in postings], field_name="code")
        Entry.objects.bulk_create(
            Entry(
                journal=journal,
                account=accounts[posting.account],
                amount_minor=posting.amount.amount_minor,
                currency=posting.amount.currency,
            )
            for posting in postings
        )
    return journal


def ensure_accounts(campaign: Campaign, wanted: dict[str, Account.Kind]) -> None:
    """Open the accounts that do not exist yet; safe when two do it at once."""
    Account.objects.bulk_create(
        [
            Account(code=code, kind=kind, campaign=campaign if kind == Account.Kind.INCOME else None)
            for code, kind in wanted.items()
            if not Account.objects.filter(code=code).exists()
        ],
        ignore_conflicts=True,
    )
