"""Giving by card, over HTTP and without script: from the form to the processor's page and back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from html import unescape
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from masthead.core.clock import frozen
from masthead.core.money import Money
from masthead.funding.models import Checkout, Gift, Pledge
from masthead.funding.providers import forget, teach
from masthead.funding.providers.stripe.provider import Stripe
from masthead.funding.rules.facts import PaymentFacts
from masthead.funding.rules.fees import FeeRate, fee_of, gross_up
from masthead.funding.testing import make_campaign
from masthead.outbox import worker
from masthead.publishing.testing import make_article
from masthead.simulator.testing import RunningSimulator, running
from tests.client import CheckingClient
from tests.funding.reading import shown
from tests.settings import MASTHEAD

pytestmark = pytest.mark.django_db(transaction=True)
GOOD = {"amount": "25", "every": "once", "method": "stripe", "email": "don@example.org", "story": ""}


@pytest.fixture
def simulator(request: pytest.FixtureRequest) -> Iterator[RunningSimulator]:
    """A simulator, a site that rehearses on it, and a campaign that is open."""
    cache.clear()
    currency = getattr(request, "param", "USD")
    start = int(datetime(2026, 11, 3, 9, 30, tzinfo=UTC).timestamp())
    with running(manual=True, start=start, currency=currency.lower()) as found:
        funding = replace(
            MASTHEAD.funding,
            mode="rehearsal",
            stripe_key=found.key,
            stripe_webhook_secret="whsec_x",
            stripe_address=found.base,
            stripe_fee_basis_points=290,
            stripe_fee_fixed_minor=30,
        )
        with override_settings(MASTHEAD=replace(MASTHEAD, funding=funding)), at(found):
            make_campaign(goal=Money(500_000, currency))
            yield found


def at(simulator: RunningSimulator) -> Any:
    """Stop our clock where the simulator's stands."""
    return frozen(datetime.fromtimestamp(simulator.now(), tz=UTC))


def pledged(client: CheckingClient, **typed: str) -> Pledge:
    """Fill in the form and return what was noted."""
    reply = client.post("/support/", {**GOOD, **typed})
    pledge = Pledge.objects.latest("pk")
    assert reply["Location"] == f"/support/pay/{pledge.reference}/"
    return pledge


def pressed(client: CheckingClient, pledge: Pledge) -> str:
    """Press the one button of the page before paying and return the processor's session."""
    reply = client.post(f"/support/pay/{pledge.reference}/")
    assert reply.status_code == 200
    checkout = Checkout.objects.filter(pledge=pledge).latest("pk")
    assert reply["Refresh"] == f"0; url={checkout.url}"
    return checkout.external_id


def told(client: CheckingClient, pledge: Pledge) -> str:
    """Return what the page after paying says."""
    return shown(client.get(f"/support/thanks/{pledge.reference}/"))


@given(st.integers(1, 10**9), st.integers(0, 9_999), st.integers(0, 10_000))
def test_c8_the_smallest_payment_that_leaves_the_whole_gift(net: int, share: int, fixed: int) -> None:
    rate = FeeRate(share, fixed)
    gross = gross_up(net, rate)
    assert gross - fee_of(gross, rate) >= net
    assert (gross - 1) - fee_of(gross - 1, rate) < net


@given(st.integers(1, 10**9), st.integers(0, 9_999), st.integers(0, 10_000), st.integers(1, 100))
def test_c8_in_steps_of_the_processor(net: int, share: int, fixed: int, step: int) -> None:
    rate = FeeRate(share, fixed)
    gross = gross_up(net, rate, step_minor=step)
    assert gross % step == 0
    assert gross - fee_of(gross, rate) >= net > (gross - step) - fee_of(gross - step, rate)


@pytest.mark.parametrize("rate", [(10_000, 0), (-1, 0), (0, -1)])
def test_c8_a_fee_that_is_none_is_refused(rate: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="below 100"):
        FeeRate(*rate)


def test_the_form_offers_cards_beside_the_transfer_and_chooses_nothing_dear(
    client: CheckingClient, simulator: RunningSimulator
) -> None:
    page = client.get("/support/?amount=25")
    html = page.content.decode()
    assert re.findall(r'value="(\w+)"[^>]*checked', html) == ["once", "stripe"]
    assert "DE02 1203" in html
    assert "Rehearsal: no real money." in shown(page)
    assert page["Cache-Control"] == "public, no-cache"
    assert simulator.control("GET", "/state")["now"]


def test_nothing_is_asked_of_the_processor_before_the_button_is_pressed(
    client: CheckingClient, simulator: RunningSimulator
) -> None:
    """Section 5.3: no intent before the reader has confirmed."""
    pledge = pledged(client, every="month")
    page = client.get(f"/support/pay/{pledge.reference}/")
    assert "Go to the payment page of Stripe: 25 $ every month" in shown(page)
    assert "don@example.org" not in page.content.decode()
    assert page["Cache-Control"] == "private, no-store"
    assert not Checkout.objects.exists()


def test_o1_o3_two_clicks_open_one_page(client: CheckingClient, simulator: RunningSimulator) -> None:
    pledge = pledged(client)
    assert pressed(client, pledge) == pressed(client, pledge)
    assert Checkout.objects.count() == 1


def test_o4_a_gift_is_received_without_any_notification(client: CheckingClient, simulator: RunningSimulator) -> None:
    """W12, L8: the page after paying asks itself, and the sum is the pledge's, whatever a form may say later."""
    pledge = pledged(client, cover_fee="on", dedication="For Ada", show_name="on", name="Don")
    assert (pledge.amount_minor, pledge.cover_minor) == (2500, 106)
    session = pressed(client, pledge)
    simulator.pay(session, card_number="4242424242424242")
    assert "We have received 26.06 $." in told(client, pledge)
    assert "Your gift is 25 $" in told(client, pledge)
    gift = Gift.objects.get()
    assert (gift.public_name, gift.dedication) == ("Don", "For Ada")
    reply = client.post(f"/support/pay/{pledge.reference}/")
    assert reply["Location"] == f"/support/thanks/{pledge.reference}/"


def test_a_repeated_gift_says_when_and_how_the_next_one_is_paid(
    client: CheckingClient, simulator: RunningSimulator
) -> None:
    pledge = pledged(client, every="month")
    simulator.pay(pressed(client, pledge), card_number="4242424242424242")
    said = told(client, pledge)
    assert "25 $ every month" in said
    assert "Dec. 3, 2026" in said or "3 December 2026" in said
    assert "4242" in said


@pytest.mark.parametrize("simulator", ["KWD"], indirect=True)
def test_c3_an_amount_between_the_processor_s_steps_is_refused_in_its_field(
    client: CheckingClient, simulator: RunningSimulator
) -> None:
    reply = client.post("/support/", {**GOOD, "amount": "1,005.125"})
    assert reply.status_code == 422
    assert "Stripe takes only multiples of 0.010 KWD." in shown(reply)
    assert not Pledge.objects.exists()
    assert pledged(client, amount="5.12").amount == Money(5120, "KWD")


@pytest.mark.parametrize("simulator", ["EUR"], indirect=True)
def test_w10_a_debit_on_its_way_is_said_to_be_so(client: CheckingClient, simulator: RunningSimulator) -> None:
    pledge = pledged(client)
    session = pressed(client, pledge)
    simulator.pay(session, iban="DE89370400440532013000")
    assert "is on its way" in told(client, pledge)
    assert not Gift.objects.exists()
    simulator.advance(days=10)
    cache.clear()
    assert "We have received" in told(client, pledge)


def test_a_processor_that_is_away_is_no_claim(client: CheckingClient, simulator: RunningSimulator) -> None:
    pledge = pledged(client)
    pressed(client, pledge)
    simulator.break_call("error", times=20)
    said = told(client, pledge)
    assert "We are waiting for the confirmation of Stripe." in said
    assert "received" not in said


def test_who_comes_back_without_paying_finds_what_he_chose(client: CheckingClient, simulator: RunningSimulator) -> None:
    pledge = pledged(client, every="year", amount="60")
    pressed(client, pledge)
    page = client.get(f"/support/pay/{pledge.reference}/?back=1")
    assert "Nothing was paid. What you chose is kept here." in shown(page)
    assert "60 $ every year" in shown(page)
    assert "Nothing has been paid yet." in told(client, pledge)


REFUSED = [
    ({"amount": "0.10"}, "Stripe takes 0.50 $ or more."),
    ({"amount": "2000000"}, "at most. Please send more by bank transfer."),
    ({"email": ""}, "Write your address: the receipt goes there."),
    ({"method": ""}, "Choose how you want to pay."),
    ({"method": "gold"}, "Select a valid choice."),
    ({"method": "bank_transfer"}, "Write your name, so that we can tell whose transfer it is."),
    ({"amount": "much"}, "Write the amount in figures, such as 25 or 25.50."),
    ({"website": "x"}, "It is there to stop programs."),
]


@pytest.mark.parametrize(("typed", "said"), REFUSED, ids=lambda value: str(value)[:30])
def test_refused_input_stays_and_asks_no_processor(
    client: CheckingClient, simulator: RunningSimulator, typed: dict[str, str], said: str
) -> None:
    reply = client.post("/support/", {**GOOD, "message": "Go <b>on</b>", "cover_fee": "on", **typed})
    assert reply.status_code == 422
    assert said in shown(reply)
    assert b"Go &lt;b&gt;on&lt;/b&gt;" in reply.content
    assert not Pledge.objects.exists()


def test_without_bank_details_to_show_a_transfer_needs_an_address_to_write_to(
    client: CheckingClient, simulator: RunningSimulator
) -> None:
    config = settings.MASTHEAD
    typed = {**GOOD, "method": "bank_transfer", "name": "Don", "email": ""}
    with override_settings(MASTHEAD=replace(config, funding=replace(config.funding, iban=""))):
        reply = client.post("/support/", typed)
        assert reply.status_code == 422
        assert "Write your address, so that we can write to you where to send it." in shown(reply)
        assert not Pledge.objects.exists()
        assert client.post("/support/", {**typed, "email": "don@example.org"}).status_code == 303


def test_what_the_processor_refuses_is_said_and_nothing_was_taken(
    client: CheckingClient, simulator: RunningSimulator
) -> None:
    pledge = pledged(client)
    Pledge.objects.update(amount_minor=10)  # what Stripe took once and takes no more
    reply = client.post(f"/support/pay/{pledge.reference}/")
    assert reply.status_code == 422
    assert "Stripe does not take this gift. Nothing was taken; a bank transfer still works." in shown(reply)
    assert "Refresh" not in reply
    assert "Nothing has been paid yet." in told(client, pledge)


class Slow(Stripe):
    """A processor that has the money and does not say yet what it keeps of it."""

    def read_payment(self, external_id: str) -> PaymentFacts:
        facts = super().read_payment(external_id)
        assert facts.capture
        return replace(facts, capture=replace(facts.capture, settlement=None))


def test_l8_money_that_came_is_thanked_for_before_its_fee_is_known_and_counted_afterwards(
    client: CheckingClient, simulator: RunningSimulator
) -> None:
    pledge = pledged(client)
    simulator.pay(pressed(client, pledge), card_number="4242424242424242")
    teach(Slow())
    try:
        said = told(client, pledge)
    finally:
        forget("stripe")
    assert "We have received 25 $." in said
    assert not Gift.objects.exists()
    told(client, pledge)
    assert Gift.objects.count() == 1


def test_who_tries_many_cards_is_asked_to_wait(client: CheckingClient, simulator: RunningSimulator) -> None:
    """Section 5.3: pages at the processor are limited per network; what was chosen stays."""
    pledges = [pledged(client) for _ in range(3)]
    for number in range(10):
        pressed(client, pledges[number % 3])
    reply = client.post(f"/support/pay/{pledges[0].reference}/")
    assert reply.status_code == 429
    assert "too many in a short time" in shown(reply)


def test_a_story_that_does_not_exist_is_dropped(client: CheckingClient, simulator: RunningSimulator) -> None:
    assert pledged(client, story="article:99999").story == ""
    assert pledged(client, story="x" * 500).story == ""


def test_a_story_s_key_is_handed_on(client: CheckingClient, simulator: RunningSimulator) -> None:
    assert b'name="story" value="article:7"' in client.get("/support/?from=article:7").content
    assert b"alert" not in client.get('/support/?from="><script>alert(1)</script>').content


def test_who_changes_what_he_gives_finds_his_choice_and_the_story_in_the_form(
    client: CheckingClient, simulator: RunningSimulator
) -> None:
    story = str(make_article(title="The boat that never sailed").thread_key)
    pledge = pledged(client, story=story, amount="60", every="year")
    page = client.get(f"/support/pay/{pledge.reference}/").content.decode()
    change = re.search(r'<a href="([^"]+)">Change what you give</a>', page)
    assert change
    form = client.get(unescape(change[1])).context["form"]
    assert [form[name].value() for name in ("amount", "every", "story")] == ["60", "year", story]


def test_a_pledge_of_a_card_gets_no_letter_with_bank_details(
    client: CheckingClient, simulator: RunningSimulator, mailoutbox: list[Any]
) -> None:
    pledged(client)
    worker.run_pending()
    assert mailoutbox == []


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_transfer_has_no_page_before_paying(client: CheckingClient, simulator: RunningSimulator, method: str) -> None:
    client.post("/support/", {**GOOD, "method": "bank_transfer", "name": "Don"})
    path = f"/support/pay/{Pledge.objects.get().reference}/"
    assert getattr(client, method)(path).status_code == 404
