"""Customers."""

from __future__ import annotations

from typing import Any

from masthead.simulator.book import Book, new_id
from masthead.simulator.store import Json
from masthead.simulator.stripe.api import Call, endpoint
from masthead.simulator.stripe.errors import invalid, missing
from masthead.simulator.stripe.facts import save
from masthead.simulator.stripe.shapes import address, included, listed, merged, page

_FIELDS = "email name phone description metadata address invoice_settings.default_payment_method preferred_locales"


def the_customer(book: Book, id_: str, *, param: str = "customer", status: int = 400) -> Json:
    """Return a customer. Refuses one that is unknown or was deleted."""
    found = book.get("customer", id_)
    if found is None or found.get("deleted"):
        raise missing("customer", id_, param=param, status=status)
    return found


def make_customer(book: Book, **given: Any) -> Json:
    """Keep a new customer."""
    made: Json = {
        "id": new_id("cus_", 14),
        "object": "customer",
        "address": address(given["address"]) if given.get("address") else None,
        "balance": 0,
        "created": book.now,
        "currency": None,
        "default_source": None,
        "delinquent": False,
        "description": given.get("description"),
        "discount": None,
        "email": given.get("email"),
        "invoice_prefix": new_id("", 8).upper(),
        "invoice_settings": {
            "custom_fields": None,
            "default_payment_method": None,
            "footer": None,
            "rendering_options": None,
        },
        "livemode": book.live,
        "metadata": given.get("metadata") or {},
        "name": given.get("name"),
        "next_invoice_sequence": 1,
        "phone": given.get("phone"),
        "preferred_locales": given.get("preferred_locales") or [],
        "shipping": None,
        "tax_exempt": "none",
        "test_clock": None,
    }
    return save(book, made, "customer.created")


def set_default(book: Book, customer: str, payment_method: str) -> None:
    """Let renewals be charged to a payment method."""
    kept = book.the("customer", customer)
    settings = {**kept["invoice_settings"], "default_payment_method": payment_method}
    save(book, {**kept, "invoice_settings": settings}, "customer.updated")


@endpoint("POST", "/v1/customers", params="CustomerCreateParams", plays=f"{_FIELDS} payment_method")
def create_customer(call: Call) -> Json:
    """Make a customer, perhaps with a payment method."""
    from masthead.simulator.stripe.payment_methods import attach, the_method

    made = make_customer(call.book, **call.params)
    if "payment_method" in call.params:
        attach(call.book, the_method(call.book, call.params["payment_method"]), made["id"])
    return _with_default(call, made)


@endpoint("POST", "/v1/customers/{id_}", params="CustomerUpdateParams", plays=_FIELDS)
def update_customer(call: Call, id_: str) -> Json:
    """Change a customer."""
    kept = the_customer(call.book, id_, param="id", status=404)
    changes = {name: value or None for name, value in call.params.items() if name != "invoice_settings"}
    changes["metadata"] = merged(kept["metadata"], call.params.get("metadata"))
    if call.params.get("address"):
        changes["address"] = address(call.params["address"])
    save(call.book, {**kept, **changes}, "customer.updated")
    return _with_default(call, {**kept, **changes})


def _with_default(call: Call, customer: Json) -> Json:
    method = (call.params.get("invoice_settings") or {}).get("default_payment_method")
    if not method:
        return customer
    kept = call.book.get("payment_method", method)
    if kept is None:
        raise missing("PaymentMethod", method, param="invoice_settings[default_payment_method]", status=400)
    if kept["customer"] != customer["id"]:
        raise invalid(
            "The customer does not have a payment method with the ID "
            f"{method}. The payment method must be attached to the customer.",
            param="invoice_settings[default_payment_method]",
            code="resource_missing",
        )
    set_default(call.book, customer["id"], method)
    return call.book.the("customer", customer["id"])


@endpoint("GET", "/v1/customers", params="CustomerListParams", plays="email created limit starting_after ending_before")
def list_customers(call: Call) -> Json:
    """List customers."""
    wanted: dict[str, Any] = {"email": call.params["email"]} if "email" in call.params else {}
    found = [item for item in call.book.find("customer", **wanted) if not item.get("deleted")]
    return page(call.params, found, "/v1/customers")


@endpoint("GET", "/v1/customers/{id_}", params="CustomerRetrieveParams")
def retrieve_customer(call: Call, id_: str) -> Json:
    """Return a customer; of a deleted one only that it was."""
    found = call.book.get("customer", id_)
    if found is None:
        raise missing("customer", id_)
    return {"id": id_, "object": "customer", "deleted": True} if found.get("deleted") else found


@endpoint("DELETE", "/v1/customers/{id_}", params="CustomerDeleteParams")
def delete_customer(call: Call, id_: str) -> Json:
    """Delete a customer, and with it its subscriptions."""
    from masthead.simulator.stripe.subscriptions import end

    kept = the_customer(call.book, id_, param="id", status=404)
    for subscription in call.book.find("subscription", customer=id_):
        if subscription["status"] not in {"canceled", "incomplete_expired"}:
            end(call.book, subscription)
    save(call.book, {**kept, "deleted": True}, "customer.deleted")
    return {"id": id_, "object": "customer", "deleted": True}


@included("customer", "subscriptions")
def subscriptions_of(book: Book, customer: Json) -> Json:
    """Return a customer's subscriptions that have not ended."""
    found = [item for item in book.find("subscription", customer=customer["id"]) if item["status"] != "canceled"]
    return listed(found, f"/v1/customers/{customer['id']}/subscriptions")
