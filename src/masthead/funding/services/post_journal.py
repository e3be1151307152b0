"""The only way into the books."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from masthead.core.clock import now
from masthead.funding.errors import NotAJournal
from masthead.funding.models import Account, Campaign, Entry, Journal
from masthead.funding.models.gift import Method
from masthead.funding.rules import bookings
from masthead.funding.rules.ledger import Posting, asset_account, campaign_account, is_journal, scoped


def post_journal(
    *,
    kind: Journal.Kind,
    source: str,
    external_id: str,
    value_at: datetime,
    month: date,
    postings: Sequence[Posting],
    reverses: Journal | None = None,
    about: Journal | None = None,
    note: str = "",
    recorded_by: int | None = None,
) -> Journal:
    """Write one journal with its entries, in the caller's transaction or one of its own.

    ``about`` names the journal of the gift that a later one is about (rule L1). Refuses sides that do not sum to zero
    per currency (``funding.not_a_journal``). The database refuses a second journal under the same key, a second
    reversal of the same journal, and accounts of a rehearsal beside real ones, with ``IntegrityError``.
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
            about=about,
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


def ensure_accounts(campaign: Campaign) -> None:
    """Open the accounts of a campaign that do not exist yet, real ones and those of rehearsals; safe when two do it."""
    wanted = {
        scoped(code, is_live=is_live): (kind, is_live)
        for code, kind in _accounts(campaign.slug).items()
        for is_live in (True, False)
    }
    known = set(Account.objects.filter(code__in=wanted).values_list("code", flat=True))
    Account.objects.bulk_create(
        [
            Account(
                code=code,
                kind=kind,
                campaign=None if kind == Account.Kind.ASSETS else campaign,
                is_live=is_live,
            )
            for code, (kind, is_live) in wanted.items()
            if code not in known
        ],
        ignore_conflicts=True,
    )


def _accounts(campaign: str) -> dict[str, Account.Kind]:
    kinds = Account.Kind
    return {
        **{asset_account(method): kinds.ASSETS for method in Method.values},
        campaign_account(campaign): kinds.INCOME,
        bookings.cover_account(campaign): kinds.COVER,
        bookings.fee_account(campaign): kinds.EXPENSES,
        bookings.dispute_account(campaign): kinds.EXPENSES,
        bookings.exchange_account(campaign): kinds.EXPENSES,
    }
