"""A gift once: an order that the giver approves on PayPal's page and this site captures."""

from __future__ import annotations

from datetime import timedelta

from masthead.funding import conf
from masthead.funding.ports import CheckoutFacts, CheckoutPage, Order
from masthead.funding.providers.paypal.calls import Json, Refused, call, find
from masthead.funding.providers.paypal.money import to_paypal
from masthead.funding.providers.paypal.reading import MARK, link, marked, moment

# What PayPal gives a payer to approve; afterwards the order is void and unknown.
LASTS = timedelta(hours=3)
_LOCALES = {
    "ar": "ar-EG", "de": "de-DE", "en": "en-US", "es": "es-ES", "fr": "fr-FR", "ru": "ru-RU",
}  # fmt: skip
_SETTLED_ELSEWHERE = "ORDER_ALREADY_CAPTURED"
_MAY_CHOOSE_AGAIN = frozenset({"INSTRUMENT_DECLINED", "PAYER_ACTION_REQUIRED", "ORDER_NOT_APPROVED"})


def create(order: Order) -> CheckoutPage:
    """Make the order and return its approve page."""
    unit = {
        "amount": to_paypal(order.total),
        "custom_id": f"{MARK}{order.pledge}",
        "invoice_id": order.key,
        "description": order.title[:127],
    }
    body: Json = {
        "intent": "CAPTURE",
        "purchase_units": [unit],
        "payment_source": {"paypal": {"experience_context": {**context(order), "user_action": "PAY_NOW"}}},
    }
    made = call("POST", "/v2/checkout/orders", body, key=order.key)
    return CheckoutPage(made["id"], link(made, "payer-action", "approve"), moment(made["create_time"]) + LASTS)


def context(order: Order) -> dict[str, str]:
    """Return where the page leads back to, and how it looks."""
    told = {
        "return_url": order.success_url,
        "cancel_url": order.cancel_url,
        "shipping_preference": "NO_SHIPPING",
        "brand_name": conf.site_name()[:127],
    }
    locale = _LOCALES.get(order.language.partition("-")[0])
    return {**told, "locale": locale} if locale else told


def read(external_id: str) -> CheckoutFacts:
    """Read an order; one of this site that its payer has approved is captured now.

    The page after paying, the notification of the approval and the reconciler all come here, in any order and at once:
    an order is captured once, by PayPal's own rule and under one key per approval. An order nobody knows any more is
    over.
    """
    row = find(f"/v2/checkout/orders/{external_id}")
    if row is None:
        return CheckoutFacts(external_id, "", is_open=False)
    if row["status"] == "APPROVED" and _pledge(row):
        row = captured(row)
    captures = (row["purchase_units"][0].get("payments") or {}).get("captures") or ()
    return CheckoutFacts(
        external_id=external_id,
        pledge=_pledge(row),
        is_open=row["status"] not in {"COMPLETED", "VOIDED"},
        payment=captures[-1]["id"] if captures else "",
    )


def captured(row: Json) -> Json:
    """Take the money of an approved order; return the order as it then is.

    What is declined is not taken again under the same approval: the payer may choose something else on the same page,
    and that approval has another time, and so another key.
    """
    address = f"/v2/checkout/orders/{row['id']}"
    stamp = row.get("update_time") or row["create_time"]
    try:
        return call("POST", f"{address}/capture", {}, key=f"capture-{row['id']}-{stamp}")
    except Refused as answer:
        if answer.issue != _SETTLED_ELSEWHERE and answer.issue not in _MAY_CHOOSE_AGAIN:
            raise
        return call("GET", address)


def _pledge(row: Json) -> str:
    return marked(row["purchase_units"][0].get("custom_id"))
