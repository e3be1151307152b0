"""Subscriptions."""

from __future__ import annotations

from typing import Any

from masthead.simulator.book import Book, new_id
from masthead.simulator.clock import add_interval
from masthead.simulator.store import Json
from masthead.simulator.stripe import invoices, renewals
from masthead.simulator.stripe.api import Call, endpoint
from masthead.simulator.stripe.catalog import price_of
from masthead.simulator.stripe.customers import the_customer
from masthead.simulator.stripe.errors import StripeError, invalid, missing
from masthead.simulator.stripe.facts import save
from masthead.simulator.stripe.payment_methods import the_method
from masthead.simulator.stripe.shapes import listed, merged, page
from masthead.simulator.timers import on_timer

_NOTHING = (
    "application application_fee_percent billing_cycle_anchor_config billing_thresholds cancel_at canceled_at"
    " days_until_due default_source ended_at latest_invoice next_pending_invoice_item_invoice on_behalf_of"
    " pause_collection pending_invoice_item_interval pending_setup_intent pending_update schedule test_clock"
    " transfer_data trial_end trial_start"
)
_EXPIRES = 23 * 3600
_PRICE_DATA = "currency product unit_amount recurring.interval recurring.interval_count"
_ITEM = " ".join(f"items.price_data.{name}" for name in _PRICE_DATA.split()) + " items.price items.quantity"
_SHARED = (
    "metadata description default_payment_method cancel_at_period_end payment_behavior off_session"
    " proration_behavior payment_settings.save_default_payment_method payment_settings.payment_method_types"
)


def make(book: Book, customer: Json, items: list[Json], **given: Any) -> Json:
    """Begin a subscription to priced items (``price``: whole, ``quantity``), unpaid yet, and draft nothing.

    Refuses items that are not recurring, or recur at different times or in different currencies.
    """
    kinds = {(item["price"]["currency"], _interval(item["price"])) for item in items}
    if len(kinds) != 1:
        raise invalid("All prices on a subscription must have the same currency and interval.", param="items")
    id_ = new_id("sub_")
    currency, (interval, count) = next(iter(kinds))
    finish = add_interval(book.now, interval, count)
    settings = {"payment_method_options": None, "payment_method_types": None, "save_default_payment_method": "off"}
    subscription: Json = {
        **dict.fromkeys(_NOTHING.split()),
        "id": id_,
        "object": "subscription",
        "automatic_tax": {"disabled_reason": None, "enabled": False, "liability": None},
        "billing_cycle_anchor": book.now,
        "billing_mode": {"type": "flexible", "flexible": {"proration_discounts": "included"}, "updated_at": book.now},
        "billing_schedules": [],
        "cancel_at_period_end": given.get("cancel_at_period_end", False),
        "cancellation_details": {"comment": None, "feedback": None, "reason": None},
        "collection_method": "charge_automatically",
        "created": book.now,
        "currency": currency,
        "customer": customer["id"],
        "default_payment_method": given.get("default_payment_method"),
        "default_tax_rates": [],
        "description": given.get("description"),
        "discounts": [],
        "invoice_settings": {"account_tax_ids": None, "issuer": {"type": "self"}},
        "items": listed(
            [_item(book, id_, item, book.now, finish) for item in items], f"/v1/subscription_items?subscription={id_}"
        ),
        "livemode": book.live,
        "metadata": given.get("metadata") or {},
        "payment_settings": {**settings, **(given.get("payment_settings") or {})},
        "start_date": book.now,
        "status": "incomplete",
        "trial_settings": {"end_behavior": {"missing_payment_method": "create_invoice"}},
        "_intervals": count,
    }
    if customer["currency"] not in (None, currency):
        raise invalid(
            f"You cannot combine currencies on a single customer. This customer has had {customer['currency']}.",
            param="currency",
        )
    book.put({**customer, "currency": currency})
    renewals.plan(book, subscription)
    return save(book, subscription, "customer.subscription.created")


def _interval(price: Json) -> tuple[str, int]:
    if not price["recurring"]:
        raise invalid(f"The price {price['id']} is not recurring.", param="items")
    return price["recurring"]["interval"], price["recurring"]["interval_count"]


def _item(book: Book, subscription: str, item: Json, start: int, finish: int) -> Json:
    price = item["price"]
    return {
        "id": new_id("si_", 14),
        "object": "subscription_item",
        "billing_thresholds": None,
        "created": book.now,
        "current_period_end": finish,
        "current_period_start": start,
        "discounts": [],
        "metadata": {},
        "plan": _plan(price),
        "price": price,
        "quantity": item["quantity"],
        "subscription": subscription,
        "tax_rates": [],
    }


def _plan(price: Json) -> Json:
    same = ("id", "active", "billing_scheme", "created", "currency", "livemode", "metadata", "nickname", "product")
    return {
        **{name: price[name] for name in same},
        "object": "plan",
        "amount": price["unit_amount"],
        "amount_decimal": price["unit_amount_decimal"],
        "interval": price["recurring"]["interval"],
        "interval_count": price["recurring"]["interval_count"],
        "meter": None,
        "tiers_mode": None,
        "transform_usage": None,
        "trial_period_days": None,
        "usage_type": "licensed",
    }


def open_first_invoice(book: Book, subscription: Json) -> Json:
    """Make and open a new subscription's first invoice."""
    item = subscription["items"]["data"][0]
    period = (item["current_period_start"], item["current_period_end"])
    invoice = invoices.make(book, subscription, reason="subscription_create", period=period)
    subscription["latest_invoice"] = invoice["id"]
    book.put(subscription)
    book.later(book.now + _EXPIRES, "stripe.incomplete", id_=subscription["id"])
    return invoices.finalize(book, invoice)


@on_timer("stripe.incomplete")
def expire(book: Book, id_: str) -> None:
    """Give up a subscription whose first invoice was not paid within 23 hours."""
    subscription = book.the("subscription", id_)
    if subscription["status"] == "incomplete":
        invoice = book.the("invoice", subscription["latest_invoice"])
        if invoice["status"] == "open":
            invoices.give_up(book, invoice, "void")
        ended = {**subscription, "status": "incomplete_expired", "ended_at": book.now}
        save(book, ended, "customer.subscription.updated")


def end(book: Book, subscription: Json, *, reason: str = "cancellation_requested", details: Json | None = None) -> Json:
    """End a subscription now; its open invoices stay open, its drafts are not charged."""
    for invoice in book.find("invoice", _subscription=subscription["id"], status="draft"):
        book.put({**invoice, "auto_advance": False})
    subscription = {**subscription, "status": "canceled", "ended_at": book.now}
    subscription["canceled_at"] = subscription["canceled_at"] or book.now
    kept = {**subscription["cancellation_details"], **(details or {})}
    subscription["cancellation_details"] = {**kept, "reason": reason}
    return save(book, subscription, "customer.subscription.deleted")


def the_subscription(book: Book, id_: str) -> Json:
    """Return a subscription. Refuses an unknown one."""
    found = book.get("subscription", id_)
    if found is None:
        raise missing("subscription", id_)
    return found


@endpoint("POST", "/v1/subscriptions", params="SubscriptionCreateParams", plays=f"customer {_ITEM} {_SHARED}")
def create_subscription(call: Call) -> Json:
    """Begin a subscription for a customer who has a payment method."""
    params, book = dict(call.params), call.book
    customer = the_customer(book, params.pop("customer"))
    behaviour = params.pop("payment_behavior", "allow_incomplete")
    items = _items(book, params.pop("items", None) or [])
    if not items:
        raise invalid("Missing required param: items.", param="items", code="parameter_missing")
    _check_method(book, params.get("default_payment_method"), customer["id"])
    subscription = make(book, customer, items, **params)
    invoice = open_first_invoice(book, subscription)
    if behaviour == "default_incomplete" or invoice["status"] == "paid":
        return the_subscription(book, subscription["id"])
    try:
        invoices.collect(book, invoice, renewals.method_for(book, invoice))
    except StripeError as refusal:
        if behaviour == "error_if_incomplete" or not refusal.commit:
            refusal.commit = False
            raise
    return the_subscription(book, subscription["id"])


def _items(book: Book, given: list[Json]) -> list[Json]:
    items = [
        {"price": price_of(book, item, param=f"items[{number}]"), "quantity": item.get("quantity", 1)}
        for number, item in enumerate(given)
    ]
    if any(item["quantity"] < 1 for item in items):
        raise invalid("Quantities are 1 or more.", param="items", code="parameter_invalid_integer")
    return items


def _check_method(book: Book, id_: str | None, customer: str) -> None:
    if id_ and the_method(book, id_, param="default_payment_method")["customer"] != customer:
        raise invalid(
            f"The customer does not have a payment method with the ID {id_}. The payment method must be attached to the"
            " customer.",
            param="default_payment_method",
            code="resource_missing",
        )


@endpoint("GET", "/v1/subscriptions/{id_}", params="SubscriptionRetrieveParams")
def retrieve_subscription(call: Call, id_: str) -> Json:
    """Return a subscription."""
    return the_subscription(call.book, id_)


@endpoint(
    "GET",
    "/v1/subscriptions",
    params="SubscriptionListParams",
    plays="customer price status created limit starting_after ending_before",
)
def list_subscriptions(call: Call) -> Json:
    """List subscriptions: those that have not ended, unless a status or ``all`` is asked for."""
    status, price = call.params.get("status"), call.params.get("price")
    wanted = {"customer": call.params["customer"]} if "customer" in call.params else {}
    found = [
        item
        for item in call.book.find("subscription", **wanted)
        if _has_status(item["status"], status)
        and price in (None, *(each["price"]["id"] for each in item["items"]["data"]))
    ]
    return page(call.params, found, "/v1/subscriptions")


def _has_status(status: str, wanted: str | None) -> bool:
    if wanted == "ended":
        return status in {"canceled", "incomplete_expired"}
    return wanted == "all" or (status == wanted if wanted else status not in {"canceled", "incomplete_expired"})


@endpoint(
    "POST",
    "/v1/subscriptions/{id_}",
    params="SubscriptionUpdateParams",
    plays=f"{_ITEM} items.id items.deleted {_SHARED} cancel_at cancellation_details pause_collection",
)
def update_subscription(call: Call, id_: str) -> Json:
    """Change a subscription: items without proration, payment method, pause, end."""
    params, book = dict(call.params), call.book
    subscription = the_subscription(book, id_)
    if subscription["status"] in {"canceled", "incomplete_expired"} and set(params) - {"metadata"}:
        raise invalid("A canceled subscription can only update its metadata.", code="resource_missing")
    _check_method(book, params.get("default_payment_method"), subscription["customer"])
    restart = False
    if params.pop("items", None):
        restart = _change_items(call, subscription)
    for name in ("payment_behavior", "off_session", "proration_behavior"):
        params.pop(name, None)
    _change_end(book, subscription, params)
    subscription["metadata"] = merged(subscription["metadata"], params.pop("metadata", None))
    if "pause_collection" in params:
        subscription["pause_collection"] = _pause(book, id_, params.pop("pause_collection"))
    settings = {**subscription["payment_settings"], **(params.pop("payment_settings", None) or {})}
    subscription |= {name: value or None for name, value in params.items()} | {"payment_settings": settings}
    save(book, subscription, "customer.subscription.updated")
    return _restart(book, subscription) if restart else subscription


def _change_items(call: Call, subscription: Json) -> bool:
    """Change price and quantity of items. Returns whether the rhythm changed, which begins a new period now."""
    if call.params.get("proration_behavior") != "none":
        raise StripeError(
            400,
            "invalid_request_error",
            "The simulator plays changes of items with proration_behavior=none only.",
            param="proration_behavior",
            code="simulator_parameter_not_played",
        )
    kept = {item["id"]: item for item in subscription["items"]["data"]}
    rhythm = _interval(subscription["items"]["data"][0]["price"])
    for number, change in enumerate(call.params["items"]):
        item = kept.get(change.get("id", ""))
        if item is None:
            raise missing("subscription_item", change.get("id", ""), param=f"items[{number}][id]", status=400)
        if change.get("deleted"):
            raise invalid("A subscription must keep an item.", param=f"items[{number}][deleted]")
        if "price" in change or "price_data" in change:
            item["price"] = price_of(call.book, change, param=f"items[{number}]")
            if item["price"]["currency"] != subscription["currency"]:
                raise invalid("The currency of a subscription cannot change.", param=f"items[{number}][price]")
        item["quantity"] = change.get("quantity", item["quantity"])
        item["plan"] = _plan(item["price"])
    rhythms = {_interval(item["price"]) for item in kept.values()}
    if len(rhythms) != 1:
        raise invalid("All prices on a subscription must have the same interval.", param="items")
    return rhythm not in rhythms


def _restart(book: Book, subscription: Json) -> Json:
    subscription |= {"billing_cycle_anchor": book.now, "_intervals": 0}
    renewals.begin_period(book, subscription, start=book.now, reason="subscription_update")
    return the_subscription(book, subscription["id"])


def _change_end(book: Book, subscription: Json, params: Json) -> None:
    details = params.pop("cancellation_details", None) or {}
    subscription["cancellation_details"] |= {name: value or None for name, value in details.items()}
    if "cancel_at" in params:
        at = params.pop("cancel_at") or None
        if isinstance(at, str) or (at is not None and at <= book.now):
            raise invalid("cancel_at must be in the future.", param="cancel_at")
        subscription |= {"cancel_at": at, "canceled_at": book.now if at else None}
        if at:
            book.later(at, "stripe.cancel_at", id_=subscription["id"], at=at)
    if "cancel_at_period_end" in params:
        set_ending(book, subscription, ending=params.pop("cancel_at_period_end"))


def set_ending(book: Book, subscription: Json, *, ending: bool) -> None:
    """Let a subscription end with its period, or go on after all; changes the one that is given."""
    period_end = subscription["items"]["data"][0]["current_period_end"]
    subscription |= {"cancel_at_period_end": ending, "cancel_at": period_end if ending else None}
    subscription["canceled_at"] = book.now if ending else None
    subscription["cancellation_details"]["reason"] = "cancellation_requested" if ending else None


@on_timer("stripe.cancel_at")
def end_on_time(book: Book, id_: str, at: int) -> None:
    """End a subscription at the instant that was set, unless it was set otherwise since."""
    subscription = the_subscription(book, id_)
    if subscription["cancel_at"] == at and subscription["status"] != "canceled":
        end(book, subscription)


def _pause(book: Book, id_: str, given: Any) -> Json | None:
    if not given:
        return None
    if "behavior" not in given:
        raise invalid("Missing required param: pause_collection[behavior].", param="pause_collection[behavior]")
    resumes = given.get("resumes_at")
    if resumes is not None:
        if resumes <= book.now:
            raise invalid("resumes_at must be in the future.", param="pause_collection[resumes_at]")
        book.later(resumes, "stripe.resume", id_=id_, at=resumes)
    return {"behavior": given["behavior"], "resumes_at": resumes}


@on_timer("stripe.resume")
def resume_on_time(book: Book, id_: str, at: int) -> None:
    """Take collection up again at the instant that was set."""
    subscription = the_subscription(book, id_)
    paused = subscription["pause_collection"]
    if paused and paused["resumes_at"] == at and subscription["status"] != "canceled":
        save(book, {**subscription, "pause_collection": None}, "customer.subscription.updated")


@endpoint("DELETE", "/v1/subscriptions/{id_}", params="SubscriptionCancelParams", plays="cancellation_details")
def cancel_subscription(call: Call, id_: str) -> Json:
    """End a subscription now. Refuses one that has ended."""
    subscription = the_subscription(call.book, id_)
    if subscription["status"] in {"canceled", "incomplete_expired"}:
        raise missing("subscription", id_)
    return end(call.book, subscription, details=call.params.get("cancellation_details"))
