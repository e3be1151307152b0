"""Orders v2: made by the API, approved by the payer on the page, captured by the API."""

from __future__ import annotations

from typing import Any

from masthead.simulator.book import Book
from masthead.simulator.clock import iso
from masthead.simulator.paypal import money, payments
from masthead.simulator.paypal.api import Ask, endpoint
from masthead.simulator.paypal.errors import impossible, invalid, refusal, unknown
from masthead.simulator.paypal.notifications import link, notify
from masthead.simulator.paypal.shape import MONEY
from masthead.simulator.store import Json
from masthead.simulator.timers import on_timer

_EXPIRES = 3 * 3600
_CONTEXT = {
    "return_url": str, "cancel_url": str, "brand_name": str, "locale": str, "landing_page": str, "user_action": str,
    "shipping_preference": ("NO_SHIPPING",), "payment_method_preference": str,
}  # fmt: skip
_ITEM = {
    "name!": str, "quantity!": str, "unit_amount!": MONEY, "description": str, "sku": str,
    "category": ("DIGITAL_GOODS", "PHYSICAL_GOODS", "DONATION"),
}  # fmt: skip
_UNIT = {
    "reference_id": str, "description": str, "custom_id": str, "invoice_id": str, "soft_descriptor": str,
    "amount!": {**MONEY, "breakdown": {"item_total": MONEY}}, "items": [_ITEM],
}  # fmt: skip
_ORDER = {
    "intent!": ("CAPTURE",),
    "purchase_units!": [_UNIT],
    "payment_source": {"paypal!": {"experience_context": _CONTEXT, "email_address": str}},
    "application_context": _CONTEXT,
}
# What the payer chooses on the page.
INSTRUMENTS = {
    "pays": "A balance that pays",
    "declined": "A card that is declined",
    "echeck": "A bank account that pays after days",
    "echeck_fails": "A bank account that fails after days",
}


@endpoint("POST", "/v2/checkout/orders", shape=_ORDER, status=201)
def create_order(ask: Ask) -> Json:
    """Make an order of one purchase, and the page where it is approved."""
    units = ask.body["purchase_units"]
    if len(units) != 1:
        raise impossible("MAX_NUMBER_OF_PURCHASE_UNITS_EXCEEDED", "The simulator plays one purchase unit.")
    unit = units[0]
    minor, currency = money.positive(unit["amount"], "/purchase_units/0/amount")
    _check_items(unit, minor, currency)
    for name, longest in (("custom_id", 255), ("invoice_id", 127), ("description", 127)):
        if len(unit.get(name, "")) > longest:
            raise invalid(f"/purchase_units/0/{name}", "INVALID_STRING_LENGTH", f"At most {longest} characters.")
    source = ask.body.get("payment_source", {}).get("paypal")
    context = (source or {}).get("experience_context") or ask.body.get("application_context") or {}
    if "return_url" not in context or "cancel_url" not in context:
        raise invalid("/payment_source/paypal/experience_context/return_url", "MISSING_REQUIRED_PARAMETER", "Required.")
    id_ = payments.paypal_id()
    order: Json = {
        "id": id_,
        "status": "PAYER_ACTION_REQUIRED" if source is not None else "CREATED",
        "intent": "CAPTURE",
        "purchase_units": [{"reference_id": "default", **unit, "amount": money.write(minor, currency)}],
        "create_time": iso(ask.book.now),
        "update_time": iso(ask.book.now),
        "links": _links(ask.book, id_, "payer-action" if source is not None else "approve"),
        "_context": context,
        "_instrument": None,
    }
    if source is not None:
        order["payment_source"] = {"paypal": {}}
    ask.book.put(order, "order")
    ask.book.later(ask.book.now + _EXPIRES, "paypal.order_expires", id_=id_)
    return _told(ask, order)


def _check_items(unit: Json, minor: int, currency: str) -> None:
    if "items" not in unit:
        return
    total = 0
    for number, item in enumerate(unit["items"]):
        each, in_currency = money.read(item["unit_amount"], f"/purchase_units/0/items/{number}/unit_amount")
        if in_currency != currency or not item["quantity"].isdigit():
            raise impossible("CURRENCY_MISMATCH", "Items are in the currency of the purchase.")
        total += each * int(item["quantity"])
    stated = unit["amount"].get("breakdown", {}).get("item_total")
    if stated is None:
        raise impossible("ITEM_TOTAL_REQUIRED", "If item details are specified, item_total is required.")
    if money.read(stated, "/purchase_units/0/amount/breakdown/item_total")[0] != total or total != minor:
        raise impossible("ITEM_TOTAL_MISMATCH", "Should equal the sum of all items.")


def _links(book: Book, id_: str, approve: str) -> list[Json]:
    return [
        link(book, f"/v2/checkout/orders/{id_}", "self"),
        link(book, f"/checkoutnow?token={id_}", approve),
        link(book, f"/v2/checkout/orders/{id_}/capture", "capture", "POST"),
    ]


def _told(ask: Ask, order: Json) -> Json:
    return (
        order
        if ask.whole
        else {name: order[name] for name in ("id", "status", "links", "payment_source") if name in order}
    )


def the_order(book: Book, id_: str) -> Json:
    """Return an order. Refuses an unknown one."""
    found = book.get("order", id_)
    if found is None:
        raise unknown("order", id_)
    return found


@endpoint("GET", "/v2/checkout/orders/{id_}")
def get_order(ask: Ask, id_: str) -> Json:
    """Return an order, with its captures and refunds as they are now. Refuses one that is void, as PayPal does."""
    order = the_order(ask.book, id_)
    if order["status"] == "VOIDED":
        raise unknown("order", id_)
    captures = ask.book.find("capture", _order=id_)
    if captures:
        shown = [{name: made[name] for name in made if name != "supplementary_data"} for made in captures]
        refunds = [refund for made in captures for refund in ask.book.find("refund", _capture=made["id"])]
        order["purchase_units"][0]["payments"] = {"captures": shown, **({"refunds": refunds} if refunds else {})}
    return order


def approve(book: Book, order: Json, *, email: str, name: str, instrument: str) -> Json:
    """Approve an order, as its payer does on the page."""
    given, _, family = name.partition(" ")
    payer: Json = {
        "email_address": email,
        "payer_id": payments.paypal_id()[:13],
        "name": {"given_name": given, "surname": family or given},
        "address": {"country_code": "US"},
    }
    order |= {"status": "APPROVED", "payer": payer, "update_time": iso(book.now), "_instrument": instrument}
    order["payment_source"] = {
        "paypal": {
            "email_address": email,
            "account_id": payer["payer_id"],
            "account_status": "VERIFIED",
            "name": payer["name"],
        }
    }
    book.put(order, "order")
    notify(book, "CHECKOUT.ORDER.APPROVED", order, kind="checkout-order", summary="An order has been approved by buyer")
    return order


@on_timer("paypal.order_expires")
def expire(book: Book, id_: str) -> None:
    """Let an order that nobody captured become void."""
    order = book.the("order", id_)
    if order["status"] != "COMPLETED":
        book.put({**order, "status": "VOIDED"}, "order")


@endpoint("POST", "/v2/checkout/orders/{id_}/capture", shape={}, status=201)
def capture_order(ask: Ask, id_: str) -> Json:
    """Take the money of an approved order. Refuses what is not approved, void, or taken already."""
    order, book = the_order(ask.book, id_), ask.book
    if order["status"] == "COMPLETED":
        raise impossible("ORDER_ALREADY_CAPTURED", "Order already captured.")
    if order["status"] == "VOIDED":
        raise unknown("order", id_)
    if order["status"] != "APPROVED":
        raise impossible("ORDER_NOT_APPROVED", "Payer has not yet approved the Order for payment.")
    unit = order["purchase_units"][0]
    if unit.get("invoice_id") and book.find("capture", invoice_id=unit["invoice_id"]):
        raise impossible("DUPLICATE_INVOICE_ID", "Duplicate Invoice ID detected.")
    if order["_instrument"] == "declined":
        raise _declined(book, order)
    about: dict[str, Any] = {name: unit[name] for name in ("custom_id", "invoice_id") if name in unit}
    slow = order["_instrument"].startswith("echeck")
    made = payments.capture(
        book,
        unit["amount"],
        pending=slow,
        **about,
        supplementary_data={"related_ids": {"order_id": id_}},
        _order=id_,
        _code="T0006",
        _email=order["payer"]["email_address"],
        _fails=order["_instrument"] == "echeck_fails",
    )
    shown = {name: made[name] for name in made if name != "supplementary_data"}
    unit["payments"] = {"captures": [book.told(shown)]}
    order |= {"status": "COMPLETED", "update_time": iso(book.now)}
    book.put(order, "order")
    payments.tell(book, "PENDING" if slow else "COMPLETED", made)
    return order if ask.whole else {
        name: order[name] for name in ("id", "status", "payment_source", "purchase_units", "payer", "links")
    }  # fmt: skip


def _declined(book: Book, order: Json) -> Exception:
    book.put({**order, "status": "PAYER_ACTION_REQUIRED", "update_time": iso(book.now)}, "order")
    again = [link(book, f"/checkoutnow?token={order['id']}", "redirect")]
    return refusal(
        "UNPROCESSABLE_ENTITY",
        "INSTRUMENT_DECLINED",
        "The instrument presented was either declined by the processor or bank, or it can't be used for this payment.",
        commit=True,
        links=again,
    )
