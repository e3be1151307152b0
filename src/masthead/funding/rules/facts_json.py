"""Facts of a payment as JSON and back: exact, with nothing left out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

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


def to_json(facts: PaymentFacts) -> dict[str, Any]:
    """Return facts as plain values; equal facts give equal values."""
    return {
        "provider": facts.provider,
        "external_id": facts.external_id,
        "is_live": facts.is_live,
        "status": facts.status.name,
        "pledge": facts.pledge,
        "subscription": facts.subscription,
        "capture": facts.capture and _capture(facts.capture),
        "refunds": [_refund(facts.refunds[key]) for key in sorted(facts.refunds)],
        "disputes": [_dispute(facts.disputes[key]) for key in sorted(facts.disputes)],
        "failure": facts.failure,
        "attempts": {key: facts.attempts[key].name.lower() for key in sorted(facts.attempts)},
    }


def from_json(values: Mapping[str, Any]) -> PaymentFacts:
    """Return the facts that :func:`to_json` wrote. Raises ``KeyError`` or ``ValueError`` for anything else."""
    return PaymentFacts(
        provider=values["provider"],
        external_id=values["external_id"],
        is_live=values["is_live"],
        status=Status[values["status"]],
        pledge=values["pledge"],
        subscription=values["subscription"],
        capture=_read_capture(values["capture"]) if values["capture"] else None,
        refunds={row["external_id"]: _read_refund(row) for row in values["refunds"]},
        disputes={row["external_id"]: _read_dispute(row) for row in values["disputes"]},
        failure=values["failure"],
        attempts={key: AttemptStatus[name.upper()] for key, name in values.get("attempts", {}).items()},
    )


def _money(money: Money) -> list[Any]:
    return [money.amount_minor, money.currency]


def _settlement(settlement: Settlement | None) -> list[Any] | None:
    if settlement is None:
        return None
    return [settlement.external_id, _money(settlement.gross), _money(settlement.fee)]


def _capture(capture: Capture) -> dict[str, Any]:
    return {
        "external_id": capture.external_id,
        "amount": _money(capture.amount),
        "paid_at": capture.paid_at.isoformat(),
        "settlement": _settlement(capture.settlement),
        "failure": _settlement(capture.failure),
        "failed_at": capture.failed_at and capture.failed_at.isoformat(),
    }


def _refund(refund: Refund) -> dict[str, Any]:
    return {
        "external_id": refund.external_id,
        "amount": _money(refund.amount),
        "status": refund.status.name,
        "at": refund.at.isoformat(),
        "settlement": _settlement(refund.settlement),
        "failure": _settlement(refund.failure),
        "failed_at": refund.failed_at and refund.failed_at.isoformat(),
    }


def _dispute(dispute: Dispute) -> dict[str, Any]:
    movements = [dispute.movements[key] for key in sorted(dispute.movements)]
    return {
        "external_id": dispute.external_id,
        "amount": _money(dispute.amount),
        "status": dispute.status.name,
        "opened_at": dispute.opened_at.isoformat(),
        "movements": [_movement(movement) for movement in movements],
    }


def _movement(movement: Movement) -> list[Any]:
    told = [movement.external_id, _money(movement.amount), _money(movement.fee), movement.at.isoformat()]
    return [*told, _money(movement.presented)] if movement.presented else told


def _read_movement(told: list[Any]) -> Movement:
    key, amount, fee, at, *presented = told
    own = Money(*presented[0]) if presented else None
    return Movement(key, Money(*amount), Money(*fee), datetime.fromisoformat(at), own)


def _read_instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _read_settlement(values: list[Any] | None) -> Settlement | None:
    return Settlement(values[0], Money(*values[1]), Money(*values[2])) if values else None


def _read_capture(values: Mapping[str, Any]) -> Capture:
    return Capture(
        external_id=values["external_id"],
        amount=Money(*values["amount"]),
        paid_at=datetime.fromisoformat(values["paid_at"]),
        settlement=_read_settlement(values["settlement"]),
        failure=_read_settlement(values.get("failure")),
        failed_at=_read_instant(values.get("failed_at")),
    )


def _read_refund(values: Mapping[str, Any]) -> Refund:
    return Refund(
        external_id=values["external_id"],
        amount=Money(*values["amount"]),
        status=RefundStatus[values["status"]],
        at=datetime.fromisoformat(values["at"]),
        settlement=_read_settlement(values["settlement"]),
        failure=_read_settlement(values["failure"]),
        failed_at=_read_instant(values["failed_at"]),
    )


def _read_dispute(values: Mapping[str, Any]) -> Dispute:
    movements = (_read_movement(told) for told in values["movements"])
    return Dispute(
        external_id=values["external_id"],
        amount=Money(*values["amount"]),
        status=DisputeStatus[values["status"]],
        opened_at=datetime.fromisoformat(values["opened_at"]),
        movements={movement.external_id: movement for movement in movements},
    )
