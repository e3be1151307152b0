"""The hosted pages as a browser without script sees them: forms that go on, and words that nobody can overlook."""

from __future__ import annotations

from collections.abc import Iterator

import html5lib
import pytest
import requests
import stripe

from masthead.simulator.testing import RunningSimulator
from tests.simulator.gifts import SUCCESS, charge_of, events, give, session

PAYER = {"email": "don@example.org", "name": "Don <b>Giver</b>", "exp": "12 / 34", "cvc": "123"}


@pytest.fixture
def browser() -> Iterator[requests.Session]:
    """A browser that does not follow redirects by itself."""
    with requests.Session() as made:
        made.trust_env = False
        yield made


def read(browser: requests.Session, address: str, status: int = 200) -> str:
    """Return a page that is strict HTML, says what it is, and holds nothing inline."""
    reply = browser.get(address, allow_redirects=False, timeout=10)
    assert reply.status_code == status
    html5lib.HTMLParser(strict=True).parse(reply.text)
    assert "SIMULATOR" in reply.text
    assert "No real money" in reply.text
    assert "default-src 'none'" in reply.headers["Content-Security-Policy"]
    assert "<script" not in reply.text
    assert "style=" not in reply.text
    return reply.text


def send(browser: requests.Session, address: str, **form: str) -> requests.Response:
    """Send a form."""
    return browser.post(address, data=form, allow_redirects=False, timeout=10)


def test_a_gift_is_paid_by_form(
    simulator: RunningSimulator, client: stripe.StripeClient, browser: requests.Session
) -> None:
    made = session(client)
    text = read(browser, made.url)
    assert "25.00 USD" in text
    assert made.cancel_url in text
    reply = send(browser, made.url, **PAYER, card_number="4242 4242 4242 4242")
    assert (reply.status_code, reply.headers["Location"]) == (303, SUCCESS.replace("{CHECKOUT_SESSION_ID}", made.id))
    kept = client.v1.checkout.sessions.retrieve(made.id)
    assert kept.customer_details is not None
    assert kept.customer_details.name == "Don <b>Giver</b>"
    assert "has been paid" in read(browser, made.url, 410)


def test_a_refusal_keeps_what_was_written(client: stripe.StripeClient, browser: requests.Session) -> None:
    made = session(client)
    reply = send(browser, made.url, **PAYER, card_number="4000000000000002")
    assert reply.status_code == 402
    assert "Your card was declined." in reply.text
    assert 'value="Don &lt;b&gt;Giver&lt;/b&gt;"' in reply.text
    assert "4000000000000002" not in reply.text
    assert "write your e-mail address" in send(browser, made.url, card_number="4242424242424242").text


@pytest.mark.parametrize("every", [None, "month"])
def test_the_bank_asks(client: stripe.StripeClient, browser: requests.Session, every: str | None) -> None:
    made = session(client, every=every)
    asked = send(browser, made.url, **PAYER, card_number="4000002500003155").headers["Location"]
    assert "do you approve" in read(browser, asked)
    refused = send(browser, asked, answer="fail")
    assert refused.status_code == 402
    assert client.v1.checkout.sessions.retrieve(made.id).payment_status == "unpaid"
    asked = send(browser, made.url, **PAYER, card_number="4000002500003155").headers["Location"]
    assert send(browser, asked, answer="approve").headers["Location"].endswith(made.id)
    assert client.v1.checkout.sessions.retrieve(made.id).payment_status == "paid"
    read(browser, asked, 404)


def test_a_card_that_was_approved_once_renews(
    simulator: RunningSimulator, client: stripe.StripeClient, browser: requests.Session
) -> None:
    made = session(client, every="month")
    asked = send(browser, made.url, **PAYER, card_number="4000002500003155").headers["Location"]
    send(browser, asked, answer="approve")
    simulator.advance(days=32)
    kept = client.v1.checkout.sessions.retrieve(made.id)
    found = client.v1.invoices.list(params={"subscription": str(kept.subscription)}).data
    assert [item.status for item in found] == ["paid", "paid"]


def test_an_intent_of_the_api_goes_back_to_its_page(client: stripe.StripeClient, browser: requests.Session) -> None:
    intent = client.v1.payment_intents.create(
        params={
            "amount": 500,
            "currency": "usd",
            "payment_method": "pm_card_authenticationRequired",
            "confirm": True,
            "return_url": "https://paper.example/back",
        }
    )
    assert intent.status == "requires_action"
    assert intent.next_action is not None
    assert intent.next_action.redirect_to_url is not None
    back = send(browser, str(intent.next_action.redirect_to_url.url), answer="approve").headers["Location"]
    assert back.startswith(f"https://paper.example/back?payment_intent={intent.id}")
    assert back.endswith("redirect_status=succeeded")
    assert client.v1.payment_intents.retrieve(intent.id).status == "succeeded"


def test_the_portal_changes_the_card_and_ends_the_gift(
    simulator: RunningSimulator, client: stripe.StripeClient, browser: requests.Session
) -> None:
    gift = client.v1.subscriptions.retrieve(give(simulator, client, every="month").subscription)
    portal = client.v1.billing_portal.sessions.create(
        params={"customer": str(gift.customer), "return_url": "https://paper.example/account"}
    )
    assert "4242" in read(browser, portal.url)
    assert send(browser, f"{portal.url}/card", card_number="4000000000000002").status_code == 402
    asked = send(browser, f"{portal.url}/card", card_number="4000002500003155").headers["Location"]
    assert "kept for later" in read(browser, asked)
    assert send(browser, asked, answer="approve").status_code == 303
    changed = client.v1.subscriptions.retrieve(gift.id, params={"expand": ["default_payment_method"]})
    assert changed.default_payment_method["card"]["last4"] == "3155"  # type: ignore[index]
    send(browser, f"{portal.url}/subscriptions/{gift.id}", do="end")
    assert client.v1.subscriptions.retrieve(gift.id).cancel_at_period_end
    send(browser, f"{portal.url}/subscriptions/{gift.id}", do="resume")
    assert not client.v1.subscriptions.retrieve(gift.id).cancel_at_period_end
    assert "setup_intent.setup_failed" in events(client)
    simulator.advance(hours=2)
    read(browser, portal.url, 404)


def test_papers_and_nothing(
    simulator: RunningSimulator, client: stripe.StripeClient, browser: requests.Session
) -> None:
    charge = charge_of(client, give(simulator, client))
    assert "25.00 USD" in read(browser, charge.receipt_url)
    read(browser, f"{simulator.base}/c/pay/cs_test_none", 404)
    read(browser, f"{simulator.base}/receipts/ch_none", 404)


def test_the_switchboard_works_by_forms(
    simulator: RunningSimulator, client: stripe.StripeClient, browser: requests.Session
) -> None:
    simulator.add_endpoint("http://127.0.0.1:9/")
    client.v1.customers.create(params={"name": "Don"})
    before = simulator.now()
    assert "customer.created" in read(browser, f"{simulator.base}/_control/")
    assert send(browser, f"{simulator.base}/_control/clock", days="7").status_code == 303
    assert simulator.now() == before + 7 * 86_400
    send(browser, f"{simulator.base}/_control/rules", side="call", what="error", match="/v1/customers", times="1")
    assert "/v1/customers" in read(browser, f"{simulator.base}/_control/")
    assert send(browser, f"{simulator.base}/_control/rules", side="call", what="explode").status_code == 400
    assert send(browser, f"{simulator.base}/_control/clock", to="2027-06-01").status_code == 303
    past = browser.post(f"{simulator.base}/_control/clock", json={"to": "2020-01-01"}, timeout=10)
    assert "never goes backwards" in past.text
    assert (
        browser.get(f"{simulator.base}/_control/style.css", timeout=10).headers["Content-Type"].startswith("text/css")
    )


def test_the_bank_works_by_forms(
    simulator: RunningSimulator, client: stripe.StripeClient, browser: requests.Session
) -> None:
    charge = charge_of(client, give(simulator, client))
    bank = f"{simulator.base}/_control/stripe/{simulator.key}"
    assert charge.id in read(browser, f"{simulator.base}/_control/")
    assert send(browser, f"{bank}/disputes", charge=charge.id, inquiry="true").status_code == 303
    [dispute] = client.v1.disputes.list().data
    assert "Becomes a dispute" in read(browser, f"{simulator.base}/_control/")
    send(browser, f"{bank}/disputes/{dispute.id}/close", outcome="won")
    refund = client.v1.refunds.create(params={"charge": charge.id, "amount": 500})
    send(browser, f"{bank}/refunds/{refund.id}/fail")
    assert "failed" in read(browser, f"{simulator.base}/_control/")
    simulator.advance(days=3)
    send(browser, f"{bank}/payouts")
    assert client.v1.payouts.list().data[0].id in read(browser, f"{simulator.base}/_control/")


def test_the_paypal_page_works_by_forms(simulator: RunningSimulator, browser: requests.Session) -> None:
    from tests.simulator.paypal import PayPal

    paypal = PayPal(simulator)
    order = paypal.order()
    address = next(link["href"] for link in order["links"] if link["rel"] == "payer-action")
    assert "25.00 USD" in read(browser, address)
    reply = send(browser, address, email="don@example.org", name="Don", instrument="pays")
    assert reply.headers["Location"].startswith("https://paper.example/thanks?token=")
    read(browser, address, 410)
    paypal.session.close()
