"""Settle differences between the books and a processor: only a person does, and says why (rule X2)."""

from __future__ import annotations

from django.db import transaction

from masthead.core.clock import now
from masthead.funding import conf
from masthead.funding.models import Campaign, Difference, Journal
from masthead.funding.rules import bookings
from masthead.funding.rules.ledger import Posting, asset_account, scoped
from masthead.funding.rules.months import month_of
from masthead.funding.rules.states import moved
from masthead.funding.services.audit import Act, note_act
from masthead.funding.services.post_journal import ensure_accounts, post_journal
from masthead.funding.staff_errors import AlreadyDecided, NoReasonToSetAside, NothingToPost


def post_difference(*, difference: Difference, campaign: Campaign, because: str, decided_by: int | None) -> Journal:
    """Post what the processor took or gave beside all payments, as its fee, so that both agree.

    Refuses a blank reason (``funding.no_reason_to_set_aside``), a difference that is decided
    (``funding.already_decided``), and one that is a payment's own or in another currency than the campaign counts in
    (``funding.nothing_to_post``): such money is mended where it is wrong, never by a line that hides it.
    """
    with transaction.atomic():
        row = _open(difference, because)
        if row.kind != Difference.Kind.MISSING_HERE or row.payment or row.currency != campaign.currency:
            raise NothingToPost()
        ensure_accounts(campaign)
        assets, fees = asset_account(row.provider), bookings.fee_account(campaign.slug)
        journal = post_journal(
            kind=Journal.Kind.CORRECTION,
            source=row.provider if row.is_live else f"rehearsal:{row.provider}",
            external_id=row.external_id,
            value_at=row.at,
            month=month_of(row.at, conf.zone()),
            postings=[
                Posting(scoped(assets, is_live=row.is_live), row.rest),
                Posting(scoped(fees, is_live=row.is_live), -row.rest),
            ],
            note=because.strip(),
            recorded_by=decided_by,
        )
        _decide(row, Act.DIFFERENCE_POSTED, because, decided_by, journal=journal)
    return journal


def set_difference_aside(*, difference: Difference, because: str, decided_by: int | None) -> None:
    """Ask no more about a difference; the books stay as they are. Refuses a blank reason, and one that is decided."""
    with transaction.atomic():
        _decide(_open(difference, because), Act.DIFFERENCE_ASIDE, because, decided_by)


def _open(difference: Difference, because: str) -> Difference:
    if not because.strip():
        raise NoReasonToSetAside()
    row = Difference.objects.select_for_update().get(pk=difference.pk)
    if row.state != Difference.State.OPEN:
        raise AlreadyDecided()
    return row


_STATES = {Act.DIFFERENCE_POSTED: Difference.State.POSTED, Act.DIFFERENCE_ASIDE: Difference.State.ASIDE}


def _decide(row: Difference, act: Act, because: str, decided_by: int | None, journal: Journal | None = None) -> None:
    row.state = moved("difference", row.state, _STATES[act])
    row.because, row.journal = because.strip()[:300], journal
    row.decided_by, row.decided_at = decided_by, now()
    row.save()
    note_act(act, by=decided_by, subject=row.public_id, amount=row.rest, detail=row.because)
