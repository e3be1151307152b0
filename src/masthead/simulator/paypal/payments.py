"""Captures and refunds: what was taken and given back, with the fee, in the currency it was given in."""

from __future__ import annotations

from masthead.simulator.book import Book, new_id
from masthead.simulator.clock import iso
from masthead.simulator.paypal import money
from masthead.simulator.paypal.api import Ask, endpoint
from masthead.simulator.paypal.errors import impossible, unknown
from masthead.simulator.paypal.notifications import link, notify
from masthead.simulator.paypal.shape import MONEY
from masthead.simulator.store import Json
from masthead.simulator.timers import on_timer

_DAY = 86_400
_REFUNDABLE = 180 * _DAY
_REFUND = {"amount": MONEY, "invoice_id": str, "custom_id": str, "note_to_payer": str}


def paypal_id() -> str:
    """Return an id of the form PayPal gives transactions."""
    return new_id("", 17).upper()


def capture(book: Book, amount: Json, *, pending: bool = False, **about: object) -> Json:
    """Take money: completed, or pending at the bank for days. ``about`` becomes part of the capture."""
    minor, currency = money.read(amount, "/amount")
    id_ = paypal_id()
    made: Json = {
        "id": id_,
        "status": "PENDING" if pending else "COMPLETED",
        "amount": money.write(minor, currency),
        "final_capture": True,
        "seller_protection": {"status": "ELIGIBLE", "dispute_categories": ["ITEM_NOT_RECEIVED"]},
        "create_time": iso(book.now),
        "update_time": iso(book.now),
        "links": [
            link(book, f"/v2/payments/captures/{id_}", "self"),
            link(book, f"/v2/payments/captures/{id_}/refund", "refund", "POST"),
        ],
        **about,
        "_minor": minor,
        "_currency": currency,
        "_refunded": 0,
        "_at": book.now,
    }
    if pending:
        made["status_details"] = {"reason": "ECHECK"}
        book.later(book.now + int(book.setting("echeck_days", 5)) * _DAY, "paypal.echeck", id_=id_)
        return book.put(made, "capture")
    return _settle(book, made)


def _settle(book: Book, made: Json) -> Json:
    fee = money.fee(made["_minor"], book)
    currency = made["_currency"]
    made["seller_receivable_breakdown"] = {
        "gross_amount": money.write(made["_minor"], currency),
        "paypal_fee": money.write(fee, currency),
        "net_amount": money.write(made["_minor"] - fee, currency),
        **_exchanged(book, made["_minor"] - fee, fee, currency),
    }
    enter(
        book, made["id"], made["_code"], made["_minor"], currency, fee=fee, of=made, refers_to=made.get("_subscription")
    )
    convert(book, made["_minor"] - fee, currency, of=made["id"])
    return book.put(made, "capture")


def _exchanged(book: Book, net: int, fee: int, currency: str) -> Json:
    """Return what arrives in the account's own currency, where it is another than the payer's."""
    own = book.setting("settles_in") or currency
    if own == currency:
        return {}
    return {
        "paypal_fee_in_receivable_currency": money.write(money.exchange(fee, currency, own, book), own),
        "receivable_amount": money.write(money.exchange(net, currency, own, book), own),
        "exchange_rate": {"source_currency": currency, "target_currency": own, "value": book.setting("rate", "1")},
    }


def enter(
    book: Book, id_: str, code: str, minor: int, currency: str, *, fee: int = 0, of: Json, refers_to: str | None = None
) -> None:
    """Write one line of the account's history, for reporting. A line without a fee names none."""
    info: Json = {
        "transaction_id": id_,
        "transaction_event_code": code,
        "transaction_initiation_date": iso(book.now),
        "transaction_updated_date": iso(book.now),
        "transaction_amount": money.write(minor, currency),
        "transaction_status": "S",
        "protection_eligibility": "01",
    }
    if fee:
        info["fee_amount"] = money.write(-fee, currency)
    if refers_to:
        info |= {
            "paypal_reference_id": refers_to,
            "paypal_reference_id_type": "SUB" if refers_to.startswith("I-") else "TXN",
        }
    for told, name in (("invoice_id", "invoice_id"), ("custom_field", "custom_id")):
        if of.get(name):
            info[told] = of[name]
    book.put({"id": id_, "info": info, "at": book.now, "email": of.get("_email")}, "line")


def convert(book: Book, minor: int, currency: str, *, of: str) -> None:
    """Write the two lines by which PayPal exchanges what a line moved, where the account is kept in another currency.

    They name the line that they belong to, and carry none of its fields.
    """
    own = book.setting("settles_in") or currency
    if own == currency:
        return
    for moved, code in ((-minor, currency), (money.exchange(minor, currency, own, book), own)):
        enter(book, paypal_id(), "T0200", moved, code, of={}, refers_to=of)


@on_timer("paypal.echeck")
def bank_answers(book: Book, id_: str) -> None:
    """Let a bank pay a pending capture, or fail it."""
    made = book.the("capture", id_)
    if made["status"] != "PENDING":
        return
    made["update_time"] = iso(book.now)
    made.pop("status_details")
    if made["_fails"]:
        made["status"] = "DECLINED"
        book.put(made, "capture")
        tell(book, "DENIED", made)
    else:
        made["status"] = "COMPLETED"
        tell(book, "COMPLETED", _settle(book, made))


def tell(book: Book, fact: str, made: Json) -> None:
    """Tell a fact of a capture."""
    amount = f"{made['amount']['value']} {made['amount']['currency_code']}"
    summary = f"Payment {fact.lower()} for {amount}"
    notify(book, f"PAYMENT.CAPTURE.{fact}", made, kind="capture", summary=summary)


def the_capture(book: Book, id_: str) -> Json:
    """Return a capture. Refuses an unknown one."""
    found = book.get("capture", id_)
    if found is None:
        raise unknown("capture", id_)
    return found


@endpoint("GET", "/v1/payments/sale/{id_}")
def get_sale(ask: Ask, id_: str) -> Json:
    """Return a subscription's payment in the older form, the one that names its subscription."""
    made = the_capture(ask.book, id_)
    if not made.get("_subscription"):
        raise unknown("sale", id_)
    return sale(made)


def sale(made: Json) -> Json:
    """Return a payment in the older form."""
    told: Json = {
        "id": made["id"],
        "billing_agreement_id": made["_subscription"],
        "amount": {"total": made["amount"]["value"], "currency": made["_currency"]},
        "transaction_fee": {
            "value": made["seller_receivable_breakdown"]["paypal_fee"]["value"],
            "currency": made["_currency"],
        },
        "state": "completed",
        "payment_mode": "INSTANT_TRANSFER",
        "create_time": made["create_time"],
        "update_time": made["update_time"],
    }
    if "custom_id" in made:
        told["custom"] = made["custom_id"]
    return told


@endpoint("GET", "/v2/payments/captures/{id_}")
def get_capture(ask: Ask, id_: str) -> Json:
    """Return a capture."""
    return the_capture(ask.book, id_)


@endpoint("POST", "/v2/payments/captures/{id_}/refund", shape=_REFUND, status=201)
def refund_capture(ask: Ask, id_: str) -> Json:
    """Give a capture back, whole or in part. Refuses more than is left, and after 180 days."""
    made = the_capture(ask.book, id_)
    left = made["_minor"] - made["_refunded"]
    if made["status"] not in {"COMPLETED", "PARTIALLY_REFUNDED", "REFUNDED"}:
        raise impossible("CAPTURE_STATUS_NOT_VALID", "Invalid capture status.")
    if left == 0:
        raise impossible("CAPTURE_FULLY_REFUNDED", "The capture has already been fully refunded.")
    if ask.book.now > made["_at"] + _REFUNDABLE:
        raise impossible("REFUND_TIME_LIMIT_EXCEEDED", "You are over the time limit to perform a refund.")
    minor, currency = (
        money.positive(ask.body["amount"], "/amount") if "amount" in ask.body else (left, made["_currency"])
    )
    if currency != made["_currency"]:
        raise impossible("CURRENCY_MISMATCH", "Must be the same currency as the capture.")
    if minor > left:
        raise impossible(
            "REFUND_AMOUNT_EXCEEDED", "The refund amount must be less than or equal to the capture amount."
        )
    if minor < left and is_disputed(ask.book, id_):
        raise impossible(
            "CAPTURE_DISPUTED_PARTIAL_REFUND_NOT_ALLOWED",
            "Refund for an amount less than the remaining cannot be processed because of an open dispute.",
        )
    return give_back(ask.book, made, minor, ask.body)


def is_disputed(book: Book, id_: str) -> bool:
    """Tell whether a dispute about a capture waits to be decided."""
    return any(item["status"] != "RESOLVED" for item in book.find("dispute", _capture=id_))


def give_back(book: Book, made: Json, minor: int, said: Json) -> Json:
    """Give so much of a capture back and tell it; PayPal keeps its fee."""
    id_, currency = paypal_id(), made["_currency"]
    made["_refunded"] += minor
    made["status"] = "REFUNDED" if made["_refunded"] == made["_minor"] else "PARTIALLY_REFUNDED"
    made["update_time"] = iso(book.now)
    book.put(made, "capture")
    refund: Json = {
        "id": id_,
        "status": "COMPLETED",
        "amount": money.write(minor, currency),
        "seller_payable_breakdown": {
            "gross_amount": money.write(minor, currency),
            "paypal_fee": money.write(0, currency),
            "net_amount": money.write(minor, currency),
            "total_refunded_amount": money.write(made["_refunded"], currency),
            **_exchanged_back(book, minor, currency),
        },
        "create_time": iso(book.now),
        "update_time": iso(book.now),
        "links": [
            link(book, f"/v2/payments/refunds/{id_}", "self"),
            link(book, f"/v2/payments/captures/{made['id']}", "up"),
        ],
        "_capture": made["id"],
    }
    refund |= {name: said[name] for name in ("invoice_id", "custom_id", "note_to_payer") if name in said}
    book.put(refund, "refund")
    enter(book, id_, "T1107", -minor, currency, of={**made, **said}, refers_to=made["id"])
    convert(book, -minor, currency, of=id_)
    summary = f"A {money.write(minor, currency)['value']} {currency} capture payment was refunded"
    if made.get("_subscription"):
        sale = {"id": id_, "sale_id": made["id"], "state": "completed", "create_time": iso(book.now)}
        sale["amount"] = {"total": money.write(-minor, currency)["value"], "currency": currency}
        notify(book, "PAYMENT.SALE.REFUNDED", sale, kind="refund", summary=summary, version="1.0")
    else:
        notify(book, "PAYMENT.CAPTURE.REFUNDED", refund, kind="refund", summary=summary)
    return refund


def _exchanged_back(book: Book, minor: int, currency: str) -> Json:
    own = book.setting("settles_in") or currency
    if own == currency:
        return {}
    return {"net_amount_in_receivable_currency": money.write(money.exchange(minor, currency, own, book), own)}


@endpoint("GET", "/v2/payments/refunds/{id_}")
def get_refund(ask: Ask, id_: str) -> Json:
    """Return a refund."""
    found = ask.book.get("refund", id_)
    if found is None:
        raise unknown("refund", id_)
    return found
