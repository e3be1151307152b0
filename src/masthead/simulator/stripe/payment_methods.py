"""Cards and bank accounts."""

from __future__ import annotations

import hashlib
from typing import Any

from masthead.simulator.book import Book, new_id
from masthead.simulator.clock import moment
from masthead.simulator.store import Json
from masthead.simulator.stripe import cards
from masthead.simulator.stripe.api import Call, endpoint
from masthead.simulator.stripe.customers import the_customer
from masthead.simulator.stripe.errors import declined, invalid, missing
from masthead.simulator.stripe.facts import save
from masthead.simulator.stripe.shapes import address, merged, page

_CREATE = (
    "type card.number card.exp_month card.exp_year card.cvc sepa_debit.iban billing_details metadata allow_redisplay"
)


def the_method(book: Book, id_: str, *, param: str = "payment_method", status: int = 400) -> Json:
    """Return a payment method; the documentation's names (``pm_card_visa``) make one. Refuses unknown ones."""
    if id_ in cards.TOKENS:
        return make_card(book, cards.TOKENS[id_])
    found = book.get("payment_method", id_)
    if found is None:
        raise missing("PaymentMethod", id_, param=param, status=status)
    return found


def make_card(
    book: Book, number: str, *, exp: tuple[int, int] | None = None, cvc: str | None = "123", **given: Any
) -> Json:
    """Keep a card. Refuses a number that cannot be one, and a date that is over, as a card error."""
    number = number.replace(" ", "").replace("-", "")
    now = moment(book.now)
    month, year = exp or (12, now.year + 3)
    if not number.isdigit() or not cards.luhn(number) or not 12 <= len(number) <= 19:
        raise declined("Your card number is incorrect.", code="incorrect_number", decline_code=None, param="number")
    if not 1 <= month <= 12:
        raise declined(
            "Your card's expiration month is invalid.",
            code="invalid_expiry_month",
            decline_code=None,
            param="exp_month",
        )
    if (year, month) < (now.year, now.month):
        raise declined(
            "Your card's expiration year is invalid.", code="invalid_expiry_year", decline_code=None, param="exp_year"
        )
    if number not in cards.CARDS:
        raise declined(
            "Your card was declined. Your request was in test mode, but used a non test card.",
            code="card_declined",
            decline_code="live_mode_test_card" if book.live else "test_mode_live_card",
        )
    return book.put(_method(book, "card", _card(number, month, year, cvc), number, **given))


def make_debit(book: Book, iban: str, **given: Any) -> Json:
    """Keep a bank account. Refuses a number whose check digits are wrong, or that is none of the test accounts."""
    iban = iban.replace(" ", "").upper()
    if not cards.iban_holds(iban) or iban not in cards.IBANS:
        raise invalid("The IBAN you provided is invalid.", param="sepa_debit[iban]", code="invalid_bank_account_iban")
    details = {
        "bank_code": iban[4:12],
        "branch_code": "",
        "country": iban[:2],
        "fingerprint": _fingerprint(iban),
        "generated_from": {"charge": None, "setup_attempt": None},
        "last4": iban[-4:],
    }
    return book.put(_method(book, "sepa_debit", details, iban, **given))


def _method(book: Book, type_: str, details: Json, number: str, **given: Any) -> Json:
    person = given.get("billing_details") or {}
    return {
        "id": new_id("pm_"),
        "object": "payment_method",
        "allow_redisplay": given.get("allow_redisplay", "unspecified"),
        "billing_details": {
            "address": address(person.get("address")),
            "email": person.get("email"),
            "name": person.get("name"),
            "phone": person.get("phone"),
            "tax_id": None,
        },
        "created": book.now,
        "customer": None,
        "livemode": book.live,
        "metadata": given.get("metadata") or {},
        "type": type_,
        type_: details,
        "_number": number,
        "_set_up": False,
    }


def _card(number: str, month: int, year: int, cvc: str | None) -> Json:
    brand = cards.brand(number)
    asks = cards.CARDS[number].asks != "never"
    return {
        "brand": brand,
        "checks": {
            "address_line1_check": None,
            "address_postal_code_check": None,
            "cvc_check": "unchecked" if cvc else None,
        },
        "country": "US",
        "display_brand": brand,
        "exp_month": month,
        "exp_year": year,
        "fingerprint": _fingerprint(number),
        "funding": "debit" if number == "4000056655665556" else "credit",
        "generated_from": None,
        "last4": number[-4:],
        "networks": {"available": [brand], "preferred": None},
        "regulated_status": "unregulated",
        "three_d_secure_usage": {"supported": asks or brand == "visa"},
        "wallet": None,
    }


def _fingerprint(number: str) -> str:
    return hashlib.sha256(number.encode()).hexdigest()[:16]


def attach(book: Book, method: Json, customer: str) -> Json:
    """Keep a payment method for a customer. Refuses one that belongs to another."""
    if method["customer"] not in (None, customer):
        raise invalid(
            "The payment method you provided has already been attached to a customer.",
            param="payment_method",
            code="payment_method_unexpected_state",
        )
    if method["customer"] == customer:
        return method
    return save(book, {**method, "customer": customer}, "payment_method.attached")


def from_params(call: Call, params: Json, *, prefix: str = "") -> Json:
    """Make a payment method of what a call says about it."""
    kind = params.get("type", "")
    given = {name: params[name] for name in ("billing_details", "metadata", "allow_redisplay") if name in params}
    if kind == "card" and "number" in (params.get("card") or {}):
        card = params["card"]
        return make_card(
            call.book, card["number"], exp=(card["exp_month"], card["exp_year"]), cvc=card.get("cvc"), **given
        )
    if kind == "sepa_debit" and params.get("sepa_debit"):
        return make_debit(call.book, params["sepa_debit"]["iban"], **given)
    shown = f"{prefix}[type]" if prefix else "type"
    raise invalid(
        f"The simulator plays card and sepa_debit with their numbers; {kind or 'none'} was given.", param=shown
    )


@endpoint("POST", "/v1/payment_methods", params="PaymentMethodCreateParams", plays=_CREATE)
def create_method(call: Call) -> Json:
    """Make a payment method."""
    return from_params(call, call.params)


@endpoint(
    "POST",
    "/v1/payment_methods/{id_}",
    params="PaymentMethodUpdateParams",
    plays="metadata billing_details allow_redisplay card.exp_month card.exp_year",
)
def update_method(call: Call, id_: str) -> Json:
    """Change what may be changed of a payment method."""
    kept = the_method(call.book, id_, param="id", status=404)
    changed = {**kept, "metadata": merged(kept["metadata"], call.params.get("metadata"))}
    changed["billing_details"] = {**kept["billing_details"], **(call.params.get("billing_details") or {})}
    changed["allow_redisplay"] = call.params.get("allow_redisplay", kept["allow_redisplay"])
    if call.params.get("card"):
        changed["card"] = {**kept["card"], **call.params["card"]}
    return save(call.book, changed, "payment_method.updated")


@endpoint("GET", "/v1/payment_methods/{id_}", params="PaymentMethodRetrieveParams")
def retrieve_method(call: Call, id_: str) -> Json:
    """Return a payment method."""
    found = call.book.get("payment_method", id_)
    if found is None:
        raise missing("PaymentMethod", id_)
    return found


@endpoint(
    "GET",
    "/v1/payment_methods",
    params="PaymentMethodListParams",
    plays="customer type limit starting_after ending_before",
)
def list_methods(call: Call) -> Json:
    """List the payment methods of a customer."""
    wanted = {name: call.params[name] for name in ("customer", "type") if name in call.params}
    return page(call.params, call.book.find("payment_method", **wanted), "/v1/payment_methods")


@endpoint(
    "GET",
    "/v1/customers/{customer}/payment_methods",
    params="CustomerPaymentMethodListParams",
    plays="type limit starting_after ending_before",
)
def list_methods_of(call: Call, customer: str) -> Json:
    """List the payment methods of a customer."""
    the_customer(call.book, customer, status=404)
    wanted = {"customer": customer} | ({"type": call.params["type"]} if "type" in call.params else {})
    return page(call.params, call.book.find("payment_method", **wanted), f"/v1/customers/{customer}/payment_methods")


@endpoint("POST", "/v1/payment_methods/{id_}/attach", params="PaymentMethodAttachParams", plays="customer")
def attach_method(call: Call, id_: str) -> Json:
    """Keep a payment method for a customer."""
    customer = the_customer(call.book, call.params["customer"])
    return attach(call.book, the_method(call.book, id_, param="id", status=404), customer["id"])


@endpoint("POST", "/v1/payment_methods/{id_}/detach", params="PaymentMethodDetachParams")
def detach_method(call: Call, id_: str) -> Json:
    """Take a payment method from its customer."""
    kept = the_method(call.book, id_, param="id", status=404)
    if kept["customer"] is None:
        raise invalid("The payment method you provided is not attached to a customer.", param="payment_method")
    return save(call.book, {**kept, "customer": None}, "payment_method.detached")
