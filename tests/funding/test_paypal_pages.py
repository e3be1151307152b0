"""What readers see of PayPal: beside the card on the form, its page and back, and what the care page offers."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import override_settings

from masthead.funding.links import care_path
from masthead.funding.models import Checkout, Donor, Gift, Pledge, Recurring
from masthead.funding.ports import CheckoutFacts
from masthead.funding.providers import forget, teach
from masthead.funding.providers.paypal.provider import PayPal
from masthead.funding.testing import make_campaign
from masthead.simulator.testing import RunningSimulator
from tests.client import CheckingClient
from tests.funding.reading import shown
from tests.funding.rehearsing_paypal import approve, approved, hear, paypal

__all__ = ["paypal"]
pytestmark = pytest.mark.django_db(transaction=True)


def test_the_form_offers_paypal_beside_the_card(client: CheckingClient, paypal: RunningSimulator) -> None:
    cache.clear()
    make_campaign()
    both = replace(settings.MASTHEAD.funding, stripe_key=paypal.key, stripe_webhook_secret="whsec_x")
    with override_settings(MASTHEAD=replace(settings.MASTHEAD, funding=both)):
        said = shown(client.get("/support/"))
    assert "on the page of PayPal" in said
    assert "on the page of Stripe" in said


def test_a_gift_is_received_when_the_giver_comes_back(client: CheckingClient, paypal: RunningSimulator) -> None:
    cache.clear()
    make_campaign()
    typed = {"amount": "25", "every": "once", "method": "paypal", "email": "don@example.org", "story": ""}
    client.post("/support/", typed)
    pledge = Pledge.objects.get()
    reply = client.post(f"/support/pay/{pledge.reference}/")
    checkout = Checkout.objects.get()
    assert reply["Refresh"] == f"0; url={checkout.url}"
    approve(paypal, checkout.external_id)
    assert "We have received 25 $." in shown(client.get(f"/support/thanks/{pledge.reference}/"))
    assert Gift.objects.get().method == "paypal"


class Later(PayPal):
    """PayPal, before it lists the first payment of what was just approved."""

    def read_checkout(self, external_id: str) -> CheckoutFacts:
        return replace(super().read_checkout(external_id), payment="")


def test_a_repeated_gift_whose_first_payment_is_not_listed_yet_is_on_its_way_and_not_paid_again(
    client: CheckingClient, paypal: RunningSimulator
) -> None:
    cache.clear()
    subscription = approved(paypal, every="month")
    pledge = Pledge.objects.get()
    teach(Later())
    try:
        said = shown(client.get(f"/support/thanks/{pledge.reference}/"))
        reply = client.post(f"/support/pay/{pledge.reference}/")
    finally:
        forget("paypal")
    assert "Your payment of 25 $ is on its way." in said
    assert reply["Location"] == f"/support/thanks/{pledge.reference}/"
    assert (Checkout.objects.get().external_id, Gift.objects.exists()) == (subscription, False)
    hear(client, paypal)
    assert "We have received 25 $." in shown(client.get(f"/support/thanks/{pledge.reference}/"))


def test_the_care_page_offers_what_paypal_can_do(client: CheckingClient, paypal: RunningSimulator) -> None:
    cache.clear()
    approved(paypal, every="month")
    hear(client, paypal)
    link, recurring = care_path(Donor.objects.get()), Recurring.objects.get()
    page = client.get(link).content.decode()
    assert 'value="pause"' in page
    assert 'value="skip"' not in page
    assert 'value="pause-1"' not in page
    gift = {"gift": recurring.public_id}
    refused = shown(client.post(link, {**gift, "do": "pause-1"}))
    assert "PayPal knows no pause that ends by itself" in refused
    asked = client.post(link, {**gift, "do": "amount", "amount": "40"})
    assert asked["Refresh"].startswith(f"0; url={paypal.base}/webapps/billing/subscriptions/update")
    assert "Until you do, the old amount is taken." in shown(asked)
    assert client.post(link, {**gift, "do": "card"})["Refresh"] == f"0; url={paypal.base}/myaccount/autopay/"
    recurring.refresh_from_db()
    assert recurring.amount_minor == 2500
