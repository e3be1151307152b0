"""Disputes, as far as a newsroom meets them: asked about, claimed at PayPal or at a bank, accepted, or decided.

What a claim does to the account is told by the lines of its history alone, hours later, each under an id of its own: a
claim at PayPal holds the money (T1110), lets go of it when it is decided (T1111), and for the payer reverses the
payment (T1106) with a fee (T0114); a bank takes the money at once (T1201) with a fee (T0106), and gives it back when
the newsroom wins (T1202). No line names its dispute.
"""

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
    "dispute_channel", "links",
)  # fmt: skip
_FOR_PAYER = "RESOLVED_BUYER_FAVOUR"
OUTCOMES = (_FOR_PAYER, "RESOLVED_SELLER_FAVOUR", "RESOLVED_WITH_PAYOUT", "CANCELED_BY_BUYER")
_INQUIRY, _CLAIM = "INQUIRY", "CHARGEBACK"
_FEES = {"DISPUTE_FEE": ("T0114", "fee_dispute", 1500), "CHARGEBACK_FEE": ("T0106", "fee_chargeback", 2000)}


def open_dispute(
    book: Book,
    capture: Json,
    *,
    reason: str = "UNAUTHORISED",
    amount: int | None = None,
    stage: str = _CLAIM,
    channel: str = "INTERNAL",
    hold: bool = True,
) -> Json:
    """Let a payer dispute what is left of a capture, or an ``amount`` of it in minor units.

    ``stage`` INQUIRY moves no money. ``channel`` EXTERNAL is a bank's. ``hold``: whether PayPal keeps the money back
    until a claim is decided; it does so as it likes.
    """
    left = capture["_minor"] - capture["_refunded"]
    minor = left if amount is None else amount
    if not 0 < minor <= left or capture["status"] not in {"COMPLETED", "PARTIALLY_REFUNDED"}:
        raise impossible("CAPTURE_STATUS_NOT_VALID", "There is nothing to dispute.")
    if payments.is_disputed(book, capture["id"]):
        raise impossible("CAPTURE_DISPUTED", "This capture is disputed already.")
    id_ = new_id("PP-R-", 9).upper()
    disputed: Json = {"seller_transaction_id": capture["id"], "gross_amount": capture["amount"]}
    if "custom_id" in capture:
        disputed["custom"] = capture["custom_id"]
    made: Json = {
        "dispute_id": id_,
        "create_time": iso(book.now),
        "update_time": iso(book.now),
        "disputed_transactions": [disputed],
        "reason": reason,
        "status": "WAITING_FOR_SELLER_RESPONSE",
        "dispute_amount": money.write(minor, capture["_currency"]),
        "dispute_life_cycle_stage": stage,
        "dispute_channel": channel,
        "links": [link(book, f"/v1/customer/disputes/{id_}", "self")],
        "_capture": capture["id"],
        "_minor": minor,
        "_id": id_,
        "_hold": hold,
        "_held": False,
    }
    if stage != _INQUIRY:
        _claim(book, made)
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


def escalate(book: Book, id_: str) -> Json:
    """Let an inquiry become a claim."""
    made = the_dispute(book, id_)
    if made["status"] == "RESOLVED" or made["dispute_life_cycle_stage"] != _INQUIRY:
        raise impossible("ACTION_NOT_ALLOWED_IN_CURRENT_DISPUTE_STATE", "Only an inquiry can be escalated.")
    made |= {"dispute_life_cycle_stage": _CLAIM, "update_time": iso(book.now)}
    _claim(book, made)
    _keep(book, made)
    notify(book, "CUSTOMER.DISPUTE.UPDATED", made, kind="dispute", summary="A dispute was updated", version="1.0")
    return made


def resolve(book: Book, id_: str, outcome: str, *, minor: int | None = None) -> Json:
    """Decide a dispute. For the payer the money goes, all of it or so many minor units; else it stays or comes back."""
    made = the_dispute(book, id_)
    if made["status"] == "RESOLVED":
        raise impossible("DISPUTE_ALREADY_RESOLVED", "The dispute is resolved.")
    currency = made["dispute_amount"]["currency_code"]
    gone = (made["_minor"] if minor is None else minor) if outcome == _FOR_PAYER else 0
    made |= {"status": "RESOLVED", "update_time": iso(book.now)}
    made["dispute_outcome"] = {"outcome_code": outcome, "amount_refunded": money.write(gone, currency)}
    _settle(book, made, gone)
    _keep(book, made)
    notify(book, "CUSTOMER.DISPUTE.RESOLVED", made, kind="dispute", summary="A dispute was resolved", version="1.0")
    return made


def _claim(book: Book, made: Json) -> None:
    """Let a claim begin: a bank takes the money at once; PayPal keeps it back, if it likes."""
    if made["dispute_channel"] == "EXTERNAL":
        _reverse(book, made, "T1201", made["_minor"])
        _charge(book, made, "CHARGEBACK_FEE")
    elif made["_hold"]:
        _line(book, made["_capture"], "T1110", -made["_minor"])
        made["_held"] = True


def _settle(book: Book, made: Json, gone: int) -> None:
    """Move what a decision moves; ``gone`` is the payer's."""
    is_claim = made["dispute_life_cycle_stage"] != _INQUIRY
    if made["dispute_channel"] == "EXTERNAL" and is_claim:
        if back := made["_minor"] - gone:
            _give_back(book, made, back)
        return
    if made["_held"]:
        _line(book, made["_capture"], "T1111", made["_minor"])
        made["_held"] = False
    if gone:
        _reverse(book, made, "T1106", gone)
        if is_claim:
            _charge(book, made, "DISPUTE_FEE")


def _line(book: Book, capture_id: str, code: str, minor: int) -> str:
    """Write one line of the history, exchanged where the account is kept in another currency."""
    capture, id_ = book.the("capture", capture_id), payments.paypal_id()
    payments.enter(book, id_, code, minor, capture["_currency"], of=capture, refers_to=capture["id"])
    payments.convert(book, minor, capture["_currency"], of=id_)
    return id_


def _charge(book: Book, made: Json, reason: str) -> None:
    """Take the fee of a dispute, in the currency the account is kept in."""
    code, setting, usual = _FEES[reason]
    capture = book.the("capture", made["_capture"])
    minor, currency = int(book.setting(setting, usual)), book.setting("settles_in") or capture["_currency"]
    if minor:
        payments.enter(book, payments.paypal_id(), code, -minor, currency, of={}, refers_to=capture["id"])
        _told(book, made, money.write(minor, currency), reason=reason)


def _reverse(book: Book, made: Json, code: str, minor: int) -> None:
    _told(book, made, take_back(book, made["_capture"], code, minor))


def take_back(book: Book, capture_id: str, code: str, minor: int) -> Json:
    """Take so much of a capture back and tell it, whoever asked for that. Returns the amount."""
    id_ = _line(book, capture_id, code, -minor)
    capture = book.the("capture", capture_id)
    _returned(book, capture, minor)
    reversal: Json = {
        "id": id_,
        "status": "COMPLETED",
        "amount": money.write(minor, capture["_currency"]),
        "create_time": iso(book.now),
        "links": [link(book, f"/v2/payments/captures/{capture['id']}", "up")],
    }
    notify(book, "PAYMENT.CAPTURE.REVERSED", reversal, kind="refund", summary="A payment was reversed")
    return dict(reversal["amount"])


def _give_back(book: Book, made: Json, minor: int) -> None:
    _line(book, made["_capture"], "T1202", minor)
    capture = book.the("capture", made["_capture"])
    _returned(book, capture, -minor)
    _told(book, made, money.write(minor, capture["_currency"]), type_="CREDIT")


def _returned(book: Book, capture: Json, minor: int) -> None:
    """Let a capture say how much of it went back in all."""
    capture["_refunded"] += minor
    states = {0: "COMPLETED", capture["_minor"]: "REFUNDED"}
    capture["status"] = states.get(capture["_refunded"], "PARTIALLY_REFUNDED")
    book.put(capture, "capture")


def _told(book: Book, made: Json, amount: Json, *, type_: str = "DEBIT", reason: str = "DISPUTE_SETTLEMENT") -> None:
    """Write into the dispute what moved because of it: without an id, as PayPal does."""
    told = {"affected_party": "SELLER", "amount": amount, "initiated_time": iso(book.now)}
    made.setdefault("money_movements", []).append({**told, "type": type_, "reason": reason})


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
    """Accept a dispute: the money goes back, all that is disputed or the ``refund_amount``."""
    minor, disputed = None, the_dispute(ask.book, id_)
    if "refund_amount" in ask.body:
        minor, currency = money.positive(ask.body["refund_amount"], "/refund_amount")
        if minor > disputed["_minor"] or currency != disputed["dispute_amount"]["currency_code"]:
            raise impossible("INVALID_REFUND_AMOUNT", "More than is disputed, or in another currency.")
    made = resolve(ask.book, id_, _FOR_PAYER, minor=minor)
    return {"links": made["links"]}
