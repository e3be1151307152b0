"""Which journals a payment's facts ask for, and what stands on each account when they are told.

Each journal has the key of the fact behind it (a capture, a refund, a movement of a dispute), so it is booked once
however often and in whatever order the facts are told, and more facts only ever ask for more journals. How what went
back is divided follows from all facts together, so that it depends on no order either: see :func:`wanted`. The
accounts:

- ``assets:<provider>``: what the processor holds for the newsroom;
- ``income:campaign:<slug>``: what the campaign has earned, less what went back;
- ``income:cover:<slug>``: what givers added so that the fee is paid. It is never counted as raised (rule M7);
- ``expenses:fees:<slug>``: what the processor kept;
- ``expenses:disputes:<slug>``: what disputes cost beside the money itself, and what went back beyond the gift;
- ``expenses:exchange:<slug>``: what a changed rate cost between a gift and its return.

Money of a rehearsal stands in accounts of its own, whose names begin with ``rehearsal:`` (rule L7).
"""

from __future__ import annotations

from collections import Counter
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

GIFT, REFUND, REFUND_FAILED, FAILED_LATE = "gift", "refund", "refund_failed", "failed_late"
WITHDRAWN, REINSTATED, COVER = "withdrawn", "reinstated", "cover"
MORE_BACK_THAN_CAME = "more_back_than_came"

Balances = Counter[tuple[str, str]]
"""Minor units by account and currency."""


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
class Split:
    """How a payment is divided in the books, in the currency it settled in. Fixed when its gift is booked."""

    campaign: str
    gift: Money
    cover: Money

    @property
    def whole(self) -> Money:
        """What came in."""
        return self.gift + self.cover


@dataclass(frozen=True)
class Booking:
    """A journal that should stand in the books. ``external_id`` with ``kind`` is its key at the processor."""

    kind: str
    external_id: str
    value_at: datetime
    postings: tuple[Posting, ...]


@dataclass(frozen=True)
class Wanted:
    """The journals that should stand, the gift first, and what should stand on each account by all of them.

    Where the journals alone come to other balances, the difference is posted beside them. ``left`` of gift and cover is
    never below zero; ``is_over``: more went back than had come, and a person should know.
    """

    journals: tuple[Booking, ...]
    balances: Balances
    left: Money
    is_over: bool


class Quarantine(Exception):
    """The facts do not fit what was agreed, so a person decides; ``code`` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def agreed(facts: PaymentFacts, terms: Terms) -> Split | None:
    """Return how a payment is to be divided; None while nothing is captured or its settlement is not told yet (L8).

    Raises :class:`Quarantine`: ``amount_differs`` (rule O4), ``currency_differs`` when the processor settles in another
    currency than the campaign counts in and nobody has given a rate (rule C6).
    """
    capture = facts.capture
    if facts.status < Status.SUCCEEDED or capture is None or capture.settlement is None:
        return None
    if capture.amount != terms.total:
        raise Quarantine("amount_differs")
    if capture.settlement.gross.currency != terms.counts_in:
        raise Quarantine("currency_differs")
    gift, cover = capture.settlement.gross.split([terms.gift.amount_minor, terms.cover.amount_minor])
    return Split(terms.campaign, gift, cover)


def wanted(facts: PaymentFacts, split: Split) -> Wanted:
    """Return what should stand in the books for the facts of a payment whose gift is divided like this.

    What went back lowers the campaign by exactly its amount until the gift is used up, then the cover (rules R1, R7),
    and neither ever below zero (rule L6). Refunds and disputes that together ask for more than was captured (rule D2)
    have moved the processor's balance all the same: the rest is what disputes cost. In another currency than the
    giver's all parts together are the share of all that went back, so that a full return leaves nothing (rules C6, C7).
    """
    book = _Book(facts, split)
    journals = tuple(book.journals())
    gone = book.share(max(0, book.presented_back()))
    within = min(gone, split.whole)
    from_gift = min(within, split.gift)
    shares = sum(_shares(journals, book.own_account), start=Money.zero(gone.currency))
    balances = balances_of(journals)
    for account, moved in (
        (campaign_account(split.campaign), from_gift - shares),
        (cover_account(split.campaign), within - from_gift),
        (dispute_account(split.campaign), gone - within),
        (exchange_account(split.campaign), shares - gone),
    ):
        balances[scoped(account, is_live=facts.is_live), moved.currency] += moved.amount_minor
    return Wanted(journals, balances, split.whole - within, is_over=gone > split.whole)


def balances_of(journals: Iterable[Booking]) -> Balances:
    """Return what journals come to on each account."""
    found: Balances = Counter()
    for booking in journals:
        for posting in booking.postings:
            found[posting.account, posting.amount.currency] += posting.amount.amount_minor
    return found


def difference(wants: Balances, stands: Balances) -> tuple[Posting, ...]:
    """Return the postings that bring the books from what stands there to what is wanted."""
    keys = sorted({*wants, *stands})
    return tuple(Posting(key[0], Money(rest, key[1])) for key in keys if (rest := wants[key] - stands[key]))


def _shares(journals: Iterable[Booking], account: str) -> Iterable[Money]:
    later = (booking for booking in journals if booking.kind != GIFT)
    return (posting.amount for booking in later for posting in booking.postings if posting.account == account)


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


class _Book:
    """The journals of one payment, each from its own fact and the gift alone."""

    def __init__(self, facts: PaymentFacts, split: Split) -> None:
        if facts.capture is None or facts.capture.settlement is None:
            raise ValueError("nothing was captured")
        self.facts, self.split = facts, split
        self.capture: Capture = facts.capture
        self.settled: Settlement = facts.capture.settlement
        self.own_account = scoped(campaign_account(split.campaign), is_live=facts.is_live)

    def journals(self) -> Iterable[Booking]:
        """Yield the gift, and what became of it. What is worth nothing in any currency of ours has no journal."""
        yield self._gift()
        yield from (booking for booking in self._later() if booking.postings)

    def _later(self) -> Iterable[Booking]:
        if self.capture.failure is not None:
            yield self._failed_late(self.capture.failure)
        for _key, refund in sorted(self.facts.refunds.items()):
            yield from self._refund(refund)
        for _key, dispute in sorted(self.facts.disputes.items()):
            for _line, movement in sorted(dispute.movements.items()):
                yield self._movement(movement, dispute)

    def presented_back(self) -> int:
        """Return what went back by these journals in the giver's own currency, in minor units."""
        back = self.capture.amount.amount_minor if self.capture.failure is not None else 0
        for refund in self.facts.refunds.values():
            back += refund.amount.amount_minor * len(self._steps(refund))
            back -= 2 * refund.amount.amount_minor * self._steps(refund).count(REFUND_FAILED)
        for dispute in self.facts.disputes.values():
            for movement in dispute.movements.values():
                sign = 1 if movement.is_withdrawn else -1
                back += sign * self._presented(movement, dispute)
        return back

    def share(self, presented: int) -> Money:
        """Return the part of the gift that an amount in the giver's currency is: at the gift's own rate, rounded down.

        So it is right whatever the gift, its return and the processor's balance are counted in (rule C6).
        """
        whole = self.split.whole
        return Money(whole.amount_minor * presented // self.capture.amount.amount_minor, whole.currency)

    def _gift(self) -> Booking:
        """Return what came in: net to the processor's balance, its fee, the gift and the cover."""
        sides = (
            (asset_account(self.facts.provider), self.settled.net),
            (fee_account(self.split.campaign), self.settled.fee),
            (campaign_account(self.split.campaign), -self.split.gift),
            (cover_account(self.split.campaign), -self.split.cover),
        )
        return self._booking(GIFT, self.capture.external_id, self.capture.paid_at, sides)

    def _failed_late(self, failure: Settlement) -> Booking:
        """Return what the bank took back, because a debit that had settled failed after all."""
        sides = self._returned(self.split.whole, failure.gross, failure.fee, fee_account)
        at = self.capture.failed_at or self.capture.paid_at
        return self._booking(FAILED_LATE, self.capture.external_id, at, sides)

    def _refund(self, refund: Refund) -> Iterable[Booking]:
        """Yield what went back, and what came again when that failed (rule R3): each once its line is told (L8)."""
        share, steps = self.share(refund.amount.amount_minor), self._steps(refund)
        if refund.settlement is not None and REFUND in steps:
            gone = self._returned(share, refund.settlement.gross, refund.settlement.fee, fee_account)
            yield self._booking(REFUND, refund.external_id, refund.at, gone)
        if refund.failure is not None and REFUND_FAILED in steps:
            again = self._returned(-share, -refund.failure.gross, refund.failure.fee, fee_account)
            yield self._booking(REFUND_FAILED, refund.external_id, refund.failed_at or refund.at, again)

    @staticmethod
    def _steps(refund: Refund) -> list[str]:
        """Return which journals a refund has: none while it is pending, or its own line is not told."""
        if refund.status == RefundStatus.PENDING or refund.settlement is None:
            return []
        return [REFUND, REFUND_FAILED] if refund.status == RefundStatus.FAILED and refund.failure else [REFUND]

    def _movement(self, movement: Movement, dispute: Dispute) -> Booking:
        """Return one movement of a dispute: an inquiry has none (rule D1), a partial dispute its amount (rule D4)."""
        share, is_gone = self.share(self._presented(movement, dispute)), movement.is_withdrawn
        sides = self._returned(share if is_gone else -share, -movement.amount, movement.fee, dispute_account)
        return self._booking(WITHDRAWN if is_gone else REINSTATED, movement.external_id, movement.at, sides)

    def _presented(self, movement: Movement, dispute: Dispute) -> int:
        """Return a movement in the giver's currency; where that is not told, it is all that is disputed."""
        if movement.presented is not None:
            return abs(movement.presented.amount_minor)
        is_own = movement.amount.currency == self.capture.amount.currency
        return abs(movement.amount.amount_minor) if is_own else dispute.amount.amount_minor

    def _returned(
        self, share: Money, gross: Money, fee: Money, fees: Callable[[str], str]
    ) -> Iterable[tuple[str, Money]]:
        """Return the sides of money that went; in two currencies, the exchange stands between them."""
        exchange = exchange_account(self.split.campaign)
        return (
            (asset_account(self.facts.provider), -gross - fee),
            (fees(self.split.campaign), fee),
            (exchange, gross),
            (exchange, -share),
            (campaign_account(self.split.campaign), share),
        )

    def _booking(self, kind: str, external_id: str, at: datetime, sides: Iterable[tuple[str, Money]]) -> Booking:
        sums: Balances = Counter()
        for code, amount in sides:
            sums[scoped(code, is_live=self.facts.is_live), amount.currency] += amount.amount_minor
        postings = tuple(Posting(code, Money(minor, currency)) for (code, currency), minor in sums.items() if minor)
        return Booking(kind, external_id, at, postings)
