"""Notifications: whose they are, and what they are about."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import stripe

from masthead.funding import conf
from masthead.funding.ports import Kind, NotForUs, Notification, Ref

_TOLERANCE_SECONDS = 300
# Clocks differ by a little; a stamp from further ahead was not made by Stripe. Its own client would let it pass.
_AHEAD_SECONDS = 30

_OWN_ID = {
    "checkout.session.": Kind.CHECKOUT,
    "payment_intent.": Kind.PAYMENT,
    "customer.subscription.": Kind.SUBSCRIPTION,
}
_OF_INTENT = ("charge.", "refund.")


def read(body: bytes, headers: Mapping[str, str], now: datetime) -> Notification:
    """Check a notification by its raw bytes, and say what should be read again.

    Raises :class:`NotForUs`: 503 while the site has no secret (rule W4: never "no check"), 400 for a signature that is
    missing, wrong, too old or from the future (rules W1 to W3), 403 for the other mode (rule W4).
    """
    secret = conf.stripe().webhook_secret
    if not secret:
        raise NotForUs(503, "[funding] stripe_webhook_secret is not set")
    _check(body, {name.lower(): value for name, value in headers.items()}.get("stripe-signature", ""), secret, now)
    try:
        event: dict[str, Any] = json.loads(body)
        kind, found, is_live = str(event["type"]), event["data"]["object"], bool(event["livemode"])
        external_id, about = str(event["id"]), tuple(refs(kind, found))
    except (ValueError, KeyError, TypeError, AttributeError):
        raise NotForUs(400, "not a notification of Stripe") from None
    if is_live != conf.is_live():
        raise NotForUs(403, "of the other mode: live and rehearsal never mix")
    return Notification(external_id, kind, is_live, about)


def refs(kind: str, found: Mapping[str, Any]) -> list[Ref]:
    """Return what an event of Stripe is about; nothing for kinds that concern no gift (rule W11)."""
    for start, name in _OWN_ID.items():
        if kind.startswith(start):
            return [Ref(name, str(found["id"]))]
    intent = found.get("payment_intent")
    if kind.startswith(_OF_INTENT) and isinstance(intent, str):
        return [Ref(Kind.PAYMENT, intent)]
    if kind.startswith("invoice."):
        details = (found.get("parent") or {}).get("subscription_details") or {}
        subscription = details.get("subscription")
        return [Ref(Kind.SUBSCRIPTION, subscription)] if isinstance(subscription, str) else []
    return []


def _check(body: bytes, header: str, secret: str, now: datetime) -> None:
    try:
        stripe.WebhookSignature.verify_header(body.decode("utf-8"), header, secret, tolerance=None)
    except (stripe.SignatureVerificationError, UnicodeDecodeError):
        raise NotForUs(400, "the signature does not hold") from None
    stamp = next(int(part[2:]) for part in header.split(",") if part.startswith("t="))
    age = now.timestamp() - stamp
    if age > _TOLERANCE_SECONDS or age < -_AHEAD_SECONDS:
        raise NotForUs(400, "signed too long ago, or in the future")
