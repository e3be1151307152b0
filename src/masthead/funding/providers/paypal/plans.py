"""The plan of a subscription: one per currency and rhythm, found again by a name of ours.

Each subscription carries its own amount, laid over the plan's. So there are as many plans as a site has currencies and
rhythms, not one for every sum a giver types, and the approve page names one price. A plan by quantity, of cents, would
be as few, but its page would say "2,500 times 0.01".
"""

from __future__ import annotations

import base64
import hashlib
from functools import lru_cache

from masthead.funding import conf
from masthead.funding.ports import Every
from masthead.funding.providers.paypal.calls import Json, Refused, address, call, find

# After so many failures in a row PayPal suspends the subscription: then it is past due here until the giver acts.
_FAILURES = 3
_ALREADY_THERE = "DUPLICATE_RESOURCE_IDENTIFIER"


def plan_for(currency: str, every: Every) -> str:
    """Return the id of the plan for a currency and a rhythm, made at PayPal where it is not there yet.

    Two processes that ask at once make one plan: product and plan have keys of ours.
    """
    return _plan(address(), conf.paypal().client, conf.site_name(), currency, every)


def price(value: dict[str, str]) -> Json:
    """Return what lays an amount over the plan's own."""
    return {"billing_cycles": [{"sequence": 1, "total_cycles": 0, "pricing_scheme": {"fixed_price": value}}]}


@lru_cache(maxsize=64)
def _plan(where: str, client: str, site: str, currency: str, every: Every) -> str:
    product = product_id(site, currency, every)
    return _found(product) or _made(product, site, currency, every)


def product_id(site: str, currency: str, every: Every) -> str:
    """Name the product in the form of PayPal's own names, which its plans insist on."""
    digest = hashlib.sha256(f"{site}|{currency}|{every.value}".encode()).digest()
    return f"PROD-{base64.b32encode(digest).decode()[:17]}"


def _found(product: str) -> str:
    told = find("/v1/billing/plans", product_id=product, page_size="20") or {}
    return next((str(row["id"]) for row in told.get("plans") or () if row["status"] == "ACTIVE"), "")


def _made(product: str, site: str, currency: str, every: Every) -> str:
    try:
        named = {"id": product, "name": site[:127], "type": "SERVICE"}
        call("POST", "/v1/catalogs/products", named, key=f"product-{product}")
    except Refused as answer:
        if answer.issue != _ALREADY_THERE:
            raise
    cycle = {
        "frequency": {"interval_unit": every.value.upper(), "interval_count": 1},
        "tenure_type": "REGULAR",
        "sequence": 1,
        "total_cycles": 0,
        "pricing_scheme": {"fixed_price": {"currency_code": currency, "value": "1"}},
    }
    body: Json = {
        "product_id": product,
        "name": f"{site[:100]} ({currency}, {every.value})",
        "billing_cycles": [cycle],
        # What failed is not added to the next payment: each payment is one gift of the agreed amount.
        "payment_preferences": {"auto_bill_outstanding": False, "payment_failure_threshold": _FAILURES},
    }
    return str(call("POST", "/v1/billing/plans", body, key=f"plan-{product}")["id"])
