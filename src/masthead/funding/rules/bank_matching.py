"""What is certain about a line of a bank statement, and what only a person can say.

Certain is a reference of ours with the amount and currency that were announced. All else is a suggestion with its
reason, or nothing. No rule here prefers the more likely of two answers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from masthead.core.money import Money


class Reason(StrEnum):
    """Why a line was booked, is shown to a person, or is left alone."""

    CERTAIN = "certain"
    OTHER_AMOUNT = "other_amount"
    CLOSED = "closed"
    FULFILLED = "fulfilled"
    SEVERAL_REFERENCES = "several_references"
    BY_HAND = "by_hand"
    OTHER_FORMAT = "other_format"
    SAME_PAYER = "same_payer"
    SEVERAL_PAYERS = "several_payers"
    UNKNOWN_REFERENCE = "unknown_reference"
    NO_REFERENCE = "no_reference"
    OWN_RETURN = "own_return"
    RETURN_SEVERAL = "return_several"
    RETURN_UNKNOWN = "return_unknown"
    RETURN_UNNAMED = "return_unnamed"
    WENT_OUT = "went_out"
    TO_COME = "to_come"


@dataclass(frozen=True, slots=True)
class PledgeFacts:
    """A pledge as matching sees it; ``twin`` says how the same money seems to be booked already."""

    id: int
    amount: Money
    is_closed: bool = False
    is_fulfilled: bool = False
    twin: Reason | None = None


@dataclass(frozen=True, slots=True)
class GiftFacts:
    """A standing gift that a return may take back, and what of it the return repeats."""

    id: int
    same_transfer: bool = False
    same_reference: bool = False
    same_account: bool = False
    same_name: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """What to do with a line: book it, show it to a person, or list it."""

    reason: Reason
    is_certain: bool = False
    is_suggested: bool = False
    pledge: int | None = None
    gift: int | None = None


def judge_credit(
    amount: Money,
    *,
    is_return: bool,
    references: int,
    named: Sequence[PledgeFacts],
    same_payer: Sequence[PledgeFacts],
) -> Verdict:
    """Judge money that came in: ``named`` are the pledges of its references, ``same_payer`` those of who sent it."""
    if is_return:
        return Verdict(Reason.OWN_RETURN, is_suggested=bool(named), pledge=named[0].id if len(named) == 1 else None)
    if references > 1:
        return Verdict(Reason.SEVERAL_REFERENCES, is_suggested=True)
    if named:
        return _judge_named(amount, named[0])
    if len(same_payer) == 1:
        return Verdict(Reason.SAME_PAYER, is_suggested=True, pledge=same_payer[0].id)
    if same_payer:
        return Verdict(Reason.SEVERAL_PAYERS, is_suggested=True)
    return Verdict(Reason.UNKNOWN_REFERENCE if references else Reason.NO_REFERENCE)


def judge_debit(*, is_return: bool, candidates: Sequence[GiftFacts]) -> Verdict:
    """Judge money that went out: ``candidates`` are standing gifts of this amount that it may give back."""
    if not is_return:
        return Verdict(Reason.WENT_OUT, is_suggested=True, gift=candidates[0].id if len(candidates) == 1 else None)
    for agreeing in (
        [gift for gift in candidates if gift.same_transfer],
        [gift for gift in candidates if gift.same_reference],
        [gift for gift in candidates if gift.same_account],
    ):
        if len(agreeing) == 1:
            return Verdict(Reason.CERTAIN, is_certain=True, gift=agreeing[0].id)
        if agreeing:
            return Verdict(Reason.RETURN_SEVERAL, is_suggested=True)
    if len(candidates) == 1 and candidates[0].same_name:
        return Verdict(Reason.RETURN_UNNAMED, is_suggested=True, gift=candidates[0].id)
    if candidates:
        return Verdict(Reason.RETURN_UNNAMED, is_suggested=True)
    return Verdict(Reason.RETURN_UNKNOWN, is_suggested=True)


def _judge_named(amount: Money, pledge: PledgeFacts) -> Verdict:
    why = None
    if pledge.is_closed:
        why = Reason.CLOSED
    elif pledge.is_fulfilled:
        why = Reason.FULFILLED
    elif pledge.amount != amount:
        why = Reason.OTHER_AMOUNT
    elif pledge.twin:
        why = pledge.twin
    if why is None:
        return Verdict(Reason.CERTAIN, is_certain=True, pledge=pledge.id)
    return Verdict(why, is_suggested=True, pledge=pledge.id)
