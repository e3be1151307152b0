"""Intents, payment methods, customers, products and prices, each made, changed, listed and refused by the API."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

VISA = "pm_card_visa"


def card(client: stripe.StripeClient, number: str = "4242424242424242") -> str:
    """Keep a card; its number is what the simulator plays by."""
    told: Any = {"type": "card", "card": {"number": number, "exp_month": 12, "exp_year": 2034, "cvc": "123"}}
    return client.v1.payment_methods.create(told).id


def intent(client: stripe.StripeClient, **given: Any) -> stripe.PaymentIntent:
    """Make an intent over 25 dollars."""
    told: Any = {"amount": 2500, "currency": "usd", **given}
    return client.v1.payment_intents.create(told)


def refused(error: pytest.ExceptionInfo[stripe.StripeError]) -> tuple[str | None, Any]:
    """What an error says of itself: its code, and which parameter is meant."""
    return error.value.code, getattr(error.value, "param", None)


def test_an_intent_is_made_then_confirmed(client: stripe.StripeClient) -> None:
    made = intent(client, metadata={"pledge": "p1"}, receipt_email="ada@example.org")
    assert (made.status, made.payment_method_types) == ("requires_payment_method", ["card"])

    paid = client.v1.payment_intents.confirm(made.id, {"payment_method": card(client)})

    assert (paid.status, paid.amount_received, paid.receipt_email) == ("succeeded", 2500, "ada@example.org")
    assert client.v1.payment_intents.retrieve(made.id).metadata.to_dict() == {"pledge": "p1"}
    with pytest.raises(stripe.InvalidRequestError) as again:
        client.v1.payment_intents.confirm(made.id, {"payment_method": VISA})
    assert refused(again)[0] == "payment_intent_unexpected_state"


def test_an_intent_with_a_method_waits_for_its_confirmation(client: stripe.StripeClient) -> None:
    made = intent(client, payment_method=card(client))
    assert made.status == "requires_confirmation"
    assert client.v1.payment_intents.confirm(made.id, {"receipt_email": "ada@example.org"}).status == "succeeded"


def test_an_intent_confirmed_at_once_without_a_method_is_refused(client: stripe.StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="missing a payment method"):
        intent(client, confirm=True)


def test_a_card_is_kept_for_the_customer_who_wants_it(client: stripe.StripeClient) -> None:
    customer = client.v1.customers.create({"email": "ada@example.org"})
    method = card(client)
    intent(client, customer=customer.id, payment_method=method, setup_future_usage="off_session", confirm=True)

    assert [item.id for item in client.v1.customers.payment_methods.list(customer.id).data] == [method]
    with pytest.raises(stripe.InvalidRequestError) as foreign:
        intent(client, payment_method=method)
    assert refused(foreign)[1] == "payment_method"


def test_an_intent_is_changed_until_it_is_settled(client: stripe.StripeClient) -> None:
    made = intent(client, metadata={"a": "1", "b": "2"})
    told: Any = {"amount": 900, "currency": "eur", "metadata": {"a": "", "c": "3"}, "payment_method": card(client)}

    changed = client.v1.payment_intents.update(made.id, told)

    assert (changed.amount, changed.currency, changed.status) == (900, "eur", "requires_confirmation")
    assert changed.metadata.to_dict() == {"b": "2", "c": "3"}
    client.v1.payment_intents.confirm(made.id)
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.payment_intents.update(made.id, {"amount": 1000})
    assert client.v1.payment_intents.update(made.id, {"description": "Thanks"}).description == "Thanks"
    assert client.v1.payment_intents.retrieve(made.id).amount == 900


def test_an_intent_is_cancelled_while_no_money_has_moved(client: stripe.StripeClient) -> None:
    made, paid = intent(client), intent(client, payment_method=card(client), confirm=True)

    over = client.v1.payment_intents.cancel(made.id, {"cancellation_reason": "abandoned"})

    assert (over.status, over.cancellation_reason) == ("canceled", "abandoned")
    with pytest.raises(stripe.InvalidRequestError, match="succeeded"):
        client.v1.payment_intents.cancel(paid.id)
    with pytest.raises(stripe.InvalidRequestError, match="succeeded"):
        client.v1.payment_intents.capture(paid.id)


def test_money_that_was_only_authorised_is_taken_in_part(client: stripe.StripeClient) -> None:
    made = intent(client, capture_method="manual", payment_method=card(client), confirm=True)
    assert (made.status, made.amount_capturable) == ("requires_capture", 2500)
    with pytest.raises(stripe.InvalidRequestError) as greedy:
        client.v1.payment_intents.capture(made.id, {"amount_to_capture": 2501})
    assert refused(greedy) == ("amount_too_large", "amount_to_capture")

    taken = client.v1.payment_intents.capture(made.id, {"amount_to_capture": 2000})

    assert (taken.status, taken.amount_received) == ("succeeded", 2000)


def test_intents_are_listed_newest_first(client: stripe.StripeClient) -> None:
    customer = client.v1.customers.create().id
    first, second = intent(client, customer=customer), intent(client, customer=customer)
    intent(client)

    assert [item.id for item in client.v1.payment_intents.list({"customer": customer}).data] == [second.id, first.id]
    page = client.v1.payment_intents.list({"customer": customer, "limit": 1})
    assert ([item.id for item in page.data], page.has_more) == ([second.id], True)


def test_what_is_unknown_is_refused_by_name(client: stripe.StripeClient) -> None:
    asked: list[Any] = [
        lambda: client.v1.payment_intents.retrieve("pi_none"),
        lambda: client.v1.payment_methods.retrieve("pm_none"),
        lambda: client.v1.customers.retrieve("cus_none"),
        lambda: client.v1.products.retrieve("prod_none"),
        lambda: client.v1.prices.retrieve("price_none"),
        lambda: intent(client, customer="cus_none"),
        lambda: intent(client, payment_method="pm_none"),
    ]
    for ask in asked:
        with pytest.raises(stripe.InvalidRequestError) as error:
            ask()
        assert error.value.code == "resource_missing"


def test_a_payment_method_is_changed_attached_listed_and_detached(client: stripe.StripeClient) -> None:
    method, customer = card(client), client.v1.customers.create().id
    told: Any = {"billing_details": {"name": "Ada"}, "metadata": {"kept": "yes"}, "card": {"exp_month": 1}}
    changed = client.v1.payment_methods.update(method, told)
    assert (changed.billing_details.name, changed.card and changed.card.exp_month) == ("Ada", 1)

    client.v1.payment_methods.attach(method, {"customer": customer})
    assert [item.id for item in client.v1.payment_methods.list({"customer": customer, "type": "card"}).data] == [method]
    assert client.v1.payment_methods.list({"customer": customer, "type": "sepa_debit"}).data == []
    assert client.v1.payment_methods.attach(method, {"customer": customer}).customer == customer
    with pytest.raises(stripe.InvalidRequestError) as taken:
        client.v1.payment_methods.attach(method, {"customer": client.v1.customers.create().id})
    assert refused(taken)[0] == "payment_method_unexpected_state"

    assert client.v1.payment_methods.detach(method).customer is None
    with pytest.raises(stripe.InvalidRequestError, match="not attached"):
        client.v1.payment_methods.detach(method)


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ({"number": "4242424242424241", "exp_month": 12, "exp_year": 2034}, "incorrect_number"),
        ({"number": "4242424242424242", "exp_month": 13, "exp_year": 2034}, "invalid_expiry_month"),
        ({"number": "4242424242424242", "exp_month": 12, "exp_year": 2020}, "invalid_expiry_year"),
        ({"number": "5200828282828210", "exp_month": 12, "exp_year": 2020}, "invalid_expiry_year"),
        ({"number": "6011000990139424", "exp_month": 12, "exp_year": 2034}, "card_declined"),
    ],
)
def test_a_card_that_cannot_be_is_refused(client: stripe.StripeClient, told: Any, code: str) -> None:
    with pytest.raises(stripe.CardError) as error:
        client.v1.payment_methods.create({"type": "card", "card": told})
    assert error.value.code == code


def test_a_bank_account_that_cannot_be_is_refused(client: stripe.StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError) as error:
        client.v1.payment_methods.create({"type": "sepa_debit", "sepa_debit": {"iban": "DE89370400440532013001"}})
    assert refused(error) == ("invalid_bank_account_iban", "sepa_debit[iban]")
    with pytest.raises(stripe.InvalidRequestError, match="plays card and sepa_debit"):
        client.v1.payment_methods.create({"type": "paypal"})


def test_a_customer_is_changed_found_and_deleted(client: stripe.StripeClient) -> None:
    told: Any = {"email": "ada@example.org", "payment_method": card(client), "address": {"city": "Paris"}}
    made = client.v1.customers.create(told)
    method = client.v1.customers.payment_methods.list(made.id).data[0].id
    changes: Any = {
        "name": "Ada",
        "address": {"city": "Turin"},
        "metadata": {"since": "2026"},
        "invoice_settings": {"default_payment_method": method},
    }

    changed = client.v1.customers.update(made.id, changes)

    assert (changed.name, changed.address and changed.address.city) == ("Ada", "Turin")
    assert changed.invoice_settings is not None
    assert changed.invoice_settings.default_payment_method == method
    assert [item.id for item in client.v1.customers.list({"email": "ada@example.org"}).data] == [made.id]
    assert client.v1.customers.delete(made.id).deleted is True
    assert client.v1.customers.list({"email": "ada@example.org"}).data == []
    assert getattr(client.v1.customers.retrieve(made.id), "deleted", False) is True
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.customers.update(made.id, {"name": "Grace"})


def test_renewals_are_charged_to_ones_own_card_alone(client: stripe.StripeClient) -> None:
    customer = client.v1.customers.create()
    for method in (card(client), "pm_none"):
        with pytest.raises(stripe.InvalidRequestError) as error:
            client.v1.customers.update(customer.id, {"invoice_settings": {"default_payment_method": method}})
        assert refused(error)[1] == "invoice_settings[default_payment_method]"


def test_products_are_made_changed_and_listed(client: stripe.StripeClient) -> None:
    made = client.v1.products.create({"name": "Monthly support", "id": "support", "metadata": {"a": "1"}})
    other = client.v1.products.create({"name": "Old", "active": False})

    assert made.id == "support"
    assert client.v1.products.update("support", {"name": "Support"}).metadata.to_dict() == {"a": "1"}
    assert client.v1.products.retrieve("support").name == "Support"
    assert [item.id for item in client.v1.products.list({"active": True}).data] == ["support"]
    assert [item.id for item in client.v1.products.list({"ids": [other.id]}).data] == [other.id]
    with pytest.raises(stripe.InvalidRequestError) as twice:
        client.v1.products.create({"name": "Again", "id": "support"})
    assert refused(twice) == ("resource_already_exists", "id")


def test_prices_are_made_changed_and_listed(client: stripe.StripeClient) -> None:
    told: Any = {
        "currency": "usd",
        "unit_amount": 700,
        "product_data": {"name": "Support"},
        "recurring": {"interval": "month"},
        "lookup_key": "seven",
    }
    made = client.v1.prices.create(told)
    once = client.v1.prices.create({"currency": "usd", "unit_amount": 900, "product": str(made.product)})

    assert (made.type, once.type) == ("recurring", "one_time")
    assert [item.id for item in client.v1.prices.list({"lookup_keys": ["seven"]}).data] == [made.id]
    assert client.v1.prices.update(once.id, {"active": False, "metadata": {"why": "dear"}}).active is False
    assert [item.id for item in client.v1.prices.list({"active": True, "currency": "usd"}).data] == [made.id]


@pytest.mark.parametrize(
    ("told", "param"),
    [
        ({"currency": "usd", "unit_amount": 1}, "product"),
        ({"currency": "usd", "unit_amount": 1, "product": "prod_none"}, "product"),
        ({"currency": "usd", "product_data": {"name": "Support"}}, "unit_amount"),
        ({"currency": "xyz", "unit_amount": 1, "product_data": {"name": "Support"}}, "currency"),
        (
            {
                "currency": "usd",
                "unit_amount": 1,
                "product_data": {"name": "Support"},
                "recurring": {"interval": "year", "interval_count": 4},
            },
            "recurring[interval_count]",
        ),
    ],
)
def test_a_price_that_cannot_be_charged_is_refused(client: stripe.StripeClient, told: Any, param: str) -> None:
    with pytest.raises(stripe.InvalidRequestError) as error:
        client.v1.prices.create(told)
    assert refused(error)[1] == param
