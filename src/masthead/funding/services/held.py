"""Settle one thing at a time: what cannot be settled is kept and tried again, and holds up nothing else."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from masthead.core.clock import now
from masthead.funding import conf
from masthead.funding.events import ReadingNeedsAPerson
from masthead.funding.models import Held, Payment
from masthead.funding.paying_errors import ProcessorAway
from masthead.funding.ports import Kind, ProviderAway, ProviderRefused, Ref
from masthead.funding.rules.states import moved
from masthead.funding.services.refresh import NotSettledYet, refresh
from masthead.funding.staff_errors import NoReasonToSetAside
from masthead.outbox.services import record

logger = logging.getLogger(__name__)

# How often it is tried before a person is asked. Debits settle within days, all else within hours.
_TRIES = {Held.Reason.AWAY: 8, Held.Reason.UNSETTLED: 20, Held.Reason.FAILED: 3, Held.Reason.REFUSED: 2}
_FIRST_PAUSE, _LONGEST_PAUSE = timedelta(minutes=5), timedelta(hours=6)


def attempt(provider: str, ref: Ref, *, is_live: bool) -> bool:
    """Read and settle one thing; tell whether that was possible.

    What was not possible is kept as :class:`Held`, tried again later and at last handed to a person, never lost (rule
    W5). Raises :class:`ProviderAway` after keeping it, so that the caller may stop when nobody answers at all.
    """
    try:
        refresh(provider, ref)
    except ProviderAway as error:
        _hold(provider, ref, Held.Reason.AWAY, str(error), is_live=is_live)
        raise
    except NotSettledYet:
        _hold(provider, ref, Held.Reason.UNSETTLED, "", is_live=is_live)
        return False
    except ProviderRefused as error:
        _hold(provider, ref, Held.Reason.REFUSED, error.reason, is_live=is_live)
        return False
    except Exception as error:
        # One thing that nobody foresaw must not stop the money of all others.
        logger.exception("%s %s of %s could not be settled", ref.kind, ref.external_id, provider)
        _hold(provider, ref, Held.Reason.FAILED, f"{type(error).__name__}: {error}", is_live=is_live)
        return False
    _rows(provider, ref, is_live=is_live).exclude(state=Held.State.ASIDE).delete()
    return True


def waits(provider: str, ref: Ref, *, is_live: bool) -> bool:
    """Tell whether something is kept already and is not due: catching up leaves it to its own time."""
    return _rows(provider, ref, is_live=is_live).filter(next_at__gt=now()).exists()


def try_held_again() -> None:
    """Try what is due of all that is kept. A chore; one processor that is away holds up no other."""
    away = set()
    due = Held.objects.filter(next_at__lte=now(), is_live=conf.is_live()).exclude(state=Held.State.ASIDE)
    for row in due.order_by("next_at"):
        if row.provider in away:
            continue
        try:
            attempt(row.provider, Ref(Kind(row.kind), row.external_id), is_live=row.is_live)
        except ProviderAway:
            away.add(row.provider)


def try_again(provider: str, ref: Ref, *, is_live: bool) -> bool:
    """Let staff try one now, also one that was set aside; tell whether it is settled and nothing is left to ask.

    Refuses while the processor does not answer (``funding.processor_away``).
    """
    _rows(provider, ref, is_live=is_live).filter(state=Held.State.ASIDE).update(state=Held.State.PERSON)
    try:
        is_settled = attempt(provider, ref, is_live=is_live)
    except ProviderAway:
        raise ProcessorAway() from None
    return is_settled and not problem_of(provider, ref)


def set_aside(provider: str, ref: Ref, *, is_live: bool, because: str, decided_by: int | None = None) -> None:
    """Ask no more about one thing; nothing is booked for it.

    When its payment shows another problem later, it is asked about again. Refuses a blank reason
    (``funding.no_reason_to_set_aside``).
    """
    if not because.strip():
        raise NoReasonToSetAside()
    problem = problem_of(provider, ref)
    decision: dict[str, Any] = {
        "state": Held.State.ASIDE,
        "because": because.strip()[:300],
        "decided_at": now(),
    }
    decision |= {"decided_by": decided_by, **({"reason": problem} if problem else {})}
    Held.objects.update_or_create(
        provider=provider, is_live=is_live, kind=ref.kind.value, external_id=ref.external_id, defaults=decision
    )


def problem_of(provider: str, ref: Ref) -> str:
    """Return what is wrong with a payment; empty for other things and where nothing is."""
    payments = Payment.objects.filter(provider=provider, external_id=ref.external_id)
    return payments.values_list("problem", flat=True).first() or "" if ref.kind == Kind.PAYMENT else ""


def _rows(provider: str, ref: Ref, *, is_live: bool) -> QuerySet[Held]:
    return Held.objects.filter(provider=provider, is_live=is_live, kind=ref.kind.value, external_id=ref.external_id)


def _hold(provider: str, ref: Ref, reason: Held.Reason, sentence: str, *, is_live: bool) -> None:
    """Keep one thing until its next try; from its last try on a person is asked, once."""
    with transaction.atomic():
        row, _is_new = Held.objects.select_for_update().get_or_create(
            provider=provider, is_live=is_live, kind=ref.kind.value, external_id=ref.external_id
        )
        if row.state == Held.State.ASIDE:
            return
        row.reason, row.sentence, row.tries = reason, sentence[:2000], row.tries + 1
        row.next_at = now() + min(_FIRST_PAUSE * 2 ** min(row.tries - 1, 10), _LONGEST_PAUSE)
        if row.tries >= _TRIES[reason] and row.state == Held.State.WAITING:
            row.state = moved("held", row.state, Held.State.PERSON)
            record(ReadingNeedsAPerson(provider, ref.kind.value, ref.external_id, reason.value))
        row.save()
