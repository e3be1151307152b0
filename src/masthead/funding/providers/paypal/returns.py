"""What of a payment went back. PayPal lists an order's refunds with the order, and a subscription's nowhere."""

from __future__ import annotations

from masthead.core.clock import now
from masthead.core.money import Money
from masthead.funding.ports import ProviderAway
from masthead.funding.providers.paypal.calls import Json, call, find
from masthead.funding.providers.paypal.history import lines
from masthead.funding.providers.paypal.money import from_paypal
from masthead.funding.providers.paypal.reading import moment

_GONE = frozenset({"PARTIALLY_REFUNDED", "REFUNDED"})
_FAILED = frozenset({"FAILED", "CANCELLED"})


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
    since = moment(capture["create_time"])
    known = [line.external_id for line in lines(since, now()) if line.is_return and line.about == capture["id"]]
    found = _read(sorted({*known, named} - {""}))
    if not found and not disputes:
        raise ProviderAway("PayPal does not tell yet what went back")
    return found


def disputes_of(capture: str) -> list[Json]:
    """Return the disputes about a payment, each read by itself: the list leaves out how they ended."""
    told = call("GET", "/v1/customer/disputes", disputed_transaction_id=capture, page_size="50")
    return [call("GET", f"/v1/customer/disputes/{row['dispute_id']}") for row in told.get("items") or ()]


def _is_of(row: Json, capture: str) -> bool:
    return any(found["rel"] == "up" and found["href"].endswith(f"/{capture}") for found in row.get("links") or ())


def _read(ids: list[str]) -> list[Json]:
    """Read refunds; what is none, as a reversal, is left out."""
    found = (find(f"/v2/payments/refunds/{id_}") for id_ in ids)
    return [row for row in found if row]


def _is_all(found: list[Json]) -> bool:
    told = [from_paypal(row["seller_payable_breakdown"]["total_refunded_amount"]) for row in found if _says(row)]
    if not told:
        return False
    sent = (from_paypal(row["amount"]) for row in found if row["status"] not in _FAILED)
    return sum(sent, start=Money.zero(told[0].currency)) == max(told)


def _says(row: Json) -> bool:
    return "total_refunded_amount" in (row.get("seller_payable_breakdown") or {})
