"""What a processor says of one payment, and how two such readings become one.

Processors tell late, twice, in any order, or not at all. So nothing here depends on order: a reading is a set of
facts, and :func:`merged` joins two readings into the facts of both. It is commutative, associative and idempotent,
and no fact is ever lost by it: a late "failed" cannot undo "paid", a stale reading cannot undo a newer one (rules W6,
W8 and W9 of money).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import IntEnum
from typing import TypeVar

from masthead.core.money import Money

Fact = TypeVar("Fact", "Refund", "Dispute", "Movement", "AttemptStatus")


class Status(IntEnum):
    """How far a payment is. A higher one was reached once and holds."""

    OPEN = 0
    """The payer has not finished, or the money is on its way."""
    FAILED = 1
    """Declined, given up or expired; the payer may still try again."""
    SUCCEEDED = 2
    """The processor has the money."""


class AttemptStatus(IntEnum):
    """How far one try to take the money is. Each try ends by itself, whatever becomes of the others."""

    ON_ITS_WAY = 0
    FAILED = 1
    SUCCEEDED = 2


class RefundStatus(IntEnum):
    """How far a refund is. Failing comes after succeeding: banks send money back."""

    PENDING = 0
    SUCCEEDED = 1
    FAILED = 2


class DisputeStatus(IntEnum):
    """How far a dispute is. Money moves only by its movements (rule D1)."""

    INQUIRY = 0
    INQUIRY_CLOSED = 1
    OPEN = 2
    LOST = 3
    WON = 4


@dataclass(frozen=True, order=True)
class Settlement:
    """What the processor's own books say of a movement: ``gross`` and ``fee`` in the currency it settles in.

    ``gross`` is above zero whichever way the money went; ``fee`` is below zero when a fee came back. Never an estimate
    of ours (rule L8).
    """

    external_id: str
    gross: Money
    fee: Money

    @property
    def net(self) -> Money:
        """What the balance changed by, for money that came in."""
        return self.gross - self.fee


@dataclass(frozen=True)
class Capture:
    """Money that was taken: its own id at the processor is what makes a gift one gift (rule W7).

    ``failure``: the payer's bank took it back because the debit had failed after all.
    """

    external_id: str
    amount: Money
    paid_at: datetime
    settlement: Settlement | None = None
    failure: Settlement | None = None
    failed_at: datetime | None = None


@dataclass(frozen=True)
class Refund:
    """Money on its way back to the payer, wherever that was asked for (rule R2). ``failure``: it came back to us."""

    external_id: str
    amount: Money
    status: RefundStatus
    at: datetime
    settlement: Settlement | None = None
    failure: Settlement | None = None
    failed_at: datetime | None = None

    @property
    def is_settled(self) -> bool:
        """Tell whether the processor's books say all that belongs to what this refund says of itself (rule L8)."""
        is_back = self.status != RefundStatus.FAILED or self.failure is not None
        return self.status == RefundStatus.PENDING or (self.settlement is not None and is_back)


@dataclass(frozen=True)
class Movement:
    """Money that a dispute moved: below zero withdrawn, above zero reinstated; the fee of its own.

    A fee that the processor takes by itself moves nothing else. ``presented`` is the amount in the giver's own
    currency, where the processor tells it.
    """

    external_id: str
    amount: Money
    fee: Money
    at: datetime
    presented: Money | None = None

    @property
    def is_withdrawn(self) -> bool:
        """Tell whether the processor took it."""
        return self.amount.amount_minor < 0 or (not self.amount.amount_minor and self.fee.amount_minor > 0)


@dataclass(frozen=True)
class Dispute:
    """A payer's bank asks, or takes the money back."""

    external_id: str
    amount: Money
    status: DisputeStatus
    opened_at: datetime
    movements: Mapping[str, Movement] = field(default_factory=dict)


@dataclass(frozen=True)
class PaymentFacts:
    """All that is known of one payment.

    ``pledge`` is the public id that this site gave with the order: without it the payment is somebody else's (rule
    W11). ``subscription`` is the processor's id when the payment is one of a row. ``failure`` says in the processor's
    words why it did not succeed, and is empty once it did.
    """

    provider: str
    external_id: str
    is_live: bool
    status: Status
    pledge: str
    subscription: str = ""
    capture: Capture | None = None
    refunds: Mapping[str, Refund] = field(default_factory=dict)
    disputes: Mapping[str, Dispute] = field(default_factory=dict)
    failure: str = ""
    attempts: Mapping[str, AttemptStatus] = field(default_factory=dict)

    @property
    def stands(self) -> Status:
        """How the payment stands: on its way while any try may still succeed, whatever was declined before it.

        So nobody is asked to pay again while a debit is under way. A debit that failed after it had settled has failed.
        """
        tries = self.attempts.values()
        if self.capture is not None and self.capture.failure is not None:
            return Status.FAILED
        if self.status == Status.SUCCEEDED:
            return Status.SUCCEEDED
        if AttemptStatus.ON_ITS_WAY in tries:
            return Status.OPEN
        return Status.FAILED if AttemptStatus.FAILED in tries else self.status

    @property
    def is_settled(self) -> bool:
        """Tell whether the processor's books say what became of all the money that moved: nothing is guessed (L8)."""
        if self.status != Status.SUCCEEDED:
            return True
        is_taken = self.capture is not None and self.capture.settlement is not None
        return is_taken and all(refund.is_settled for refund in self.refunds.values())


class NotTheSame(ValueError):
    """Two readings contradict each other: about different payments, or one fact with two amounts."""


def merged(known: PaymentFacts, read: PaymentFacts) -> PaymentFacts:
    """Return the facts of both readings.

    Raises :class:`NotTheSame` for readings of different payments or pledges, and for two captures of one: what cannot
    be must not be booked.
    """
    for name in ("provider", "external_id", "is_live"):
        if getattr(known, name) != getattr(read, name):
            raise NotTheSame(f"{name}: {getattr(known, name)!r} and {getattr(read, name)!r}")
    status = max(known.status, read.status)
    return PaymentFacts(
        provider=known.provider,
        external_id=known.external_id,
        is_live=known.is_live,
        status=status,
        pledge=_named("pledge", known.pledge, read.pledge),
        subscription=_named("subscription", known.subscription, read.subscription),
        capture=_captured(known.capture, read.capture),
        refunds=_union(known.refunds, read.refunds, _refund),
        disputes=_union(known.disputes, read.disputes, _dispute),
        failure="" if status == Status.SUCCEEDED else max(known.failure, read.failure),
        attempts=_union(known.attempts, read.attempts, max),
    )


def _named(what: str, one: str, other: str) -> str:
    if one and other and one != other:
        raise NotTheSame(f"{what}: {one!r} and {other!r}")
    return one or other


def _captured(one: Capture | None, other: Capture | None) -> Capture | None:
    if one is None or other is None:
        return one or other
    if (one.external_id, one.amount) != (other.external_id, other.amount):
        raise NotTheSame(f"captured as {one.external_id} and as {other.external_id}")
    # The instant of the money is that of the first telling (rule M3); the settlement may be told later.
    return replace(
        one,
        paid_at=min(one.paid_at, other.paid_at),
        settlement=_later(one.settlement, other.settlement),
        failure=_later(one.failure, other.failure),
        failed_at=_first(one.failed_at, other.failed_at),
    )


def _refund(one: Refund, other: Refund) -> Refund:
    if one.amount != other.amount:
        raise NotTheSame(f"refund {one.external_id} of two amounts")
    return Refund(
        external_id=one.external_id,
        amount=one.amount,
        status=max(one.status, other.status),
        at=min(one.at, other.at),
        settlement=_later(one.settlement, other.settlement),
        failure=_later(one.failure, other.failure),
        failed_at=_first(one.failed_at, other.failed_at),
    )


def _dispute(one: Dispute, other: Dispute) -> Dispute:
    return Dispute(
        external_id=one.external_id,
        amount=max(one.amount, other.amount),
        status=max(one.status, other.status),
        opened_at=min(one.opened_at, other.opened_at),
        movements=_union(one.movements, other.movements, _movement),
    )


def _movement(one: Movement, other: Movement) -> Movement:
    if (one.amount, one.fee) != (other.amount, other.fee):
        raise NotTheSame(f"movement {one.external_id} of two amounts")
    return replace(one, at=min(one.at, other.at), presented=one.presented or other.presented)


def _first(one: datetime | None, other: datetime | None) -> datetime | None:
    return min(filter(None, (one, other)), default=None)


def _later(one: Settlement | None, other: Settlement | None) -> Settlement | None:
    if one is None or other is None:
        return one or other
    if one != other:
        raise NotTheSame(f"settled as {one.external_id} and as {other.external_id}")
    return one


def _union(one: Mapping[str, Fact], other: Mapping[str, Fact], join: Callable[[Fact, Fact], Fact]) -> dict[str, Fact]:
    return {
        key: join(one[key], other[key]) if key in one and key in other else (one[key] if key in one else other[key])
        for key in sorted({*one, *other})
    }
