"""Invoices of subscriptions: made, finalized, paid, tried again, given up."""

from __future__ import annotations

from masthead.simulator.book import Book, new_id
from masthead.simulator.store import Json
from masthead.simulator.stripe import intents
from masthead.simulator.stripe.api import Call, endpoint
from masthead.simulator.stripe.errors import invalid, missing
from masthead.simulator.stripe.facts import emit, save
from masthead.simulator.stripe.payment_methods import the_method
from masthead.simulator.stripe.shapes import address, included, listed, merged, page

_NOTHING = [
    "account_name",
    "account_tax_ids",
    "application",
    "automatically_finalizes_at",
    "custom_fields",
    "customer_phone",
    "customer_shipping",
    "default_payment_method",
    "default_source",
    "due_date",
    "ending_balance",
    "footer",
    "from_invoice",
    "last_finalization_error",
    "latest_revision",
    "next_payment_attempt",
    "number",
    "on_behalf_of",
    "receipt_number",
    "rendering",
    "shipping_cost",
    "shipping_details",
    "statement_descriptor",
    "test_clock",
    "threshold_reason",
    "webhooks_delivered_at",
    "effective_at",
    "hosted_invoice_url",
    "invoice_pdf",
    "description",
    "total_taxes",
    "total_pretax_credit_amounts",
]


def make(book: Book, subscription: Json, *, reason: str, period: tuple[int, int]) -> Json:
    """Draft the invoice of a period, keep it and tell it."""
    return save(book, draft(book, subscription, reason=reason, period=period), "invoice.created")


def draft(book: Book, subscription: Json, *, reason: str, period: tuple[int, int]) -> Json:
    """Return the invoice of a period, kept nowhere yet."""
    id_ = new_id("in_")
    lines = [_line(book, id_, subscription, item, period) for item in subscription["items"]["data"]]
    total = sum(line["amount"] for line in lines)
    return {
        **dict.fromkeys(_NOTHING),
        "id": id_,
        "object": "invoice",
        "account_country": "US",
        "amount_due": total,
        "amount_overpaid": 0,
        "amount_paid": 0,
        "amount_remaining": total,
        "amount_shipping": 0,
        "attempt_count": 0,
        "attempted": False,
        "auto_advance": True,
        "automatic_tax": _no_tax(),
        "billing_reason": reason,
        "collection_method": "charge_automatically",
        "created": book.now,
        "currency": subscription["currency"],
        **_addressee(book.the("customer", subscription["customer"])),
        "default_tax_rates": [],
        "discounts": [],
        "issuer": {"type": "self"},
        "lines": listed(lines, f"/v1/invoices/{id_}/lines"),
        "livemode": book.live,
        "metadata": {},
        "parent": {
            "quote_details": None,
            "subscription_details": {"metadata": subscription["metadata"], "subscription": subscription["id"]},
            "type": "subscription_details",
        },
        "payment_settings": {"default_mandate": None, "payment_method_options": None, "payment_method_types": None},
        # The period that is over; what is paid for is in the lines.
        "period_end": period[0],
        "period_start": subscription.get("_previous", period[0]),
        "post_payment_credit_notes_amount": 0,
        "pre_payment_credit_notes_amount": 0,
        "starting_balance": 0,
        "status": "draft",
        "status_transitions": dict.fromkeys(("finalized_at", "marked_uncollectible_at", "paid_at", "voided_at")),
        **dict.fromkeys(("subtotal", "subtotal_excluding_tax", "total", "total_excluding_tax"), total),
        "total_discount_amounts": [],
        "_subscription": subscription["id"],
    }


def _addressee(customer: Json) -> Json:
    return {
        "customer": customer["id"],
        "customer_address": customer["address"] and address(customer["address"]),
        "customer_email": customer["email"],
        "customer_name": customer["name"],
        "customer_tax_exempt": "none",
        "customer_tax_ids": [],
    }


def _no_tax() -> Json:
    return {"disabled_reason": None, "enabled": False, "liability": None, "provider": None, "status": None}


def _line(book: Book, invoice: str, subscription: Json, item: Json, period: tuple[int, int]) -> Json:
    price = item["price"]
    product = book.the("product", price["product"])
    amount = price["unit_amount"] * item["quantity"]
    return {
        "id": new_id("il_"),
        "object": "line_item",
        "amount": amount,
        "currency": price["currency"],
        "description": f"{item['quantity']} × {product['name']}",
        "discount_amounts": [],
        "discountable": True,
        "discounts": [],
        "invoice": invoice,
        "livemode": book.live,
        "metadata": subscription["metadata"],
        "parent": {
            "invoice_item_details": None,
            "subscription_item_details": {
                "invoice_item": None,
                "proration": False,
                "proration_details": {"credited_items": None},
                "subscription": subscription["id"],
                "subscription_item": item["id"],
            },
            "type": "subscription_item_details",
        },
        "period": {"start": period[0], "end": period[1]},
        "pretax_credit_amounts": [],
        "pricing": {
            "price_details": {"price": price["id"], "product": product["id"]},
            "type": "price_details",
            "unit_amount_decimal": price["unit_amount_decimal"],
        },
        "quantity": item["quantity"],
        "subscription": subscription["id"],
        "subtotal": amount,
        "taxes": [],
    }


def finalize(book: Book, invoice: Json) -> Json:
    """Open a draft, with the intent that is to pay it. One of nothing is paid at once."""
    number = len(book.find("invoice", customer=invoice["customer"]))
    prefix = book.the("customer", invoice["customer"])["invoice_prefix"]
    pages = f"{book.world.base}/invoices/{invoice['id']}"
    invoice |= {"status": "open", "number": f"{prefix}-{number:04}", "effective_at": book.now}
    invoice |= {"hosted_invoice_url": pages, "invoice_pdf": f"{pages}/pdf", "auto_advance": True}
    invoice["status_transitions"]["finalized_at"] = book.now
    if invoice["total"]:
        _demand(book, invoice)
    save(book, invoice, "invoice.finalized")
    return invoice if invoice["total"] else _paid(book, invoice)


def _demand(book: Book, invoice: Json) -> None:
    first = invoice["billing_reason"] == "subscription_create"
    intent = intents.new(
        book,
        amount=invoice["total"],
        currency=invoice["currency"],
        customer=invoice["customer"],
        description="Subscription creation" if first else "Subscription update",
        invoice=invoice["id"],
        payment_method_types=["card", "sepa_debit"] if invoice["currency"] == "eur" else ["card"],
        setup_future_usage="off_session" if first else None,
    )
    book.put(
        {
            "id": new_id("inpay_"),
            "object": "invoice_payment",
            "amount_paid": None,
            "amount_requested": invoice["total"],
            "created": book.now,
            "currency": invoice["currency"],
            "invoice": invoice["id"],
            "is_default": True,
            "livemode": book.live,
            "payment": {"payment_intent": intent["id"], "type": "payment_intent"},
            "status": "open",
            "status_transitions": {"canceled_at": None, "paid_at": None},
        }
    )


def payment_of(book: Book, invoice: Json) -> Json:
    """Return the payment that is to settle an invoice."""
    return book.find("invoice_payment", invoice=invoice["id"])[-1]


def intent_of(book: Book, invoice: Json) -> Json:
    """Return the intent that is to pay an invoice."""
    return book.the("payment_intent", payment_of(book, invoice)["payment"]["payment_intent"])


def collect(book: Book, invoice: Json, method: Json | None, *, secure: bool = False, first: bool = False) -> Json:
    """Try to take an open invoice's money from a payment method. The refusal is raised, and stays recorded."""
    invoice = {**invoice, "attempt_count": invoice["attempt_count"] + 1, "attempted": True}
    book.put(invoice)
    if method is None:
        hear(book, {"_invoice": invoice["id"]}, "failed")
        raise invalid(
            "This customer has no attached payment source or default payment method.", code="resource_missing"
        )
    off_session = not first and not secure
    intents.attempt(book, intent_of(book, invoice), method, off_session=off_session, secure=secure, first=first)
    return book.the("invoice", invoice["id"])


@intents.follower
def hear(book: Book, intent: Json, outcome: str) -> None:
    """Pay the invoice an intent was for, or tell that it was not paid."""
    if not intent["_invoice"]:
        return
    invoice = book.the("invoice", intent["_invoice"])
    if outcome == "succeeded":
        _paid(book, invoice, intent)
    elif outcome == "failed":
        from masthead.simulator.stripe.renewals import plan_retry

        plan_retry(book, invoice)
        save(book, invoice, "invoice.payment_failed")
        _fare(book, invoice, "failed")
    else:
        _fare(book, invoice, "processing")


def _paid(book: Book, invoice: Json, intent: Json | None = None) -> Json:
    if intent is not None:
        payment = payment_of(book, invoice)
        payment |= {"status": "paid", "amount_paid": intent["amount_received"]}
        payment["status_transitions"]["paid_at"] = book.now
        save(book, payment, "invoice_payment.paid")
    invoice |= {"status": "paid", "amount_paid": invoice["total"], "amount_remaining": 0, "auto_advance": False}
    invoice |= {"next_payment_attempt": None, "attempted": True}
    invoice["status_transitions"]["paid_at"] = book.now
    save(book, invoice, "invoice.paid")
    emit(book, "invoice.payment_succeeded", invoice)
    _fare(book, invoice, "succeeded")
    return invoice


def _fare(book: Book, invoice: Json, outcome: str) -> None:
    """Tell the subscription how its invoice fares."""
    from masthead.simulator.stripe.renewals import hear_of_invoice

    hear_of_invoice(book, invoice, outcome)


def give_up(book: Book, invoice: Json, status: str) -> Json:
    """Void an invoice or mark it uncollectible, and cancel its intent."""
    stamp = {"void": "voided_at", "uncollectible": "marked_uncollectible_at"}[status]
    if invoice["status"] != "draft" and invoice["total"] and status == "void":
        intent = intent_of(book, invoice)
        if intent["status"] not in {"succeeded", "canceled", "processing"}:
            intent |= {"status": "canceled", "canceled_at": book.now, "cancellation_reason": "void_invoice"}
            save(book, intent, "payment_intent.canceled")
    invoice |= {"status": status, "next_payment_attempt": None, "auto_advance": False}
    invoice["status_transitions"][stamp] = book.now
    event = {"void": "invoice.voided", "uncollectible": "invoice.marked_uncollectible"}[status]
    return save(book, invoice, event)


def the_invoice(book: Book, id_: str) -> Json:
    """Return an invoice. Refuses an unknown one."""
    found = book.get("invoice", id_)
    if found is None:
        raise missing("invoice", id_)
    return found


@included("invoice", "payments")
def payments_of(book: Book, invoice: Json) -> Json:
    """Return an invoice's payments; told only on request, as the pinned version does."""
    return listed(book.find("invoice_payment", invoice=invoice["id"])[::-1], "/v1/invoice_payments")


@included("invoice", "confirmation_secret")
def secret_of(book: Book, invoice: Json) -> Json | None:
    """Return what a page needs to confirm the payment."""
    if invoice["status"] != "open":
        return None
    return {"client_secret": intent_of(book, invoice)["client_secret"], "type": "payment_intent"}


@endpoint("GET", "/v1/invoices/{id_}", params="InvoiceRetrieveParams")
def retrieve_invoice(call: Call, id_: str) -> Json:
    """Return an invoice."""
    return the_invoice(call.book, id_)


@endpoint(
    "GET",
    "/v1/invoices",
    params="InvoiceListParams",
    plays="customer subscription status created limit starting_after ending_before",
)
def list_invoices(call: Call) -> Json:
    """List invoices."""
    wanted: Json = {name: call.params[name] for name in ("customer", "status") if name in call.params}
    if "subscription" in call.params:
        wanted["_subscription"] = call.params["subscription"]
    return page(call.params, call.book.find("invoice", **wanted), "/v1/invoices")


@endpoint("POST", "/v1/invoices/{id_}", params="InvoiceUpdateParams", plays="metadata description")
def update_invoice(call: Call, id_: str) -> Json:
    """Change an invoice's words."""
    kept = the_invoice(call.book, id_)
    changed = {**kept, **call.params, "metadata": merged(kept["metadata"], call.params.get("metadata"))}
    return save(call.book, changed, "invoice.updated")


@endpoint("POST", "/v1/invoices/{id_}/pay", params="InvoicePayParams", plays="payment_method")
def pay_invoice(call: Call, id_: str) -> Json:
    """Try to take the money now."""
    from masthead.simulator.stripe.renewals import method_for

    invoice = the_invoice(call.book, id_)
    if invoice["status"] == "paid":
        raise invalid("Invoice is already paid", code="invoice_already_paid")
    if invoice["status"] not in {"open", "uncollectible"}:
        raise invalid(f"Invoice {id_} is {invoice['status']} and cannot be paid.", code="invoice_not_editable")
    named = call.params.get("payment_method")
    method = the_method(call.book, named) if named else method_for(call.book, invoice)
    return collect(call.book, invoice, method)


@endpoint("POST", "/v1/invoices/{id_}/void", params="InvoiceVoidInvoiceParams")
def void_invoice(call: Call, id_: str) -> Json:
    """Void an invoice."""
    return _end(call, id_, "void")


@endpoint("POST", "/v1/invoices/{id_}/mark_uncollectible", params="InvoiceMarkUncollectibleParams")
def mark_uncollectible(call: Call, id_: str) -> Json:
    """Give an invoice up."""
    return _end(call, id_, "uncollectible")


def _end(call: Call, id_: str, status: str) -> Json:
    invoice = the_invoice(call.book, id_)
    if invoice["status"] not in {"open", "uncollectible"}:
        raise invalid(f"You can only end an open invoice; this one is {invoice['status']}.")
    return give_up(call.book, invoice, status)


@endpoint(
    "GET",
    "/v1/invoice_payments",
    params="InvoicePaymentListParams",
    plays="invoice status payment.type payment.payment_intent limit starting_after ending_before",
)
def list_payments(call: Call) -> Json:
    """List the payments of invoices, of one invoice or by one intent."""
    wanted = {name: call.params[name] for name in ("invoice", "status") if name in call.params}
    intent = (call.params.get("payment") or {}).get("payment_intent")
    found = [
        item
        for item in call.book.find("invoice_payment", **wanted)
        if intent in (None, item["payment"]["payment_intent"])
    ]
    return page(call.params, found, "/v1/invoice_payments")


@endpoint("GET", "/v1/invoice_payments/{id_}", params="InvoicePaymentRetrieveParams")
def retrieve_payment(call: Call, id_: str) -> Json:
    """Return one payment of an invoice."""
    found = call.book.get("invoice_payment", id_)
    if found is None:
        raise missing("invoice_payment", id_)
    return found
