"""Close months: what they hold is sealed, and nobody changes it unseen."""

from __future__ import annotations

import secrets
from datetime import date

from django.db import IntegrityError, transaction

from masthead.core.clock import now
from masthead.funding import conf
from masthead.funding.events import MonthClosed
from masthead.funding.models import SealedMonth
from masthead.funding.rules import sealing
from masthead.funding.selectors import seals
from masthead.funding.services.audit import Act, note_act
from masthead.funding.staff_errors import MonthNotToClose
from masthead.outbox.services import record


def close_month(*, month: date, sealed_by: int | None = None) -> SealedMonth:
    """Seal a month that is over: the oldest one that is still open, so that the chain has no gap.

    Covers all real money that counts in it, and what came since the last seal for months that were closed before.
    Later bookings for it stay possible; they are listed as changes and covered by the next seal. Refuses a month that
    is not over or whose turn it is not (``funding.month_not_to_close``), also when two close it at once. Records
    ``MonthClosed``.
    """
    moment = now()
    if seals.next_to_close(moment) != month:
        raise MonthNotToClose()
    try:
        with transaction.atomic():
            seal = _seal(month, sealed_by)
            note_act(Act.MONTH_CLOSED, by=sealed_by, subject=sealing.month_text(month))
            record(MonthClosed(month=sealing.month_text(month), hash=seal.hash))
    except IntegrityError:
        raise MonthNotToClose() from None
    return seal


def close_due_months() -> None:
    """Close every month whose end is ``[funding] close_after_days`` past. A chore; doing it twice changes nothing."""
    while (month := seals.next_to_close(now())) is not None and seals.closes_at(month) <= now():
        close_month(month=month)


def _seal(month: date, sealed_by: int | None) -> SealedMonth:
    last = SealedMonth.objects.order_by("-month").first()
    journals, goals = seals.unsealed(month)
    seal = SealedMonth(
        month=month,
        sealed_at=now(),
        zone=conf.zone().key,
        salt=secrets.token_hex(16),
        previous=last.hash if last else sealing.FIRST,
        journals=journals,
        goals=goals,
        sealed_by=sealed_by,
    )
    seal.hash = sealing.sha256(seals.sealed_text(seal))
    seal.save(force_insert=True)
    return seal
