"""Disputes, as far as a newsroom meets them: opened by a payer, accepted, or decided by PayPal."""

from __future__ import annotations

from masthead.simulator.book import Book, new_id
from masthead.simulator.clock import iso
from masthead.simulator.paypal import money, payments
from masthead.simulator.paypal.api import Ask, endpoint
from masthead.simulator.paypal.errors import impossible, unknown
from masthead.simulator.paypal.notifications import link, notify
from masthead.simulator.paypal.shape import MONEY
from masthead.simulator.store import Json

_LISTED = (
    "dispute_id", "create_time", "update_time", "reason", "status", "dispute_amount", "dispute_life_cycle_stage",
    "links",
)  # fmt: skip
OUTCOMES = ("RESOLVED_BUYER_FAVOUR", "RESOLVED_SELLER_FAVOUR")


def open_dispute(book: Book, capture: Json, *, reason: str = "UNAUTHORISED") -> Json:
    """Let a payer dispute what is left of a capture."""
    left = capture["_minor"] - capture["_refunded"]
    if left == 0 or capture["status"] not in {"COMPLETED", "PARTIALLY_REFUNDED"}:
        raise impossible("CAPTURE_STATUS_NOT_VALID", "There is nothing to dispute.")
    if any(item["status"] != "RESOLVED" for item in book.find("dispute", _capture=capture["id"])):
        raise impossible("CAPTURE_DISPUTED", "This capture is disputed already.")
    id_ = new_id("PP-R-", 9).upper()
    made: Json = {
        "dispute_id": id_,
        "create_time": iso(book.now),
        "update_time": iso(book.now),
        "disputed_transactions": [
            {
                "seller_transaction_id": capture["id"],
                "custom": capture.get("custom_id"),
                "gross_amount": capture["amount"],
            }
        ],
        "reason": reason,
        "status": "WAITING_FOR_SELLER_RESPONSE",
        "dispute_amount": money.write(left, capture["_currency"]),
        "dispute_life_cycle_stage": "CHARGEBACK",
        "links": [link(book, f"/v1/customer/disputes/{id_}", "self")],
        "_capture": capture["id"],
        "_minor": left,
        "_id": id_,
    }
    _keep(book, made)
    notify(book, "CUSTOMER.DISPUTE.CREATED", made, kind="dispute", summary="A new dispute opened", version="1.0")
    return made


def _keep(book: Book, made: Json) -> None:
    book.put({**made, "id": made["_id"]}, "dispute")


def the_dispute(book: Book, id_: str) -> Json:
    """Return a dispute. Refuses an unknown one."""
    found = book.get("dispute", id_)
    if found is None:
        raise unknown("dispute", id_)
    found.pop("id")
    return found


def resolve(book: Book, id_: str, outcome: str) -> Json:
    """Decide a dispute. For the buyer the capture is reversed; for the seller nothing moves."""
    made = the_dispute(book, id_)
    if made["status"] == "RESOLVED":
        raise impossible("DISPUTE_ALREADY_RESOLVED", "The dispute is resolved.")
    refunded = (
        made["dispute_amount"] if outcome == OUTCOMES[0] else money.write(0, made["dispute_amount"]["currency_code"])
    )
    made |= {"status": "RESOLVED", "update_time": iso(book.now)}
    made["dispute_outcome"] = {"outcome_code": outcome, "amount_refunded": refunded}
    _keep(book, made)
    if outcome == OUTCOMES[0]:
        _reverse(book, made)
    notify(book, "CUSTOMER.DISPUTE.RESOLVED", made, kind="dispute", summary="A dispute was resolved", version="1.0")
    return made


def _reverse(book: Book, made: Json) -> None:
    capture = book.the("capture", made["_capture"])
    id_ = payments.paypal_id()
    capture["_refunded"] += made["_minor"]
    capture["status"] = "REFUNDED" if capture["_refunded"] == capture["_minor"] else "PARTIALLY_REFUNDED"
    book.put(capture, "capture")
    payments.enter(book, id_, "T1201", -made["_minor"], capture["_currency"], of=capture, refers_to=capture["id"])
    reversal = {
        "id": id_,
        "status": "COMPLETED",
        "amount": made["dispute_amount"],
        "create_time": iso(book.now),
        "links": [link(book, f"/v2/payments/captures/{capture['id']}", "up")],
    }
    notify(book, "PAYMENT.CAPTURE.REVERSED", reversal, kind="refund", summary="A payment was reversed")


@endpoint("GET", "/v1/customer/disputes", query="disputed_transaction_id page_size")
def list_disputes(ask: Ask) -> Json:
    """List disputes, in short: the transactions and the outcome of each are told by its own address only."""
    wanted = ask.query.get("disputed_transaction_id")
    found = [item for item in ask.book.find("dispute") if wanted in (None, item["_capture"])]
    return {"items": [{name: item[name] for name in _LISTED} for item in found], "links": []}


@endpoint("GET", "/v1/customer/disputes/{id_}")
def get_dispute(ask: Ask, id_: str) -> Json:
    """Return a dispute."""
    return the_dispute(ask.book, id_)


@endpoint(
    "POST",
    "/v1/customer/disputes/{id_}/accept-claim",
    shape={"note!": str, "accept_claim_reason": str, "refund_amount": MONEY},
)
def accept_claim(ask: Ask, id_: str) -> Json:
    """Accept a dispute: the money goes back."""
    made = resolve(ask.book, id_, OUTCOMES[0])
    return {"links": made["links"]}
