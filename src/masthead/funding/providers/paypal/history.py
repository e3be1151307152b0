"""The account's history, PayPal's transaction search: a line appears up to three hours after its money moved."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, urlsplit

from masthead.core.money import Money
from masthead.funding.providers.paypal.calls import Json, call
from masthead.funding.providers.paypal.money import from_paypal
from masthead.funding.providers.paypal.reading import moment

# PayPal searches at most 31 days at once, and three years back.
WINDOW = timedelta(days=31)
FAR_BACK = timedelta(days=3 * 365 - 1)
LATE = timedelta(hours=4)
_PAGE = "500"
_REFUNDS = frozenset({"T1107"})


@dataclass(frozen=True)
class Line:
    """One line: ``code`` is PayPal's event code, ``about`` the transaction or subscription it belongs to."""

    external_id: str
    code: str
    about: str
    custom: str
    amount: Money
    fee: Money
    at: datetime

    @property
    def is_payment(self) -> bool:
        """Tell whether money came from a payer."""
        return self.code.startswith("T00")

    @property
    def is_return(self) -> bool:
        """Tell whether money of an earlier payment went back or came again: refunds, reversals, chargebacks."""
        return self.code.startswith(("T11", "T12"))

    @property
    def fact(self) -> str:
        """As which kind of journal the books hold it; empty for what is no fact of a payment."""
        if self.code.startswith("T04"):
            return "payout"
        return "gift" if self.is_payment else "refund" if self.code in _REFUNDS else ""

    @property
    def payment(self) -> str:
        """The payment behind it, where there is one."""
        return self.external_id if self.is_payment else self.about if self.is_return else ""


def lines(since: datetime, until: datetime) -> Iterator[Line]:
    """Return the lines between two instants, the oldest window first."""
    while since < until:
        end = min(since + WINDOW, until)
        yield from _window(since, end)
        since = end


def _window(since: datetime, until: datetime) -> Iterator[Line]:
    page, pages = 1, 1
    while page <= pages:
        told = call(
            "GET",
            "/v1/reporting/transactions",
            start_date=written(since),
            end_date=written(until),
            fields="transaction_info",
            page_size=_PAGE,
            page=str(page),
        )
        for row in told["transaction_details"]:
            yield _line(row["transaction_info"])
        pages, page = int(told.get("total_pages") or 0), page + 1


def _line(row: Json) -> Line:
    amount = from_paypal(row["transaction_amount"])
    fee = from_paypal(row["fee_amount"]) if "fee_amount" in row else Money.zero(amount.currency)
    return Line(
        external_id=row["transaction_id"],
        code=row["transaction_event_code"],
        about=row.get("paypal_reference_id", ""),
        custom=row.get("custom_field", ""),
        amount=amount,
        fee=-fee,
        at=moment(row["transaction_initiation_date"]),
    )


def written(at: datetime) -> str:
    """Write an instant as PayPal's queries take it."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def next_query(url: str) -> dict[str, str]:
    """Return what an address of a next page asks; nothing where there is none."""
    return dict(parse_qsl(urlsplit(url).query))
