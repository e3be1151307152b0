"""The sparse form of what is told: processors leave out much that their descriptions call optional.

Stripe's own client types such a field as optional and raises when it is read and was not sent; PayPal's answers name no
empty field at all. The switch ``sparse`` lets both sides tell no more than they must: nothing that is null, and none of
the fields below.
"""

from __future__ import annotations

from typing import Any

from masthead.simulator.world import World

# What a field was before an update is null where it was nothing: that is said, not left out.
_SAID = frozenset({"previous_attributes", "metadata"})
# By side: optional fields that carry something, which real answers leave out all the same.
_LEFT_OUT = {
    "stripe": frozenset(
        {
            *(
                "application_fee_amount",
                "calculated_statement_descriptor",
                "evidence_details",
                "fraud_details",
                "outcome",
            ),
            *("payment_method_options", "receipt_url", "radar_options", "risk_score", "description", "client_secret"),
        }
    ),
    "paypal": frozenset(
        {
            *("dispute_channel", "exchange_rate", "final_capture", "last_refreshed_datetime", "money_movements"),
            *("net_amount_in_receivable_currency", "paypal_fee_in_receivable_currency", "protection_eligibility"),
            *("seller_protection", "soft_descriptor", "summary", "transaction_updated_date"),
        }
    ),
}


def told(world: World, side: str, body: Any) -> Any:
    """Return an answer or a notification as the switch wants it: whole, or in its sparse form."""
    return _sparse(body, _LEFT_OUT[side]) if world.store.setting("sparse") else body


def _sparse(value: Any, left_out: frozenset[str]) -> Any:
    if isinstance(value, list):
        return [_sparse(item, left_out) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        name: item if name in _SAID else _sparse(item, left_out)
        for name, item in value.items()
        if item is not None and name not in left_out
    }
