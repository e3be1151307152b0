"""A gift that repeats: a subscription that the giver approves on PayPal's page and PayPal charges by itself."""

from __future__ import annotations

from masthead.core.clock import now
from masthead.core.money import Money
from masthead.funding.ports import CheckoutFacts, CheckoutPage, Order, SubscriptionFacts, SubscriptionStatus
from masthead.funding.providers.paypal import reading
from masthead.funding.providers.paypal.calls import Json, Refused, call, find
from masthead.funding.providers.paypal.history import WINDOW, written
from masthead.funding.providers.paypal.money import to_paypal
from masthead.funding.providers.paypal.orders import LASTS, context
from masthead.funding.providers.paypal.plans import plan_for, price
from masthead.funding.providers.paypal.reading import MARK, link, marked, moment

PREFIX = "I-"
_WORDS = "Asked for on the newsroom's site"


def create(order: Order) -> CheckoutPage:
    """Make the subscription and return its approve page. Nothing is taken, and it is not running, until then."""
    body: Json = {
        "plan_id": plan_for(order.total.currency, order.every),
        "custom_id": f"{MARK}{order.pledge}",
        "plan": price(to_paypal(order.total)),
        "application_context": {**context(order), "user_action": "SUBSCRIBE_NOW"},
    }
    if order.email:
        body["subscriber"] = {"email_address": order.email}
    made = call("POST", "/v1/billing/subscriptions", body, key=order.key)
    return CheckoutPage(made["id"], link(made, "approve"), moment(made["create_time"]) + LASTS)


def read_checkout(external_id: str) -> CheckoutFacts:
    """Read a subscription as the page that began it: with itself and its first payment once it was approved."""
    row = find(f"/v1/billing/subscriptions/{external_id}")
    if row is None:
        return CheckoutFacts(external_id, "", is_open=False)
    pledge = marked(row.get("custom_id"))
    if row["status"] == "APPROVAL_PENDING":
        return CheckoutFacts(external_id, pledge, is_open=moment(row["create_time"]) + LASTS > now())
    return CheckoutFacts(external_id, pledge, is_open=False, payment=_first(row), subscription=external_id)


def read(external_id: str) -> SubscriptionFacts | None:
    """Read a subscription with its plan as it is for this giver. None for a foreign one."""
    read_at = now()
    row = find(f"/v1/billing/subscriptions/{external_id}", fields="plan")
    if row is None or not marked(row.get("custom_id")):
        return None
    return reading.subscription(row, read_at=read_at)


def pledge_of(external_id: str) -> str:
    """Return the pledge a subscription was begun for; empty for a foreign one."""
    row = find(f"/v1/billing/subscriptions/{external_id}") or {}
    return marked(row.get("custom_id"))


def change_amount(external_id: str, total: Money, *, key: str, return_url: str) -> str:
    """Ask for another amount; return the page on which the giver must agree. Until he has, the old one is taken."""
    back = {"return_url": return_url, "cancel_url": return_url}
    body: Json = {"plan": price(to_paypal(total)), "application_context": back}
    return link(call("POST", f"/v1/billing/subscriptions/{external_id}/revise", body, key=key), "approve")


def move(external_id: str, verb: str, wanted: SubscriptionStatus, *, key: str) -> None:
    """Suspend, activate or cancel. What stands so already is done: PayPal refuses to do it twice."""
    try:
        call("POST", f"/v1/billing/subscriptions/{external_id}/{verb}", {"reason": _WORDS}, key=key)
    except Refused:
        found = read(external_id)
        if found is None or found.status != wanted:
            raise


def _first(row: Json) -> str:
    """Return the first payment, which is taken at the approval; empty while there is none."""
    path = f"/v1/billing/subscriptions/{row['id']}/transactions"
    begun = moment(row["create_time"])
    told = call("GET", path, start_time=written(begun), end_time=written(begun + WINDOW))
    rows = sorted(told.get("transactions") or (), key=lambda row: str(row["time"]))
    return str(rows[0]["id"]) if rows else ""
