"""What of a payment went back. PayPal lists an order's refunds with the order, and a subscription's nowhere."""

from __future__ import annotations

from masthead.core.clock import now
from masthead.core.money import Money
from masthead.funding.ports import ProviderAway
from masthead.funding.providers.paypal.calls import Json, call, find
from masthead.funding.providers.paypal.history import Line, lines_of
from masthead.funding.providers.paypal.money import from_paypal, to_paypal
from masthead.funding.providers.paypal.reading import moment
from masthead.funding.rules.facts import Movement

_GONE = frozenset({"PARTIALLY_REFUNDED", "REFUNDED"})
_FAILED = frozenset({"FAILED", "CANCELLED"})
_IN_ALL, _TAKEN = "total_refunded_amount", "net_amount_in_receivable_currency"


def of_order(order: Json, capture: str) -> list[Json]:
    """Return the refunds of one capture that its order lists."""
    payments = order["purchase_units"][0].get("payments") or {}
    return [row for row in payments.get("refunds") or () if _is_of(row, capture)]


def of_renewal(capture: Json, *, named: str, disputes: list[Json]) -> list[Json]:
    """Return the refunds of a subscription's payment.

    ``named`` is a refund that a notification told of. As each refund says what was sent back in all, it is known
    whether these are all; if not, they are looked for in the account's history, which shows them hours later. Raises
    :class:`~masthead.funding.ports.ProviderAway` while something went back and nothing that tells of it is found.
    """
    if capture["status"] not in _GONE and not named:
        return []
    found = _read([named] if named else [])
    if _is_all(found):
        return found
    told = lines_of(capture["id"], moment(capture["create_time"]), now())
    found = _read(sorted({named, *(line.external_id for line in told if line.is_refund)} - {""}))
    if not found and not disputes and not any(line.is_movement for line in told):
        raise ProviderAway("PayPal does not tell yet what went back")
    return found


def settled(capture: Json, refunds: list[Json]) -> list[Json]:
    """Return the refunds of a payment that PayPal exchanged, each with what it took in the currency of the account.

    Where a refund leaves that out, the account's history says it (rule L8), hours later: until then it stays out.
    """
    is_exchanged = "receivable_amount" in (capture.get("seller_receivable_breakdown") or {})
    if not is_exchanged or all(_TAKEN in _figures(row) for row in refunds):
        return refunds
    told = lines_of(capture["id"], moment(capture["create_time"]), now())
    taken = {line.external_id: to_paypal(-line.net) for line in told if line.arrived is not None}
    return [
        {**row, "seller_payable_breakdown": {_TAKEN: taken[row["id"]], **_figures(row)}} if row["id"] in taken else row
        for row in refunds
    ]


def disputes_of(capture: str) -> list[Json]:
    """Return the disputes about a payment, each read by itself: the list leaves out how they ended."""
    told = call("GET", "/v1/customer/disputes", disputed_transaction_id=capture, page_size="50")
    return [call("GET", f"/v1/customer/disputes/{row['dispute_id']}") for row in told.get("items") or ()]


def moved(capture: Json) -> list[Movement]:
    """Return what disputes moved of a payment, by the account's history alone: each under the id of its line.

    So every line has one journal and every journal one line (rule X1), in the currency in which it settled (rule L8).
    A line that is told late is read by the reconciler, which reads the history again.
    """
    since = moment(capture["create_time"])
    return [_movement(line) for line in lines_of(capture["id"], since, now()) if line.is_movement]


def _movement(line: Line) -> Movement:
    """Return a line as a movement: a fee of its own moves nothing else, and is none of the giver's money (rule D1)."""
    if line.is_fee:
        zero = Money.zero(line.net.currency)
        return Movement(line.external_id, zero, -line.net, line.at, Money.zero(line.amount.currency))
    if line.arrived is not None:
        return Movement(line.external_id, line.arrived, Money.zero(line.arrived.currency), line.at, line.amount)
    return Movement(line.external_id, line.amount, line.fee, line.at, line.amount)


def _is_of(row: Json, capture: str) -> bool:
    return any(found["rel"] == "up" and found["href"].endswith(f"/{capture}") for found in row.get("links") or ())


def _read(ids: list[str]) -> list[Json]:
    """Read refunds; what is none, as a reversal, is left out."""
    found = (find(f"/v2/payments/refunds/{id_}") for id_ in ids)
    return [row for row in found if row]


def _is_all(found: list[Json]) -> bool:
    told = [from_paypal(_figures(row)[_IN_ALL]) for row in found if _IN_ALL in _figures(row)]
    if not told:
        return False
    sent = (from_paypal(row["amount"]) for row in found if row["status"] not in _FAILED)
    return sum(sent, start=Money.zero(told[0].currency)) == max(told)


def _figures(refund: Json) -> Json:
    return refund.get("seller_payable_breakdown") or {}
