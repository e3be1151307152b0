"""Which journals a payment's facts ask for.

Each journal has the key of the fact behind it (a capture, a refund, a movement of a dispute), so it is booked once
however often and in whatever order the facts are told, and more facts only ever ask for more journals. The accounts:

- ``assets:<provider>``: what the processor holds for the newsroom;
- ``income:campaign:<slug>``: what the campaign has earned, less what went back;
- ``income:cover:<slug>``: what givers added so that the fee is paid. It is never counted as raised (rule M7);
- ``expenses:fees:<slug>`` and ``expenses:disputes:<slug>``: what the processor kept;
- ``expenses:exchange:<slug>``: what a changed rate cost between a gift and its return.

Money of a rehearsal stands in accounts of its own, whose names begin with ``rehearsal:`` (rule L7).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from masthead.core.money import Money
from masthead.funding.rules.facts import (
    Capture,
    Dispute,
    Movement,
    PaymentFacts,
    Refund,
    RefundStatus,
    Settlement,
    Status,
)
from masthead.funding.rules.ledger import Posting, asset_account, campaign_account, scoped

GIFT, REFUND, REFUND_FAILED = "gift", "refund", "refund_failed"
WITHDRAWN, REINSTATED, COVER = "withdrawn", "reinstated", "cover"


@dataclass(frozen=True)
class Terms:
    """What was agreed with the giver: the gift and what he added for the fee, for which campaign.

    ``counts_in`` is the currency of the campaign's books.
    """

    campaign: str
    counts_in: str
    gift: Money
    cover: Money

    @property
    def total(self) -> Money:
        """What the processor is to take."""
        return self.gift + self.cover


@dataclass(frozen=True)
class Booking:
    """A journal that should stand in the books. ``external_id`` with ``kind`` is its key at the processor."""

    kind: str
    external_id: str
    value_at: datetime
    postings: tuple[Posting, ...]


class Quarantine(Exception):
    """The facts do not fit what was agreed, so a person decides; ``code`` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def bookings(facts: PaymentFacts, terms: Terms) -> list[Booking]:
    """Return the journals that should stand for these facts, the gift first; none while nothing is captured.

    A capture whose settlement is not told yet is not booked yet, and neither are later facts of its payment. Raises
    :class:`Quarantine`: ``amount_differs`` (rule O4), ``currency_differs`` when the processor settles in another
    currency than the campaign counts in and nobody has given a rate (rule C6), ``more_back_than_came`` (rules R1, D2,
    L6).
    """
    capture = facts.capture
    if facts.status < Status.SUCCEEDED or capture is None or capture.settlement is None:
        return []
    if capture.amount != terms.total:
        raise Quarantine("amount_differs")
    if capture.settlement.gross.currency != terms.counts_in:
        raise Quarantine("currency_differs")
    book = _Book(facts, terms, capture, capture.settlement)
    found = [book.gift()]
    for refund in facts.refunds.values():
        found += book.refund(refund)
    for dispute in facts.disputes.values():
        found += [book.movement(movement, dispute) for movement in dispute.movements.values()]
    if book.left(found) < 0:
        raise Quarantine("more_back_than_came")
    return found


def cover_due(found: Iterable[Booking], terms: Terms, *, is_live: bool) -> Money:
    """Return how much of the cover has gone back by these journals: never below zero, never more than the cover.

    Refunds lower the campaign by exactly their amount (rule R1). Once more went back than the gift, the rest was the
    cover: a full refund takes back both (rule R7), and no gift counts below nothing (rule L6).
    """
    campaign = scoped(campaign_account(terms.campaign), is_live=is_live)
    cover = scoped(cover_account(terms.campaign), is_live=is_live)
    gift, kept, back = (Money.zero(terms.counts_in) for _ in range(3))
    for booking in found:
        for posting in booking.postings:
            if posting.account == cover:
                kept -= posting.amount
            elif posting.account == campaign and booking.kind == GIFT:
                gift -= posting.amount
            elif posting.account == campaign:
                back += posting.amount
    return max(Money.zero(terms.counts_in), min(kept, back - gift))


def cover_postings(moved: Money, campaign: str, *, is_live: bool) -> list[Posting]:
    """Return the two sides of cover that went back: below zero, it came again."""
    return [
        Posting(scoped(cover_account(campaign), is_live=is_live), moved),
        Posting(scoped(campaign_account(campaign), is_live=is_live), -moved),
    ]


def cover_account(campaign: str) -> str:
    """Name the account of what givers added for the fee."""
    return f"income:cover:{campaign}"


def fee_account(campaign: str) -> str:
    """Name the account of the processors' fees."""
    return f"expenses:fees:{campaign}"


def dispute_account(campaign: str) -> str:
    """Name the account of what disputes cost beside the money itself."""
    return f"expenses:disputes:{campaign}"


def exchange_account(campaign: str) -> str:
    """Name the account of what a changed rate cost between a gift and its return."""
    return f"expenses:exchange:{campaign}"


@dataclass(frozen=True)
class _Book:
    facts: PaymentFacts
    terms: Terms
    capture: Capture
    settled: Settlement

    def gift(self) -> Booking:
        """Return what came in: net to the processor's balance, its fee, the gift and the cover."""
        gift, cover = self.settled.gross.split([self.terms.gift.amount_minor, self.terms.cover.amount_minor])
        sides = {
            asset_account(self.facts.provider): self.settled.net,
            fee_account(self.terms.campaign): self.settled.fee,
            campaign_account(self.terms.campaign): -gift,
            cover_account(self.terms.campaign): -cover,
        }
        return self._booking(GIFT, self.capture.external_id, self.capture.paid_at, sides)

    def refund(self, refund: Refund) -> list[Booking]:
        """Return what went back, and what came again when that failed (rule R3)."""
        if refund.status == RefundStatus.PENDING or refund.settlement is None:
            return []
        share = self._share(refund.settlement.gross, refund.amount)
        gone = self._returned(share, refund.settlement.gross, refund.settlement.fee, fee_account)
        back = self._booking(REFUND, refund.external_id, refund.at, gone)
        if refund.status != RefundStatus.FAILED or refund.failure is None:
            return [back]
        share = self._share(refund.failure.gross, refund.amount)
        again = self._returned(-share, -refund.failure.gross, refund.failure.fee, fee_account)
        return [back, self._booking(REFUND_FAILED, refund.external_id, refund.failed_at or refund.at, again)]

    def movement(self, movement: Movement, dispute: Dispute) -> Booking:
        """Return one movement of a dispute: an inquiry has none (rule D1), a partial dispute its amount (rule D4)."""
        is_gone = movement.amount.amount_minor < 0
        gross = -movement.amount if is_gone else movement.amount
        share = self._share(gross, dispute.amount)
        sides = (
            self._returned(share, gross, movement.fee, dispute_account)
            if is_gone
            else self._returned(-share, -gross, movement.fee, dispute_account)
        )
        return self._booking(WITHDRAWN if is_gone else REINSTATED, movement.external_id, movement.at, sides)

    def left(self, found: Iterable[Booking]) -> int:
        """Return what is left of gift and cover after these journals, in minor units."""
        own = {self._name(campaign_account(self.terms.campaign)), self._name(cover_account(self.terms.campaign))}
        sides = (posting for booking in found for posting in booking.postings)
        return -sum(posting.amount.amount_minor for posting in sides if posting.account in own)

    def _share(self, settled: Money, presented: Money) -> Money:
        """Return the part of the gift that went: in another currency at the gift's own rate, rounded down (rule C6)."""
        if settled.currency == self.capture.amount.currency:
            return settled
        whole = self.settled.gross.amount_minor
        return Money(whole * presented.amount_minor // self.capture.amount.amount_minor, settled.currency)

    def _returned(self, share: Money, gross: Money, fee: Money, fees: Callable[[str], str]) -> dict[str, Money]:
        return {
            asset_account(self.facts.provider): -gross - fee,
            fees(self.terms.campaign): fee,
            exchange_account(self.terms.campaign): gross - share,
            campaign_account(self.terms.campaign): share,
        }

    def _booking(self, kind: str, external_id: str, at: datetime, sides: dict[str, Money]) -> Booking:
        postings = tuple(Posting(self._name(code), amount) for code, amount in sides.items() if amount.amount_minor)
        return Booking(kind, external_id, at, postings)

    def _name(self, code: str) -> str:
        return scoped(code, is_live=self.facts.is_live)
