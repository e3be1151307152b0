"""Refusals as Stripe words them: a type, often a code, the parameter, a sentence."""

from __future__ import annotations

from typing import Any


class StripeError(Exception):
    """A refusal. ``kept``: whether the idempotency store keeps it (only what was really tried is kept)."""

    def __init__(
        self, status: int, type_: str, message: str, *, kept: bool = True, commit: bool = False, **details: Any
    ) -> None:
        """Say the status, the type and the sentence; details become fields of the error."""
        super().__init__(message)
        self.status = status
        self.kept = kept
        # A declined charge is a fact: what was recorded of it stays, though the call is refused.
        self.commit = commit
        self.body = {"error": {"message": message, "type": type_, **details}}


def invalid(message: str, *, param: str | None = None, code: str | None = None, status: int = 400) -> StripeError:
    """Refuse a request that is wrong in itself."""
    details: dict[str, Any] = {name: value for name, value in (("param", param), ("code", code)) if value}
    return StripeError(status, "invalid_request_error", message, **details)


def malformed(message: str, *, param: str | None = None, code: str | None = None) -> StripeError:
    """Refuse parameters before anything was tried: not kept by the idempotency store."""
    refusal = invalid(message, param=param, code=code)
    refusal.kept = False
    return refusal


def missing(kind: str, id_: str, *, param: str = "id", status: int = 404) -> StripeError:
    """Refuse an id that is unknown in this account and mode."""
    return invalid(f"No such {kind}: '{id_}'", param=param, code="resource_missing", status=status)


def declined(message: str, *, code: str, decline_code: str | None, **details: Any) -> StripeError:
    """Refuse a charge that the issuer declined."""
    if decline_code:
        details["decline_code"] = decline_code
    return StripeError(402, "card_error", message, commit=True, code=code, **details)
