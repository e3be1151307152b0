"""For everybody's tests."""

from __future__ import annotations

from masthead.outbox import worker


def deliver_all(rounds: int = 10) -> int:
    """Deliver what is due, and what that brings about, until nothing is due; return how many were tried."""
    total = 0
    for _ in range(rounds):
        tried = worker.run_pending()
        total += tried
        if not tried:
            return total
    raise AssertionError(f"deliveries still bring about deliveries after {rounds} rounds")
