"""Signatures as Standard Webhooks 1.0.0 asks for them: symmetric, ``v1``. Pure.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

from __future__ import annotations

import hmac
import secrets
from base64 import b64decode, b64encode
from collections.abc import Iterable

PREFIX = "whsec_"
_BYTES = 32
_SHOWN = 5


def new_secret() -> str:
    """Return a new secret in the form in which receivers' libraries take it."""
    return PREFIX + b64encode(secrets.token_bytes(_BYTES)).decode()


def shown(secret: str) -> str:
    """Return so much of a secret that it can be told from others."""
    return f"{secret[: len(PREFIX) + _SHOWN]}…"


def signature(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """Return the signature of one secret over id, time and body."""
    key = b64decode(secret.removeprefix(PREFIX))
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + b64encode(hmac.digest(key, signed, "sha256")).decode()


def headers(valid: Iterable[str], message_id: str, timestamp: int, body: bytes) -> dict[str, str]:
    """Return the three headers; each secret in ``valid`` signs, so that a receiver may know any one of them."""
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(signature(secret, message_id, timestamp, body) for secret in valid),
    }
