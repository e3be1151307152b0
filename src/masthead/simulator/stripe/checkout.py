"""Checkout sessions: made by the API, finished on the hosted page."""

from __future__ import annotations

from typing import Any

from masthead.simulator.book import Book, new_id
from masthead.simulator.store import Json
from masthead.simulator.stripe import money
from masthead.simulator.stripe.api import Call, endpoint
from masthead.simulator.stripe.catalog import price_of
from masthead.simulator.stripe.customers import the_customer
from masthead.simulator.stripe.errors import invalid, malformed, missing
from masthead.simulator.stripe.facts import save
from masthead.simulator.stripe.shapes import included, listed, merged, page
from masthead.simulator.timers import on_timer

_PRICE_DATA = (
    "currency unit_amount product product_data.name product_data.description product_data.metadata tax_behavior"
    " recurring.interval recurring.interval_count"
)
_LINES = "line_items.price line_items.quantity " + " ".join(f"line_items.price_data.{n}" for n in _PRICE_DATA.split())
_PLAYS = f"""mode success_url cancel_url client_reference_id customer customer_email customer_creation expires_at locale
metadata allowed_payment_method_types submit_type ui_mode billing_address_collection custom_text {_LINES}
payment_intent_data.metadata payment_intent_data.description payment_intent_data.setup_future_usage
payment_intent_data.receipt_email payment_intent_data.statement_descriptor_suffix
subscription_data.metadata subscription_data.description"""
_HALF_HOUR, _DAY = 1800, 86_400
_PLAYED_METHODS = {"card", "sepa_debit"}


@endpoint("POST", "/v1/checkout/sessions", params="checkout.SessionCreateParams", plays=_PLAYS)
def create_session(call: Call) -> Json:
    """Make a session with its hosted page. Refuses what cannot be paid there."""
    params, book = call.params, call.book
    mode = params.get("mode")
    _check(book, params, mode)
    items = _items(book, params["line_items"])
    currency = _currency(items)
    total = sum(item["price"]["unit_amount"] * item["quantity"] for item in items)
    _check_total(mode, items, total, currency)
    id_ = new_id(f"cs_{'live' if book.live else 'test'}_", 56)
    session = _session(book, {**params, "total": total, "currency": currency}, id_, items)
    save(book, session)
    book.later(session["expires_at"], "stripe.session_expires", id_=id_)
    return session


def _check(book: Book, params: Json, mode: str | None) -> None:
    if mode not in {"payment", "subscription"}:
        raise invalid("The simulator plays sessions in mode payment and subscription.", param="mode")
    if params.get("ui_mode", "hosted_page") != "hosted_page":
        raise invalid("The simulator plays ui_mode hosted_page.", param="ui_mode")
    if "success_url" not in params:
        raise invalid("You must provide a success_url.", param="success_url", code="parameter_missing")
    for name in ("success_url", "cancel_url"):
        if name in params and not params[name].startswith(("https://", "http://")):
            raise invalid("Not a valid URL", param=name, code="url_invalid")
    if not params.get("line_items"):
        raise invalid(f"You must provide line_items in {mode} mode.", param="line_items", code="parameter_missing")
    _check_company(book, params, mode)
    _check_expiry(book, params.get("expires_at"))


def _check_company(book: Book, params: Json, mode: str | None) -> None:
    """Refuse parameters that do not go together."""
    foreign = "subscription_data" if mode == "payment" else "payment_intent_data"
    for name in (foreign, *(() if mode == "payment" else ("customer_creation", "submit_type"))):
        if name in params:
            raise invalid(f"You can not pass `{name}` in `{mode}` mode.", param=name)
    if "customer" in params:
        the_customer(book, params["customer"])
        if "customer_email" in params or "customer_creation" in params:
            raise invalid("You may only specify one of these parameters: customer, customer_email, customer_creation.")
    if "customer_email" in params and "@" not in params["customer_email"]:
        raise invalid(
            f"Invalid email address: {params['customer_email']}", param="customer_email", code="email_invalid"
        )
    _check_expiry(book, params.get("expires_at"))


def _check_expiry(book: Book, at: int | None) -> None:
    # A minute is granted for clocks that differ.
    if at is not None and not book.now + _HALF_HOUR - 60 <= at <= book.now + _DAY + 60:
        raise invalid(
            "The `expires_at` timestamp must be between 30 minutes and 24 hours after Checkout Session creation, by the"
            f" simulator's clock, which says {book.now}.",
            param="expires_at",
        )


def _items(book: Book, given: list[Json]) -> list[Json]:
    items = []
    for number, item in enumerate(given):
        quantity = item.get("quantity")
        if quantity is None or quantity < 1:
            raise malformed(
                f"Missing required param: line_items[{number}][quantity].",
                param=f"line_items[{number}][quantity]",
                code="parameter_missing",
            )
        items.append({"price": price_of(book, item, param=f"line_items[{number}]"), "quantity": quantity})
    return items


def _currency(items: list[Json]) -> str:
    currencies = {item["price"]["currency"] for item in items}
    if len(currencies) != 1:
        raise invalid("All line items must have the same currency.", param="line_items")
    return str(currencies.pop())


def _check_total(mode: str | None, items: list[Json], total: int, currency: str) -> None:
    recurring = [bool(item["price"]["recurring"]) for item in items]
    if mode == "payment" and any(recurring):
        raise invalid(
            "You specified `payment` mode but passed a recurring price. Either switch to `subscription` mode or use"
            " only one-time prices.",
            param="line_items",
        )
    if mode == "subscription" and not all(recurring):
        raise invalid("The simulator plays subscription mode with recurring prices only.", param="line_items")
    least = money.smallest_charge(currency)
    if total < least:
        raise invalid(
            f"The Checkout Session's total amount due must add up to at least {money.written(least, currency)}",
            param="line_items",
            code="amount_too_small",
        )
    money.check_amount(total, currency, param="line_items")


def _session(book: Book, params: Json, id_: str, items: list[Json]) -> Json:
    total, currency = params["total"], params["currency"]
    methods = _methods(params)
    nothing = (
        "after_expiration allow_promotion_codes client_secret consent consent_collection customer_details invoice"
        " invoice_creation payment_intent payment_link payment_method_configuration_details phone_number_collection"
        " recovered_from setup_intent shipping_address_collection shipping_cost subscription collected_information"
        " currency_conversion discounts permissions wallet_options saved_payment_method_options origin_context"
        " customer_account integration_identifier return_url redirect_on_completion"
    )
    told = ("cancel_url", "client_reference_id", "customer", "customer_email", "locale", "submit_type", "success_url")
    subscribing = params["mode"] == "subscription"
    return {
        **dict.fromkeys(nothing.split()),
        **{name: params.get(name) for name in (*told, "billing_address_collection")},
        "id": id_,
        "object": "checkout.session",
        "adaptive_pricing": {"enabled": False},
        "amount_subtotal": total,
        "amount_total": total,
        "automatic_tax": {"enabled": False, "liability": None, "provider": None, "status": None},
        "created": book.now,
        "currency": currency,
        "custom_fields": [],
        "custom_text": _texts(params.get("custom_text") or {}),
        "customer_creation": None
        if "customer" in params or subscribing
        else params.get("customer_creation", "if_required"),
        "expires_at": params.get("expires_at", book.now + _DAY),
        "livemode": book.live,
        "metadata": params.get("metadata") or {},
        "mode": params["mode"],
        "payment_method_collection": "always" if subscribing else "if_required",
        "payment_method_options": {},
        "allowed_payment_method_types": params.get("allowed_payment_method_types"),
        "payment_method_types": methods,
        "payment_status": "unpaid",
        "shipping_options": [],
        "status": "open",
        "total_details": {"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0},
        "ui_mode": "hosted_page",
        "url": f"{book.world.base}/c/pay/{id_}",
        "_items": items,
        "_intent_data": params.get("payment_intent_data") or {},
        "_subscription_data": params.get("subscription_data") or {},
    }


def _methods(params: Json) -> list[str]:
    """Return the payment methods of a session: those it allows, else those of its currency."""
    currency = params["currency"]
    methods: list[str] = params.get("allowed_payment_method_types") or (
        ["card", "sepa_debit"] if currency == "eur" else ["card"]
    )
    if strange := set(methods) - _PLAYED_METHODS:
        raise invalid(
            f"The simulator plays card and sepa_debit, not {', '.join(sorted(strange))}.",
            param="allowed_payment_method_types",
        )
    if "sepa_debit" in methods and currency != "eur":
        raise invalid(
            "sepa_debit can only be used with the following currencies: eur.", param="allowed_payment_method_types"
        )
    return methods


def _texts(given: Json) -> Json:
    places = ("after_submit", "shipping_address", "submit", "terms_of_service_acceptance")
    return {place: given.get(place) or None for place in places}


def the_session(book: Book, id_: str) -> Json:
    """Return a session. Refuses an unknown one."""
    found = book.get("checkout.session", id_)
    if found is None:
        raise missing("checkout.session", id_, param="session")
    return found


@on_timer("stripe.session_expires")
def expire_on_time(book: Book, id_: str) -> None:
    """Let a session that nobody finished expire."""
    session = the_session(book, id_)
    if session["status"] == "open":
        expire(book, session)


def expire(book: Book, session: Json) -> Json:
    """Let a session expire; its intent, if the page made one, is cancelled."""
    intent = book.get("payment_intent", session["payment_intent"])
    if intent and intent["status"] in {"requires_payment_method", "requires_action", "requires_confirmation"}:
        intent |= {"status": "canceled", "canceled_at": book.now, "cancellation_reason": "automatic"}
        save(book, {**intent, "next_action": None}, "payment_intent.canceled")
    return save(book, {**session, "status": "expired", "url": None}, "checkout.session.expired")


@endpoint("POST", "/v1/checkout/sessions/{id_}/expire", params="checkout.SessionExpireParams")
def expire_session(call: Call, id_: str) -> Json:
    """Close an open session."""
    session = the_session(call.book, id_)
    if session["status"] != "open":
        raise invalid(
            'Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of'
            f" {session['status']}."
        )
    return expire(call.book, session)


@endpoint("POST", "/v1/checkout/sessions/{id_}", params="checkout.SessionUpdateParams", plays="metadata")
def update_session(call: Call, id_: str) -> Json:
    """Change a session's metadata."""
    kept = the_session(call.book, id_)
    return call.book.put({**kept, "metadata": merged(kept["metadata"], call.params.get("metadata"))})


@endpoint("GET", "/v1/checkout/sessions/{id_}", params="checkout.SessionRetrieveParams")
def retrieve_session(call: Call, id_: str) -> Json:
    """Return a session."""
    return the_session(call.book, id_)


@endpoint(
    "GET",
    "/v1/checkout/sessions",
    params="checkout.SessionListParams",
    plays="customer payment_intent subscription status created customer_details limit starting_after ending_before",
)
def list_sessions(call: Call) -> Json:
    """List sessions."""
    names = ("customer", "payment_intent", "subscription", "status")
    wanted: dict[str, Any] = {name: call.params[name] for name in names if name in call.params}
    email = (call.params.get("customer_details") or {}).get("email")
    found = [
        item
        for item in call.book.find("checkout.session", **wanted)
        if email in (None, (item["customer_details"] or {}).get("email"))
    ]
    return page(call.params, found, "/v1/checkout/sessions")


@endpoint(
    "GET",
    "/v1/checkout/sessions/{id_}/line_items",
    params="checkout.SessionListLineItemsParams",
    plays="limit starting_after ending_before",
)
def list_lines(call: Call, id_: str) -> Json:
    """List what a session sells."""
    lines = [{**line, "created": 0} for line in _lines(the_session(call.book, id_))]
    found = page(call.params, lines[::-1], f"/v1/checkout/sessions/{id_}/line_items")
    return {**found, "data": [{name: line[name] for name in line if name != "created"} for line in found["data"]]}


@included("checkout.session", "line_items")
def lines_of(book: Book, session: Json) -> Json:
    """Return what a session sells; told only on request."""
    lines = _lines(the_session(book, session["id"]))
    return listed(lines, f"/v1/checkout/sessions/{session['id']}/line_items")


def _lines(session: Json) -> list[Json]:
    return [
        {
            "id": f"li_{number}{session['id'][-12:]}",
            "object": "item",
            "amount_discount": 0,
            "amount_subtotal": item["price"]["unit_amount"] * item["quantity"],
            "amount_tax": 0,
            "amount_total": item["price"]["unit_amount"] * item["quantity"],
            "currency": item["price"]["currency"],
            "description": None,
            "price": item["price"],
            "quantity": item["quantity"],
        }
        for number, item in enumerate(session["_items"])
    ]
