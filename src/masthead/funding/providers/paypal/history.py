"""The account's history, PayPal's transaction search: a line appears up to three hours after its money moved."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, urlsplit

from masthead.core.money import Money
from masthead.funding.providers.paypal.calls import Json, call
from masthead.funding.providers.paypal.money import from_paypal
from masthead.funding.providers.paypal.reading import moment
from masthead.funding.rules.bookings import GIFT, REFUND, REINSTATED, WITHDRAWN

# PayPal searches at most 31 days at once, and three years back.
WINDOW = timedelta(days=31)
FAR_BACK = timedelta(days=3 * 365 - 1)
LATE = timedelta(hours=4)
_PAGE = "500"
_UNMOVED = frozenset({"P", "D"})
_REFUNDS = frozenset({"T1107"})
_CONVERSIONS = "T02"
_PAYMENTS, _WITHDRAWALS = "T00", "T04"
# Reversals, holds and what ends them; adjustments, as a bank's chargeback and what undoes it.
_RETURNS = ("T11", "T12")
# Fees of their own, as of a dispute, and fees that came back.
_FEES = ("T01", "T1108", "T1109")


@dataclass(frozen=True)
class Line:
    """One line: ``code`` is PayPal's event code, ``about`` the transaction or subscription it belongs to.

    ``has_moved`` is false while PayPal waits for the money, and for what it denied. ``arrived`` is what the line left
    in the account, less the fee, where PayPal exchanged it.
    """

    external_id: str
    code: str
    about: str
    custom: str
    amount: Money
    fee: Money
    at: datetime
    has_moved: bool = True
    arrived: Money | None = None

    @property
    def net(self) -> Money:
        """What the balance changed by."""
        return self.arrived or self.amount - self.fee

    @property
    def is_payment(self) -> bool:
        """Tell whether money came from a payer."""
        return self.code.startswith(_PAYMENTS)

    @property
    def is_refund(self) -> bool:
        """Tell whether the newsroom sent money of a payment back."""
        return self.code in _REFUNDS

    @property
    def is_movement(self) -> bool:
        """Tell whether money of an earlier payment went or came again by no refund: for a dispute, or as its fee."""
        return bool(self.about) and not self.is_refund and self.code.startswith((*_RETURNS, *_FEES))

    @property
    def is_fee(self) -> bool:
        """Tell whether it is a fee of its own."""
        return self.code.startswith(_FEES)

    @property
    def fact(self) -> str:
        """As which kind of journal the books hold it; empty for what is no fact of a payment."""
        if self.code.startswith(_WITHDRAWALS):
            return "payout"
        if self.is_movement:
            return WITHDRAWN if self.amount.amount_minor < 0 else REINSTATED
        return GIFT if self.is_payment else REFUND if self.is_refund else ""

    @property
    def payment(self) -> str:
        """The payment behind it, where there is one."""
        return self.external_id if self.is_payment else self.about if self.is_movement or self.is_refund else ""


def lines(since: datetime, until: datetime) -> list[Line]:
    """Return the lines between two instants, the oldest window first; see :func:`folded`."""
    return folded(_told(since, until))


def lines_of(payment: str, since: datetime, until: datetime) -> list[Line]:
    """Return the lines about one payment that moved money: its own, its refunds, and what disputes took and gave."""
    return [line for line in lines(since, until) if line.payment == payment and line.has_moved]


def folded(told: Iterable[Line]) -> list[Line]:
    """Return each line once, and an exchange as part of the line that it belongs to.

    PayPal writes an exchange as two lines beside the first: one takes what that left in the payer's currency, the other
    brings it in the account's own. What is no whole exchange of one line, as somebody's own exchange of a balance,
    stays as it was told. A line about a line that is itself about a payment is about that payment.
    """
    found = {line.external_id: line for line in told}
    exchanges: dict[str, list[Line]] = defaultdict(list)
    for line in found.values():
        if line.code.startswith(_CONVERSIONS) and line.about in found:
            exchanges[line.about].append(line)
    for about, both in exchanges.items():
        arrived = _arrived(found[about], both)
        if arrived is not None:
            found[about] = replace(found[about], arrived=arrived)
            for line in both:
                del found[line.external_id]
    return [replace(line, about=_origin(line, found)) for line in found.values()]


def _arrived(line: Line, exchange: list[Line]) -> Money | None:
    """Return what an exchange made of a line; None for what does not take exactly that line."""
    sums: dict[str, Money] = {}
    for part in exchange:
        sums[part.amount.currency] = sums.get(part.amount.currency, Money.zero(part.amount.currency)) + part.net
    taken = sums.pop(line.amount.currency, None)
    if taken != line.fee - line.amount or len(sums) != 1:
        return None
    return next(iter(sums.values()))


def _origin(line: Line, found: Mapping[str, Line]) -> str:
    about = line.about
    while line.is_movement and about in found and found[about].is_movement:
        about = found[about].about
    return about


def _told(since: datetime, until: datetime) -> Iterator[Line]:
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
        has_moved=row.get("transaction_status") not in _UNMOVED,
    )


def written(at: datetime) -> str:
    """Write an instant as PayPal's queries take it."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def next_query(url: str) -> dict[str, str]:
    """Return what an address of a next page asks; nothing where there is none."""
    return dict(parse_qsl(urlsplit(url).query))
