"""Book what is certain about a line; keep the reason of what is not."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from django.db import transaction
from django.utils.translation import gettext as _

from masthead.core.clock import now
from masthead.core.errors import DomainError
from masthead.funding import conf
from masthead.funding.errors import ReceivedInFuture
from masthead.funding.models import BankLine, Gift, Pledge
from masthead.funding.models.gift import Method
from masthead.funding.rules.bank_matching import Reason, Verdict
from masthead.funding.rules.months import received_instant
from masthead.funding.rules.states import moved
from masthead.funding.selectors.bank import verdict_on
from masthead.funding.services.gifts import reverse_gift
from masthead.funding.services.pledges import fulfil_pledge

OPEN = (BankLine.State.SUGGESTED, BankLine.State.UNMATCHED)


def settle_line(*, line_id: int, recorded_by: int | None = None) -> bool:
    """Judge an open line anew; book it when it is certain. Return whether the books changed.

    One transaction, with the line locked: whoever comes second finds it decided. Lines that a person decided about
    are left alone.
    """
    with transaction.atomic():
        line = locked(line_id)
        if line.state not in OPEN:
            return False
        verdict = verdict_on(line)
        if verdict.is_certain:
            try:
                with transaction.atomic():
                    book(line, verdict, recorded_by)
                return True
            except ReceivedInFuture:
                verdict = Verdict(Reason.TO_COME)
            except DomainError:  # somebody booked the same money a moment ago: look once more
                verdict = verdict_on(line)
        # Still certain although the books refuse it: a person reads why when he accepts it.
        is_for_a_person = verdict.is_suggested or verdict.is_certain
        state = BankLine.State.SUGGESTED if is_for_a_person else BankLine.State.UNMATCHED
        line.state = moved("bank line", line.state, state)
        line.reason = verdict.reason
        line.pledge_id, line.gift_id = verdict.pledge, verdict.gift
        line.save(update_fields=["state", "reason", "pledge", "gift"])
    return False


def book(line: BankLine, verdict: Verdict, recorded_by: int | None) -> None:
    """Do what a verdict says, inside the transaction that locks the line."""
    if verdict.pledge is not None:
        mark_booked(line, fulfil(line, Pledge.objects.get(pk=verdict.pledge), recorded_by), verdict.reason)
    else:  # a certain verdict that names no pledge names a gift
        gift = Gift.objects.select_related("journal", "campaign").get(pk=cast("int", verdict.gift))
        reverse_gift(gift=gift, reason=returned_words(line), recorded_by=recorded_by)
        mark_booked(line, gift, verdict.reason)


def fulfil(line: BankLine, pledge: Pledge, recorded_by: int | None) -> Gift:
    """Book a line as the money of a pledge; the line's fingerprint is the key, so it is booked once."""
    return fulfil_pledge(
        pledge=pledge,
        amount=line.amount,
        method=Method.BANK_TRANSFER,
        received_at=arrived_at(line),
        external_id=external_key(line),
        recorded_by=recorded_by,
    )


def mark_booked(line: BankLine, gift: Gift, reason: str) -> None:
    """Write down which gift a line became, or took back."""
    line.state = moved("bank line", line.state, BankLine.State.BOOKED)
    line.reason, line.gift, line.pledge_id = reason, gift, gift.pledge_id
    line.save(update_fields=["state", "reason", "gift", "pledge"])


def arrived_at(line: BankLine) -> datetime:
    """Return the instant that stands for a line's value date."""
    return received_instant(line.valued_on, conf.zone(), now())


def external_key(line: BankLine) -> str:
    """Return the key under which the books know a line."""
    return f"bank:{line.fingerprint}"


def returned_words(line: BankLine) -> str:
    """Return the reason that stands in the books beside a gift that went back."""
    return _("Returned by the bank, value date %(day)s.") % {"day": line.valued_on.isoformat()}


def locked(line_id: int) -> BankLine:
    """Return a line that nobody else decides about until this transaction ends."""
    return BankLine.objects.select_for_update(of=("self",)).select_related("statement").get(pk=line_id)
