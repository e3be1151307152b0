"""Lives of a payment, as a processor would tell them: a row of readings, each holding all that was known by then."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from masthead.core.money import Money
from masthead.funding.rules.facts import (
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


def usd(minor: int) -> Money:
    """Return dollars from cents."""
    return Money(minor, "USD")


def opened(pledge: str, *, external_id: str = "pi_1", is_live: bool = True) -> PaymentFacts:
    """Return a payment that waits for its payer."""
    return PaymentFacts("stripe", external_id, is_live, Status.OPEN, pledge)


def paid(facts: PaymentFacts, amount: Money, *, fee: Money | None = None, at: datetime = BEGAN) -> PaymentFacts:
    """Return the same payment with its money taken and settled."""
    key = facts.external_id.replace("pi_", "ch_")
    settlement = Settlement(f"txn_{key}", amount, fee or usd(FEE_MINOR))
    return replace(facts, status=Status.SUCCEEDED, capture=Capture(key, amount, at, settlement))


def refunded(
    facts: PaymentFacts, key: str, amount: Money, status: RefundStatus = RefundStatus.SUCCEEDED
) -> PaymentFacts:
    """Return the same payment with one refund more, or with that refund further on."""
    number = len(facts.refunds) + 1 if key not in facts.refunds else int(key.rpartition("_")[2])
    at = BEGAN + timedelta(days=number)
    settled = None if status == RefundStatus.PENDING else Settlement(f"txn_{key}", amount, usd(0))
    failure = Settlement(f"txn_f_{key}", amount, usd(0)) if status == RefundStatus.FAILED else None
    failed_at = at + timedelta(days=2) if failure else None
    refund = Refund(key, amount, status, at, settled, failure, failed_at)
    return replace(facts, refunds={**facts.refunds, key: refund})


def disputed(facts: PaymentFacts, key: str, amount: Money, *path: DisputeStatus) -> list[PaymentFacts]:
    """Return the readings of a dispute on its way through ``path``."""
    readings, movements = [], {}
    at = BEGAN + timedelta(days=20)
    for status in path:
        if status == DisputeStatus.OPEN:
            movements = {f"txn_{key}_w": Movement(f"txn_{key}_w", -amount, usd(1500), at)}
        if status == DisputeStatus.WON:
            back = Movement(f"txn_{key}_r", amount, usd(-1500), at + timedelta(days=30))
            movements = {**movements, back.external_id: back}
        dispute = Dispute(key, amount, status, at, dict(movements))
        facts = replace(facts, disputes={**facts.disputes, key: dispute})
        readings.append(facts)
    return readings


@st.composite
def lives(draw: st.DrawFn, *, pledge: str, total: Money) -> list[PaymentFacts]:
    """Draw a whole life: paid or not, refunds that hold, wait or fail, a dispute that is lost or won."""
    facts = opened(pledge)
    readings = [facts]
    if draw(st.booleans()):
        readings.append(replace(facts, status=Status.FAILED, failure="Your card was declined."))
    if draw(st.integers(0, 9)) == 0:
        return readings
    facts = paid(facts, total)
    readings.append(facts)
    left = total.amount_minor
    for number in range(1, draw(st.integers(0, 3)) + 1):
        if left == 0:
            break
        amount = usd(left if draw(st.booleans()) else draw(st.integers(1, left)))
        ends = draw(st.sampled_from(list(RefundStatus)))
        for status in RefundStatus:
            if status <= ends and (status == ends or draw(st.booleans())):
                facts = refunded(facts, f"re_{number}", amount, status)
                readings.append(facts)
        if ends != RefundStatus.FAILED:
            left -= amount.amount_minor
    if left and draw(st.booleans()):
        amount = usd(draw(st.integers(1, left)))
        paths = (
            (DisputeStatus.INQUIRY,),
            (DisputeStatus.INQUIRY, DisputeStatus.OPEN, DisputeStatus.LOST),
            (DisputeStatus.OPEN, DisputeStatus.WON),
        )
        readings += disputed(facts, "dp_1", amount, *draw(st.sampled_from(paths)))
    return readings
