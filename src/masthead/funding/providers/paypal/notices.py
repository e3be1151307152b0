"""Notifications: whose they are, and what they are about."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from masthead.funding import conf
from masthead.funding.ports import Kind, NotForUs, Notification, Ref
from masthead.funding.providers.paypal import signatures
from masthead.funding.providers.paypal.reading import link

_RETURNED = ("REFUNDED", "REVERSED")
# A subscription that has begun leads to its first payment, as an order does; the others are about itself alone.
_OPENS = frozenset({"BILLING.SUBSCRIPTION.CREATED", "BILLING.SUBSCRIPTION.ACTIVATED"})


def read(body: bytes, headers: Mapping[str, str], now: datetime) -> Notification:
    """Check a notification by its raw bytes, and say what should be read again.

    Raises :class:`NotForUs`: 503 while the site has no webhook (rule W4: never "no check"), else as
    :func:`masthead.funding.providers.paypal.signatures.check`. PayPal writes no mode into what it tells: that of the
    webhook and of the host that vouches for the signature is the site's.
    """
    if not conf.paypal().webhook:
        raise NotForUs(503, "[funding] paypal_webhook is not set")
    signatures.check(body, headers, now)
    try:
        event: dict[str, Any] = json.loads(body)
        kind, external_id = str(event["event_type"]), str(event["id"])
        found = tuple(refs(kind, event["resource"]))
    except (ValueError, KeyError, TypeError, AttributeError):
        raise NotForUs(400, "not a notification of PayPal") from None
    return Notification(external_id, kind, conf.is_live(), found)


def refs(kind: str, found: Mapping[str, Any]) -> list[Ref]:
    """Return what an event of PayPal is about; nothing for kinds that concern no gift (rule W11)."""
    return [ref for ref in _named(kind, found) if ref.external_id]


def _named(kind: str, found: Mapping[str, Any]) -> list[Ref]:
    own = str(found.get("id", ""))
    if kind.startswith("CHECKOUT.ORDER.") or kind in _OPENS:
        return [Ref(Kind.CHECKOUT, own)]
    if kind.startswith("BILLING.SUBSCRIPTION."):
        return [Ref(Kind.SUBSCRIPTION, own)]
    if kind.startswith("PAYMENT.CAPTURE."):
        return [Ref(Kind.PAYMENT, _origin(found) if kind.endswith(_RETURNED) else own)]
    if kind.startswith("PAYMENT.SALE."):
        return _of_sale(kind, found, own)
    if kind.startswith("CUSTOMER.DISPUTE."):
        rows = found.get("disputed_transactions") or ()
        return [Ref(Kind.PAYMENT, str(row.get("seller_transaction_id", ""))) for row in rows]
    return []


def _origin(returned: Mapping[str, Any]) -> str:
    """Return the capture of which something went back: a refund names it as where it comes from."""
    return link(returned, "up").rpartition("/")[2]


def _of_sale(kind: str, found: Mapping[str, Any], own: str) -> list[Ref]:
    """Return a subscription's payment, which moves the subscription's next date; with the refund that is told of."""
    if kind.endswith(_RETURNED):
        sale = found.get("sale_id") or link(found, "sale").rpartition("/")[2]
        return [Ref(Kind.PAYMENT, f"{sale}/{own}")] if sale else []
    return [Ref(Kind.SUBSCRIPTION, str(found.get("billing_agreement_id") or "")), Ref(Kind.PAYMENT, own)]
