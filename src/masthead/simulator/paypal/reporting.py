"""The account's history, as reconciliation reads it; lines appear hours later, as with PayPal."""

from __future__ import annotations

from masthead.simulator.clock import from_iso, iso
from masthead.simulator.paypal.api import Ask, endpoint
from masthead.simulator.paypal.errors import invalid
from masthead.simulator.store import Json

_LONGEST = 31 * 86_400
_HOUR = 3600


@endpoint(
    "GET",
    "/v1/reporting/transactions",
    query="start_date end_date fields page page_size transaction_id transaction_status",
)
def search(ask: Ask) -> Json:
    """List the history between two instants at most 31 days apart."""
    start, end = _instant(ask, "start_date"), _instant(ask, "end_date")
    if not 0 <= end - start <= _LONGEST:
        raise invalid("/end_date", "INVALID_REQUEST", "The date range must not be greater than 31 days.")
    size, number = int(ask.query.get("page_size", "100")), int(ask.query.get("page", "1"))
    if not 1 <= size <= 500 or number < 1:
        raise invalid("/page_size", "INVALID_REQUEST", "The page size is 1 to 500.")
    told_by = ask.book.now - int(ask.book.setting("report_delay_hours", 3)) * _HOUR
    wanted = ask.query.get("transaction_id")
    found = [
        line
        for line in ask.book.find("line")
        if start <= line["at"] <= min(end, told_by) and wanted in (None, line["id"])
    ]
    shown = found[(number - 1) * size : number * size]
    return {
        "transaction_details": [_line(ask, line) for line in shown],
        "account_number": "SIMULATOR",
        "start_date": iso(start),
        "end_date": iso(min(end, told_by)),
        "last_refreshed_datetime": iso(told_by),
        "page": number,
        "total_items": len(found),
        "total_pages": -(-len(found) // size),
        "links": [],
    }


def _instant(ask: Ask, name: str) -> int:
    try:
        return from_iso(ask.query[name].replace("Z", "+00:00"))
    except (KeyError, ValueError) as error:
        raise invalid(f"/{name}", "INVALID_REQUEST", "An instant as in 2027-01-31T00:00:00Z is required.") from error


def _line(ask: Ask, line: Json) -> Json:
    told: Json = {"transaction_info": line["info"]}
    fields = ask.query.get("fields", "transaction_info")
    if line["email"] and ("payer_info" in fields or fields == "all"):
        told["payer_info"] = {"email_address": line["email"]}
    return told


@endpoint("GET", "/v1/reporting/balances", query="as_of_time currency_code")
def balances(ask: Ask) -> Json:
    """Return what the account holds, by currency."""
    from masthead.simulator.paypal import money

    totals: dict[str, int] = {}
    for line in ask.book.find("line"):
        for amount in (line["info"][name] for name in ("transaction_amount", "fee_amount") if name in line["info"]):
            minor, currency = money.read({**amount, "value": amount["value"].lstrip("-")}, "/amount")
            totals[currency] = totals.get(currency, 0) + (-minor if amount["value"].startswith("-") else minor)
    shown = [
        {"currency": currency, "primary": currency == "USD", "total_balance": money.write(total, currency)}
        for currency, total in sorted(totals.items())
    ]
    return {"balances": shown, "account_id": "SIMULATOR", "as_of_time": iso(ask.book.now)}
