"""Subscriptions v1: approved by the subscriber, charged by the clock, suspended, cancelled."""

from __future__ import annotations

from typing import Any

from masthead.simulator.book import Book, new_id
from masthead.simulator.clock import add_interval, from_iso, iso
from masthead.simulator.paypal import money, payments
from masthead.simulator.paypal.api import Ask, endpoint
from masthead.simulator.paypal.errors import impossible, invalid, unknown
from masthead.simulator.paypal.notifications import link, notify
from masthead.simulator.paypal.shape import MONEY
from masthead.simulator.store import Json
from masthead.simulator.timers import on_timer

_DAY = 86_400
_AGAIN = 5 * _DAY
_CREATE = {
    "plan_id!": str,
    "quantity": str,
    "custom_id": str,
    "subscriber": {"email_address": str, "name": {"given_name": str, "surname": str}},
    "application_context": {
        "return_url!": str, "cancel_url!": str, "brand_name": str, "locale": str, "user_action": ("SUBSCRIBE_NOW",),
        "shipping_preference": ("NO_SHIPPING",), "payment_method": Any,
    },
    "plan": {"billing_cycles!": [{"sequence!": int, "total_cycles": int, "pricing_scheme!": {"fixed_price!": MONEY}}]},
}  # fmt: skip
_REASON = {"reason!": str}
_REVISE = {
    "plan_id": str,
    "plan!": {"billing_cycles!": [{"sequence!": int, "total_cycles": int, "pricing_scheme!": {"fixed_price!": MONEY}}]},
    "application_context": {"return_url!": str, "cancel_url!": str, "brand_name": str, "locale": str},
}
# What the subscriber chooses on the page.
INSTRUMENTS = {"pays": "A balance that pays", "fails_later": "A card that pays now and is declined later"}


@endpoint("POST", "/v1/billing/subscriptions", shape=_CREATE, status=201)
def create_subscription(ask: Ask) -> Json:
    """Make a subscription, and the page where it is approved."""
    plan = ask.book.get("plan", ask.body["plan_id"])
    if plan is None:
        raise unknown("plan", ask.body["plan_id"])
    if plan["status"] != "ACTIVE":
        raise impossible("PLAN_STATUS_INVALID", "The plan is not active.")
    if "application_context" not in ask.body:
        raise invalid("/application_context", "MISSING_REQUIRED_PARAMETER", "The simulator's page needs a way back.")
    quantity = ask.body.get("quantity", "1")
    if not quantity.isdigit() or (quantity != "1" and not plan.get("quantity_supported")):
        raise impossible("PLAN_QUANTITY_NOT_SUPPORTED", "The plan does not support quantity.")
    cycle = plan["billing_cycles"][0]
    for own in ask.body.get("plan", {}).get("billing_cycles", []):
        cycle = {
            **cycle,
            "pricing_scheme": own["pricing_scheme"],
            "total_cycles": own.get("total_cycles", cycle["total_cycles"]),
        }
    minor, currency = money.positive(cycle["pricing_scheme"]["fixed_price"], "/plan/billing_cycles/0/pricing_scheme")
    id_ = new_id("I-", 12).upper()
    made: Json = {
        "id": id_,
        "plan_id": plan["id"],
        "status": "APPROVAL_PENDING",
        "status_update_time": iso(ask.book.now),
        "start_time": iso(ask.book.now),
        "quantity": quantity,
        "subscriber": ask.body.get("subscriber", {}),
        "create_time": iso(ask.book.now),
        "plan_overridden": "plan" in ask.body,
        "links": _links(ask.book, id_),
        "_context": ask.body["application_context"],
        "_minor": minor * int(quantity),
        "_currency": currency,
        "_cycle": cycle,
        "_threshold": plan["payment_preferences"]["payment_failure_threshold"],
        "_paid": 0,
        "_failed": 0,
        "_next": None,
    }
    if "custom_id" in ask.body:
        made["custom_id"] = ask.body["custom_id"]
    ask.book.put(made, "subscription")
    _tell(ask.book, "CREATED", made)
    return {name: made[name] for name in ("id", "status", "create_time", "links")} if not ask.whole else made


def _links(book: Book, id_: str) -> list[Json]:
    return [
        link(book, f"/webapps/billing/subscriptions?ba_token={id_}", "approve"),
        link(book, f"/v1/billing/subscriptions/{id_}", "edit", "PATCH"),
        link(book, f"/v1/billing/subscriptions/{id_}", "self"),
    ]


def _tell(book: Book, fact: str, made: Json) -> None:
    summary = f"Subscription {fact.lower().replace('.', ' ')}"
    notify(book, f"BILLING.SUBSCRIPTION.{fact}", made, kind="subscription", summary=summary)


def approve(book: Book, made: Json, *, email: str, name: str, instrument: str) -> Json:
    """Approve a subscription, as its subscriber does on the page, and take the first payment."""
    given, _, family = name.partition(" ")
    person = {"email_address": email, "payer_id": payments.paypal_id()[:13]}
    made["subscriber"] = {**person, "name": {"given_name": given, "surname": family or given}}
    made |= {"status": "ACTIVE", "status_update_time": iso(book.now), "_instrument": instrument, "_anchor": book.now}
    _plan_next(book, made)
    book.put(made, "subscription")
    _tell(book, "ACTIVATED", made)
    return _charge(book, made)


def _plan_next(book: Book, made: Json) -> None:
    """Set the next payment, one interval after the last was due."""
    frequency = made["_cycle"]["frequency"]
    made["_intervals"] = made.get("_intervals", 0) + frequency["interval_count"]
    made["_next"] = add_interval(made["_anchor"], frequency["interval_unit"].lower(), made["_intervals"])
    book.later(made["_next"], "paypal.renew", id_=made["id"], at=made["_next"])


def _charge(book: Book, made: Json) -> Json:
    taken = payments.capture(
        book,
        money.write(made["_minor"], made["_currency"]),
        _code="T0002",
        _email=made["subscriber"]["email_address"],
        _subscription=made["id"],
        **({"custom_id": made["custom_id"]} if "custom_id" in made else {}),
    )
    made |= {"_paid": made["_paid"] + 1, "_failed": 0}
    book.put(made, "subscription")
    summary = f"Payment completed for {taken['amount']['value']} {made['_currency']}"
    notify(book, "PAYMENT.SALE.COMPLETED", payments.sale(taken), kind="sale", summary=summary, version="1.0")
    return made


@on_timer("paypal.renew")
def renew(book: Book, id_: str, at: int) -> None:
    """Take the next payment, if the subscription still waits for it."""
    made = book.the("subscription", id_)
    if made["status"] != "ACTIVE" or made["_next"] != at:
        return
    if made["_instrument"] == "fails_later":
        _fail(book, made)
        return
    cycles = made["_cycle"]["total_cycles"]
    if cycles and made["_paid"] >= cycles:
        made |= {"status": "EXPIRED", "_next": None}
        book.put(made, "subscription")
        _tell(book, "EXPIRED", made)
        return
    _plan_next(book, made)
    _charge(book, made)


def _fail(book: Book, made: Json) -> None:
    """Count a failure; try again in five days, or suspend at the threshold."""
    made["_failed"] += 1
    made["_next"] = book.now + _AGAIN
    book.later(made["_next"], "paypal.renew", id_=made["id"], at=made["_next"])
    book.put(made, "subscription")
    _tell(book, "PAYMENT.FAILED", _shown(made))
    if made["_threshold"] and made["_failed"] >= made["_threshold"]:
        _set(book, made, "SUSPENDED", "SUSPENDED")


def _set(book: Book, made: Json, status: str, fact: str, note: str = "") -> None:
    made |= {"status": status, "status_update_time": iso(book.now)}
    if note:
        made["status_change_note"] = note
    book.put(made, "subscription")
    _tell(book, fact, _shown(made))


def _shown(made: Json) -> Json:
    """Return a subscription with its figures as of now."""
    zero = money.write(0, made["_currency"])
    info: Json = {
        "outstanding_balance": money.write(made["_minor"] if made["_failed"] else 0, made["_currency"]) or zero,
        "cycle_executions": [
            {
                "tenure_type": "REGULAR",
                "sequence": 1,
                "cycles_completed": made["_paid"],
                "cycles_remaining": 0,
                "total_cycles": made["_cycle"]["total_cycles"],
            }
        ],
        "failed_payments_count": made["_failed"],
    }
    if made["_next"] and made["status"] == "ACTIVE":
        info["next_billing_time"] = iso(made["_next"])
    return {**made, "billing_info": info}


def the_subscription(book: Book, id_: str) -> Json:
    """Return a subscription. Refuses an unknown one."""
    found = book.get("subscription", id_)
    if found is None:
        raise unknown("subscription", id_)
    return found


@endpoint("GET", "/v1/billing/subscriptions/{id_}", query="fields")
def get_subscription(ask: Ask, id_: str) -> Json:
    """Return a subscription; with its plan, as it is for this subscriber, only where ``fields`` asks for it."""
    made = the_subscription(ask.book, id_)
    told = _shown(made)
    if "plan" in ask.query.get("fields", "").split(","):
        price = {"fixed_price": money.write(made["_minor"], made["_currency"])}
        told["plan"] = {"billing_cycles": [{**made["_cycle"], "pricing_scheme": price}]}
    return told


@endpoint("POST", "/v1/billing/subscriptions/{id_}/revise", shape=_REVISE)
def revise(ask: Ask, id_: str) -> Json:
    """Ask for another amount: nothing changes until the subscriber has agreed on PayPal's page."""
    made = the_subscription(ask.book, id_)
    if made["status"] != "ACTIVE":
        raise impossible("SUBSCRIPTION_STATUS_INVALID", f"Invalid subscription status for revise: {made['status']}.")
    price = ask.body["plan"]["billing_cycles"][0]["pricing_scheme"]["fixed_price"]
    minor, currency = money.positive(price, "/plan/billing_cycles/0/pricing_scheme")
    if currency != made["_currency"]:
        raise impossible("CURRENCY_MISMATCH", "The currency of a subscription never changes.")
    ask.book.put({**made, "_wanted": minor}, "subscription")
    address = f"/webapps/billing/subscriptions/update?ba_token={id_}"
    return {"plan_id": made["plan_id"], "plan_overridden": True, "links": [link(ask.book, address, "approve")]}


def agree(book: Book, made: Json) -> Json:
    """Let the subscriber agree to what was asked for; it is taken from the next time on."""
    wanted = made.pop("_wanted", None)
    if wanted is None:
        raise impossible("SUBSCRIPTION_STATUS_INVALID", "There is nothing to agree to.")
    made |= {"_minor": wanted, "plan_overridden": True}
    book.put(made, "subscription")
    _tell(book, "UPDATED", _shown(made))
    return made


def _change(ask: Ask, id_: str, allowed: set[str], status: str, fact: str) -> Json:
    made = the_subscription(ask.book, id_)
    if made["status"] not in allowed:
        raise impossible(
            "SUBSCRIPTION_STATUS_INVALID", f"Invalid subscription status for {fact.lower()}: {made['status']}."
        )
    if not 1 <= len(ask.body["reason"]) <= 128:
        raise invalid("/reason", "INVALID_STRING_LENGTH", "1 to 128 characters.")
    _set(ask.book, made, status, fact, ask.body["reason"])
    return made


@endpoint("POST", "/v1/billing/subscriptions/{id_}/cancel", shape=_REASON, status=204)
def cancel(ask: Ask, id_: str) -> None:
    """End a subscription for good."""
    _change(ask, id_, {"ACTIVE", "SUSPENDED"}, "CANCELLED", "CANCELLED")


@endpoint("POST", "/v1/billing/subscriptions/{id_}/suspend", shape=_REASON, status=204)
def suspend(ask: Ask, id_: str) -> None:
    """Take nothing until it is activated again."""
    _change(ask, id_, {"ACTIVE"}, "SUSPENDED", "SUSPENDED")


@endpoint("POST", "/v1/billing/subscriptions/{id_}/activate", shape=_REASON, status=204)
def activate(ask: Ask, id_: str) -> None:
    """Go on with a suspended subscription, from the next date in its rhythm."""
    made = _change(ask, id_, {"SUSPENDED"}, "ACTIVE", "ACTIVATED")
    made["_failed"] = 0
    _plan_next(ask.book, made)
    while made["_next"] <= ask.book.now:
        _plan_next(ask.book, made)
    ask.book.put(made, "subscription")


@endpoint("GET", "/v1/billing/subscriptions/{id_}/transactions", query="start_time end_time")
def transactions(ask: Ask, id_: str) -> Json:
    """List what was taken for a subscription between two instants, which must be given."""
    the_subscription(ask.book, id_)
    for name in ("start_time", "end_time"):
        if name not in ask.query:
            raise invalid(f"/{name}", "MISSING_REQUIRED_PARAMETER", "A required field is missing.")
    start, end = (from_iso(ask.query[name].replace("Z", "+00:00")) for name in ("start_time", "end_time"))
    found = [item for item in ask.book.find("capture", _subscription=id_) if start <= item["_at"] <= end]
    return {"transactions": [_transaction(item) for item in found], "links": []}


def _transaction(item: Json) -> Json:
    breakdown = item["seller_receivable_breakdown"]
    names = {"gross_amount": "gross_amount", "paypal_fee": "fee_amount", "net_amount": "net_amount"}
    return {
        "id": item["id"],
        "status": item["status"],
        "payer_email": item["_email"],
        "amount_with_breakdown": {told: breakdown[name] for name, told in names.items()},
        "time": item["create_time"],
    }
