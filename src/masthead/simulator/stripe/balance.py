"""The balance: every movement with gross, fee and net in the settlement currency; and payouts that gather them."""

from __future__ import annotations

from typing import Any

from masthead.simulator.book import Book, new_id
from masthead.simulator.store import Json
from masthead.simulator.stripe import money
from masthead.simulator.stripe.api import Call, endpoint
from masthead.simulator.stripe.errors import invalid, missing
from masthead.simulator.stripe.facts import save
from masthead.simulator.stripe.shapes import page
from masthead.simulator.timers import on_timer

_DAY = 86_400
_CATEGORIES = {
    "charge": "charge",
    "payment": "charge",
    "refund": "refund",
    "payment_refund": "refund",
    "payment_failure_refund": "refund_failure",
    "refund_failure": "refund_failure",
    "payout": "payout",
    "payout_failure": "payout_reversal",
}


def record(
    book: Book,
    type_: str,
    amount: int,
    *,
    source: str,
    fee: int = 0,
    rate: float | None = None,
    description: str | None = None,
    at_once: bool = False,
    category: str | None = None,
    fee_kind: str = "Stripe processing fees",
) -> Json:
    """Write one movement, ``amount`` in the settlement currency."""
    currency = money.settlement_currency(book)
    available = book.now if at_once else book.now + int(book.setting("available_days", 2)) * _DAY
    details = [
        {"amount": fee, "application": None, "currency": currency, "description": fee_kind, "type": "stripe_fee"}
    ]
    made = book.put(
        {
            "id": new_id("txn_"),
            "object": "balance_transaction",
            "amount": amount,
            "available_on": available,
            "balance_type": "payments",
            "created": book.now,
            "currency": currency,
            "description": description,
            "exchange_rate": rate,
            "fee": fee,
            "fee_details": details if fee else [],
            "net": amount - fee,
            "reporting_category": category or _CATEGORIES[type_],
            "source": source,
            "status": "available" if at_once else "pending",
            "type": type_,
            "_payout": None,
        }
    )
    if not at_once:
        book.later(available, "stripe.available", id_=made["id"])
    return made


@on_timer("stripe.available")
def become_available(book: Book, id_: str) -> None:
    """Make a movement's money available."""
    book.put({**book.the("balance_transaction", id_), "status": "available"})


def settled(book: Book, amount: int, currency: str) -> tuple[int, float | None]:
    """Return what an amount is worth in the settlement currency, and the rate where it is another."""
    return money.convert(amount, currency, money.settlement_currency(book), book.setting("rates"))


def share(whole_settled: int, whole: int, before: int, part: int) -> int:
    """Return a part's share of a settled amount, such that all parts together are the whole to the last cent."""
    return whole_settled * (before + part) // whole - whole_settled * before // whole


@endpoint("GET", "/v1/balance", params="BalanceRetrieveParams")
def retrieve_balance(call: Call) -> Json:
    """Return what is available and what is pending."""
    totals = {"available": 0, "pending": 0}
    for item in call.book.find("balance_transaction"):
        totals[item["status"]] += item["net"]
    currency = money.settlement_currency(call.book)
    amounts: dict[str, list[Json]] = {
        name: [{"amount": total, "currency": currency, "source_types": {"card": total}}]
        for name, total in totals.items()
    }
    return {"object": "balance", "livemode": call.book.live, **amounts}


@endpoint(
    "GET",
    "/v1/balance_transactions",
    params="BalanceTransactionListParams",
    plays="payout type source currency created limit starting_after ending_before",
)
def list_transactions(call: Call) -> Json:
    """List movements; of one payout, those it gathered and the payout itself."""
    payout = call.params.get("payout")
    if payout is not None:
        _payout(call.book, payout, param="payout", status=400)
    wanted = {name: call.params[name] for name in ("type", "source", "currency") if name in call.params}
    found = [
        item
        for item in call.book.find("balance_transaction", **wanted)
        if payout is None or payout in (item["_payout"], item["source"])
    ]
    return page(call.params, found, "/v1/balance_transactions")


@endpoint("GET", "/v1/balance_transactions/{id_}", params="BalanceTransactionRetrieveParams")
def retrieve_transaction(call: Call, id_: str) -> Json:
    """Return one movement."""
    found = call.book.get("balance_transaction", id_)
    if found is None:
        raise missing("balance transaction", id_)
    return found


# Payouts


def pay_out(book: Book, *, automatic: bool = True) -> Json:
    """Gather all available movements that no payout has gathered, and pay their sum out."""
    gathered = [item for item in book.find("balance_transaction", status="available") if item["_payout"] is None]
    total = sum(item["net"] for item in gathered)
    if total <= 0:
        raise invalid(
            "You have insufficient funds in your Stripe account for this transfer.", code="balance_insufficient"
        )
    payout = _new_payout(book, total, automatic=automatic)
    for item in gathered:
        book.put({**item, "_payout": payout["id"]})
    movement = record(book, "payout", -total, source=payout["id"], description="STRIPE PAYOUT", at_once=True)
    book.put({**movement, "_payout": payout["id"]})
    payout["balance_transaction"] = movement["id"]
    save(book, payout, "payout.created")
    book.later(payout["arrival_date"], "stripe.payout_arrives", id_=payout["id"])
    return payout


def _new_payout(book: Book, amount: int, *, automatic: bool) -> Json:
    nothing = dict.fromkeys(
        [
            "application_fee",
            "application_fee_amount",
            "failure_balance_transaction",
            "failure_code",
            "failure_message",
            "original_payout",
            "payout_method",
            "reversed_by",
            "statement_descriptor",
        ]
    )
    return {
        **nothing,
        "id": new_id("po_"),
        "object": "payout",
        "amount": amount,
        "arrival_date": book.now + _DAY,
        "automatic": automatic,
        "created": book.now,
        "currency": money.settlement_currency(book),
        "description": "STRIPE PAYOUT",
        "destination": new_id("ba_"),
        "livemode": book.live,
        "metadata": {},
        "method": "standard",
        "reconciliation_status": "completed" if automatic else "not_applicable",
        "source_type": "card",
        "status": "in_transit",
        "trace_id": {"status": "pending", "value": None},
        "type": "bank_account",
    }


@on_timer("stripe.payout_arrives")
def arrive(book: Book, id_: str) -> None:
    """Let a payout arrive, unless it failed meanwhile."""
    payout = book.the("payout", id_)
    if payout["status"] == "in_transit":
        save(book, {**payout, "status": "paid"}, "payout.paid")


def fail_payout(book: Book, id_: str) -> Json:
    """Let a payout come back from the bank: its sum returns to the balance."""
    payout = _payout(book, id_)
    if payout["status"] == "failed":
        raise invalid(f"Payout {id_} has already failed.")
    back = record(
        book, "payout_failure", payout["amount"], source=id_, description="STRIPE PAYOUT FAILURE", at_once=True
    )
    failed = {
        **payout,
        "status": "failed",
        "failure_code": "account_closed",
        "failure_message": "The bank account has been closed.",
        "failure_balance_transaction": back["id"],
    }
    return save(book, failed, "payout.failed")


def _payout(book: Book, id_: str, *, param: str = "id", status: int = 404) -> Json:
    found = book.get("payout", id_)
    if found is None:
        raise missing("payout", id_, param=param, status=status)
    return found


@endpoint(
    "GET",
    "/v1/payouts",
    params="PayoutListParams",
    plays="status created arrival_date limit starting_after ending_before",
)
def list_payouts(call: Call) -> Json:
    """List payouts."""
    wanted: dict[str, Any] = {"status": call.params["status"]} if "status" in call.params else {}
    found = call.book.find("payout", **wanted)
    if "arrival_date" in call.params:
        dated = page({"created": call.params["arrival_date"], "limit": 100}, [
            {**item, "created": item["arrival_date"]} for item in found
        ], "")  # fmt: skip
        ids = {item["id"] for item in dated["data"]}
        found = [item for item in found if item["id"] in ids]
    return page(call.params, found, "/v1/payouts")


@endpoint("GET", "/v1/payouts/{id_}", params="PayoutRetrieveParams")
def retrieve_payout(call: Call, id_: str) -> Json:
    """Return one payout."""
    return _payout(call.book, id_)
