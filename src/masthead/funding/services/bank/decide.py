"""What a person decides about a line that is not certain."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from masthead.core.clock import now
from masthead.funding.bank_errors import IgnoredWithoutReason, LineDecided, NothingToBook
from masthead.funding.models import BankLine, Campaign, Gift, Pledge
from masthead.funding.models.gift import Method
from masthead.funding.rules.states import moved
from masthead.funding.services.bank.settle import (
    OPEN,
    arrived_at,
    external_key,
    fulfil,
    locked,
    mark_booked,
    returned_words,
)
from masthead.funding.services.gifts import record_gift, reverse_gift


def accept_suggestion(*, line: BankLine, decided_by: int) -> Gift:
    """Book what is suggested: the line as money of its pledge, or the return of its gift.

    Refuses a line without a suggestion (``funding.nothing_to_book``), and what the booking itself refuses.
    """
    with _deciding(line, decided_by) as held:
        if held.amount_minor > 0 and held.pledge is not None:
            gift = fulfil(held, held.pledge, decided_by)
        elif held.amount_minor < 0 and held.gift is not None:
            gift = _take_back(held, held.gift, decided_by)
        else:
            raise NothingToBook()
        mark_booked(held, gift, held.reason)
    return gift


def book_on_pledge(*, line: BankLine, pledge: Pledge, decided_by: int) -> Gift:
    """Book a line as money of a pledge that a person chose. Refuses money that went out, and what booking refuses."""
    with _deciding(line, decided_by) as held:
        if held.amount_minor < 0:
            raise NothingToBook()
        gift = fulfil(held, pledge, decided_by)
        mark_booked(held, gift, held.reason)
    return gift


def book_as_gift(
    *, line: BankLine, campaign: Campaign, decided_by: int, donor_name: str = "", public_name: str = ""
) -> Gift:
    """Book a line as a gift without pledge. Refuses money that went out, and what :func:`record_gift` refuses."""
    with _deciding(line, decided_by) as held:
        if held.amount_minor < 0:
            raise NothingToBook()
        gift = record_gift(
            campaign=campaign,
            amount=held.amount,
            method=Method.BANK_TRANSFER,
            received_at=arrived_at(held),
            donor_name=(donor_name or held.payer_name)[:120],
            public_name=public_name,
            source="bank",
            external_id=external_key(held),
            recorded_by=decided_by,
        )
        mark_booked(held, gift, held.reason)
    return gift


def take_back_gift(*, line: BankLine, gift: Gift, decided_by: int) -> Gift:
    """Take back the gift that a person chose for a return. Refuses money that came in, and a second time."""
    with _deciding(line, decided_by) as held:
        if held.amount_minor > 0:
            raise NothingToBook()
        mark_booked(held, _take_back(held, gift, decided_by), held.reason)
    return gift


def ignore_line(*, line: BankLine, reason: str, decided_by: int) -> None:
    """Put a line aside, with the reason. Refuses none (``funding.ignored_without_reason``)."""
    if not reason.strip():
        raise IgnoredWithoutReason()
    with _deciding(line, decided_by) as held:
        held.state = moved("bank line", held.state, BankLine.State.IGNORED)
        held.ignored_because = reason.strip()[:300]
        held.save(update_fields=["state", "ignored_because"])


def reopen_line(*, line: BankLine) -> None:
    """Take a line that was put aside out again. One that is booked stays booked."""
    BankLine.objects.filter(pk=line.pk, state=BankLine.State.IGNORED).update(
        state=BankLine.State.UNMATCHED, ignored_because="", decided_by=None, decided_at=None
    )


@contextmanager
def _deciding(line: BankLine, decided_by: int) -> Iterator[BankLine]:
    """Lock an open line and note who decides. Refuses one that is decided (``funding.line_decided``)."""
    with transaction.atomic():
        held = locked(line.pk)
        if held.state not in OPEN:
            raise LineDecided()
        yield held
        held.decided_by, held.decided_at = decided_by, now()
        held.save(update_fields=["decided_by", "decided_at"])


def _take_back(line: BankLine, gift: Gift, decided_by: int) -> Gift:
    reverse_gift(gift=gift, reason=returned_words(line), recorded_by=decided_by)
    return gift
