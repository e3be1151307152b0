"""Keys, version, idempotency, paging, expansion: the door of the Stripe side."""

from __future__ import annotations

import http.client
import threading
import urllib.parse

import pytest
import stripe

from masthead.simulator.testing import RunningSimulator
from tests.simulator.gifts import give, session


def test_an_unknown_key_opens_nothing(simulator: RunningSimulator) -> None:
    for key in ("sk_test_51Real", "sk_test_sim_nobody", "pk_test_sim_masthead"):
        client = stripe.StripeClient(key, base_addresses=simulator.base_addresses)
        with pytest.raises(stripe.AuthenticationError) as refused:
            client.v1.balance.retrieve()
        assert refused.value.http_status == 401
        assert key not in str(refused.value)


def test_live_and_test_are_apart(simulator: RunningSimulator, client: stripe.StripeClient) -> None:
    live = stripe.StripeClient(simulator.live_key, base_addresses=simulator.base_addresses)
    made = session(live)
    assert made.livemode
    assert made.id.startswith("cs_live_")
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.checkout.sessions.retrieve(made.id)
    assert refused.value.code == "resource_missing"
    assert client.v1.events.list().data == []


def test_another_version_is_refused(simulator: RunningSimulator) -> None:
    client = stripe.StripeClient(simulator.key, base_addresses=simulator.base_addresses, stripe_version="2020-08-27")
    with pytest.raises(stripe.InvalidRequestError, match="Invalid Stripe API version"):
        client.v1.balance.retrieve()


def test_what_is_not_played_is_refused(client: stripe.StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="does not play it"):
        client.v1.coupons.list()


def test_one_key_does_one_thing_once(simulator: RunningSimulator, client: stripe.StripeClient) -> None:
    options: stripe.RequestOptions = {"idempotency_key": "customer-7"}
    first = client.v1.customers.create(params={"email": "don@example.org"}, options=options)
    again = client.v1.customers.create(params={"email": "don@example.org"}, options=options)
    assert again.id == first.id
    assert again.last_response is not None
    assert again.last_response.headers["Idempotent-Replayed"] == "true"
    with pytest.raises(stripe.IdempotencyError) as refused:
        client.v1.customers.create(params={"email": "eve@example.org"}, options=options)
    assert refused.value.http_status == 400
    simulator.advance(days=1)
    assert client.v1.customers.create(params={"email": "eve@example.org"}, options=options).id != first.id


def test_a_refusal_by_the_bank_is_kept_and_a_mistake_is_not(client: stripe.StripeClient) -> None:
    options: stripe.RequestOptions = {"idempotency_key": "intent-7"}
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.payment_intents.create(params={"amount": 500, "currency": "zzz"}, options=options)
    for _ in range(2):
        with pytest.raises(stripe.CardError) as refused:
            client.v1.payment_intents.create(
                params={
                    "amount": 500,
                    "currency": "usd",
                    "confirm": True,
                    "payment_method": "pm_card_chargeDeclined",
                    "return_url": "https://paper.example/",
                },
                options=options,
            )
        assert (refused.value.code, refused.value.http_status) == ("card_declined", 402)
    assert len(client.v1.charges.list().data) == 1


def test_a_key_in_use_is_refused_with_409(simulator: RunningSimulator, client: stripe.StripeClient) -> None:
    simulator.break_call("hold", "POST /v1/customers")
    options: stripe.RequestOptions = {"idempotency_key": "held"}
    first = threading.Thread(
        target=lambda: client.v1.customers.create(params={"name": "Don"}, options={"idempotency_key": "held"})
    )
    first.start()
    simulator.control("POST", "/held", count=1)
    with pytest.raises(stripe.APIError) as refused:
        client.v1.customers.create(params={"name": "Don"}, options=options)
    assert refused.value.http_status == 409
    simulator.control("POST", "/release")
    first.join()
    assert len(client.v1.customers.list().data) == 1


def test_pages_follow_each_other(client: stripe.StripeClient) -> None:
    made = [client.v1.customers.create(params={"name": str(number)}).id for number in range(5)]
    first = client.v1.customers.list(params={"limit": 2})
    assert ([item.id for item in first.data], first.has_more) == ([made[4], made[3]], True)
    rest = client.v1.customers.list(params={"limit": 3, "starting_after": made[3]})
    assert ([item.id for item in rest.data], rest.has_more) == ([made[2], made[1], made[0]], False)
    before = client.v1.customers.list(params={"limit": 2, "ending_before": made[0]})
    assert [item.id for item in before.data] == [made[2], made[1]]
    assert [item.id for item in client.v1.customers.list(params={"limit": 2}).auto_paging_iter()] == made[::-1]
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.customers.list(params={"limit": 101})


def test_only_ids_are_expanded(simulator: RunningSimulator, client: stripe.StripeClient) -> None:
    paid = give(simulator, client)
    found = client.v1.payment_intents.list(params={"expand": ["data.latest_charge"]})
    assert found.data[0].latest_charge.amount == 2500  # type: ignore[union-attr]
    with pytest.raises(stripe.InvalidRequestError, match="cannot be expanded"):
        client.v1.payment_intents.retrieve(paid.payment_intent, params={"expand": ["amount"]})


def test_other_names_and_other_sites_are_refused(simulator: RunningSimulator) -> None:
    port = urllib.parse.urlsplit(simulator.base).port
    for headers in ({"Host": "evil.example"}, {"Origin": "https://evil.example"}):
        connection = http.client.HTTPConnection("127.0.0.1", port)
        connection.request("POST", "/_control/clock", body=b"{}", headers=headers)
        assert connection.getresponse().status == 403
        connection.close()
