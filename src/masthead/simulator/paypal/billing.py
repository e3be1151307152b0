"""Products and plans."""

from __future__ import annotations

from masthead.simulator.book import new_id
from masthead.simulator.clock import iso
from masthead.simulator.paypal import money
from masthead.simulator.paypal.api import Ask, endpoint
from masthead.simulator.paypal.errors import impossible, unknown
from masthead.simulator.paypal.notifications import link, notify
from masthead.simulator.paypal.shape import MONEY
from masthead.simulator.store import Json

_PRODUCT = {
    "name!": str, "type": ("PHYSICAL", "DIGITAL", "SERVICE"), "description": str, "category": str, "id": str,
    "home_url": str, "image_url": str,
}  # fmt: skip
UNITS = ("DAY", "WEEK", "MONTH", "YEAR")
CYCLE = {
    "frequency!": {"interval_unit!": UNITS, "interval_count": int},
    "tenure_type!": ("REGULAR",),
    "sequence!": int,
    "total_cycles": int,
    "pricing_scheme!": {"fixed_price!": MONEY},
}
_PLAN = {
    "product_id!": str,
    "name!": str,
    "description": str,
    "status": ("CREATED", "ACTIVE", "INACTIVE"),
    "billing_cycles!": [CYCLE],
    "payment_preferences!": {
        "auto_bill_outstanding": bool,
        "setup_fee_failure_action": ("CONTINUE", "CANCEL"),
        "payment_failure_threshold": int,
    },
    "quantity_supported": bool,
}


@endpoint("POST", "/v1/catalogs/products", shape=_PRODUCT, status=201)
def create_product(ask: Ask) -> Json:
    """Make a product."""
    id_ = ask.body.get("id") or new_id("PROD-", 17).upper()
    if ask.book.get("product", id_):
        raise impossible("DUPLICATE_RESOURCE_IDENTIFIER", "Duplicate resource identifier has been used.")
    stamped = {"create_time": iso(ask.book.now), "update_time": iso(ask.book.now)}
    made = {"type": "SERVICE", **ask.body, "id": id_, **stamped}
    made["links"] = [link(ask.book, f"/v1/catalogs/products/{id_}", "self")]
    return ask.book.put(made, "product")


@endpoint("GET", "/v1/catalogs/products/{id_}")
def get_product(ask: Ask, id_: str) -> Json:
    """Return a product."""
    found = ask.book.get("product", id_)
    if found is None:
        raise unknown("product", id_)
    return found


@endpoint("POST", "/v1/billing/plans", shape=_PLAN, status=201)
def create_plan(ask: Ask) -> Json:
    """Make a plan with one regular cycle."""
    if ask.book.get("product", ask.body["product_id"]) is None:
        raise unknown("product", ask.body["product_id"])
    if len(ask.body["billing_cycles"]) != 1:
        raise impossible("INVALID_BILLING_CYCLE_SEQUENCE", "The simulator plays plans with one regular cycle.")
    cycle = ask.body["billing_cycles"][0]
    minor, currency = money.positive(cycle["pricing_scheme"]["fixed_price"], "/billing_cycles/0/pricing_scheme")
    cycle["pricing_scheme"] = {"fixed_price": money.write(minor, currency), "version": 1}
    cycle["frequency"] = {"interval_count": 1, **cycle["frequency"]}
    preferences = {"auto_bill_outstanding": True, "payment_failure_threshold": 0, **ask.body["payment_preferences"]}
    id_ = new_id("P-", 24).upper()
    made: Json = {
        "status": "ACTIVE",
        **ask.body,
        "id": id_,
        "billing_cycles": [{"total_cycles": 1, **cycle}],
        "payment_preferences": preferences,
        "usage_type": "LICENSED",
        "create_time": iso(ask.book.now),
        "update_time": iso(ask.book.now),
        "links": [link(ask.book, f"/v1/billing/plans/{id_}", "self")],
    }
    ask.book.put(made, "plan")
    notify(ask.book, "BILLING.PLAN.CREATED", made, kind="plan", summary="A billing plan was created.")
    return made


@endpoint("GET", "/v1/billing/plans/{id_}")
def get_plan(ask: Ask, id_: str) -> Json:
    """Return a plan."""
    found = ask.book.get("plan", id_)
    if found is None:
        raise unknown("plan", id_)
    return found


@endpoint("GET", "/v1/billing/plans", query="product_id page page_size")
def list_plans(ask: Ask) -> Json:
    """List plans."""
    wanted = {"product_id": ask.query["product_id"]} if "product_id" in ask.query else {}
    names = ("id", "product_id", "name", "status", "create_time", "links")
    size, number = int(ask.query.get("page_size", "10")), int(ask.query.get("page", "1"))
    found = ask.book.find("plan", **wanted)[(number - 1) * size : number * size]
    return {"plans": [{name: plan[name] for name in names} for plan in found], "links": []}
