"""Refunds, disputes, payouts: what they take from the balance, to the cent."""

from __future__ import annotations

import pytest
import stripe

from masthead.simulator.testing import ControlError, RunningSimulator
from tests.simulator.gifts import charge_of, events, give


def net(client: stripe.StripeClient) -> int:
    """Return the sum of all movements that are no payouts."""
    found = client.v1.balance_transactions.list(params={"limit": 100}).data
    return sum(item.net for item in found if item.type != "payout")


def test_partial_refunds_add_up_and_never_exceed_the_charge(
    simulator: RunningSimulator, client: stripe.StripeClient
) -> None:
    charge = charge_of(client, give(simulator, client, amount=1001, currency="eur"))
    for _ in range(3):
        client.v1.refunds.create(params={"charge": charge.id, "amount": 333})
    with pytest.raises(stripe.InvalidRequestError, match="greater than unrefunded amount"):
        client.v1.refunds.create(params={"charge": charge.id, "amount": 3})
    client.v1.refunds.create(params={"payment_intent": charge.payment_intent})
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.refunds.create(params={"charge": charge.id})
    assert refused.value.code == "charge_already_refunded"
    whole = client.v1.charges.retrieve(charge.id, params={"expand": ["refunds"]})
    assert (whole.amount_refunded, whole.refunded) == (1001, True)
    assert whole.refunds is not None
    assert [item.amount for item in whole.refunds.data] == [2, 333, 333, 333]
    assert net(client) == -charge.balance_transaction.fee


def test_a_pending_refund_arrives_by_the_clock(simulator: RunningSimulator, client: stripe.StripeClient) -> None:
    charge = charge_of(client, give(simulator, client, card="4000000000007726"))
    refund = client.v1.refunds.create(params={"charge": charge.id})
    assert refund.status == "pending"
    simulator.advance(days=1)
    assert client.v1.refunds.retrieve(refund.id).status == "succeeded"
    assert events(client)[-1] == "refund.updated"


def test_a_refund_that_fails_gives_the_money_back(simulator: RunningSimulator, client: stripe.StripeClient) -> None:
    charge = charge_of(client, give(simulator, client, card="4000000000005126"))
    refund = client.v1.refunds.create(params={"charge": charge.id, "amount": 1000})
    assert refund.status == "succeeded"
    simulator.advance(days=3)
    failed = client.v1.refunds.retrieve(refund.id, params={"expand": ["failure_balance_transaction"]})
    assert failed.status == "failed"
    assert failed.failure_balance_transaction.amount == 1000  # type: ignore[union-attr]
    assert client.v1.charges.retrieve(charge.id).amount_refunded == 0
    assert net(client) == 2397


def test_an_inquiry_moves_no_money(simulator: RunningSimulator, client: stripe.StripeClient) -> None:
    charge = charge_of(client, give(simulator, client))
    dispute = simulator.dispute(charge.id, inquiry=True)
    assert (dispute["status"], net(client)) == ("warning_needs_response", 2397)
    escalated = simulator.control("POST", f"/stripe/{simulator.key}/disputes/{dispute['id']}/escalate")
    assert (escalated["status"], net(client)) == ("needs_response", 2397 - 2500 - 1500)


@pytest.mark.parametrize(("outcome", "left"), [("won", 2397), ("lost", 2397 - 1000 - 1500)])
def test_a_partial_dispute_ends(
    simulator: RunningSimulator, client: stripe.StripeClient, outcome: str, left: int
) -> None:
    charge = charge_of(client, give(simulator, client))
    dispute = simulator.dispute(charge.id, amount=1000)
    assert net(client) == 2397 - 1000 - 1500
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.refunds.create(params={"charge": charge.id})
    assert refused.value.code == "charge_disputed"
    simulator.close_dispute(dispute["id"], outcome)
    assert client.v1.disputes.retrieve(dispute["id"]).status == outcome
    assert net(client) == left
    with pytest.raises(ControlError, match="already closed"):
        simulator.close_dispute(dispute["id"], "won")


def test_evidence_decides_by_its_words(simulator: RunningSimulator, client: stripe.StripeClient) -> None:
    charge = charge_of(client, give(simulator, client, card="4000000000000259"))
    assert charge.disputed
    dispute = client.v1.disputes.list(params={"charge": charge.id}).data[0]
    client.v1.disputes.update(dispute.id, params={"evidence": {"uncategorized_text": "winning_evidence"}})
    simulator.advance(days=1)
    assert events(client)[-2:] == ["charge.dispute.closed", "charge.dispute.funds_reinstated"]


def test_a_payout_gathers_what_is_available(simulator: RunningSimulator, client: stripe.StripeClient) -> None:
    first = charge_of(client, give(simulator, client))
    client.v1.refunds.create(params={"charge": first.id, "amount": 500})
    with pytest.raises(ControlError, match="insufficient funds"):
        simulator.pay_out()
    simulator.advance(days=2)
    give(simulator, client, amount=9900)

    payout = simulator.pay_out()

    lines = client.v1.balance_transactions.list(params={"payout": payout["id"]}).data
    assert [(item.type, item.net) for item in lines] == [("payout", -1897), ("refund", -500), ("charge", 2397)]
    assert payout["amount"] == 1897
    simulator.advance(days=1)
    assert client.v1.payouts.retrieve(payout["id"]).status == "paid"


def test_a_payout_that_fails_returns_to_the_balance(simulator: RunningSimulator, client: stripe.StripeClient) -> None:
    give(simulator, client, card="4000000000000077")
    payout = simulator.pay_out()
    simulator.control("POST", f"/stripe/{simulator.key}/payouts/{payout['id']}/fail")
    simulator.advance(days=1)
    assert client.v1.payouts.retrieve(payout["id"]).status == "failed"
    assert simulator.pay_out()["amount"] == payout["amount"]
    assert client.v1.balance.retrieve().available[0].amount == 0
