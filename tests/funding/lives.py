"""Lives of a payment, as a processor would tell them: a row of readings, each holding all that was known by then."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from masthead.core.money import Money
from masthead.funding.rules.facts import (
    AttemptStatus,
    Capture,
    Dispute,
    DisputeStatus,
    Movement,
    PaymentFacts,
    Refund,
    RefundStatus,
    Settlement,
    Status,
)

BEGAN = datetime(2026, 11, 3, 9, 30, tzinfo=UTC)
FEE_MINOR = 103
OURS = "USD"


def usd(minor: int) -> Money:
    """Return dollars from cents."""
    return Money(minor, "USD")


def opened(pledge: str, *, external_id: str = "pi_1", is_live: bool = True) -> PaymentFacts:
    """Return a payment that waits for its payer."""
    return PaymentFacts("stripe", external_id, is_live, Status.OPEN, pledge)


def declined(facts: PaymentFacts, key: str = "ch_no") -> PaymentFacts:
    """Return the same payment after a try that was refused."""
    attempts = {**facts.attempts, key: AttemptStatus.FAILED}
    return replace(facts, status=Status.FAILED, failure="Your card was declined.", attempts=attempts)


def on_its_way(facts: PaymentFacts, key: str = "ch_1") -> PaymentFacts:
    """Return the same payment as it is read while a debit is under way: the intent itself waits."""
    attempts = {**facts.attempts, key: AttemptStatus.ON_ITS_WAY}
    return replace(facts, status=Status.OPEN, failure="", attempts=attempts)


def paid(
    facts: PaymentFacts,
    amount: Money,
    *,
    fee: Money | None = None,
    at: datetime = BEGAN,
    settled: Money | None = None,
) -> PaymentFacts:
    """Return the same payment with its money taken and settled, in another currency if told."""
    key = facts.external_id.replace("pi_", "ch_")
    gross = settled or amount
    settlement = Settlement(f"txn_{key}", gross, fee or Money(FEE_MINOR, gross.currency))
    attempts = {**facts.attempts, key: AttemptStatus.SUCCEEDED}
    capture = Capture(key, amount, at, settlement)
    return replace(facts, status=Status.SUCCEEDED, failure="", capture=capture, attempts=attempts)


def failed_late(facts: PaymentFacts, *, taken: Money | None = None) -> PaymentFacts:
    """Return the same payment after its debit came back from the bank."""
    assert facts.capture
    assert facts.capture.settlement
    back = Settlement("txn_late", taken or facts.capture.settlement.gross, Money(0, OURS))
    capture = replace(facts.capture, failure=back, failed_at=BEGAN + timedelta(days=9))
    return replace(facts, capture=capture)


def refunded(
    facts: PaymentFacts,
    key: str,
    amount: Money,
    status: RefundStatus = RefundStatus.SUCCEEDED,
    *,
    settled: Money | None = None,
    has_lines: bool = True,
) -> PaymentFacts:
    """Return the same payment with one refund more, or with that refund further on; without lines they are to come."""
    number = len(facts.refunds) + 1 if key not in facts.refunds else int(key.rpartition("_")[2])
    at, gross = BEGAN + timedelta(days=number), settled or amount
    nothing = Money(0, gross.currency)
    line = None if status == RefundStatus.PENDING or not has_lines else Settlement(f"txn_{key}", gross, nothing)
    before = facts.refunds.get(key)
    failure = Settlement(f"txn_f_{key}", gross, nothing) if status == RefundStatus.FAILED and has_lines else None
    failed_at = at + timedelta(days=2) if failure else None
    refund = Refund(key, amount, status, at, line or (before.settlement if before else None), failure, failed_at)
    return replace(facts, refunds={**facts.refunds, key: refund})


def disputed(
    facts: PaymentFacts, key: str, amount: Money, *path: DisputeStatus, settled: Money | None = None
) -> list[PaymentFacts]:
    """Return the readings of a dispute on its way through ``path``."""
    readings: list[PaymentFacts] = []
    movements: dict[str, Movement] = {}
    at, gross = BEGAN + timedelta(days=20), settled or amount
    fee = Money(1500, gross.currency)
    for status in path:
        if status == DisputeStatus.OPEN:
            movements = {f"txn_{key}_w": Movement(f"txn_{key}_w", -gross, fee, at)}
        if status == DisputeStatus.WON:
            back = Movement(f"txn_{key}_r", gross, -fee, at + timedelta(days=30))
            movements = {**movements, back.external_id: back}
        dispute = Dispute(key, amount, status, at, dict(movements))
        facts = replace(facts, disputes={**facts.disputes, key: dispute})
        readings.append(facts)
    return readings


PATHS = (
    (DisputeStatus.INQUIRY,),
    (DisputeStatus.INQUIRY, DisputeStatus.INQUIRY_CLOSED),
    (DisputeStatus.INQUIRY, DisputeStatus.OPEN, DisputeStatus.LOST),
    (DisputeStatus.OPEN, DisputeStatus.LOST),
    (DisputeStatus.OPEN, DisputeStatus.WON),
)


@st.composite
def lives(draw: st.DrawFn, *, pledge: str, total: Money) -> list[PaymentFacts]:
    """Draw a whole life.

    Tries that are declined before or after a debit is on its way; paid or not, settled in the campaign's currency at
    any rate; refunds that hold, wait, fail, or whose lines are never told, settled in either currency; disputes of any
    amount, also of what was refunded already; debits that fail after they had settled.
    """
    facts = opened(pledge)
    readings = [facts]
    for number in range(draw(st.integers(0, 2))):
        facts = draw(st.sampled_from((declined, on_its_way)))(facts, f"ch_no_{number}")
        readings.append(facts)
        facts = replace(facts, attempts=dict.fromkeys(facts.attempts, AttemptStatus.FAILED))
    if draw(st.booleans()):
        facts = on_its_way(facts)
        readings.append(facts)
    if draw(st.integers(0, 9)) == 0:
        return readings
    facts = paid(facts, total, settled=draw(settlements(total, ours=True)))
    if draw(st.booleans()):
        assert facts.capture
        readings.append(replace(facts, capture=replace(facts.capture, settlement=None)))
    readings.append(facts)
    readings += draw(returns(facts, total))
    if draw(st.integers(0, 9)) == 0:
        readings.append(failed_late(readings[-1]))
    return readings


@st.composite
def settlements(draw: st.DrawFn, amount: Money, *, ours: bool = False) -> Money:
    """Draw what an amount is worth where it settles: in its own currency exactly that, in the other at any rate."""
    currency = OURS if ours else draw(st.sampled_from(sorted({OURS, amount.currency})))
    if currency == amount.currency:
        return amount
    least = 200 if ours else 0
    return Money(max(least, amount.amount_minor * draw(st.integers(1, 3000)) // 1000), currency)


@st.composite
def returns(draw: st.DrawFn, facts: PaymentFacts, total: Money) -> list[PaymentFacts]:
    """Draw what becomes of a payment's money: refunds of no more than there is, disputes of anything."""
    readings: list[PaymentFacts] = []
    left = total.amount_minor
    for number in range(1, draw(st.integers(0, 3)) + 1):
        if left == 0:
            break
        amount = Money(left if draw(st.booleans()) else draw(st.integers(1, left)), total.currency)
        settled, ends = draw(settlements(amount)), draw(st.sampled_from(list(RefundStatus)))
        for status in RefundStatus:
            if status <= ends and (status == ends or draw(st.booleans())):
                for has_lines in draw(st.sampled_from(((True,), (False, True), (False,)))):
                    facts = refunded(facts, f"re_{number}", amount, status, settled=settled, has_lines=has_lines)
                    readings.append(facts)
        if ends != RefundStatus.FAILED:
            left -= amount.amount_minor
    for number in range(1, draw(st.sampled_from((0, 0, 1, 1, 2))) + 1):
        amount = Money(draw(st.integers(1, total.amount_minor)), total.currency)
        path = draw(st.sampled_from(PATHS))
        told = disputed(facts, f"dp_{number}", amount, *path, settled=draw(settlements(amount)))
        facts = told[-1]
        readings += told
    return readings
