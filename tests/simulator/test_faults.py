"""Every way an API call can go wrong, and what the official client makes of it."""

from __future__ import annotations

import pytest
import stripe

from masthead.simulator.testing import RunningSimulator


def made(client: stripe.StripeClient) -> int:
    """Return how many customers there are."""
    return len(client.v1.customers.list().data)


def make(client: stripe.StripeClient, key: str = "k") -> stripe.Customer:
    """Make a customer under a key."""
    return client.v1.customers.create(params={"name": "Don"}, options={"idempotency_key": key})


def test_an_error_does_nothing_and_the_same_key_may_try_again(
    simulator: RunningSimulator, client: stripe.StripeClient
) -> None:
    simulator.break_call("error", "POST /v1/customers")
    with pytest.raises(stripe.APIError):
        make(client)
    assert made(client) == 0
    make(client)
    assert made(client) == 1


def test_a_kept_error_comes_again_with_its_key(simulator: RunningSimulator, client: stripe.StripeClient) -> None:
    simulator.break_call("error_kept", "POST /v1/customers")
    for _ in range(2):
        with pytest.raises(stripe.APIError):
            make(client)
    make(client, "another")
    assert made(client) == 1


@pytest.mark.parametrize(
    ("fault", "error"), [("error_after_commit", stripe.APIError), ("timeout_after_commit", stripe.APIConnectionError)]
)
def test_what_was_done_before_the_fault_is_done_once(
    simulator: RunningSimulator, client: stripe.StripeClient, fault: str, error: type[Exception]
) -> None:
    simulator.break_call(fault, "POST /v1/customers")
    with pytest.raises(error):
        make(client)
    assert made(client) == 1
    assert make(client).name == "Don"
    assert made(client) == 1


def test_hanging_up_does_nothing(simulator: RunningSimulator, client: stripe.StripeClient) -> None:
    simulator.break_call("hang_up")
    with pytest.raises(stripe.APIConnectionError):
        make(client)
    assert made(client) == 0


def test_too_many_calls_are_told_so(simulator: RunningSimulator, client: stripe.StripeClient) -> None:
    simulator.break_call("rate_limit", "POST /v1/customers", times=2)
    for _ in range(2):
        with pytest.raises(stripe.RateLimitError):
            make(client)
    assert made(client) == 0


def test_the_client_itself_tries_again_with_one_key(simulator: RunningSimulator) -> None:
    client = stripe.StripeClient(simulator.key, base_addresses=simulator.base_addresses, max_network_retries=1)
    simulator.break_call("timeout_after_commit", "POST /v1/customers")
    make(client)
    assert made(client) == 1


def test_rules_stay_until_they_are_used_up_or_taken_away(
    simulator: RunningSimulator, client: stripe.StripeClient
) -> None:
    simulator.break_call("error", "POST /v1/products", times=0)
    for _ in range(3):
        with pytest.raises(stripe.APIError):
            client.v1.products.create(params={"name": "Gift"})
    simulator.control("DELETE", "/rules")
    assert client.v1.products.create(params={"name": "Gift"}).name == "Gift"
